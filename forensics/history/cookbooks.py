"""Where the cookbooks are in commits' trees, and which recipe files they hold.

Only who asks pays: nothing here is walked before. A cookbook is a directory with recipes that has a metadata file or
lies below a directory called ``cookbooks`` or ``site-cookbooks``. Equal subtrees are looked at once in a history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.history.model import ObjectId, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, NAME, SUBMODULE, entries_in
from forensics.history.store import TREE

if TYPE_CHECKING:
    from forensics.history.raw_tree import Entry
    from forensics.history.walk import History

_SHELVES: Final = frozenset({b"cookbooks", b"site-cookbooks"})
_METADATA: Final = (b"metadata.json", b"metadata.rb")  # in the order in which Chef looks for them
_RECIPE_FILES: Final = (".rb", ".yml", ".yaml", ".json")
_NO_FILES: Final = frozenset({DIRECTORY, LINK, SUBMODULE})
# parts of a cookbook; a cookbook within a cookbook lies in its test/, spec/ or vendor/
_PARTS: Final = frozenset(
    {b"attributes", b"definitions", b"files", b"libraries", b"providers", b"recipes", b"resources", b"templates"}
)
# every entry whole that is no file; nothing for a file
_NOT_FILE: Final = re.compile(rb"0*10[0-7]{4} [^\0]+\0.{20}|([0-7]+ [^\0]+\0.{20})", re.DOTALL)
_MARK: Final = re.compile(rb" (?:metadata\.json|metadata\.rb|recipes|recipe\.rb)\0")
_DEEPEST: Final = 100
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Cookbook:
    """A cookbook's directory, relative to the repository's root. Equal ones are one value, so identity compares them.

    ``metadata`` is the file that Chef takes the name from, with its content. ``recipes`` are the names within the
    cookbook, each with the file (relative to the directory) and its content.
    """

    path: str
    metadata: tuple[str, ObjectId] | None
    recipes: tuple[tuple[str, str, ObjectId], ...]


Cookbooks: TypeAlias = "tuple[Cookbook, ...]"
"""All cookbooks of one commit. Equal ones are one value throughout a history, so identity compares them."""


@dataclass(frozen=True, slots=True)
class _Inside:
    """What lies below one tree, by paths relative to it; ``outside`` are the links and submodules among cookbooks."""

    cookbooks: Cookbooks
    outside: tuple[str, ...]


_BARE: Final = _Inside((), ())


class CookbookFinder:
    """Finds the cookbooks of commits."""

    def __init__(self, history: History) -> None:
        self._graph = history.graph
        self._store = history._store  # noqa: SLF001 (of the same package: this is a part of it that few need)
        self._known: dict[tuple[ObjectId, bool], _Inside] = {}
        # by whether they lie below a shelf: the entries of trees that are no cookbooks, with what each adds to its tree
        self._parts: dict[bool, dict[bytes, _Inside]] = {False: {b"": _BARE}, True: {b"": _BARE}}
        self._leaves: dict[tuple[object, ...], Cookbook] = {}
        self._placed: dict[str, dict[Cookbook, Cookbook]] = {}
        self._same: dict[Cookbooks, Cookbooks] = {}

    def at(self, commit: int) -> Cookbooks:
        """The cookbooks in a commit's tree, by path."""
        return self._look(self._graph.trees[commit], 0, shelf=False).cookbooks

    def kept_elsewhere(self, commit: int) -> tuple[str, ...]:
        """The links and submodules that stand where cookbooks do: what they lead to is not examined."""
        return self._look(self._graph.trees[commit], 0, shelf=False).outside

    def read(self, blob: ObjectId, path: str) -> bytes | None:
        """A file's content, or None if it cannot be read (a gap is recorded)."""
        return self._store.read_blob(blob, path=path)

    def _look(self, tree: ObjectId, depth: int, *, shelf: bool) -> _Inside:
        known = self._known.get((tree, shelf))
        if known is None:
            known = self._known[tree, shelf] = self._search(tree, depth, shelf=shelf)
        return known

    def _search(self, tree: ObjectId, depth: int, *, shelf: bool) -> _Inside:
        data = self._store.read(tree, TREE) or b""
        if _MARK.search(data):
            return self._taken_apart(data, depth, shelf=shelf)
        names = NAME.findall(data)
        if len(set(names)) != len(names):
            return self._taken_apart(data, depth, shelf=shelf)
        # most entries are those of the tree before
        parts, wholes = self._parts[shelf], _NOT_FILE.findall(data)
        for whole in [whole for whole in wholes if whole not in parts]:
            parts[whole] = self._part(entries_in(whole)[0], depth, shelf=shelf)
        inside = [parts[whole] for whole in wholes]
        cookbooks = tuple(chain.from_iterable([each.cookbooks for each in inside]))
        return self._inside(cookbooks, [link for each in inside if each.outside for link in each.outside])

    def _taken_apart(self, data: bytes, depth: int, *, shelf: bool) -> _Inside:
        """What lies below a tree that may be a cookbook, or has a name twice: the last one counts."""
        entries = {entry.name: entry for entry in entries_in(data)}
        found: list[Cookbook] = []
        outside: list[str] = []
        present = [name for name in _METADATA if name in entries and not _special(entries[name].mode)]
        metadata = (as_text(present[0]), entries[present[0]].oid) if present else None
        recipes = self._recipes(entries) if shelf or metadata is not None else ()
        if recipes:
            found.append(self._leaves.setdefault((metadata, recipes), Cookbook("", metadata, recipes)))
        for name, entry in entries.items():
            if entry.mode in _NO_FILES and not (recipes and name in _PARTS and entry.mode == DIRECTORY):
                part = self._part(entry, depth, shelf=shelf)
                found += part.cookbooks
                outside += part.outside
        return self._inside(tuple(found), outside)

    def _part(self, entry: Entry, depth: int, *, shelf: bool) -> _Inside:
        """What one entry of a tree that is no file adds to it, by paths relative to that tree."""
        shelf_here = shelf or entry.name in _SHELVES
        if entry.mode != DIRECTORY:
            return _Inside((), (as_text(entry.name),)) if shelf_here else _BARE
        inside = self._look(entry.oid, depth + 1, shelf=shelf_here) if depth < _DEEPEST else _BARE
        if inside is _BARE:
            return _BARE
        prefix = as_text(entry.name)
        links = tuple([f"{prefix}/{each}" for each in inside.outside])
        return _Inside(self._below(prefix, inside.cookbooks), links)

    def _inside(self, cookbooks: Cookbooks, outside: list[str]) -> _Inside:
        if not cookbooks and not outside:
            return _BARE
        cookbooks = cookbooks[:_MOST]
        return _Inside(self._same.setdefault(cookbooks, cookbooks), tuple(outside[:_MOST]))

    def _below(self, prefix: str, cookbooks: Cookbooks) -> Cookbooks:
        """The same cookbooks as seen from the tree above."""
        placed = self._placed.setdefault(prefix, {})
        for each in [each for each in cookbooks if each not in placed]:
            placed[each] = Cookbook(f"{prefix}/{each.path}".rstrip("/"), each.metadata, each.recipes)
        return tuple([placed[each] for each in cookbooks])

    def _recipes(self, entries: dict[bytes, Entry]) -> tuple[tuple[str, str, ObjectId], ...]:
        found: dict[str, tuple[str, ObjectId]] = {}
        directory = entries.get(b"recipes")
        if directory is not None and directory.mode == DIRECTORY:
            inside = entries_in(self._store.read(directory.oid, TREE) or b"")
            # where names meet, Ruby is what Chef loads
            for extension in reversed(_RECIPE_FILES):
                for entry in inside:
                    name = as_text(entry.name)
                    if name.endswith(extension) and len(name) > len(extension) and not _special(entry.mode):
                        found[name[: -len(extension)]] = (f"recipes/{name}", entry.oid)
        alone = entries.get(b"recipe.rb")
        if alone is not None and not _special(alone.mode):
            found["default"] = ("recipe.rb", alone.oid)
        return tuple((name, *found[name]) for name in sorted(found))


def _special(mode: bytes) -> bool:
    return mode in _NO_FILES
