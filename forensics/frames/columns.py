"""Columns that stand in several frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.analysis.json_text import json_text
from forensics.facts import fact
from forensics.frames.derived import at, column, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.frames.schema import Column


def object_columns(owner: type, where: str = "") -> tuple[Column, ...]:
    """Which object it is: as people write it, and its parts."""
    return _several(owner, where, "object", "kind", "container", "name")


def stretch(owner: type, where: str = "") -> tuple[Column, ...]:
    """From which commit on, and until which."""
    return _several(owner, where, "from_commit", "from_date", "until_commit", "until_date")


def note(owner: type, where: str) -> tuple[Column, ...]:
    """Who committed it, and what for."""
    return _several(owner, where, "author_date", "author", "subject")


def source(owner: type, where: str) -> tuple[Column, ...]:
    """Where a content came from, in columns that are named after what it is; all three are missing without one."""
    return inside(owner, where, "path", "blob", "commit", prefix=f"{fact(owner, where).name}_")


def inside(owner: type, where: str, *names: str, prefix: str) -> tuple[Column, ...]:
    """Some facts of a value inside, each with what that value is."""
    whole = fact(owner, where).meaning.removesuffix(".")
    found: list[Column] = []
    for name in names:
        part = fact(owner, f"{where}.{name}")
        meaning = f"{whole}: {part.meaning[:1].lower()}{part.meaning[1:]}"
        found += columns_of(part._replace(name=f"{prefix}{name}", meaning=meaning))
    return tuple(found)


def change(owner: type, where: str) -> tuple[Column, ...]:
    """One difference between two contents; what is not there is missing, and no null."""
    return (
        *_several(owner, where, "op", "pointer"),
        column(owner, f"{where}.before", nullable=True, of=_side(where, "before", "add")),
        column(owner, f"{where}.after", nullable=True, of=_side(where, "after", "remove")),
    )


def _several(owner: type, where: str, *names: str) -> tuple[Column, ...]:
    return tuple(each for name in names for each in at(owner, f"{where}.{name}" if where else name))


def _side(where: str, side: str, absent: str) -> Callable[[Any], str | None]:
    def render(row: Any) -> str | None:
        found = getattr(row, where)
        return None if found.op == absent else json_text(getattr(found, side))

    return render
