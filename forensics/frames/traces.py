"""Frames of a trace: who carried a recipe, role or attribute, and when that would have been live."""

from __future__ import annotations

from typing import Final

from forensics.analysis.trace_results import Carrier, LiveStretch, Mention, RecipeFileLife, Unknown
from forensics.frames.columns import EXTREMES, OBJECT, STRETCH, count, number, under
from forensics.frames.derived import frame
from forensics.frames.divergences import touched

_CARRIER: Final = number("carrier", "The carrier's number, counted from 0 in the order of the result.")
_LIVE: Final = number("live", "The number of the stretch, counted from 0 in the order of the result.")

FRAMES: Final = (
    frame(
        "carriers",
        Carrier,
        _CARRIER,
        *OBJECT,
        "path",
        "where",
        "environment",
        "item",
        "carriage",
        "through",
        "canonical",
        "shadows",
        "shadowed_at_head",
        "commits",
        *EXTREMES,
        "at_head",
        row="one way in which a file carries what is traced, over all reachable commits",
    ),
    frame(
        "stretches",
        Carrier,
        _CARRIER,
        *OBJECT,
        "path",
        *under("stretches", *STRETCH),
        of="carriers",
        each=("stretches",),
        row="a stretch of the first-parent line in which a file carries what is traced",
    ),
    frame(
        "live",
        LiveStretch,
        _LIVE,
        "scenario",
        *OBJECT,
        "path",
        "items",
        "certainty",
        *STRETCH,
        "open",
        count("roles", "How many roles led to the object."),
        count("nodes", "How many nodes reached it; missing: the repository keeps none."),
        count("environments", "In how many environments."),
        row="a stretch under one scenario in which a live object carried what is traced",
    ),
    frame(
        "live_reach",
        LiveStretch,
        _LIVE,
        "scenario",
        *OBJECT,
        *under("touched", "touched_kind", "touched"),
        of="live",
        each=(touched,),
        row="a role, node or environment through which a live stretch would have been felt",
    ),
    frame(
        "recipe_files",
        RecipeFileLife,
        "path",
        *under("stretches", *STRETCH),
        of="recipe.files",
        each=("stretches",),
        row="a stretch of the first-parent line in which a file of the traced recipe is there",
    ),
    frame("unresolved", Unknown),
    frame(
        "mentions",
        Mention,
        "object",
        "path",
        "line",
        "where",
        "environment",
        "item",
        "reason",
        "by",
        "by_line",
        *EXTREMES,
        "at_head",
        row="a place that names what is traced and does not count",
    ),
)
