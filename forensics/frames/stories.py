"""Frames of the stories of shadowed objects: what was live under each scenario, and which commits touched the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from forensics.analysis.report_results import ObjectStory, Span, Touch
from forensics.analysis.results import CommitNote
from forensics.frames.building import build
from forensics.frames.columns import note, object_columns, stretch
from forensics.frames.derived import frame
from forensics.uploads.scenario import ScenarioName

if TYPE_CHECKING:
    import pandas as pd


class _Span(NamedTuple):
    story: ObjectStory
    scenario: Annotated[ScenarioName, "The scenario."]
    number: Annotated[int, "Its place in the lane of that scenario, counted from 0."]
    span: Span
    canonical: Annotated[bool, "Whether that file's stem is the object's name."]
    note: CommitNote | None


class _Touch(NamedTuple):
    story: ObjectStory
    touch: Touch
    canonical: Annotated[bool, "Whether its stem is the object's name."]
    note: CommitNote | None


SPANS: Final = frame(
    "spans",
    _Span,
    object_columns(_Span, "story"),
    "scenario",
    "number",
    stretch(_Span, "span"),
    "span.live",
    "span.path",
    "span.blob",
    "canonical",
    "span.certainty",
    "span.diverges",
    note(_Span, "note"),
    row="a stretch in which one content of a shadowed object was live under one scenario",
)

TOUCHES: Final = frame(
    "touches",
    _Touch,
    object_columns(_Touch, "story"),
    "touch.path",
    "canonical",
    "touch.event",
    "touch.blob",
    "touch.commit",
    "touch.date",
    note(_Touch, "note"),
    row="a commit at which a file began, changed or ceased to declare a shadowed object",
)


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
