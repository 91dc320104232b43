"""The files that declare one object: each has a letter, a colour and a pattern throughout the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLOURS_OF_COPIES: Final = 5


class FileMark(NamedTuple):
    """How a file is told from the others: ``colour`` 0 is the canonical file's, 1 to 5 those of the copies.

    A letter is unique as well, so that nobody needs to see colours.
    """

    path: str | None
    letter: str
    colour: int
    canonical: bool

    @property
    def stem(self) -> str:
        """The file's own name, without its directories."""
        return (self.path or "").rpartition("/")[2]


NO_FILE: Final = FileMark(None, "?", 9, canonical=False)
"""Stands for a content that no file of the repository gave."""


class FileMarks:
    """The marks of the files of one object: the canonical one is A, the others follow in their order."""

    def __init__(self, paths: Iterable[str], canonical: str | None) -> None:
        ordered = sorted(dict.fromkeys(paths), key=lambda path: path != canonical)
        self._marks = {
            path: FileMark(path, _letter(number), _colour(number, path, canonical), path == canonical)
            for number, path in enumerate(ordered)
        }

    def __getitem__(self, path: str | None) -> FileMark:
        """The mark of a file; what is no file of this object, or none at all, has that of no file."""
        if path is None:
            return NO_FILE
        return self._marks.get(path, NO_FILE._replace(path=path))

    def __iter__(self) -> Iterator[FileMark]:
        return iter(self._marks.values())


def _letter(number: int) -> str:
    return _LETTERS[number] if number < len(_LETTERS) else str(number + 1)


def _colour(number: int, path: str, canonical: str | None) -> int:
    if path == canonical:
        return 0
    return (number - (canonical is not None)) % _COLOURS_OF_COPIES + 1
