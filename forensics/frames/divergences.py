"""Frames of divergences: where another file's content was live, what that changed, and who would have felt it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, NamedTuple

from forensics.analysis.results import Divergence, Phase, Reach
from forensics.analysis.trace_results import LiveStretch
from forensics.facts import words
from forensics.frames.columns import CHANGE, OBJECT, STRETCH, count, number, source, under
from forensics.frames.derived import frame

_DIVERGENCE: Final = number("divergence", "The divergence's number, counted from 0 in the order of the result.")
_PHASE: Final = number("phase", "The phase's number within the divergence, counted from 0.", "phases")


class _Recipe(NamedTuple):
    environment: Annotated[str, "Whose run list it is; _default where none has its own."]
    event: Annotated[str, words("added", "removed"), "Whether the live content adds or removes it."]
    recipe: Annotated[str, "The recipe, without the word."]


class Touched(NamedTuple):
    """A role, node or environment that would have felt something."""

    touched_kind: Annotated[str, words("role", "node", "environment", "node_file"), "What is touched."]
    touched: Annotated[str, "Its name."]


class _TouchedWhen(NamedTuple):
    moment: Annotated[str, words("start", "tip"), "At its start, or at the revision's tip if it lasts."]
    touched: Touched


def touched(_: Any, found: Reach | LiveStretch) -> Iterable[Touched]:
    """What is touched, kind by kind."""
    files = found.node_files if isinstance(found, Reach) else ()
    for kind, names in (
        ("role", found.roles),
        ("node", found.nodes or ()),
        ("environment", found.environments),
        ("node_file", files),
    ):
        yield from (Touched(kind, name) for name in names)


def _recipes(_: Any, phase: Phase) -> Iterable[_Recipe]:
    for event, by_environment in (("added", phase.recipes_added), ("removed", phase.recipes_removed)):
        for environment, names in by_environment.items():
            yield from (_Recipe(environment, event, recipe) for recipe in names)


def _touched_when(answer: Any, divergence: Divergence) -> Iterable[_TouchedWhen]:
    for moment, reach in zip(("start", "tip"), divergence.reaches, strict=False):
        yield from (_TouchedWhen(moment, each) for each in touched(answer, reach))


FRAMES: Final = (
    frame(
        "divergences",
        Divergence,
        _DIVERGENCE,
        "shadow",
        "scenario",
        *OBJECT,
        *STRETCH,
        "open",
        "certainty",
        source("live"),
        source("expected"),
        count("phases", "How many pairs of contents followed one another."),
        count("roles", "How many roles lead to the object.", "reach.roles"),
        count("nodes", "How many nodes would have felt it; missing: the repository keeps none.", "reach.nodes"),
        count("environments", "In how many environments.", "reach.environments"),
        row="a stretch under one scenario in which another file's content was live than the canonical file's",
    ),
    frame(
        "phases",
        Divergence,
        _DIVERGENCE,
        _PHASE,
        "scenario",
        *OBJECT,
        *under("phases", "from_commit", "from_date"),
        source("phases.live"),
        source("phases.expected"),
        count("changes", "How many values differ.", "phases.changes"),
        of="divergences",
        each=("phases",),
        row="a part of a divergence in which neither content changes",
    ),
    frame(
        "changes",
        Divergence,
        _DIVERGENCE,
        _PHASE,
        "scenario",
        *OBJECT,
        *CHANGE,
        of="divergences",
        each=("phases", "changes"),
        row="a value in which the live content differs from the canonical file's",
    ),
    frame(
        "recipes",
        Divergence,
        _DIVERGENCE,
        _PHASE,
        "scenario",
        *OBJECT,
        *under("recipes", "environment", "event", "recipe"),
        of="divergences",
        each=("phases", _recipes),
        row="a recipe that a phase brings to, or takes from, an expanded run list",
    ),
    frame(
        "reach",
        Divergence,
        _DIVERGENCE,
        "scenario",
        *OBJECT,
        "touched_when.moment",
        *under("touched_when.touched", "touched_kind", "touched"),
        of="divergences",
        each=(_touched_when,),
        row="a role, node or environment that a divergence would have touched at its start, or touches at the tip",
    ),
)
