"""Frames of divergences: where another file's content was live, what that changed, and who would have felt it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.frames.building import build
from forensics.frames.columns import certainty, change, object_columns, scenario, source, stretch
from forensics.frames.schema import boolean, category, integer, moment, number_of, schema, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from forensics.analysis.results import Divergence, Phase, ValueChange

_NUMBER: Final = integer("divergence", "the divergence's number, counted from 0 in the order of the result")
_PHASE: Final = integer("phase", "the phase's number within the divergence, counted from 0")

DIVERGENCES: Final = schema(
    "divergences",
    "a stretch under one scenario in which another file's content was live than the canonical file's",
    _NUMBER,
    text("shadow", "the id of the last shadow that held both files", of="each.shadow"),
    scenario("each.scenario"),
    *object_columns("each"),
    *stretch("each"),
    boolean("open", "whether it lasts to the tip", of="each.open"),
    certainty("each.certainty"),
    *source("live", "what was live at the start", "each.live"),
    *source("expected", "what the canonical file said at the start", "each.expected"),
    integer("phases", "how many pairs of contents followed one another", of=number_of("each.phases")),
    integer("roles", "how many roles lead to the object", of=number_of("each.reach.roles")),
    integer(
        "nodes",
        "how many nodes would have felt it; missing: the repository keeps none",
        nullable=True,
        of=number_of("each.reach.nodes"),
    ),
    integer("environments", "in how many environments", of=number_of("each.reach.environments")),
)

PHASES: Final = schema(
    "phases",
    "a part of a divergence in which neither content changes",
    _NUMBER,
    _PHASE,
    scenario("each.scenario"),
    *object_columns("each"),
    text("from_commit", "the commit that begins it", of="part.from_commit"),
    *moment("from", "when that was committed", of="part.from_date"),
    *source("live", "what was live", "part.live"),
    *source("expected", "what the canonical file said", "part.expected"),
    integer("changes", "how many values differ", of=number_of("part.changes")),
)

CHANGES: Final = schema(
    "changes",
    "a value in which the live content differs from the canonical file's",
    _NUMBER,
    _PHASE,
    scenario("each.scenario"),
    *object_columns("each"),
    *change("change"),
)

RECIPES: Final = schema(
    "recipes",
    "a recipe that a phase brings to, or takes from, an expanded run list",
    _NUMBER,
    _PHASE,
    scenario("each.scenario"),
    *object_columns("each"),
    text("environment", "whose run list it is; _default where none has its own"),
    category("event", "whether the live content adds or removes it", ("added", "removed")),
    text("recipe", "the recipe, without the word"),
)

REACH: Final = schema(
    "reach",
    "a role, node or environment that a divergence would have touched at its start, or touches at the tip",
    _NUMBER,
    scenario("each.scenario"),
    *object_columns("each"),
    category("moment", "at its start, or at the revision's tip if it lasts", ("start", "tip")),
    category("touched_kind", "what is touched", ("role", "node", "environment"), of="touched"),
    text("touched", "its name", of="member"),
)


class _Divergence(NamedTuple):
    divergence: int
    each: Divergence


class _Phase(NamedTuple):
    divergence: int
    phase: int
    each: Divergence
    part: Phase


class _Change(NamedTuple):
    divergence: int
    phase: int
    each: Divergence
    change: ValueChange


class _Recipe(NamedTuple):
    divergence: int
    phase: int
    each: Divergence
    environment: str
    event: str
    recipe: str


class _Touched(NamedTuple):
    divergence: int
    each: Divergence
    moment: str
    touched: str
    member: str


def divergences(found: Sequence[Divergence], scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """When another file's content was live."""
    return build(DIVERGENCES, (_Divergence(*each) for each in enumerate(found)), scenarios=scenarios)


def phases(found: Sequence[Divergence], scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """How each divergence went on."""
    return build(PHASES, _phases(found), scenarios=scenarios)


def changes(found: Sequence[Divergence], scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """What was different, value by value."""
    rows = (
        _Change(part.divergence, part.phase, part.each, change)
        for part in _phases(found)
        for change in part.part.changes
    )
    return build(CHANGES, rows, scenarios=scenarios)


def recipes(found: Sequence[Divergence], scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """What it came to, recipe by recipe and environment by environment."""
    return build(RECIPES, _recipes(found), scenarios=scenarios)


def reach(found: Sequence[Divergence], scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """Who would have felt it."""
    return build(REACH, _reach(found), scenarios=scenarios)


def _phases(found: Sequence[Divergence]) -> Iterator[_Phase]:
    for number, each in enumerate(found):
        for phase, part in enumerate(each.phases):
            yield _Phase(number, phase, each, part)


def _recipes(found: Sequence[Divergence]) -> Iterator[_Recipe]:
    for number, phase, each, part in _phases(found):
        for event, by_environment in (("added", part.recipes_added), ("removed", part.recipes_removed)):
            for environment, names in by_environment.items():
                for recipe in names:
                    yield _Recipe(number, phase, each, environment, event, recipe)


def _reach(found: Sequence[Divergence]) -> Iterator[_Touched]:
    for number, each in enumerate(found):
        for when, reach in zip(("start", "tip"), each.reaches, strict=False):
            touched = (("role", reach.roles), ("node", reach.nodes or ()), ("environment", reach.environments))
            for what, names in touched:
                for name in names:
                    yield _Touched(number, each, when, what, name)
