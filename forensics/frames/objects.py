"""Frames of questions about single objects: what was live over time, at one moment, and how it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from forensics.analysis.json_text import json_text
from forensics.frames.building import build
from forensics.frames.columns import EVENTS, as_json, certainty, change, object_columns, scenario
from forensics.frames.schema import boolean, category, integer, moment, number_of, schema, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from forensics.analysis.results import Contributor, LogEntry, State, TimelineEntry, TimelinePossibility, ValueChange

TIMELINE: Final = schema(
    "timeline",
    "a change of what was live of an object under a scenario: content, file or blob",
    *object_columns("entry"),
    scenario("entry.scenario"),
    text("from_commit", "the commit whose upload made it so", of="entry.from_commit"),
    *moment("from", "when that was committed", of="entry.from_date"),
    boolean("live", "whether the object is there since", of=lambda row: row.content is not None),
    text("path", "the file whose content is live", nullable=True, of="entry.path"),
    text("blob", "that content, as an object id", nullable=True, of="entry.blob"),
    text("commit", "the commit whose upload put the content there", nullable=True, of="entry.commit"),
    certainty("entry.certainty"),
    text("content", "what the server holds, as JSON; missing: the object ceased to be", nullable=True),
)

RACES: Final = schema(
    "races",
    "a content that an aborted upload may have left, for each row of the timeline that is uncertain",
    integer("entry", "the number of that row, counted from 0", of="number"),
    *object_columns("entry"),
    scenario("entry.scenario"),
    text("path", "the file that has the content; missing: nothing may be there", nullable=True, of="one.path"),
    text("blob", "the content, as an object id", nullable=True, of="one.blob"),
    as_json("content", "the content as JSON", lambda row: row.one.content),
)

STATES: Final = schema(
    "states",
    "an object at a moment under a scenario",
    scenario(),
    text("container", "the directory that holds a server's objects of this kind"),
    boolean("live", "whether the object was there", of=lambda state: state.content is not None),
    text("path", "the file whose content was live", nullable=True, of="source.path"),
    text("blob", "that content, as an object id", nullable=True, of="source.blob"),
    text("commit", "the commit whose upload put it there", nullable=True, of="source.commit"),
    certainty(),
    category("basis", "live: uploaded under the scenario; tree: the file of the commit's tree", ("live", "tree")),
    as_json("content", "the object as JSON; missing: nothing was live", lambda state: state.content),
    integer("recipes", "how many recipes its run list comes to", nullable=True,
            of=lambda state: None if state.expanded is None else len(state.expanded["recipes"])),
    text("notes", "what else there is to know", of=lambda state: " ".join(state.notes)),
)  # fmt: skip

EXPANDED: Final = schema(
    "expanded",
    "something that the run list of an object leads to, at a moment under a scenario",
    scenario("state.scenario"),
    text("container", "the directory that holds a server's objects of this kind", of="state.container"),
    category("what", "a recipe, a role on the way, or a role that is not there", ("recipe", "role", "missing role")),
    integer("position", "its place in the order of the run, counted from 0"),
    text("name", "its name"),
)

WHY: Final = schema(
    "why",
    "what one role, environment or level says of an attribute that was asked for, the weakest first",
    scenario("state.scenario"),
    text("container", "the directory that holds a server's objects of this kind", of="state.container"),
    text("attribute", "the attribute, as a dotted path"),
    text("level", "the level of precedence", of="said.level"),
    text("object", "who says it", of="said.object"),
    text("path", "the file that says it", nullable=True, of="said.source.path"),
    text("value", "what it says, as JSON", of=lambda row: json_text(row.said.value)),
    boolean("wins", "whether it is in the merged value; missing: that cannot be known", nullable=True, of="said.wins"),
)

LOG: Final = schema(
    "log",
    "a commit that changed what a file says of the object",
    text("object", "the object as people write it"),
    text("commit", "the commit", of="entry.commit"),
    *moment("", "when it was committed", of="entry.note.date"),
    *moment("author", "when its author wrote it", of="entry.note.author_date"),
    text("author", "the author's name", of="entry.note.author"),
    text("subject", "the first line of the commit's message", of="entry.note.subject"),
    text("path", "the file", of="entry.path"),
    text("blob", "the content that it has since, as an object id", nullable=True, of="entry.blob"),
    category("event", "whether the file began, changed or ceased to declare the object", EVENTS, of="entry.event"),
    integer("changes", "how many values it changed", of=number_of("entry.changes")),
)

LOG_CHANGES: Final = schema(
    "log_changes",
    "a value that a commit changed in what a file says of the object",
    integer("entry", "the number of the row in the log, counted from 0", of="number"),
    text("object", "the object as people write it"),
    text("commit", "the commit", of="entry.commit"),
    text("path", "the file", of="entry.path"),
    *change("change"),
)


class _Entry(NamedTuple):
    entry: TimelineEntry
    content: str | None


class _Race(NamedTuple):
    number: int
    entry: TimelineEntry
    one: TimelinePossibility


class _Expanded(NamedTuple):
    state: State
    what: str
    position: int
    name: str


class _Said(NamedTuple):
    state: State
    attribute: str
    said: Contributor


class _Logged(NamedTuple):
    object: str
    entry: LogEntry


class _LoggedChange(NamedTuple):
    number: int
    object: str
    entry: LogEntry
    change: ValueChange


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
        _Said(state, ".".join(answer.path), said)
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
        for what, key in (("recipe", "recipes"), ("role", "roles"), ("missing role", "missing_roles")):
            for position, name in enumerate(state.expanded[key]):
                yield _Expanded(state, what, position, name)
