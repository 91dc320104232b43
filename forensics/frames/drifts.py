"""Frames of what a server holds against a revision."""

from __future__ import annotations

from typing import Final

from forensics.analysis.drift_results import DriftObject
from forensics.frames.columns import CHANGE, EXTREMES, column, count, inside, under
from forensics.frames.derived import frame

FRAMES: Final = (
    frame(
        "drift",
        DriftObject,
        "object",
        "kind",
        "organization",
        "state",
        "explained",
        "drifted",
        inside("newest", "path", "blob", *EXTREMES, prefix=""),
        inside("expected", "path", "blob"),
        count("matches", "How many stretches of commits hold what the server does."),
        count("changes", "How many differences there are."),
        "nodes",
        column("notes", convert=" ".join),
        of="objects",
    ),
    frame(
        "drift_matches",
        DriftObject,
        "object",
        *under("matches", "path", "blob"),
        *under("matches", *EXTREMES, "commits", "at_tip"),
        of="objects",
        each=("matches",),
    ),
    frame("drift_changes", DriftObject, "object", "state", *CHANGE, of="objects", each=("changes",)),
)
