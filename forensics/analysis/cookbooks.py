"""The recipes of a history's cookbooks: which exist at a commit, and which lead to which through ``include_recipe``.

A cookbook below a chef-repo belongs to it and to those within it; one outside of all belongs to every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from forensics.chef.recipe_source import cookbook_name, included_recipes, qualified
from forensics.history.cookbooks import Cookbook, CookbookFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.chef.objects import Unresolved
    from forensics.history.cookbooks import Cookbooks
    from forensics.history.model import ObjectId
    from forensics.history.walk import History

Leading: TypeAlias = "dict[str, tuple[str, ...]]"
"""The recipes that lead to a certain one, itself among them, each with what it includes on the way there."""


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """A recipe as one commit has it: its qualified name, its path from the repository's root, its content."""

    name: str
    path: str
    blob: ObjectId


@dataclass(frozen=True, slots=True)
class Include:
    """One ``include_recipe``: who says it, and what it names, as spelled and qualified."""

    recipe: RecipeFile
    spelled: str
    name: str


class CookbookIndex:
    """The cookbooks of one history; nothing is read before it is asked for.

    ``history`` is the same history with an account of gaps of its own: those met here.
    """

    def __init__(self, history: History) -> None:
        self.history = history.apart()
        self._finder = CookbookFinder(self.history)
        self._at: dict[int, Cookbooks] = {}
        self._answers: dict[tuple[str, str, int], Leading] = {}
        self._recipes: tuple[int, frozenset[str]] = (-1, frozenset())
        self._names: dict[Cookbook, str] = {}
        self._included: dict[ObjectId, tuple[str | Unresolved, ...]] = {}
        self._includes: dict[Cookbook, tuple[Include, ...]] = {}
        self._leading: dict[tuple[str, str, tuple[Cookbook, ...]], Leading] = {}
        self._same: dict[tuple[tuple[str, tuple[str, ...]], ...], Leading] = {}
        self._including: dict[int, tuple[Cookbook, ...]] = {}
        self.owner = cache(self._owner_of)
        """The innermost chef-repo that a path lies in, empty for the repository's root and for none."""
        self._roots: frozenset[str] | None = None

    def at(self, commit: int) -> Cookbooks:
        """The cookbooks in a commit's tree; equal ones are one value."""
        known = self._at.get(commit)
        if known is None:
            known = self._at[commit] = self._finder.at(commit)
        return known

    def kept_elsewhere(self, commit: int) -> tuple[str, ...]:
        """The links and submodules among a commit's cookbooks."""
        return self._finder.kept_elsewhere(commit)

    def name(self, cookbook: Cookbook) -> str:
        """A cookbook's name: what its metadata says, if that can be told, or its directory's."""
        known = self._names.get(cookbook)
        if known is None:
            known = cookbook.path.rpartition("/")[2]
            if cookbook.metadata is not None:
                filename, blob = cookbook.metadata
                data = self._finder.read(blob, f"{cookbook.path}/{filename}")
                said = cookbook_name(data, filename) if data is not None else None
                known = said if isinstance(said, str) and said else known
            self._names[cookbook] = known
        return known

    def files(self, cookbook: Cookbook) -> Iterator[RecipeFile]:
        """The recipes of a cookbook."""
        name = self.name(cookbook)
        for recipe, path, blob in cookbook.recipes:
            yield RecipeFile(f"{name}::{recipe}", f"{cookbook.path}/{path}".lstrip("/"), blob)

    def recipes(self, commit: int) -> frozenset[str]:
        """The qualified names of all recipes in a commit's tree."""
        if self._recipes[0] != commit:
            self._recipes = commit, frozenset(f.name for cookbook in self.at(commit) for f in self.files(cookbook))
        return self._recipes[1]

    def files_of(self, recipe: str, commit: int) -> tuple[RecipeFile, ...]:
        """The files that hold a recipe (by its qualified name) in a commit's tree."""
        wanted = recipe.partition("::")[0]
        return tuple(
            file
            for cookbook in self.at(commit)
            if self.name(cookbook) == wanted
            for file in self.files(cookbook)
            if file.name == recipe
        )

    def included(self, file: RecipeFile) -> tuple[str | Unresolved, ...]:
        """What a recipe includes, as it is spelled there; computed names are Unresolved."""
        known = self._included.get(file.blob)
        if known is None:
            data = self._finder.read(file.blob, file.path) if file.path.endswith(".rb") else b""
            known = self._included[file.blob] = included_recipes(data or b"")
        return known

    def included_names(self, file: RecipeFile) -> tuple[str, ...]:
        """The qualified names of the recipes that one includes with a literal name."""
        cookbook = file.name.partition("::")[0]
        return tuple(qualified(spelled, cookbook) for spelled in self.included(file) if isinstance(spelled, str))

    def includes(self, cookbook: Cookbook) -> tuple[Include, ...]:
        """Every ``include_recipe`` with a literal name in a cookbook."""
        known = self._includes.get(cookbook)
        if known is None:
            name = self.name(cookbook)
            known = self._includes[cookbook] = tuple(
                Include(file, spelled, qualified(spelled, name))
                for file in self.files(cookbook)
                for spelled in self.included(file)
                if isinstance(spelled, str)
            )
        return known

    def including(self, commit: int) -> tuple[Cookbook, ...]:
        """The cookbooks at a commit whose recipes include others."""
        cookbooks = self.at(commit)
        known = self._including.get(id(cookbooks))
        if known is None:
            known = self._including[id(cookbooks)] = tuple(each for each in cookbooks if self.includes(each))
        return known

    def leading_to(self, recipe: str, commit: int, root: str) -> Leading:
        """Which recipes lead to one (by its qualified name) at a commit, among those that a chef-repo can load.

        Equal answers are one value throughout a history.
        """
        asked = (recipe, root, commit)
        answer = self._answers.get(asked)
        if answer is None:
            key = (recipe, root, self.including(commit))
            answer = self._leading.get(key)
            if answer is None:
                found = self._lead(*key)
                answer = self._leading[key] = self._same.setdefault(tuple(sorted(found.items())), found)
            self._answers[asked] = answer
        return answer

    def belongs(self, path: str, root: str) -> bool:
        """Whether a cookbook at a path is one that a chef-repo (its directory) can load."""
        owner = self.owner(path)
        return owner in {"", root} or root.startswith(owner + "/")

    def _lead(self, recipe: str, root: str, cookbooks: tuple[Cookbook, ...]) -> Leading:
        by_target: dict[str, list[str]] = {}
        for cookbook in cookbooks:
            if self.belongs(cookbook.path, root):
                for include in self.includes(cookbook):
                    by_target.setdefault(include.name, []).append(include.recipe.name)
        found: Leading = {recipe: ()}
        pending = [recipe]
        for name in pending:  # grows while it is read: nearest first
            for source in by_target.get(name, ()):
                if source not in found:
                    found[source] = () if name == recipe else (name, *found[name])
                    pending.append(source)
        return found

    def _owner_of(self, path: str) -> str:
        if self._roots is None:
            self._roots = frozenset(container.root for state in self.history.states for container in state)
        while path:
            path = path.rpartition("/")[0]
            if path in self._roots:
                return path
        return ""
