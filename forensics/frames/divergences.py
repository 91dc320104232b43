"""Frames of divergences: where another file's content was live, what that changed, and who would have felt it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeAlias

from forensics.analysis.results import Divergence, Phase, ValueChange
from forensics.facts import words
from forensics.frames.building import build
from forensics.frames.columns import change, object_columns, source, stretch
from forensics.frames.derived import frame
from forensics.frames.schema import integer, number_of

if TYPE_CHECKING:
    import pandas as pd

_Number: TypeAlias = Annotated[int, "The divergence's number, counted from 0 in the order of the result."]
_PhaseNumber: TypeAlias = Annotated[int, "The phase's number within the divergence, counted from 0."]


class _Divergence(NamedTuple):
    divergence: _Number
    each: Divergence


class _Phase(NamedTuple):
    divergence: _Number
    phase: _PhaseNumber
    each: Divergence
    part: Phase


class _Change(NamedTuple):
    divergence: _Number
    phase: _PhaseNumber
    each: Divergence
    change: ValueChange


class _Recipe(NamedTuple):
    divergence: _Number
    phase: _PhaseNumber
    each: Divergence
    environment: Annotated[str, "Whose run list it is; _default where none has its own."]
    event: Annotated[str, words("added", "removed"), "Whether the live content adds or removes it."]
    recipe: Annotated[str, "The recipe, without the word."]


class _Touched(NamedTuple):
    divergence: _Number
    each: Divergence
    moment: Annotated[str, words("start", "tip"), "At its start, or at the revision's tip if it lasts."]
    touched_kind: Annotated[str, words("role", "node", "environment"), "What is touched."]
    touched: Annotated[str, "Its name."]


DIVERGENCES: Final = frame(
    "divergences",
    _Divergence,
    "divergence",
    "each.shadow",
    "each.scenario",
    object_columns(_Divergence, "each"),
    stretch(_Divergence, "each"),
    "each.open",
    "each.certainty",
    source(_Divergence, "each.live"),
    source(_Divergence, "each.expected"),
    integer("phases", "How many pairs of contents followed one another.", of=number_of("each.phases")),
    integer("roles", "How many roles lead to the object.", of=number_of("each.reach.roles")),
    integer(
        "nodes",
        "How many nodes would have felt it; missing: the repository keeps none.",
        nullable=True,
        of=number_of("each.reach.nodes"),
    ),
    integer("environments", "In how many environments.", of=number_of("each.reach.environments")),
    row="a stretch under one scenario in which another file's content was live than the canonical file's",
)

PHASES: Final = frame(
    "phases",
    _Phase,
    "divergence",
    "phase",
    "each.scenario",
    object_columns(_Phase, "each"),
    "part.from_commit",
    "part.from_date",
    source(_Phase, "part.live"),
    source(_Phase, "part.expected"),
    integer("changes", "How many values differ.", of=number_of("part.changes")),
    row="a part of a divergence in which neither content changes",
)

CHANGES: Final = frame(
    "changes",
    _Change,
    "divergence",
    "phase",
    "each.scenario",
    object_columns(_Change, "each"),
    change(_Change, "change"),
    row="a value in which the live content differs from the canonical file's",
)

RECIPES: Final = frame(
    "recipes",
    _Recipe,
    "divergence",
    "phase",
    "each.scenario",
    object_columns(_Recipe, "each"),
    "environment",
    "event",
    "recipe",
    row="a recipe that a phase brings to, or takes from, an expanded run list",
)

REACH: Final = frame(
    "reach",
    _Touched,
    "divergence",
    "each.scenario",
    object_columns(_Touched, "each"),
    "moment",
    "touched_kind",
    "touched",
    row="a role, node or environment that a divergence would have touched at its start, or touches at the tip",
)


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
