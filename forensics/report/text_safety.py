"""Text from a repository made harmless for a terminal: nothing in it moves the cursor or reorders what is read."""

from __future__ import annotations

import unicodedata
from typing import Final

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def clean(text: str) -> str:
    r"""The text with every control character, bidi control, line break and lone surrogate spelled out (``\\x1b``).

    Everything that comes from a repository passes through here on its way to a terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(character) for character in text)


def _spelled(character: str) -> str:
    if character in _BIDI or unicodedata.category(character) in _INVISIBLE_CATEGORIES:
        code = ord(character)
        if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 (a raw byte, as surrogateescape carries it)
            return f"\\x{code - 0xDC00:02x}"
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 (one byte or more)
    return character
