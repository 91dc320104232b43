"""Which files at the tip name what in their run lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    for each in examination.tip.with_run_lists:
        items = (item for _, item in each.lists.named() if item.type == "recipe" and item.name)
        for recipe in dict.fromkeys(qualified(item.name) for item in items):
            yield Reference(recipe, each.target, each.name, each.path)
