"""Where the cookbooks are in commits' trees, and which recipe files they hold.

Only who asks pays: nothing here is walked before. A cookbook is a directory with recipes that has a metadata file or
lies below a directory called ``cookbooks`` or ``site-cookbooks``. Equal subtrees are looked at once in a history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.history.model import ObjectId, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE, entries_in
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
        self._leaves: dict[tuple[object, ...], Cookbook] = {}
        self._placed: dict[tuple[str, Cookbook], Cookbook] = {}
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
        entries = {entry.name: entry for entry in entries_in(self._store.read(tree, TREE) or b"")}
        found: list[Cookbook] = []
        outside: list[str] = []
        present = [name for name in _METADATA if name in entries and not _special(entries[name].mode)]
        metadata = (as_text(present[0]), entries[present[0]].oid) if present else None
        recipes = self._recipes(entries) if shelf or metadata is not None else ()
        if recipes:
            found.append(self._leaves.setdefault((metadata, recipes), Cookbook("", metadata, recipes)))
        for name, entry in entries.items():
            if entry.mode == DIRECTORY:
                if depth < _DEEPEST and not (recipes and name in _PARTS):
                    inside = self._look(entry.oid, depth + 1, shelf=shelf or name in _SHELVES)
                    if inside is not _BARE:
                        prefix = as_text(name)
                        found += [self._below(prefix, each) for each in inside.cookbooks]
                        outside += [f"{prefix}/{each}" for each in inside.outside]
            elif entry.mode in {LINK, SUBMODULE} and (shelf or name in _SHELVES):
                outside.append(as_text(name))
        if not found and not outside:
            return _BARE
        cookbooks = tuple(found[:_MOST])
        return _Inside(self._same.setdefault(cookbooks, cookbooks), tuple(outside[:_MOST]))

    def _below(self, prefix: str, cookbook: Cookbook) -> Cookbook:
        placed = self._placed.get((prefix, cookbook))
        if placed is None:
            path = f"{prefix}/{cookbook.path}".rstrip("/")
            placed = self._placed[prefix, cookbook] = Cookbook(path, cookbook.metadata, cookbook.recipes)
        return placed

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
