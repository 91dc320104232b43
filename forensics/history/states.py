"""In which state the containers of a commit are: their trees, and what the links in them lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.chef.layout import Layout, is_lock, may_declare
from forensics.chef.objects import Kind
from forensics.history.containers import (
    DEEPEST,
    ContainerEntries,
    ContainerEntry,
    ContainerFinder,
    report_depth,
    report_repeated,
)
from forensics.history.model import CONTAINER_ELSEWHERE, UNREADABLE, Broken, Container, File, ObjectId, Version, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE, UNREAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.history.trees import TreeReader

State: TypeAlias = "dict[Container, Version]"
"""All containers of one commit."""

_MOST_FILES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Below:
    """What a container's tree holds at any depth, and how many entries.

    ``special`` are links and submodules by relative path, and the directories that were not read (``UNREAD``).
    """

    special: tuple[tuple[bytes, bytes], ...]
    entries: int


_LEFT_OUT: Final = _Below(((b"", UNREAD),), 0)


class StateReader:
    """Makes states of containers. A version without links is one value throughout a history, and so is a container."""

    def __init__(self, trees: TreeReader, finder: ContainerFinder, layout: Layout) -> None:
        self._trees = trees
        self._layout = layout
        self._gaps = trees.store.gaps
        self._finder = finder
        self._below: dict[ObjectId, _Below] = {}
        self._last: dict[bytes, ObjectId] = {}
        self._containers: dict[bytes, Container] = {}
        self._versions: dict[Version, Version] = {}
        self._latest: tuple[dict[bytes, Version], State] = ({}, {})
        self._plain: dict[ObjectId, Version] = {}
        self._unread: dict[str, None] = {}
        self.left_out: set[ObjectId] = set()
        """Directories that are not looked into, since they hold too much."""

    def state(self, entries: ContainerEntries, root: ObjectId, commit: ObjectId) -> tuple[State, bool, tuple[str, ...]]:
        """The containers of a commit, by path, and whether that depends on the rest of its tree (links).

        Links are followed inside the tree; what cannot be followed is a gap. The third part of the answer are the
        paths at or below which more may lie that was not read.
        """
        self._unread.clear()
        found: dict[bytes, Version] = {}
        linked = self._add(found, entries.all, root, commit)
        before, state = self._latest
        if before.keys() == found.keys():
            # the containers are mostly the same ones, and copying is faster than hashing them
            state = state.copy()
            for path, version in found.items():
                if version is not before[path]:
                    state[self._container(path)] = version
        else:
            state = {self._container(path): found[path] for path in sorted(found)}
        self._latest = found, state
        return state, linked or bool(self._unread), tuple(self._unread)

    def _add(
        self, found: dict[bytes, Version], entries: Sequence[ContainerEntry], root: ObjectId, commit: ObjectId
    ) -> bool:
        linked = False
        for mode, path, oid in entries:
            tree = oid
            if mode == UNREAD:
                self._unread[as_text(path)] = None
                continue
            if mode != DIRECTORY:
                linked = True
                target = self._trees.resolve(root, path, commit)
                if isinstance(target, Broken):
                    self._report(target, path, commit, whole=True)
                    continue
                if target.mode != DIRECTORY:
                    continue
                tree = target.oid
                if self._layout.holds_bags(as_text(path)):
                    self._add(found, self._finder.bags(tree, path, commit), root, commit)
                    continue
            below = self._below.get(tree) or self._look(path, tree, commit, 0)
            if below.entries > _MOST_FILES:
                self._report_size("container", path, tree, commit)
                self._unread[as_text(path)] = None
            elif below.special:
                linked = True
                found[path] = self._linked(root, path, tree, below, commit)
            else:
                found[path] = self._plain.get(tree) or self._plain.setdefault(tree, Version(tree))
        return linked

    def _look(self, path: bytes, tree: ObjectId, commit: ObjectId, depth: int) -> _Below:
        """Look into a container's tree that was not met before, where it differs from the one before it."""
        if depth > DEEPEST:
            report_depth(self._trees, path, tree, commit)
            return _LEFT_OUT
        before = self._last.get(path)
        self._last[path] = tree
        removed, added = self._trees.differences(before, tree)
        self._gaps.locate(tree, path=as_text(path), commit=commit)
        for name in self._trees.repeated.get(tree, ()):
            same = [entry.oid for entry in self._trees.tree(tree).entries() if entry.name == name]
            report_repeated(self._trees, path + b"/" + name, same, commit)
        known = self._below[before] if before is not None else _Below((), 0)
        gone = {entry.name for entry in removed}
        special = [one for one in known.special if one[0] and one[0].partition(b"/")[0] not in gone]
        if tree in self._gaps:
            special.append((b"", UNREAD))
        entries = known.entries
        for entry in removed:
            entries -= self._below.get(entry.oid, _LEFT_OUT).entries if entry.mode == DIRECTORY else 1
        for entry in added:
            if entry.mode == DIRECTORY:
                inner = self._below.get(entry.oid) or self._look(path + b"/" + entry.name, entry.oid, commit, depth + 1)
                if inner.entries > _MOST_FILES:
                    self._report_size("directory", path + b"/" + entry.name, entry.oid, commit)
                    self.left_out.add(entry.oid)
                    inner = self._below[entry.oid] = _LEFT_OUT
                special += [(entry.name + b"/" + name, mode) for name, mode in inner.special]
                entries += inner.entries
            else:
                entries += 1
                if entry.mode in {LINK, SUBMODULE}:
                    special.append((entry.name, entry.mode))
        below = _Below(tuple(sorted(special)), entries)
        self._below[tree] = below
        return below

    def _linked(self, root: ObjectId, path: bytes, tree: ObjectId, below: _Below, commit: ObjectId) -> Version:
        kind = self._container(path).kind
        links: list[tuple[str, File]] = []
        for name, mode in below.special:
            whole = path + b"/" + name
            text = as_text(whole)
            if mode == UNREAD:
                self._unread[text.removesuffix("/")] = None
            elif mode == SUBMODULE:
                self._report(Broken("submodule", text), whole, commit)
            elif may_declare(kind, text) and not (kind is Kind.DATA_BAG_ITEM and b"/" in name):
                target = self._trees.resolve(root, whole, commit)
                if isinstance(target, Broken):
                    self._report(target, whole, commit)
                    links.append((text, target))
                elif target.mode == DIRECTORY:
                    # a linked directory is no file; knife does not look into it either
                    links.append((text, Broken("directory", text)))
                else:
                    links.append((text, target.oid))
        version = Version(tree, tuple(links))
        return self._versions.setdefault(version, version)

    def _report_size(self, what: str, path: bytes, tree: ObjectId, commit: ObjectId) -> None:
        detail = f"more than {_MOST_FILES} files; not examined"
        self._gaps.note(f"oversized-{what}", detail, path=as_text(path), commit=commit, oid=tree)

    def _report(self, broken: Broken, path: bytes, commit: ObjectId, *, whole: bool = False) -> None:
        """Say what a path leads to; ``whole``: it is a container itself, so that all that it holds is elsewhere."""
        if broken == UNREADABLE:  # a gap of its own says why
            self._unread[as_text(path)] = None
            return
        if broken.reason == "dangling" and is_lock(as_text(path)):
            return
        kind = "submodule" if broken.reason == "submodule" else f"{broken.reason}-symlink"
        detail = {
            "submodule": f"the content lies in another repository, the submodule {broken.target}",
            "dangling": f"leads to {broken.target}, which is not in the tree",
            "outside": f"leads to {broken.target}, outside the tree",
            "loop": f"leads to {broken.target} and round in circles",
        }[broken.reason]
        if whole and broken.reason in {"submodule", "outside"}:
            kind, detail = CONTAINER_ELSEWHERE, f"{detail}: what it holds was not examined"
            self._unread[as_text(path)] = None
        self._gaps.note(kind, detail, path=as_text(path), commit=commit)

    def _container(self, path: bytes) -> Container:
        known = self._containers.get(path)
        if known is None:
            text = as_text(path)
            known = self._containers[path] = Container(text, self._layout.kind_of(text))
        return known
