"""Text from a repository inside of Markdown: always a code span, so that nothing in it is markup, a link or a mention.

A backslash makes a character literal for Markdown, but not for what GitHub and others do afterwards: they look for
``@name``, ``#123``, commit ids and addresses in all that is shown. Code is the one place where they do not look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHORT: Final = 12
"""Digits of a commit id that people read."""

_BACKTICKS: Final = re.compile("`+")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def code(text: str) -> str:
    r"""A text as a code span that stays one anywhere, in a cell of a table too.

    What no code span can hold is spelled out: ``|`` (``\x7c``), at which a table would split it, and the beginning of
    ``##[``, which a runner of GitHub Actions obeys wherever it stands in a log.
    """
    shown = clean(text).replace("|", "\\x7c").replace("##[", "\\x23#[")
    if not shown.strip(" "):
        return "`(blank)`" if shown else "`(empty)`"
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def commit(oid: str) -> str:
    """An abbreviated commit id."""
    return code(oid[:SHORT])


def day(date: str) -> str:
    """The day of a date in ISO 8601; another one as it is."""
    found = _ISO_DAY.match(date)
    return found[0] if found else code(date)


def listing(texts: Iterable[str], most: int = 12) -> str:
    """Texts one behind the other as code, the first of them where they are many."""
    all_ = list(texts)
    shown = ", ".join(map(code, all_[:most]))
    return f"{shown} and {len(all_) - most} more" if len(all_) > most else shown


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; its cells are Markdown already."""
    lines = [_row(headers), _row(["---"] * len(headers))]
    return lines + [_row(cells) for cells in rows]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
