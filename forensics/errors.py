"""What can go wrong, as one small tree: every error says in one line what is wrong and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ForensicsError(Exception):
    """Anything that the tool refuses or cannot do, with a message for people."""


class UsageError(ForensicsError):
    """A question that makes no sense as it was asked."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to add to an error about a word that is not known: the closest one that is, if any is close."""
    from difflib import get_close_matches  # noqa: PLC0415 (needed only where something went wrong)

    close = get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""
