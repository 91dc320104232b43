"""Markdown that reads the same on a git host and on the built site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SPECIAL: Final = re.compile(r"([*<>|\\]|_(?!\w)|(?<!\w)_)")
_INLINE_CODE: Final = re.compile(r"``?([^`]+)``?")


def prose(text: str) -> str:
    """Plain text as it stands, whatever characters it holds; words in backticks become code."""
    parts: list[str] = []
    end = 0
    for found in _INLINE_CODE.finditer(text):
        parts += [_SPECIAL.sub(r"\\\1", text[end : found.start()]), code(found[1])]
        end = found.end()
    return "".join([*parts, _SPECIAL.sub(r"\\\1", text[end:])])


def code(text: str) -> str:
    """A piece of code within a line."""
    return f"`{text}`"


def block(language: str, text: str) -> str:
    """A fenced block."""
    return f"```{language}\n{text.rstrip()}\n```"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already; none may hold a bare ``|``."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
