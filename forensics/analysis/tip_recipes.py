"""Which files at the tip name what in their run lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Kind
from forensics.chef.recipe_source import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.run_lists import RunLists
    from forensics.chef.objects import Body
    from forensics.uploads.target import Target


@dataclass(frozen=True, slots=True, eq=False)
class TipObject:
    """A role or node that a file at the tip declares, and its run lists."""

    target: Target
    path: str
    name: str
    body: Body
    lists: RunLists


@dataclass(frozen=True, slots=True)
class Reference:
    """A recipe in a run list at the tip: its qualified name, and who names it."""

    recipe: str
    target: Target
    name: str
    path: str


def with_run_lists(examination: Examination) -> tuple[TipObject, ...]:
    """Every role and node that a file at the tip declares."""
    return examination.shared.once(
        "run lists at the tip",
        examination.targets,
        lambda: tuple(
            TipObject(target, path, declared.name, declared.body, run_lists(target.kind, declared.body))
            for target, path, declared in examination.at_head()
            if target.kind in {Kind.ROLE, Kind.NODE} and declared.name is not None and declared.body is not None
        ),
    )


def references(examination: Examination) -> Iterator[Reference]:
    """Every recipe that a role's or a node's file at the tip names, once for each file."""
    for each in with_run_lists(examination):
        items = (item for _, item in each.lists.named() if item.type == "recipe" and item.name)
        for recipe in dict.fromkeys(qualified(item.name) for item in items):
            yield Reference(recipe, each.target, each.name, each.path)
