"""The recipes of a history's cookbooks: which exist at a commit, and which lead to which through ``include_recipe``.

A cookbook below a chef-repo belongs to it and to those within it; one outside of all belongs to every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.commit_runs import CommitRuns
from forensics.chef.objects import Unresolved
from forensics.chef.plain_recipe import perhaps_included
from forensics.chef.recipe_source import cookbook_name, included_recipes, qualified
from forensics.history.cookbooks import Cookbook, CookbookFinder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


class Include(NamedTuple):
    """One ``include_recipe``: the recipe that says it, its path, and what it names, as spelled and qualified."""

    recipe: str
    path: str
    spelled: str
    name: str


@dataclass(frozen=True, slots=True)
class Including:
    """The directory of a cookbook and the ``include_recipe`` of it that are meant."""

    path: str
    includes: tuple[Include, ...]


class CookbookIndex:
    """The cookbooks of one history; nothing is read before it is asked for.

    ``history`` is the same history with an account of gaps of its own: those met here.
    """

    def __init__(self, history: History) -> None:
        self.history = history.apart()
        self._finder = CookbookFinder(self.history)
        self._at: dict[int, Cookbooks] = {}
        self._said: dict[tuple[str, ObjectId], str | None] = {}
        self._leading: dict[str, LeadingTo] = {}
        self._recipes: tuple[int, frozenset[str]] = (-1, frozenset())
        self._names: dict[Cookbook, str] = {}
        self._included: dict[ObjectId, tuple[str | Unresolved, ...]] = {}
        self._perhaps: dict[ObjectId, frozenset[str] | None] = {}
        self.owner = cache(self._owner_of)
        """The innermost chef-repo that a path lies in, empty for the repository's root and for none."""
        self._roots: frozenset[str] | None = None

    def at(self, commit: int) -> Cookbooks:
        """The cookbooks in a commit's tree; equal ones are one value."""
        known = self._at.get(commit)
        if known is None:
            known = self._at[commit] = self._finder.at(commit)
        return known

    @cached_property
    def ever(self) -> tuple[Cookbook, ...]:
        """Every cookbook that some commit has, in the order of the commits."""
        distinct = dict.fromkeys(map(self.at, range(len(self.history.graph))))
        return tuple(dict.fromkeys(chain.from_iterable(distinct)))

    @cached_property
    def _runs(self) -> dict[Cookbook, CommitRuns]:
        found = {cookbook: CommitRuns() for cookbook in self.ever}
        since: dict[Cookbook, int] = {}
        before: frozenset[Cookbook] = frozenset()
        last: Cookbooks | None = None
        for commit in range(len(self.history.graph)):
            cookbooks = self.at(commit)
            if cookbooks is not last:
                now = frozenset(cookbooks)
                for each in before - now:
                    found[each].add(since.pop(each), commit)
                since |= dict.fromkeys(now - before, commit)
                before, last = now, cookbooks
        for each, start in since.items():
            found[each].add(start, len(self.history.graph))
        return found

    def runs(self, cookbook: Cookbook) -> CommitRuns:
        """The commits that have a cookbook."""
        return self._runs[cookbook]

    @cached_property
    def _named(self) -> dict[str, list[Cookbook]]:
        found: dict[str, list[Cookbook]] = {}
        for cookbook in self.ever:
            found.setdefault(self.name(cookbook), []).append(cookbook)
        return found

    def named(self, name: str) -> Sequence[Cookbook]:
        """Every cookbook of this name that some commit has."""
        return self._named.get(name, ())

    def kept_elsewhere(self, commit: int) -> tuple[str, ...]:
        """The links and submodules among a commit's cookbooks."""
        return self._finder.kept_elsewhere(commit)

    def name(self, cookbook: Cookbook) -> str:
        """A cookbook's name: what its metadata says, if that can be told, or its directory's."""
        known = self._names.get(cookbook)
        if known is None:
            known = cookbook.path.rpartition("/")[2]
            if cookbook.metadata is not None:
                known = self._said_in(cookbook.metadata, cookbook.path) or known
            self._names[cookbook] = known
        return known

    def _said_in(self, metadata: tuple[str, ObjectId], path: str) -> str | None:
        if metadata not in self._said:
            filename, blob = metadata
            data = self._finder.read(blob, f"{path}/{filename}")
            said = cookbook_name(data, filename) if data is not None else None
            self._said[metadata] = said if isinstance(said, str) else None
        return self._said[metadata]

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

    def files_of(self, recipe: str, cookbook: Cookbook) -> tuple[RecipeFile, ...]:
        """The files of a cookbook that hold a recipe (by its qualified name)."""
        return tuple(file for file in self.files(cookbook) if file.name == recipe)

    def included(self, file: RecipeFile) -> tuple[str | Unresolved, ...]:
        """What a recipe includes, as it is spelled there; computed names are Unresolved."""
        known = self._included.get(file.blob)
        if known is None:
            known = self._included[file.blob] = included_recipes(self._text(file))
        return known

    def _text(self, file: RecipeFile) -> bytes:
        return (self._finder.read(file.blob, file.path) if file.path.endswith(".rb") else None) or b""

    def _perhaps_included(self, file: RecipeFile) -> frozenset[str] | None:
        """The plain names that a recipe may include; None where one may be computed, or parsing alone tells."""
        if file.blob not in self._perhaps:
            self._perhaps[file.blob] = perhaps_included(self._text(file))
        return self._perhaps[file.blob]

    def computed(self, file: RecipeFile) -> Iterator[Unresolved]:
        """What stands in the place of a name in a recipe's calls of ``include_recipe``."""
        if self._perhaps_included(file) is None:
            yield from (each for each in self.included(file) if isinstance(each, Unresolved))

    def includes(self, file: RecipeFile) -> Iterator[Include]:
        """Every ``include_recipe`` with a literal name in a recipe."""
        cookbook = file.name.partition("::")[0]
        for spelled in self.included(file):
            if isinstance(spelled, str):
                yield Include(file.name, file.path, spelled, qualified(spelled, cookbook))

    @cached_property
    def _perhaps_including(self) -> dict[str, list[tuple[Cookbook, RecipeFile]]]:
        """By the qualified name of a recipe, the recipes of all commits that may include it."""
        found: dict[str, list[tuple[Cookbook, RecipeFile]]] = {}
        for cookbook in self.ever:
            name = self.name(cookbook)
            for file in self.files(cookbook):
                spelled = self._perhaps_included(file)
                if spelled is None:
                    spelled = frozenset(each for each in self.included(file) if isinstance(each, str))
                for target in {qualified(each, name) for each in spelled}:
                    found.setdefault(target, []).append((cookbook, file))
        return found

    def including(self, recipe: str) -> Iterator[tuple[Cookbook, RecipeFile]]:
        """The recipes of all commits that include one (by its qualified name), each with its cookbook."""
        for cookbook, file in self._perhaps_including.get(recipe, ()):
            if any(include.name == recipe for include in self.includes(file)):
                yield cookbook, file

    def leading_to(self, recipe: str) -> LeadingTo:
        """Which recipes lead to one (by its qualified name), at any commit."""
        known = self._leading.get(recipe)
        if known is None:
            known = self._leading[recipe] = LeadingTo(self, recipe)
        return known

    def belongs(self, path: str, root: str) -> bool:
        """Whether a cookbook at a path is one that a chef-repo (its directory) can load."""
        owner = self.owner(path)
        return owner in {"", root} or root.startswith(owner + "/")

    def _owner_of(self, path: str) -> str:
        if self._roots is None:
            self._roots = frozenset(container.root for state in self.history.states for container in state)
        while path:
            path = path.rpartition("/")[0]
            if path in self._roots:
                return path
        return ""


class LeadingTo:
    """Which recipes lead to one through ``include_recipe``: the calls of all commits, and what counts at each."""

    def __init__(self, index: CookbookIndex, recipe: str) -> None:
        self._index = index
        self._recipe = recipe
        wanted = {recipe: None}
        including: dict[Cookbook, set[RecipeFile]] = {}
        pending = [recipe]
        for name in pending:  # grows while it is read
            for cookbook, file in index.including(name):
                including.setdefault(cookbook, set()).add(file)
                if file.name not in wanted:
                    wanted[file.name] = None
                    pending.append(file.name)
        same: dict[Including, Including] = {}
        self._including: dict[Cookbook, Including] = {}
        for cookbook, files in including.items():
            said = (each for file in index.files(cookbook) if file in files for each in index.includes(file))
            found = Including(cookbook.path, tuple(each for each in said if each.name in wanted))
            self._including[cookbook] = same.setdefault(found, found)
        self._at: dict[int, tuple[Including, ...]] = {}
        self._including_alike: dict[tuple[Including, ...], tuple[Including, ...]] = {}
        self._answers: dict[tuple[str, int], Leading] = {}
        self._leading_alike: dict[tuple[tuple[str, tuple[str, ...]], ...], Leading] = {}

    def including(self, commit: int) -> tuple[Including, ...]:
        """The cookbooks at a commit with such calls; equal answers are one value throughout a history."""
        cookbooks = self._index.at(commit)
        known = self._at.get(id(cookbooks))
        if known is None:
            found = tuple([self._including[each] for each in cookbooks if each in self._including])
            known = self._at[id(cookbooks)] = self._including_alike.setdefault(found, found)
        return known

    def at(self, commit: int, root: str) -> Leading:
        """The recipes that lead there at a commit, among those that a chef-repo can load.

        Equal answers are one value throughout a history.
        """
        including = self.including(commit)
        key = (root, id(including))
        answer = self._answers.get(key)
        if answer is None:
            found = self._lead(root, including)
            answer = self._answers[key] = self._leading_alike.setdefault(tuple(sorted(found.items())), found)
        return answer

    def _lead(self, root: str, including: tuple[Including, ...]) -> Leading:
        by_target: dict[str, list[str]] = {}
        for cookbook in including:
            if self._index.belongs(cookbook.path, root):
                for include in cookbook.includes:
                    by_target.setdefault(include.name, []).append(include.recipe)
        found: Leading = {self._recipe: ()}
        pending = [self._recipe]
        for name in pending:  # grows while it is read: nearest first
            for source in by_target.get(name, ()):
                if source not in found:
                    found[source] = () if name == self._recipe else (name, *found[name])
                    pending.append(source)
        return found
