"""When a recipe's file was in the repository, and which commits removed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.dates import commit_date
from forensics.analysis.presence import presences
from forensics.analysis.trace_results import RecipeFileLife, RecipeLife, RecipeRemoval

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from forensics.analysis.cookbooks import CookbookIndex
    from forensics.history.walk import History


def recipe_life(history: History, index: CookbookIndex, recipe: str) -> RecipeLife | None:
    """What became of a recipe (by its qualified name), or None if no commit ever had it."""
    paths_of: dict[Hashable, dict[str, None]] = {}
    keys: list[Hashable] = []
    for commit in range(len(history.graph)):
        key = id(index.at(commit))
        if key not in paths_of:
            paths_of[key] = {file.path: None for file in index.files_of(recipe, commit)}
        keys.append(key)
    found = presences(history, keys, paths_of)
    if not found:
        return None
    head = history.graph.line[-1]
    cookbook = recipe.partition("::")[0]
    return RecipeLife(
        name=recipe,
        exists_at_head=any(each.at_head for each in found),
        cookbook_at_head=any(index.name(each) == cookbook for each in index.at(head)),
        files=tuple(RecipeFileLife(each.row, each.stretches) for each in found),
        removals=tuple(_removals(history, [paths_of[key] for key in keys])),
    )


def _removals(history: History, paths: Sequence[dict[str, None]]) -> Iterator[RecipeRemoval]:
    """The commits without the recipe all of whose parents have it."""
    for commit, parents in enumerate(history.graph.parents):
        if parents and not paths[commit] and all(paths[parent] for parent in parents):
            for path in paths[parents[0]]:
                yield RecipeRemoval(path, history.graph.ids[commit].hex(), commit_date(history, commit))
