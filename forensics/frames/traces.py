"""Frames of a trace: who carried a recipe, role or attribute, and when that would have been live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeAlias

from forensics.analysis.trace_results import Carrier, LineStretch, LiveStretch, RecipeFileLife, Trace, Unknown
from forensics.facts import words
from forensics.frames.building import build
from forensics.frames.columns import object_columns, stretch
from forensics.frames.derived import frame
from forensics.frames.schema import integer, number_of
from forensics.history.model import FilePath

if TYPE_CHECKING:
    import pandas as pd

_CarrierNumber: TypeAlias = Annotated[int, "The carrier's number, counted from 0 in the order of the result."]
_LiveNumber: TypeAlias = Annotated[int, "The number of the stretch, counted from 0 in the order of the result."]


class _Carrier(NamedTuple):
    carrier: _CarrierNumber
    each: Carrier


class _Stretch(NamedTuple):
    carrier: _CarrierNumber
    each: Carrier
    stretch: LineStretch


class _Live(NamedTuple):
    live: _LiveNumber
    each: LiveStretch


class _LiveTouched(NamedTuple):
    live: _LiveNumber
    each: LiveStretch
    touched_kind: Annotated[str, words("role", "node", "environment"), "What is touched."]
    touched: Annotated[str, "Its name."]


class _RecipeFile(NamedTuple):
    path: Annotated[FilePath, "The file."]
    stretch: LineStretch


CARRIERS: Final = frame(
    "carriers",
    _Carrier,
    "carrier",
    object_columns(_Carrier, "each"),
    "each.path",
    "each.where",
    "each.environment",
    "each.item",
    "each.carriage",
    "each.through",
    "each.canonical",
    "each.shadows",
    "each.shadowed_at_head",
    "each.commits",
    "each.first_commit",
    "each.first_date",
    "each.last_commit",
    "each.last_date",
    "each.at_head",
    row="one way in which a file carries what is traced, over all reachable commits",
)

STRETCHES: Final = frame(
    "stretches",
    _Stretch,
    "carrier",
    object_columns(_Stretch, "each"),
    "each.path",
    stretch(_Stretch, "stretch"),
    row="a stretch of the first-parent line in which a file carries what is traced",
)

LIVE: Final = frame(
    "live",
    _Live,
    "live",
    "each.scenario",
    object_columns(_Live, "each"),
    "each.path",
    "each.items",
    "each.certainty",
    stretch(_Live, "each"),
    "each.open",
    integer("roles", "How many roles led to the object.", of=number_of("each.roles")),
    integer(
        "nodes",
        "How many nodes reached it; missing: the repository keeps none.",
        nullable=True,
        of=number_of("each.nodes"),
    ),
    integer("environments", "In how many environments.", of=number_of("each.environments")),
    row="a stretch under one scenario in which a live object carried what is traced",
)

LIVE_REACH: Final = frame(
    "live_reach",
    _LiveTouched,
    "live",
    "each.scenario",
    object_columns(_LiveTouched, "each"),
    "touched_kind",
    "touched",
    row="a role, node or environment through which a live stretch would have been felt",
)

RECIPE_FILES: Final = frame(
    "recipe_files",
    _RecipeFile,
    "path",
    stretch(_RecipeFile, "stretch"),
    row="a stretch of the first-parent line in which a file of the traced recipe is there",
)

UNRESOLVED: Final = frame("unresolved", Unknown)


def carriers(found: Trace) -> pd.DataFrame:
    """The files that ever carried it."""
    return build(CARRIERS, (_Carrier(*each) for each in enumerate(found.carriers)))


def stretches(found: Trace) -> pd.DataFrame:
    """When each of them did, along the first-parent line."""
    return build(
        STRETCHES,
        (_Stretch(number, each, one) for number, each in enumerate(found.carriers) for one in each.stretches),
    )


def live(found: Trace) -> pd.DataFrame:
    """When it would have been live."""
    return build(LIVE, (_Live(*each) for each in enumerate(found.live)), scenarios=found.scenarios)


def live_reach(found: Trace) -> pd.DataFrame:
    """Who would have felt it."""
    return build(LIVE_REACH, _touched(found.live), scenarios=found.scenarios)


def recipe_files(found: Trace) -> pd.DataFrame:
    """When the recipe's own files were there; empty where no recipe is traced."""
    lives: Sequence[RecipeFileLife] = found.recipe.files if found.recipe else ()
    return build(RECIPE_FILES, (_RecipeFile(each.path, one) for each in lives for one in each.stretches))


def unresolved(found: Sequence[Unknown]) -> pd.DataFrame:
    """What could not be told."""
    return build(UNRESOLVED, found)


def _touched(found: Sequence[LiveStretch]) -> Iterator[_LiveTouched]:
    for number, each in enumerate(found):
        touched = (("role", each.roles), ("node", each.nodes or ()), ("environment", each.environments))
        for what, names in touched:
            for name in names:
                yield _LiveTouched(number, each, what, name)
