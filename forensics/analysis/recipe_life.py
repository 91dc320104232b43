"""When a recipe's file was in the repository, and which commits removed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.commit_runs import union
from forensics.analysis.dates import commit_date
from forensics.analysis.presence import stretch
from forensics.analysis.trace_results import RecipeFileLife, RecipeLife, RecipeRemoval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from forensics.analysis.commit_runs import CommitRuns
    from forensics.analysis.cookbooks import CookbookIndex
    from forensics.analysis.trace_results import LineStretch
    from forensics.history.walk import History


def recipe_life(history: History, index: CookbookIndex, recipe: str) -> RecipeLife | None:
    """What became of a recipe (by its qualified name), or None if no commit ever had it."""
    cookbook = recipe.partition("::")[0]
    commits_of: dict[str, list[CommitRuns]] = {}
    for each in index.named(cookbook):
        for file in index.files_of(recipe, each):
            commits_of.setdefault(file.path, []).append(index.runs(each))
    if not commits_of:
        return None
    files = {path: union(runs) for path, runs in sorted(commits_of.items())}
    head = history.graph.line[-1]
    return RecipeLife(
        name=recipe,
        exists_at_head=any(head in commits for commits in files.values()),
        cookbook_at_head=any(index.name(each) == cookbook for each in index.at(head)),
        files=tuple(
            RecipeFileLife(path, tuple(_stretches(history, commits)))
            for path, commits in sorted(files.items(), key=lambda each: each[1].ends(history)[0])
        ),
        removals=tuple(_removals(history, files)),
    )


def _stretches(history: History, commits: CommitRuns) -> Iterator[LineStretch]:
    line = history.graph.line
    for start, stop in commits.along(line):
        yield stretch(history, line[start], line[stop] if stop < len(line) else None)


def _removals(history: History, files: Mapping[str, CommitRuns]) -> Iterator[RecipeRemoval]:
    """The commits without the recipe all of whose parents have it."""
    having = bytearray(len(history.graph))
    for start, stop in union(files.values()).runs():
        having[start:stop] = b"\1" * (stop - start)
    for commit, parents in enumerate(history.graph.parents):
        if parents and not having[commit] and all(having[parent] for parent in parents):
            for path, commits in files.items():
                if parents[0] in commits:
                    yield RecipeRemoval(path, history.graph.ids[commit].hex(), commit_date(history, commit))
