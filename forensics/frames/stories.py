"""Frames of the stories of shadowed objects: what was live under each scenario, and which commits touched the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.frames.building import build
from forensics.frames.columns import EVENTS, certainty, note, object_columns, scenario, stretch
from forensics.frames.schema import boolean, category, integer, moment, schema, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from forensics.analysis.report_results import ObjectStory, Span, Touch
    from forensics.analysis.results import CommitNote

SPANS: Final = schema(
    "spans",
    "a stretch in which one content of a shadowed object was live under one scenario",
    *object_columns("story"),
    scenario(),
    integer("number", "its place in the lane of that scenario, counted from 0"),
    *stretch("span"),
    boolean("live", "whether the object was there at all", of="span.live"),
    text("path", "the file whose content was live; missing: nothing was, or no file gave it", nullable=True,
         of="span.path"),
    text("blob", "that content, as an object id", nullable=True, of="span.blob"),
    boolean("canonical", "whether that file's stem is the object's name"),
    certainty("span.certainty"),
    boolean("diverges", "whether the canonical file says something else in a part of it", of="span.diverges"),
    *note("note", nullable=True),
)  # fmt: skip

TOUCHES: Final = schema(
    "touches",
    "a commit at which a file began, changed or ceased to declare a shadowed object",
    *object_columns("story"),
    text("path", "the file", of="touch.path"),
    boolean("canonical", "whether its stem is the object's name"),
    category("event", "whether the file began, changed or ceased to declare it", EVENTS, of="touch.event"),
    text("blob", "the content that it has since, as an object id", nullable=True, of="touch.blob"),
    text("commit", "the commit", of="touch.commit"),
    *moment("", "when it was committed", of="touch.date"),
    *note("note", nullable=True),
)


class _Span(NamedTuple):
    story: ObjectStory
    scenario: str
    number: int
    span: Span
    canonical: bool
    note: CommitNote | None


class _Touch(NamedTuple):
    story: ObjectStory
    touch: Touch
    canonical: bool
    note: CommitNote | None


def spans(
    stories: Sequence[ObjectStory], notes: Mapping[str, CommitNote], scenarios: Sequence[str] = ()
) -> pd.DataFrame:
    """What was live one after the other, lane by lane; author and subject are those of the commit that begins it."""
    rows = (
        _Span(story, lane.scenario, number, span, span.path == story.canonical, notes.get(span.from_commit))
        for story in stories
        for lane in story.lanes
        for number, span in enumerate(lane.spans)
    )
    return build(SPANS, rows, scenarios=scenarios)


def touches(stories: Sequence[ObjectStory], notes: Mapping[str, CommitNote]) -> pd.DataFrame:
    """The commits that touched the files of shadowed objects, in the order of the replay."""
    rows = (
        _Touch(story, touch, touch.path == story.canonical, notes.get(touch.commit))
        for story in stories
        for touch in story.touches
    )
    return build(TOUCHES, rows)
