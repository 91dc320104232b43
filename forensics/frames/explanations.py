"""Frames of an explanation: the acts of its stories, the facts, and how each way of uploading stands to them."""

from __future__ import annotations

from typing import Final

from forensics.analysis.explain_results import ExplainedFact, ScenarioVerdict, UploadStory
from forensics.frames.columns import number, under
from forensics.frames.derived import frame

_STORY: Final = number("story", "The story's number, counted from 0 in the order of the result.")
_ACT: Final = number("act", "The act's number in its story, counted from 0.", "acts")

FRAMES: Final = (
    frame(
        "acts",
        UploadStory,
        _STORY,
        _ACT,
        *under("acts", "from_", "until", "kind", "cost", "assumed", "meets", "why"),
        of="stories",
        each=("acts",),
        row="an act of one of the cheapest stories",
    ),
    frame(
        "sent",
        UploadStory,
        _STORY,
        _ACT,
        *under("uploads", "object", "path", "blob", "commit"),
        of="stories",
        each=("acts", "uploads"),
        row="a content that an act of a story sent, the one that stays last",
    ),
    frame("facts", ExplainedFact, "id", "text", "from_", "until", "source", "bearing", "note"),
    frame("verdicts", ScenarioVerdict, "scenario=name", "fits", "refuted_by", "undecided", "ahead", of="scenarios"),
)
