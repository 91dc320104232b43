"""Frames of the stories of shadowed objects: what was live under each scenario, and which commits touched the files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from forensics.analysis.report_results import ObjectStory, Span, Touch
from forensics.analysis.results import CommitNote
from forensics.frames.columns import NOTE, OBJECT, STRETCH, number, under
from forensics.frames.derived import frame
from forensics.frames.schema import boolean


def _note(answer: Any, found: Span | Touch) -> Iterable[CommitNote | None]:
    yield answer.notes.get(found.commit if isinstance(found, Touch) else found.from_commit)


FRAMES: Final = (
    frame(
        "spans",
        ObjectStory,
        *OBJECT,
        "lanes.scenario",
        number("number", "Its place in the lane of that scenario, counted from 0.", "spans"),
        *under("spans", STRETCH),
        "spans.live",
        "spans.path",
        "spans.blob",
        boolean(
            "canonical",
            "Whether that file's stem is the object's name.",
            of=lambda story, _lane, span, _note: span.path == story.canonical,
        ),
        "spans.certainty",
        "spans.diverges",
        *under("note", NOTE),
        of="stories",
        each=("lanes", "spans", _note),
        row="a stretch in which one content of a shadowed object was live under one scenario",
    ),
    frame(
        "touches",
        ObjectStory,
        *OBJECT,
        "touches.path",
        boolean(
            "canonical",
            "Whether its stem is the object's name.",
            of=lambda story, touch, _note: touch.path == story.canonical,
        ),
        "touches.event",
        "touches.blob",
        "touches.commit",
        "touches.date",
        *under("note", NOTE),
        of="stories",
        each=("touches", _note),
        row="a commit at which a file began, changed or ceased to declare a shadowed object",
    ),
)
