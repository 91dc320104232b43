"""Which files at the tip name which recipes in their run lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Kind
from forensics.chef.recipe_source import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.uploads.target import Target


@dataclass(frozen=True, slots=True)
class Reference:
    """A recipe in a run list at the tip: its qualified name, and who names it."""

    recipe: str
    target: Target
    name: str
    path: str


def references(examination: Examination) -> Iterator[Reference]:
    """Every recipe that a role's or a node's file at the tip names, once for each file."""
    for target, path, declared in examination.tip.declared():
        if target.kind in {Kind.ROLE, Kind.NODE} and declared.name is not None and declared.body is not None:
            items = run_lists(target.kind, declared.body).named()
            named = dict.fromkeys(qualified(item.name) for _, item in items if item.type == "recipe" and item.name)
            for recipe in named:
                yield Reference(recipe, target, declared.name, path)
