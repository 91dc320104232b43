"""Columns that stand in several frames, or show a fact otherwise than it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from forensics.analysis.json_text import json_text
from forensics.frames.derived import columns_of, fact_at, shown_columns
from forensics.frames.schema import ITSELF, Column, Dtype

if TYPE_CHECKING:
    from forensics.frames.derived import Columns, Levels, Shown

OBJECT: Final = ("object", "kind", "container", "name")
"""Which object it is: as people write it, and its parts."""
STRETCH: Final = ("from_commit", "from_date", "until_commit", "until_date")
"""From which commit on, and until which."""
EXTREMES: Final = ("first_commit", "first_date", "last_commit", "last_date")
"""The earliest and the latest commit in which it was so."""
NOTE: Final = ("author_date", "author", "subject")
"""Who committed it, and what for."""


def under(where: str, *names: str) -> tuple[str, ...]:
    """These facts of a value, or of the things at a level."""
    return tuple(f"{where}.{name}" for name in names)


def column(path: str, **changed: Any) -> Shown:
    """The one column of a fact, with something else about it."""
    return lambda levels: tuple(replace(each, **changed) for each in shown_columns(levels, path))


def count(name: str, meaning: str, path: str = "") -> Shown:
    """How many there are in a list."""
    return column(path or name, name=name, meaning=meaning, dtype=Dtype.INTEGER, convert=len)


def number(name: str, meaning: str, level: str = "") -> Shown:
    """The number of the thing at a level among those of the level before."""
    return lambda levels: (
        Column(name, Dtype.INTEGER, meaning, of=ITSELF, place=2 * [each.name for each in levels].index(level) + 1),
    )


def inside(where: str, *names: str, prefix: str | None = None) -> Shown:
    """Some facts of a value inside, each with what that value is; they are called after it."""

    def make(levels: Levels) -> Columns:
        _, outer = fact_at(levels, where)
        whole = outer.meaning.removesuffix(".")
        found: Columns = ()
        for name in names:
            place, part = fact_at(levels, f"{where}.{name}")
            meaning = f"{whole}: {part.meaning[:1].lower()}{part.meaning[1:]}"
            called = f"{outer.name}_{name}" if prefix is None else f"{prefix}{name}"
            found += columns_of(levels, place, part._replace(name=called, meaning=meaning))
        return found

    return make


def source(where: str) -> Shown:
    """Where a content came from; all three are missing without one."""
    return inside(where, "path", "blob", "commit")


def _side(side: str, absent: str) -> Shown:
    def read(*levels: Any) -> str | None:
        change = levels[-1]
        return None if change.op == absent else json_text(getattr(change, side))

    return column(f"changes.{side}", nullable=True, of=read, convert=None)


CHANGE: Final = ("changes.op", "changes.pointer", _side("before", "add"), _side("after", "remove"))
"""One difference between two contents; what is not there is missing, and no null."""
