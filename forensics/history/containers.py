"""Where the containers are in a commit's tree: the outermost directories and links that are named like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.chef.layout import DATA_BAGS, KIND_OF_DIRECTORY
from forensics.history.model import ObjectId, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE, RawTree, entries_in, parse_near, parsed
from forensics.history.store import TREE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.history.trees import TreeReader

# name and id of each directory (both empty for other entries), and the rest from where a tree cannot be read on
_DIRECTORIES: Final = re.compile(
    rb"0*4[0-7]{4} ([^\0]+)\0(.{20})|1[0-7]{5} [^\0]+\0.{20}|[0-7]+ [^\0]+\0.{20}|(.+)", re.DOTALL
)
_WATCHED_LINK: Final = re.compile(rb"1[26]0000 (?:roles|environments|nodes|data_bags)\0")
_WATCHED: Final = frozenset(KIND_OF_DIRECTORY) | {DATA_BAGS}
_NOT_FILES: Final = frozenset({DIRECTORY, LINK, SUBMODULE})
DEEPEST: Final = 200
"""Directories below directories: a tree deeper than this is not a chef-repo."""
_WIDE: Final = 1500  # bytes: from here on, comparing with the tree before is faster than looking at every entry
_MOST_PLACES: Final = 10_000  # trees that hold each other a few times could make billions


class Place(NamedTuple):
    """A directory entry, or a link, with the name of a container."""

    mode: bytes
    path: bytes
    oid: ObjectId


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """All places below a tree. Equal places are one value throughout a history, so identity compares them."""

    all: tuple[Place, ...]


_NOWHERE: Final = Places(())
_Key: TypeAlias = "tuple[tuple[bytes, bytes, ObjectId], ...]"


class PlaceFinder:
    """Finds the places of a commit's tree; equal subtrees are looked at once in the whole history."""

    def __init__(self, trees: TreeReader) -> None:
        self._trees = trees
        self._store = trees.store
        self._barren: set[ObjectId] = {b""}
        self._fertile: dict[ObjectId, Places] = {}
        self._same: dict[_Key, Places] = {}
        self._wide: dict[bytes, RawTree] = {}
        self._commit: ObjectId = b""

    def places(self, tree: ObjectId, commit: ObjectId) -> Places:
        """Every entry below a commit's ``tree`` that is named like a container, the outermost ones only."""
        if tree in self._barren:
            return _NOWHERE
        self._commit = commit
        return self._fertile.get(tree) or self._look(tree, b"", 0)

    def bags(self, tree: ObjectId, path: bytes, commit: ObjectId) -> list[Place]:
        """The data bags in a directory called ``data_bags``."""
        raw = self._trees.tree(tree)
        self._store.gaps.locate(tree, path=as_text(path), commit=commit)
        entries = raw.by_name()
        if len(entries) < len(raw.starts):
            self._report_repeated(entries.keys(), raw.data, path + b"/", commit)
        return [Place(e.mode, path + b"/" + e.name, e.oid) for e in entries.values() if e.mode in _NOT_FILES]

    def _look(self, tree: ObjectId, path: bytes, depth: int) -> Places:
        data = self._store.read(tree, TREE)
        if data is None:
            self._store.gaps.locate(tree, path=as_text(path), commit=self._commit)
            data = b""
        if len(data) > _WIDE and self._resembles_barren(data, path, depth):
            self._barren.add(tree)
            return _NOWHERE
        found: list[tuple[bytes, bytes, ObjectId]] = []
        if b"40000 " in data:
            found = self._fertile_directories(tree, data, path, depth)
        if (b"120000 " in data or b"160000 " in data) and _WATCHED_LINK.search(data):
            found += [e for e in entries_in(data) if e.mode in {LINK, SUBMODULE} and e.name in _WATCHED]
        if not found:
            self._barren.add(tree)
            if len(data) > _WIDE:
                self._wide[path] = parsed(data)
            return _NOWHERE
        if any(data.count(b" " + name + b"\0") > 1 for _, name, _ in found):
            found = self._without_repeated(found, data, path)
        key = tuple(found)
        places = self._same.get(key)
        if places is None:
            places = self._same[key] = Places(self._gather(key, path))
        self._fertile[tree] = places
        return places

    def _resembles_barren(self, data: bytes, path: bytes, depth: int) -> bool:
        """Whether a tree with many entries is barren as the one before it at this path, looking at what differs."""
        before = self._wide.get(path)
        near = parse_near(data, before) if before is not None else None
        if near is None:
            return False
        tree, stretch = near
        for mode, name, oid in entries_in(data, stretch.start, stretch.end_after):
            if mode == DIRECTORY and name not in _WATCHED:
                if oid not in self._barren and (
                    oid in self._fertile
                    or depth == DEEPEST
                    or self._look(oid, path + name + b"/", depth + 1) is not _NOWHERE
                ):
                    return False
            elif name in _WATCHED and mode in _NOT_FILES:
                return False
        self._wide[path] = tree
        return True

    def _fertile_directories(
        self, tree: ObjectId, data: bytes, path: bytes, depth: int
    ) -> list[tuple[bytes, bytes, ObjectId]]:
        """The directories in a tree that are containers or hold some."""
        barren = self._barren
        directories = _DIRECTORIES.findall(data)
        rest = len(directories[-1][2])
        if rest:
            detail = f"not readable as a tree from byte {len(data) - rest} on"
            self._store.gaps.record(tree, "corrupt-tree", detail, path=as_text(path), commit=self._commit)
        found = []
        # nearly all directories of a history are known to hold nothing
        for name, oid in [(name, oid) for name, oid, _ in directories if oid not in barren or name in _WATCHED]:
            if name in _WATCHED or oid in self._fertile:
                found.append((DIRECTORY, name, oid))
            elif depth == DEEPEST:
                detail = f"directories more than {DEEPEST} deep are not looked into"
                self._store.gaps.note("too-deep", detail, path=as_text(path + name), commit=self._commit, oid=oid)
            elif self._look(oid, path + name + b"/", depth + 1) is not _NOWHERE:
                found.append((DIRECTORY, name, oid))
        return found

    def _gather(self, entries: _Key, path: bytes) -> tuple[Place, ...]:
        found: list[Place] = []
        for mode, name, oid in entries:
            if mode == DIRECTORY and name == DATA_BAGS:
                bags = self.bags(oid, path + name, self._commit)
                found += [Place(bag.mode, bag.path[len(path) :], bag.oid) for bag in bags]
            elif name in _WATCHED:
                found.append(Place(mode, name, oid))
            else:
                found += [Place(m, name + b"/" + below, o) for m, below, o in self._fertile[oid].all]
            if len(found) > _MOST_PLACES:
                detail = f"only the first {_MOST_PLACES} containers of a commit are examined"
                self._store.gaps.note("too-many-containers", detail, path=as_text(path), commit=self._commit)
                break
        return tuple(found[:_MOST_PLACES])

    def _without_repeated(
        self, found: list[tuple[bytes, bytes, ObjectId]], data: bytes, path: bytes
    ) -> list[tuple[bytes, bytes, ObjectId]]:
        self._report_repeated([name for _, name, _ in found], data, path, self._commit)
        last = {entry.name: entry for entry in entries_in(data)}
        return list(dict.fromkeys(entry for entry in found if last[entry[1]] == entry))

    def _report_repeated(self, names: Iterable[bytes], data: bytes, path: bytes, commit: ObjectId) -> None:
        entries = entries_in(data)
        for name in dict.fromkeys(names):
            same = [entry for entry in entries if entry.name == name]
            if len(same) > 1:
                report_repeated(self._trees, path + name, [e.oid for e in same], commit)


def report_repeated(trees: TreeReader, path: bytes, oids: list[ObjectId], commit: ObjectId) -> None:
    """Record that a tree has several entries of one name, which no git command writes."""
    detail = f"{len(oids)} entries of this name, the last one counts: " + ", ".join(oid.hex() for oid in oids)
    trees.store.gaps.note("duplicate-entry", detail, path=as_text(path), commit=commit)
