"""Frames of questions about single objects: what was live over time, at one moment, and how it changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, NamedTuple

from forensics.analysis.json_text import json_text
from forensics.analysis.object_results import LogEntry, State, TimelineEntry
from forensics.analysis.results import ValueChange
from forensics.analysis.terms import ObjectText
from forensics.facts import words
from forensics.frames.columns import CHANGE, NOTE, OBJECT, column, count, number, under
from forensics.frames.derived import frame
from forensics.frames.schema import Column, Dtype, boolean


class _LedTo(NamedTuple):
    what: Annotated[
        str,
        words("recipe", "role", "missing role"),
        "A recipe, a role on the way, or a role that is not there.",
    ]
    position: Annotated[int, "Its place in the order of the run, counted from 0."]
    name: Annotated[str, "Its name; as JSON where only running the file could tell it."]


class _Logged(NamedTuple):
    object: Annotated[ObjectText, "The object as people write it: role[base]."]
    entry: LogEntry


def _led_to(_: Any, state: State) -> Iterable[_LedTo]:
    whole = state.expanded
    if whole is not None:
        led_to = (("recipe", whole["recipes"]), ("role", whole["roles"]), ("missing role", whole["missing_roles"]))
        for what, names in led_to:
            for position, name in enumerate(names):
                yield _LedTo(what, position, name if isinstance(name, str) else json_text(name))


def _logged(answer: Any, _: Any) -> Iterable[_Logged]:
    return (_Logged(answer.object, each) for each in answer.entries)


def _changes(_: Any, logged: _Logged) -> Iterable[ValueChange]:
    return logged.entry.changes


FRAMES: Final = (
    frame(
        "timeline",
        TimelineEntry,
        *OBJECT,
        "scenario",
        "from_commit",
        "from_date",
        boolean("live", "Whether the object is there since.", of=lambda entry: entry.content is not None),
        "path",
        "blob",
        "commit",
        "certainty",
        "content",
        "time",
        "until",
        "organization",
        "proof",
        "user",
        of="entries",
        row="a change of what was live of an object under a scenario: content, file or blob",
    ),
    frame(
        "races",
        TimelineEntry,
        number("entry", "The number of that row, counted from 0."),
        *OBJECT,
        "scenario",
        *under("possible", "path", "blob", "content"),
        "unlisted",
        of="entries",
        each=("possible",),
        row="a content that an aborted upload may have left, for each row of the timeline that is uncertain",
    ),
    frame(
        "states",
        State,
        "scenario",
        "container",
        boolean("live", "Whether the object was there.", of=lambda state: state.content is not None),
        *under("source", "path", "blob", "commit"),
        "certainty",
        "basis",
        "content",
        Column(
            "recipes",
            Dtype.INTEGER,
            "How many recipes its run list comes to.",
            nullable=True,
            of=lambda state: None if state.expanded is None else len(state.expanded["recipes"]),
        ),
        column("notes", convert=" ".join),
        row="an object at a moment under a scenario",
    ),
    frame(
        "expanded",
        State,
        "scenario",
        "container",
        *under("led_to", "what", "position", "name"),
        of="states",
        each=(_led_to,),
        row="something that the run list of an object leads to, at a moment under a scenario",
    ),
    frame(
        "why",
        State,
        "scenario",
        "container",
        column("why.path", name="attribute", meaning="The attribute, as a dotted path.", convert=".".join),
        *under("contributions", "level", "object", "source.path", "value", "wins"),
        of="states",
        each=("why", "contributions"),
        row="what one role, environment or level says of an attribute that was asked for, the weakest first",
    ),
    frame(
        "log",
        _Logged,
        "object",
        "entry.commit",
        *under("entry.note", "date", *NOTE),
        *under("entry", "path", "blob", "event"),
        count("changes", "How many values it changed.", "entry.changes"),
        of=_logged,
        row="a commit that changed what a file says of the object",
    ),
    frame(
        "log_changes",
        _Logged,
        number("entry", "The number of the row in the log, counted from 0."),
        "object",
        "entry.commit",
        "entry.path",
        *CHANGE,
        of=_logged,
        each=(_changes,),
        row="a value that a commit changed in what a file says of the object",
    ),
)
