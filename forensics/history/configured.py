"""The containers that a repository's configuration names, beside those that are found by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.chef.layout import Layout, at_or_below
from forensics.history.containers import ContainerEntries, ContainerEntry
from forensics.history.model import Broken, ObjectId, as_bytes, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.history.containers import ContainerFinder
    from forensics.history.trees import TreeReader

_MAY_HOLD: Final = frozenset({DIRECTORY, LINK})


class ConfiguredFinder:
    """Finds a commit's container entries, with those that are configured and without those that are excluded.

    Where nothing is configured it costs nothing. A configured directory inside a container belongs to that one, unless
    it is a data bag, whose items lie directly in it: what lies further down is a directory of its own.
    """

    def __init__(self, trees: TreeReader, finder: ContainerFinder, layout: Layout) -> None:
        self._trees = trees
        self._finder = finder
        self._layout = layout
        self._changes_nothing = not (layout.named or layout.exclude)
        self._same: dict[tuple[ContainerEntry, ...], ContainerEntries] = {}

    def entries(self, tree: ObjectId, commit: ObjectId) -> ContainerEntries:
        """The entries of a commit's tree; equal ones are one value throughout a history."""
        found = self._finder.entries(tree, commit)
        if self._changes_nothing:
            return found
        named = list(self._named(tree, commit))
        tops = [as_text(entry.path) for entry in found.all if entry.mode == UNREAD or not self._is_bag(entry)]
        named = [entry for entry in named if not at_or_below(as_text(entry.path), *tops)]
        inner = [as_text(entry.path) for entry in named]
        kept = [entry for entry in found.all if not at_or_below(as_text(entry.path), *inner)]
        key = tuple(entry for entry in (*kept, *named) if not at_or_below(as_text(entry.path), *self._layout.exclude))
        return self._same.setdefault(key, ContainerEntries(key))

    def _is_bag(self, entry: ContainerEntry) -> bool:
        return self._layout.holds_bags(as_text(entry.path).rpartition("/")[0])

    def _named(self, tree: ObjectId, commit: ObjectId) -> Iterator[ContainerEntry]:
        for text in self._layout.named:
            path = as_bytes(text)
            above, _, name = path.rpartition(b"/")
            parent = self._trees.resolve(tree, above, commit)
            if isinstance(parent, Broken) or parent.mode != DIRECTORY:
                continue
            entry = self._trees.tree(parent.oid).entry(name)
            if entry is None or entry.mode not in _MAY_HOLD:
                continue
            if entry.mode == DIRECTORY and text in self._layout.data_bags:
                yield from self._finder.bags(entry.oid, path, commit)
            else:
                yield ContainerEntry(entry.mode, path, entry.oid)
