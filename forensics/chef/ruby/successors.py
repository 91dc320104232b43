"""``succ``: the string that follows, and ranges of strings."""

from __future__ import annotations

from forensics.chef.ruby.failure import UnmodelledError

_MOST = 50_000


def successor(text: str) -> str:
    """``String#succ`` for ASCII text: the rightmost letter or digit is raised, with carry.

    Raises:
        UnmodelledError: text without letters and digits, or beyond ASCII.
    """
    if not text:
        return ""
    if not text.isascii() or not any(character.isalnum() for character in text):
        raise UnmodelledError
    characters = list(text)
    position = max(index for index, character in enumerate(characters) if character.isalnum())
    while True:
        character = characters[position]
        wraps = {"z": "a", "Z": "A", "9": "0"}.get(character)
        if wraps is None:
            characters[position] = chr(ord(character) + 1)
            return "".join(characters)
        characters[position] = wraps
        following = next((index for index in range(position - 1, -1, -1) if characters[index].isalnum()), None)
        if following is None:
            characters.insert(position, "1" if wraps == "0" else wraps)
            return "".join(characters)
        if following != position - 1:
            raise UnmodelledError  # a carry over other characters has rules of its own
        position = following


def string_range(first: str, last: str, *, exclusive: bool) -> list[str]:
    """The members of ``first..last``."""
    if not (first.isascii() and last.isascii()):
        raise UnmodelledError
    if first.isdecimal() and last.isdecimal() and len(first) <= len(last):
        if len(first) != len(last) and first.startswith("0"):
            raise UnmodelledError
        width = len(first)
        if int(last) - int(first) > _MOST:
            raise UnmodelledError
        return [str(number).rjust(width, "0") for number in range(int(first), int(last) + (not exclusive))]
    if len(first) == len(last) == 1:
        return [chr(code) for code in range(ord(first), ord(last) + (not exclusive))]
    if first > last or (exclusive and first == last):
        return []
    found: list[str] = []
    text = first
    while True:
        found.append(text)
        if text == last or len(found) > _MOST:
            break
        text = successor(text)
        if len(text) > len(last) or (exclusive and text == last):
            break
    if len(found) > _MOST:
        raise UnmodelledError
    return found
