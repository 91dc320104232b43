"""Frames of questions about single objects: what was live over time, at one moment, and how it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

from forensics.analysis.json_text import json_text
from forensics.analysis.object_results import Contributor, LogEntry, State, TimelineEntry, TimelinePossibility
from forensics.analysis.results import ValueChange
from forensics.analysis.terms import ObjectText
from forensics.facts import words
from forensics.frames.building import build
from forensics.frames.columns import change, object_columns
from forensics.frames.derived import column, frame
from forensics.frames.schema import boolean, integer, number_of, text

if TYPE_CHECKING:
    import pandas as pd


class _Entry(NamedTuple):
    entry: TimelineEntry
    content: str | None


class _Race(NamedTuple):
    number: int
    entry: TimelineEntry
    one: TimelinePossibility


class _Expanded(NamedTuple):
    state: State
    what: Annotated[
        str,
        words("recipe", "role", "missing role"),
        "A recipe, a role on the way, or a role that is not there.",
    ]
    position: Annotated[int, "Its place in the order of the run, counted from 0."]
    name: Annotated[str, "Its name; as JSON where only running the file could tell it."]


class _Contribution(NamedTuple):
    state: State
    attribute: Annotated[str, "The attribute, as a dotted path."]
    said: Contributor


class _Logged(NamedTuple):
    object: Annotated[ObjectText, "The object as people write it: role[base]."]
    entry: LogEntry


class _LoggedChange(NamedTuple):
    entry: Annotated[int, "The number of the row in the log, counted from 0."]
    object: Annotated[ObjectText, "The object as people write it: role[base]."]
    logged: LogEntry
    change: ValueChange


TIMELINE: Final = frame(
    "timeline",
    _Entry,
    object_columns(_Entry, "entry"),
    "entry.scenario",
    "entry.from_commit",
    "entry.from_date",
    boolean("live", "Whether the object is there since.", of=lambda row: row.content is not None),
    "entry.path",
    "entry.blob",
    "entry.commit",
    "entry.certainty",
    column(_Entry, "entry.content", of="content"),
    row="a change of what was live of an object under a scenario: content, file or blob",
)

RACES: Final = frame(
    "races",
    _Race,
    integer("entry", "The number of that row, counted from 0.", of="number"),
    object_columns(_Race, "entry"),
    "entry.scenario",
    "one.path",
    "one.blob",
    "one.content",
    "entry.unlisted",
    row="a content that an aborted upload may have left, for each row of the timeline that is uncertain",
)

STATES: Final = frame(
    "states",
    State,
    "scenario",
    "container",
    boolean("live", "Whether the object was there.", of=lambda state: state.content is not None),
    "source.path",
    "source.blob",
    "source.commit",
    "certainty",
    "basis",
    "content",
    integer(
        "recipes",
        "How many recipes its run list comes to.",
        nullable=True,
        of=lambda state: None if state.expanded is None else len(state.expanded["recipes"]),
    ),
    text("notes", "What to know about this state.", of=lambda state: " ".join(state.notes)),
    row="an object at a moment under a scenario",
)

EXPANDED: Final = frame(
    "expanded",
    _Expanded,
    "state.scenario",
    "state.container",
    "what",
    "position",
    "name",
    row="something that the run list of an object leads to, at a moment under a scenario",
)

WHY: Final = frame(
    "why",
    _Contribution,
    "state.scenario",
    "state.container",
    "attribute",
    "said.level",
    "said.object",
    "said.source.path",
    "said.value",
    "said.wins",
    row="what one role, environment or level says of an attribute that was asked for, the weakest first",
)

LOG: Final = frame(
    "log",
    _Logged,
    "object",
    "entry.commit",
    "entry.note.date",
    "entry.note.author_date",
    "entry.note.author",
    "entry.note.subject",
    "entry.path",
    "entry.blob",
    "entry.event",
    integer("changes", "How many values it changed.", of=number_of("entry.changes")),
    row="a commit that changed what a file says of the object",
)

LOG_CHANGES: Final = frame(
    "log_changes",
    _LoggedChange,
    "entry",
    "object",
    "logged.commit",
    "logged.path",
    change(_LoggedChange, "change"),
    row="a value that a commit changed in what a file says of the object",
)


def timeline(entries: Sequence[TimelineEntry]) -> pd.DataFrame:
    """What was live over time."""
    written: dict[int, str] = {}  # one content stands in many rows; the entries keep it alive, and so its id its own

    def content(body: Any) -> str | None:
        if body is None:
            return None
        if id(body) not in written:
            written[id(body)] = json_text(body)
        return written[id(body)]

    return build(TIMELINE, (_Entry(each, content(each.content)) for each in entries))


def races(entries: Sequence[TimelineEntry]) -> pd.DataFrame:
    """What may have been live where an upload was aborted."""
    return build(RACES, (_Race(number, entry, one) for number, entry in enumerate(entries) for one in entry.possible))


def states(found: Sequence[State]) -> pd.DataFrame:
    """The object under each scenario."""
    return build(STATES, found)


def expanded(found: Sequence[State]) -> pd.DataFrame:
    """What its run list leads to."""
    return build(EXPANDED, _expanded(found))


def why(found: Sequence[State]) -> pd.DataFrame:
    """Who gave the attributes that were asked for."""
    rows = (
        _Contribution(state, ".".join(answer.path), said)
        for state in found
        for answer in state.why or ()
        for said in answer.contributions
    )
    return build(WHY, rows)


def log(name: str, entries: Sequence[LogEntry]) -> pd.DataFrame:
    """The commits that changed what files say of an object."""
    return build(LOG, (_Logged(name, each) for each in entries))


def log_changes(name: str, entries: Sequence[LogEntry]) -> pd.DataFrame:
    """What each of them changed."""
    rows = (
        _LoggedChange(number, name, entry, change) for number, entry in enumerate(entries) for change in entry.changes
    )
    return build(LOG_CHANGES, rows)


def _expanded(found: Sequence[State]) -> Iterator[_Expanded]:
    for state in found:
        if state.expanded is None:
            continue
        whole = state.expanded
        led_to = (("recipe", whole["recipes"]), ("role", whole["roles"]), ("missing role", whole["missing_roles"]))
        for what, names in led_to:
            for position, name in enumerate(names):
                yield _Expanded(state, what, position, name if isinstance(name, str) else json_text(name))
