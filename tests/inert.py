"""Which characters of a text a terminal would obey, hide or reorder instead of showing them."""

from __future__ import annotations

import unicodedata

OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def obeyed(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in OBEYED}
