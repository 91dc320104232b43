"""Columns that stand in several frames, and the orders of their categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forensics.analysis.json_text import json_text
from forensics.chef.objects import Kind
from forensics.frames.schema import Column, category, moment, text
from forensics.uploads.scenario import COMMANDS, SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable

SCENARIOS: Final = tuple(scenario.name for scenario in (*SHIPPED, COMMANDS))
SEVERITIES: Final = ("note", "warning", "error")
KINDS: Final = (*(str(kind) for kind in Kind), "recipe")
CERTAINTIES: Final = ("race", "exact")
EVENTS: Final = ("added", "changed", "removed", "unloadable")
OPERATIONS: Final = ("add", "remove", "replace")

SHADOW: Final = text("shadow", "the id of the shadow")


def scenario(of: str = "scenario") -> Column:
    """The column of scenarios, in the order in which they are shipped; a repository's own ones follow."""
    return category("scenario", "the way of uploading", SCENARIOS, open_ended=True, of=of)


def kind(of: str = "kind", *, meaning: str = "what kind of object it is") -> Column:
    """The column of kinds of objects."""
    return category("kind", meaning, KINDS, of=of)


def certainty(of: str = "certainty") -> Column:
    """The column that tells what is sure from what a race decided."""
    return category("certainty", "race: an aborted upload leaves it open whether this was live", CERTAINTIES, of=of)


def object_columns(of: str = "") -> tuple[Column, ...]:
    """Which object it is: as people write it, and its parts."""
    before = f"{of}." if of else ""
    return (
        text("object", "the object as people write it: role[base]", of=f"{before}object"),
        kind(f"{before}kind"),
        text("container", "the directory that holds a server's objects of this kind", of=f"{before}container"),
        text("name", "the object's name, which stands inside the file", of=f"{before}name"),
    )


def stretch(of: str = "") -> tuple[Column, ...]:
    """From which commit on, and until which."""
    before = f"{of}." if of else ""
    return (
        text("from_commit", "the commit that begins it", of=f"{before}from_commit"),
        *moment("from", "when that was committed", of=f"{before}from_date"),
        text(
            "until_commit", "the first commit after it; missing: to the tip", nullable=True, of=f"{before}until_commit"
        ),
        *moment("until", "when that was committed", nullable=True, of=f"{before}until_date"),
    )


def source(name: str, meaning: str, of: str) -> tuple[Column, ...]:
    """Where a content came from; all three are missing where there is none."""
    return (
        text(f"{name}_path", f"{meaning}: the file; missing too where no file of the repository gave it", nullable=True,
             of=f"{of}.path"),
        text(f"{name}_blob", f"{meaning}: the file's content, as an object id", nullable=True, of=f"{of}.blob"),
        text(f"{name}_commit", f"{meaning}: the commit whose upload put it there", nullable=True, of=f"{of}.commit"),
    )  # fmt: skip


def note(of: str, *, nullable: bool = False) -> tuple[Column, ...]:
    """Who committed it, and what for."""
    return (
        *moment("author", "when its author wrote it", nullable=nullable, of=f"{of}.author_date"),
        text("author", "the author's name", nullable=nullable, of=f"{of}.author"),
        text("subject", "the first line of the commit's message", nullable=nullable, of=f"{of}.subject"),
    )


def change(of: str) -> tuple[Column, ...]:
    """One semantic difference between two contents."""
    return (
        category("op", "what happened to the value", OPERATIONS, of=f"{of}.op"),
        text("pointer", "where it stands: a JSON pointer into the content", of=f"{of}.pointer"),
        text("before", "the value before, as JSON", nullable=True, of=_side(of, "before", "add")),
        text("after", "the value after, as JSON", nullable=True, of=_side(of, "after", "remove")),
    )


def as_json(name: str, meaning: str, of: Callable[[Any], Any]) -> Column:
    """Any value as JSON text; None is missing."""

    def render(row: Any) -> str | None:
        value = of(row)
        return None if value is None else json_text(value)

    return text(name, meaning, nullable=True, of=render)


def _side(of: str, side: str, absent: str) -> Callable[[Any], str | None]:
    def render(row: Any) -> str | None:
        found = getattr(row, of)
        return None if found.op == absent else json_text(getattr(found, side))

    return render
