"""What a frame is made of: its rows, its columns, their types and their meaning. No pandas is needed to read this."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Getter: TypeAlias = "str | Callable[..., Any]"
    Row: TypeAlias = tuple[Any, ...]
    """What a row is about: the thing at each level, the outermost first, each followed by its number there."""


ITSELF: Final = "."
SEPARATOR: Final = ", "


class Dtype(StrEnum):
    r"""The types of columns, as pandas writes them.

    Text that comes from a repository has its control characters, invisible characters and raw bytes spelled out
    (``\x1b``), so that a frame can be shown and written anywhere; the exact text stands in the result's values and its
    JSON. Numbers and truth values are the nullable ones of pandas. Times are in UTC.
    """

    TEXT = "str"
    TIME = "datetime64[us, UTC]"
    INTEGER = "Int64"
    BOOLEAN = "boolean"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, whether a value may be missing, and where the values come from.

    ``categories`` are in order; with ``open_ended`` a repository may add some of its own after them. ``of`` is a path
    of attributes into what stands at a ``place`` of the row (the column's name, if none is given; ``ITSELF`` for just
    that), or a function of the things at all levels; ``convert`` makes of such a value what a frame can hold.
    """

    name: str
    dtype: Dtype
    meaning: str
    nullable: bool = False
    categories: tuple[str, ...] = ()
    open_ended: bool = False
    of: Getter = field(default="", repr=False, compare=False)
    place: int = field(default=0, repr=False, compare=False)
    convert: Callable[[Any], Any] | None = field(default=None, repr=False, compare=False)

    def values(self, rows: Iterable[Row]) -> list[Any]:
        """This column of some rows."""
        read = self.of
        if callable(read):
            return [read(*row[::2]) for row in rows]
        parts = [] if read == ITSELF else (read or self.name).split(".")
        found = [follow(row[self.place], parts) for row in rows]
        if self.convert is None:
            return found
        # one content may stand in very many rows; the list keeps each alive, and so its id its own
        converted = {id(each): None if each is None and self.nullable else self.convert(each) for each in found}
        return [converted[id(each)] for each in found]


@dataclass(frozen=True, slots=True)
class Schema:
    """A frame: its name, what one row is, its columns, and the ``steps`` from an answer to the things of its rows.

    Each step takes the answer and the thing at the level before, and gives those of its own.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    steps: tuple[Callable[[Any, Any], Iterable[Any]], ...] = field(default=(), repr=False, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def rows(self, answer: Any) -> list[Row]:
        """What the rows are about that an answer has."""
        found: list[Row] = [(answer, 0)]
        for number, step in enumerate(self.steps):
            found = [
                (*(row if number else ()), each, place)
                for row in found
                for place, each in enumerate(step(answer, row[-2]))
            ]
        return found


def boolean(name: str, meaning: str, *, of: Getter = "") -> Column:
    """A column of truth values."""
    return Column(name, Dtype.BOOLEAN, meaning, of=of)


def moment(name: str, meaning: str, *, nullable: bool = False, of: str = "") -> tuple[Column, Column]:
    """A date in two columns: as the commit has it, with its own offset, and as a time in UTC.

    A commit's time outside the years 1 to 9999 is ``@SECONDS`` since 1970 in the first and missing in the second.
    """
    prefix = f"{name}_" if name else ""
    path = of or f"{prefix}date"
    told = f"{meaning} ISO 8601 with the commit's own offset."
    return (
        Column(f"{prefix}date", Dtype.TEXT, told, nullable, of=path),
        Column(
            f"{prefix}time",
            Dtype.TIME,
            f"{meaning} In UTC; missing outside the years 1 to 9999.",
            nullable=True,
            of=path,
        ),
    )


def follow(thing: Any, parts: Iterable[str]) -> Any:
    """What is at a path of attributes; None where there is nothing on the way."""
    for part in parts:
        if thing is None:
            return None
        thing = getattr(thing, part)
    return thing
