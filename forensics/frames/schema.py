"""What a frame is made of: its columns, their types and their meaning. No pandas is needed to read this."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Getter: TypeAlias = "str | Callable[[Any], Any] | None"


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
    of attributes into a row's value (the column's name, if none is given) or a function of it.
    """

    name: str
    dtype: Dtype
    meaning: str
    nullable: bool = False
    categories: tuple[str, ...] = ()
    open_ended: bool = False
    of: Getter = field(default=None, repr=False, compare=False)

    def values(self, rows: Iterable[Any]) -> list[Any]:
        """This column of some rows."""
        if callable(self.of):
            return list(map(self.of, rows))
        parts = (self.of or self.name).split(".")
        if len(parts) == 1:
            return [getattr(row, parts[0]) for row in rows]
        return [_follow(row, parts) for row in rows]


@dataclass(frozen=True, slots=True)
class Schema:
    """A frame: its name, what one row is, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def schema(name: str, row: str, *columns: Column | tuple[Column, ...]) -> Schema:
    """A frame of columns, some of which come as a group."""
    flat: list[Column] = []
    for each in columns:
        flat.extend(each if isinstance(each, tuple) else (each,))
    return Schema(name, row, tuple(flat))


def text(name: str, meaning: str, *, nullable: bool = False, of: Getter = None) -> Column:
    """A column of text."""
    return Column(name, Dtype.TEXT, meaning, nullable=nullable, of=of)


def integer(name: str, meaning: str, *, nullable: bool = False, of: Getter = None) -> Column:
    """A column of whole numbers."""
    return Column(name, Dtype.INTEGER, meaning, nullable=nullable, of=of)


def boolean(name: str, meaning: str, *, nullable: bool = False, of: Getter = None) -> Column:
    """A column of truth values."""
    return Column(name, Dtype.BOOLEAN, meaning, nullable=nullable, of=of)


def category(
    name: str,
    meaning: str,
    categories: Iterable[str],
    *,
    nullable: bool = False,
    open_ended: bool = False,
    of: Getter = None,
) -> Column:
    """A column of a few words in an order of their own."""
    return Column(name, Dtype.CATEGORY, meaning, nullable, tuple(categories), open_ended, of)


def moment(name: str, meaning: str, *, nullable: bool = False, of: str = "") -> tuple[Column, Column]:
    """A date in two columns: as the commit has it, with its own offset, and as a time in UTC.

    A commit's time outside the years 1 to 9999 is ``@SECONDS`` since 1970 in the first and missing in the second.
    """
    prefix = f"{name}_" if name else ""
    path = of or f"{prefix}date"
    return (
        text(f"{prefix}date", f"{meaning} ISO 8601 with the commit's own offset.", nullable=nullable, of=path),
        Column(
            f"{prefix}time",
            Dtype.TIME,
            f"{meaning} In UTC; missing outside the years 1 to 9999.",
            nullable=True,
            of=path,
        ),
    )


SEPARATOR: Final = ", "


def joined(path: str) -> Callable[[Any], str]:
    """The texts at a path of attributes, one after the other, for reading."""
    parts = path.split(".")
    return lambda row: SEPARATOR.join(_follow(row, parts) or ())


def number_of(path: str) -> Callable[[Any], int | None]:
    """How many things there are at a path of attributes."""
    parts = path.split(".")

    def count(row: Any) -> int | None:
        found = _follow(row, parts)
        return None if found is None else len(found)

    return count


def _follow(row: Any, parts: Iterable[str]) -> Any:
    value = row
    for part in parts:
        if value is None:
            return None
        value = getattr(value, part)
    return value
