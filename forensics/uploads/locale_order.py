"""The order in which shells put file names under en_US.UTF-8: glibc's collation, from a table of our own.

The machine's locale plays no part: the same names come out in the same order everywhere. The table
(``locale_order.txt``) holds what glibc's strcoll looks up for the characters that file names use, since glibc 2.28.
Its lines stand in the order of the fourth level. Each names a character, or a pair that counts as one, and the weights
on the levels before: letter, accent, case. ``=`` marks the same fourth weight as the line before; ``*`` lists
characters (and ranges) that have no weight but the fourth, as punctuation; what stands before the line ``forward``
belongs to glibc's special section, in which a run of accents is compared from its end.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Weights: TypeAlias = tuple[int, ...]
LocaleKey: TypeAlias = tuple[Weights, Weights, Weights, Weights, bytes]

_UNDEFINED_WEIGHT: Final = 1
"""The fourth weight of each byte of what glibc does not know: the one of U+0001, the least of all."""

_IDEOGRAPHS: Final = range(0x4E00, 0x9FA6)
_IDEOGRAPH_OFFSET: Final = 1_000_000
"""Ideographs follow every other letter, by code point, and have no weight on the other levels."""

_HANGUL_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_COVERED: Final = (
    range(1, 0x530),
    range(0x1E00, 0x27C0),
    range(0x2C60, 0x2C80),
    range(0x3000, 0x3100),
    _IDEOGRAPHS,
    _HANGUL_SYLLABLES,
    range(0xDC80, 0xDD00),  # raw bytes of a name that is not valid UTF-8
    range(0xFB00, 0xFB07),
    range(0xFE00, 0xFE10),
    range(0xFF00, 0xFFF0),
    range(0x1F300, 0x1F650),
    range(0x1F680, 0x1F700),
    range(0x1F900, 0x1FA00),
)


@dataclass(frozen=True, slots=True)
class _Element:
    """What collation compares in place of one character: its weights on three levels, and a fourth that may be absent.

    ``backward`` tells that a run of such elements is compared from its end on the second level.
    """

    letters: Weights
    accents: Weights
    cases: Weights
    last: int | None
    backward: bool


@functools.lru_cache(maxsize=65536)
def locale_key(name: str) -> LocaleKey:
    """Give a key that sorts names (raw bytes as ``surrogateescape`` makes them) as bash sorts them under en_US.UTF-8.

    The levels are compared one after the other over the whole name: letters and digits, then accents, then case, then
    everything, punctuation included. Names that glibc holds equal are put in the order of their bytes, as bash does.
    """
    elements = tuple(_elements(name))
    last: list[int] = []
    distance = 0
    for element in elements:
        distance += 1
        if element.last is not None:
            last += (distance, element.last)
            distance = 0
    return (
        tuple(weight for element in elements for weight in element.letters),
        tuple(_accents(elements)),
        tuple(weight for element in elements for weight in element.cases),
        tuple(last),
        name.encode("utf-8", "surrogateescape"),
    )


def covers(name: str) -> bool:
    """Tell whether the table knows every character of a name, so that its place is certain."""
    return name.isascii() or all(any(ord(character) in block for block in _COVERED) for character in name)


def _elements(name: str) -> Iterator[_Element]:
    table = _table()
    position = 0
    while position < len(name):
        pair = name[position : position + 2]
        if len(pair) > 1 and pair in table:
            yield _element(pair)
            position += 2
            continue
        character = name[position]
        position += 1
        if character in table:
            yield _element(character)
        elif ord(character) in _IDEOGRAPHS:
            yield _Element((_IDEOGRAPH_OFFSET + ord(character),), (), (), None, backward=False)
        else:
            for _ in character.encode("utf-8", "surrogateescape"):
                yield _UNDEFINED


@functools.lru_cache(maxsize=4096)
def _element(characters: str) -> _Element:
    """The weights of a character, or of a pair that counts as one, from its line of the table."""
    words, last, backward = _table()[characters]
    letters, accents, cases = map(_weights, words)
    return _Element(letters, accents, cases, last, backward)


def _accents(elements: Sequence[_Element]) -> Iterator[int]:
    """Give the weights of the second level in the order in which strcoll comes by them.

    A run of backward elements is taken from its end. Where other characters follow the run, strcoll passes over the
    last but one; and it finds the earlier ones by counting from where it last stopped, which lies before the run if
    ideographs stand in between. Digits are among these elements, so ``2-x`` and ``2x`` differ on this level.
    """
    stopped = 0
    position = 0
    while position < len(elements):
        end = position
        while end < len(elements) and elements[end].backward:
            end += 1
        length = end - position
        if length:
            yield from elements[end - 1].accents
            earlier = length - 1 if end == len(elements) else length - 2
            for index in range(stopped + earlier - 1, stopped - 1, -1):
                yield from elements[index].accents
            stopped = end + 1
        if end < len(elements):
            yield from elements[end].accents
            if elements[end].accents:
                stopped = end + 1
        position = end + 1


_Line: TypeAlias = "tuple[Sequence[str], int, bool]"
_NO_WEIGHTS: Final = ("-", "-", "-")
_UNDEFINED: Final = _Element((), (), (), _UNDEFINED_WEIGHT, backward=True)


@functools.cache
def _table() -> dict[str, _Line]:
    """What the table says of each character and pair; few of its weights are ever asked for, so none is taken apart."""
    # beside this module; importlib.resources takes as long to import as the table to read
    text = Path(__file__).with_name("locale_order.txt").read_text(encoding="utf-8")
    table: dict[str, _Line] = {}
    last = 0
    backward = True
    for line in text.splitlines():
        words = line.removeprefix("=").split(" ")
        if words[0] == "forward":
            backward = False
        elif words[0] == "*":
            for word in words[1:]:
                first, _, final = word.partition("-")
                for number in range(int(first, 16), int(final or first, 16) + 1):
                    last += 1
                    table[chr(number)] = (_NO_WEIGHTS, last, backward)
        elif words[0] != "#":
            last += not line.startswith("=")
            characters = "".join([chr(int(number, 16)) for number in words[0].split("+")])
            table[characters] = (words[1:], last, backward)
    return table


def _weights(word: str) -> Weights:
    return () if word == "-" else tuple(map(int, word.split(".")))
