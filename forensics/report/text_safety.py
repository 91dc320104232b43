"""Text from a repository made harmless for a terminal: nothing in it moves the cursor or reorders what is read."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPELLED: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control characters, invisible format characters (bidi controls among them), lone surrogates, and
line separators."""

_LONGEST: Final = 100
_LONG: Final = re.compile(rf"\S{{{_LONGEST + 1},}}")


def shortened(text: str) -> str:
    """The text, with both ends alone of each word that is very long, as paths can be."""
    return _LONG.sub(lambda word: f"{word[0][: _LONGEST // 2]}\u2026{word[0][-_LONGEST // 2 :]}", text)


_AT_THE_BEGINNING: Final = re.compile(r"^((?:[^\S\n]|\x1b\[[0-9;]*m)*)::", re.MULTILINE)


def clean(text: str) -> str:
    r"""The text with every control or invisible character, line break and lone surrogate spelled out (``\\x1b``).

    Everything that comes from a repository passes through here on its way to a terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(character) for character in text)


def clean_message(text: str) -> str:
    """The same for stderr, which a runner reads too."""
    return without_commands(clean(text))


def without_commands(text: str) -> str:
    """Printed text of which no line is one that a CI's runner obeys, wherever a path was broken into the next line.

    GitHub's runner obeys ``::`` at the beginning of a line, blanks and colours before it or not, and ``##[`` anywhere;
    that of Azure Pipelines ``##vso[`` and ``##[``.
    """
    if "::" not in text and "##" not in text:
        return text
    return _AT_THE_BEGINNING.sub(r"\1\\x3a:", text).replace("##[", "\\x23#[").replace("##vso[", "\\x23#vso[")


def _spelled(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) not in _SPELLED and not _is_noncharacter(code):
        return character
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 (a raw byte, as surrogateescape carries it)
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:  # noqa: PLR2004 (one byte)
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 (beyond four digits)


def _is_noncharacter(code: int) -> bool:
    """Whether Unicode keeps a code from ever being a character: XML and HTML refuse these."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 (the last two of each plane, and a block)
