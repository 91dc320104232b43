"""Tree objects, read raw: entries, differences, and what a path or a symlink leads to."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Final, TypeAlias

from forensics.history.model import UNREADABLE, Broken, ObjectId, as_text
from forensics.history.raw_tree import (
    DIRECTORY,
    EMPTY,
    LINK,
    SUBMODULE,
    DifferingRange,
    Entry,
    RawTree,
    differing,
    names_once,
    only_in_either,
    parse_near,
    parsed,
)
from forensics.history.store import TREE, ObjectStore

_MOST_HOPS: Final = 40  # as Linux limits symlinks in one path
_LONGEST_TARGET: Final = 4095  # and the text of one
_KEPT_DIFFERENCES: Final = 1 << 16
_SHORT_DIFFERENCE: Final = 32

Difference: TypeAlias = "tuple[list[Entry], list[Entry]]"


class TreeReader:
    """Reads trees and compares them without taking apart what they have in common.

    A few hundred parsed trees are kept, enough for the states that neighbouring commits compare, and the short
    differences, which are asked for again. Where a name stands twice in a tree (no git writes that), the last entry
    counts; ``repeated`` has such trees with those names.
    """

    def __init__(self, store: ObjectStore, kept: int = 256) -> None:
        self.store = store
        self.repeated: dict[ObjectId, tuple[bytes, ...]] = {}
        self._kept = kept
        self._recent: OrderedDict[ObjectId, RawTree] = OrderedDict()
        self._names_once: set[ObjectId | None] = {None}
        self._known: dict[tuple[ObjectId | None, ObjectId | None], Difference] = {}

    def tree(self, oid: ObjectId | None) -> RawTree:
        """The tree with this id (empty for None, and for one that cannot be read)."""
        return self._tree_near(oid, EMPTY)[0]

    def _tree_near(self, oid: ObjectId | None, near: RawTree) -> tuple[RawTree, DifferingRange | None]:
        """A tree, parsed only where it differs from one that resembles it, and that range if it came up."""
        if oid is None:
            return EMPTY, None
        known = self._recent.get(oid)
        if known is not None:
            self._recent.move_to_end(oid)
            return known, None
        data = self.store.read(oid, TREE) or b""
        near_by = parse_near(data, near)
        tree, differs_in = near_by if near_by is not None else (parsed(data), None)
        if len(tree.data) < len(data):
            self.store.gaps.record(oid, "corrupt-tree", f"not readable as a tree from byte {len(tree.data)} on")
        self._recent[oid] = tree
        if len(self._recent) > self._kept:
            self._recent.popitem(last=False)
        return tree, differs_in

    def differences(self, old: ObjectId | None, new: ObjectId | None) -> Difference:
        """The entries only in ``old`` and only in ``new`` (an entry that changed stands in both).

        The lists are shared between calls: callers must not change them.
        """
        if old == new:
            return [], []
        known = self._known.get((old, new))
        if known is not None:
            return known
        before = self.tree(old)
        after, differs_in = self._tree_near(new, before)
        if differs_in is None:
            differs_in = differing(before, after)
        removed, added = only_in_either(
            before.data[differs_in.start : differs_in.end_before],
            after.data[differs_in.start : differs_in.end_after],
        )
        names = {entry.name for entry in removed}.union([entry.name for entry in added])
        known_once = old in self._names_once
        if not ((known_once or names_once(before, names)) and names_once(after, names)):
            removed, added = self._differences_by_name(old, before, new, after)
        elif known_once and len(after.starts) - len(before.starts) == len(added) - len(removed):
            # nothing came but what was looked at, so there is no need to look again at the next comparison
            self._names_once.add(new)
        if len(removed) + len(added) <= _SHORT_DIFFERENCE and len(self._known) < _KEPT_DIFFERENCES:
            self._known[old, new] = removed, added
        return removed, added

    def _differences_by_name(
        self, old: ObjectId | None, before: RawTree, new: ObjectId | None, after: RawTree
    ) -> Difference:
        for oid, tree in ((old, before), (new, after)):
            times = Counter(entry.name for entry in tree.entries())
            if oid is not None and len(times) < len(tree.starts):
                self.repeated[oid] = tuple(name for name, number in times.items() if number > 1)
        was, now = before.by_name(), after.by_name()
        return (
            [entry for name, entry in was.items() if now.get(name) != entry],
            [entry for name, entry in now.items() if was.get(name) != entry],
        )

    def resolve(self, root: ObjectId, path: bytes, commit: ObjectId | None = None) -> Entry | Broken:
        """What a path from the root of a commit leads to, following symlinks as the kernel would.

        Gives the entry of a file or directory (mode and id of what is finally reached); ``commit`` is the one that
        the root belongs to, for the account of gaps.
        """
        hops = 0
        above: list[ObjectId] = []
        names: list[bytes] = []
        pending = _steps(path)
        here = root
        leads_to = path
        while pending:
            part = pending.pop()
            if part == b".":
                continue
            if part == b"..":
                if not above:
                    return Broken("outside", as_text(leads_to))
                here = above.pop()
                names.pop()
                continue
            entry = self.tree(here).entry(part)
            if here in self.store.gaps:
                self.store.gaps.locate(here, path=as_text(path), commit=commit)
            if entry is None:
                return UNREADABLE if here in self.store.gaps else Broken("dangling", as_text(leads_to))
            if entry.mode == SUBMODULE:
                return Broken("submodule", as_text(b"/".join([*names, part])))
            if entry.mode == DIRECTORY:
                above.append(here)
                names.append(part)
                here = entry.oid
            elif entry.mode == LINK:
                hops += 1
                target = self._target(entry, leads_to, path, commit)
                if isinstance(target, Broken):
                    return target
                leads_to = target
                if hops > _MOST_HOPS:
                    return Broken("loop", as_text(leads_to))
                pending += _steps(target)
            elif pending:  # a file has nothing below it
                return Broken("dangling", as_text(leads_to))
            else:
                return entry
        return Entry(DIRECTORY, path, here)

    def _target(self, link: Entry, before: bytes, path: bytes, commit: ObjectId | None) -> bytes | Broken:
        """Where a symlink leads to, which stands where ``before`` leads to."""
        target = self.store.read_blob(link.oid, path=as_text(path), commit=commit)
        if target is None:
            return UNREADABLE
        if not target or b"\0" in target or len(target) > _LONGEST_TARGET:
            return Broken("dangling", as_text(before))
        return Broken("outside", as_text(target)) if target.startswith(b"/") else target


def _steps(path: bytes) -> list[bytes]:
    """The components of a path, the first one last; a slash at the end asks for a directory, as ``/.`` does."""
    steps = [part for part in path.split(b"/") if part]
    if path.endswith(b"/"):
        steps.append(b".")
    steps.reverse()
    return steps
