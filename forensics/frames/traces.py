"""Frames of a trace: who carried a recipe, role or attribute, and when that would have been live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.frames.building import build
from forensics.frames.columns import certainty, object_columns, scenario, stretch
from forensics.frames.schema import boolean, category, integer, joined, moment, number_of, schema, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from forensics.analysis.trace_results import Carrier, LiveStretch, RecipeFileLife, Stretch, Trace, Unknown

_CARRIER: Final = integer("carrier", "the carrier's number, counted from 0 in the order of the result")
_LIVE: Final = integer("live", "the number of the stretch, counted from 0 in the order of the result")

CARRIERS: Final = schema(
    "carriers",
    "one way in which a file carries what is traced, over all reachable commits",
    _CARRIER,
    *object_columns("each"),
    text("path", "the file", of="each.path"),
    text("where", "run_list, env_run_lists, include_recipe, or a level of attributes", of="each.where"),
    text("environment", "whose list it is", nullable=True, of="each.environment"),
    text("item", "what stands there", of="each.item"),
    category("carriage", "whether it stands there itself, is included by a recipe, or comes through a role",
             ("direct", "include", "nested"), of="each.carriage"),
    text("through", "what lies between", of=joined("each.through")),
    boolean("canonical", "whether the file's stem is the object's name", of="each.canonical"),
    text("shadows", "the ids of the object's shadows that ever held the file", of=joined("each.shadows")),
    boolean("shadowed_at_head", "whether one of them is at the tip", of="each.shadowed_at_head"),
    integer("commits", "in how many commits it does", of="each.commits"),
    text("first_commit", "the earliest of them", of="each.first_commit"),
    *moment("first", "when that was committed", of="each.first_date"),
    text("last_commit", "the latest of them", of="each.last_commit"),
    *moment("last", "when that was committed", of="each.last_date"),
    boolean("at_head", "whether the tip is one of them", of="each.at_head"),
)  # fmt: skip

STRETCHES: Final = schema(
    "stretches",
    "a stretch of the first-parent line in which a file carries what is traced",
    _CARRIER,
    *object_columns("each"),
    text("path", "the file", of="each.path"),
    *stretch("stretch"),
)

LIVE: Final = schema(
    "live",
    "a stretch under one scenario in which a live object carried what is traced",
    _LIVE,
    scenario("each.scenario"),
    *object_columns("each"),
    text("path", "the file whose content was live; missing: a command gave it", nullable=True, of="each.path"),
    text("items", "what in it carried", of=joined("each.items")),
    certainty("each.certainty"),
    *stretch("each"),
    boolean("open", "whether it lasts to the tip", of=lambda row: row.each.until_commit is None),
    integer("roles", "how many roles led to the object", of=number_of("each.roles")),
    integer("nodes", "how many nodes reached it; missing: the repository keeps none", nullable=True,
            of=number_of("each.nodes")),
    integer("environments", "in how many environments", of=number_of("each.environments")),
)  # fmt: skip

LIVE_REACH: Final = schema(
    "live_reach",
    "a role, node or environment through which a live stretch would have been felt",
    _LIVE,
    scenario("each.scenario"),
    *object_columns("each"),
    category("touched_kind", "what is touched", ("role", "node", "environment"), of="touched"),
    text("touched", "its name", of="member"),
)

RECIPE_FILES: Final = schema(
    "recipe_files",
    "a stretch of the first-parent line in which a file of the traced recipe is there",
    text("path", "the file"),
    *stretch("stretch"),
)

UNRESOLVED: Final = schema(
    "unresolved",
    "a place that only running the file could tell: it may name what is traced",
    text("path", "the file"),
    text("kind", "what stands there"),
    text("source", "its source text"),
    integer("line", "where, counted from 1"),
    text("first_commit", "the first commit that holds it"),
    boolean("at_head", "whether the tip holds it"),
)


class _Carrier(NamedTuple):
    carrier: int
    each: Carrier


class _Stretch(NamedTuple):
    carrier: int
    each: Carrier
    stretch: Stretch


class _Live(NamedTuple):
    live: int
    each: LiveStretch


class _Touched(NamedTuple):
    live: int
    each: LiveStretch
    touched: str
    member: str


class _RecipeFile(NamedTuple):
    path: str
    stretch: Stretch


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


def _touched(found: Sequence[LiveStretch]) -> Iterator[_Touched]:
    for number, each in enumerate(found):
        touched = (("role", each.roles), ("node", each.nodes or ()), ("environment", each.environments))
        for what, names in touched:
            for name in names:
                yield _Touched(number, each, what, name)
