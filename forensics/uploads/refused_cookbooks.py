"""Cookbooks that cannot be uploaded for certain: a run of grocery-delivery ends there before it comes to any role."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forensics.chef.recipe_source import metadata_problem

if TYPE_CHECKING:
    from forensics.chef.objects import Problem
    from forensics.history.model import ObjectId
    from forensics.history.walk import History


class RefusedCookbook(NamedTuple):
    """A cookbook that cannot be uploaded: its tree, its metadata file, and why."""

    tree: ObjectId
    path: str
    problem: Problem


class RefusedCookbooks:
    """The cookbooks that cannot be uploaded for certain; nearly every history has none."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._refused: dict[tuple[str, ObjectId], Problem] = {}
        for name, blob in history.metadata:
            data = history.peek(blob)
            problem = None if data is None else metadata_problem(data, name)
            if problem is not None:
                self._refused[name, blob] = problem

    def __bool__(self) -> bool:
        return bool(self._refused)

    def at(self, commit: int, root: str) -> dict[str, RefusedCookbook]:
        """Those in a commit's tree, by the names of their directories."""
        top = f"{root}/cookbooks".lstrip("/")
        return {
            name: RefusedCookbook(tree, f"{top}/{name}/{file}", self._refused[file, blob])
            for name, (tree, file, blob) in self._history.cookbooks(commit, top).items()
            if (file, blob) in self._refused
        }
