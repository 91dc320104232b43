"""Patterns of file names, and the orders in which shells put what they match.

A name is compared with a pattern in time that grows with their lengths multiplied, whatever the pattern.
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from forensics.uploads.locale_order import locale_key
from forensics.uploads.order import byte_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CLASSES: Final[dict[str, Callable[[str], bool]]] = {
    "alpha": str.isalpha,
    "digit": str.isdigit,
    "alnum": str.isalnum,
    "lower": str.islower,
    "upper": str.isupper,
    "space": str.isspace,
}


class OneOf(NamedTuple):
    """``[...]``: ranges of characters (by code point) and classes; ``negated`` by ``!`` or ``^``."""

    ranges: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    negated: bool

    def matches(self, character: str) -> bool:
        """Whether the character is one of those meant."""
        found = any(low <= character <= high for low, high in self.ranges)
        return (found or any(_CLASSES[name](character) for name in self.classes)) is not self.negated


class Any_(NamedTuple):  # noqa: N801 (Any is taken)
    """``?``, ``*`` or ``**``."""

    sign: str


ONE: Final = Any_("?")
MANY: Final = Any_("*")
DEEP: Final = Any_("**")


def tokens_of(pieces: Sequence[tuple[str, bool]], *, question: bool = True) -> list[Any]:
    """Read a pattern: pieces of text, of which quoted ones mean themselves. Slashes stand as themselves."""
    characters = [(character, quoted) for text, quoted in pieces for character in text]
    found: list[Any] = []
    position = 0
    last = max((number for number, each in enumerate(characters) if each == ("]", False)), default=-1)
    while position < len(characters):
        character, quoted = characters[position]
        position += 1
        if quoted:
            found.append(character)
        elif character == "*":
            if found and isinstance(found[-1], Any_) and found[-1].sign != "?":
                found[-1] = DEEP
            else:
                found.append(MANY)
        elif character == "?" and question:
            found.append(ONE)
        elif character == "[" and position <= last and (one := _one_of(characters, position)) is not None:
            found.append(one[0])
            position = one[1]
        else:
            found.append(character)
    return found


def _one_of(characters: list[tuple[str, bool]], start: int) -> tuple[OneOf, int] | None:
    position = start
    negated = position < len(characters) and characters[position] in (("!", False), ("^", False))
    position += negated
    ranges: list[tuple[str, str]] = []
    classes: list[str] = []
    first = True
    while position < len(characters):
        character, quoted = characters[position]
        if character == "]" and not quoted and not first:
            return OneOf(tuple(ranges), tuple(classes), negated), position + 1
        first = False
        if character == "/":
            return None
        if character == "[" and not quoted and position + 1 < len(characters) and characters[position + 1][0] == ":":
            name = "".join(each for each, _ in characters[position + 2 : position + 10]).partition(":")[0]
            if name in _CLASSES:
                classes.append(name)
                position += len(name) + 4
                continue
        if characters[position + 1 : position + 2] == [("-", False)] and characters[
            position + 2 : position + 3
        ] not in (
            [],
            [("]", False)],
        ):
            ranges.append((character, characters[position + 2][0]))
            position += 3
            continue
        ranges.append((character, character))
        position += 1
    return None


def is_wild(tokens: Sequence[Any]) -> bool:
    """Whether there is anything but characters in it."""
    return any(not isinstance(token, str) for token in tokens)


def matches(tokens: Sequence[Any], name: str) -> bool:
    """Whether a whole name fits; of several ``*`` only the last one reached is ever tried anew."""
    token, at = 0, 0
    star, mark = -1, 0
    while at < len(name):
        current = tokens[token] if token < len(tokens) else None
        if isinstance(current, Any_) and current.sign != "?":
            star, mark = token, at
            token += 1
        elif current is not None and _fits(current, name[at]):
            token += 1
            at += 1
        elif star >= 0:
            mark += 1
            token, at = star + 1, mark
        else:
            return False
    return all(isinstance(rest, Any_) and rest.sign != "?" for rest in tokens[token:])


def _fits(token: Any, character: str) -> bool:
    if isinstance(token, str):
        return token == character
    return token == ONE or (isinstance(token, OneOf) and token.matches(character))


def sort_key(order: str) -> Callable[[str], Any]:
    """The key of an order: ``C``, ``fish``, or the locale's."""
    return {"C": byte_key, "fish": _fish_key}.get(order, locale_key)


def _fish_compare(left: str, right: str) -> int:
    """Mirrors fish's wcsfilecmp_glob (src/util.cpp): without case, runs of digits by what they count."""
    one, two = 0, 0
    while one < len(left) and two < len(right):
        if left[one] in _DIGITS and right[two] in _DIGITS:
            result, one, two = _compare_numbers(left, right, one, two)
            if result or one == len(left) or two == len(right):
                if result:
                    return result
                break
        low, high = left[one].lower(), right[two].lower()
        if low != high:
            return -1 if low < high else 1
        one += 1
        two += 1
    if one == len(left) and two == len(right):
        return (left > right) - (left < right)
    return -1 if one == len(left) else 1


_DIGITS: Final = "0123456789"


def _compare_numbers(left: str, right: str, one: int, two: int) -> tuple[int, int, int]:
    def end_of(text: str, start: int, among: str) -> int:
        while start < len(text) and text[start] in among:
            start += 1
        return start

    first, second = end_of(left, one, "0"), end_of(right, two, "0")
    one, two = end_of(left, first, _DIGITS), end_of(right, second, _DIGITS)
    a, b = (one - first, left[first:one]), (two - second, right[second:two])
    return (a > b) - (a < b), end_of(left, one, " \t\n"), end_of(right, two, " \t\n")


_fish_key: Final = cmp_to_key(_fish_compare)
