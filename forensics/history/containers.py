"""Where the containers are in a commit's tree: the outermost directories and links that are named like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.chef.layout import DATA_BAGS, KIND_OF_DIRECTORY
from forensics.history.model import ObjectId, as_text
from forensics.history.raw_tree import (
    DIRECTORY,
    ENTRY,
    LINK,
    SUBMODULE,
    UNREAD,
    Entry,
    RawTree,
    entries_in,
    parse_near,
    parsed,
)
from forensics.history.store import TREE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.history.trees import TreeReader

# what may be a container or hold some: directories, and links named like one, each entry whole; nothing for every other
# entry; and the rest from where a tree cannot be read on
_OPEN: Final = re.compile(
    rb"10[0-7]{4} [^\0]+\0.{20}"
    rb"|((?:0*4[0-7]{4} [^\0]+|0*1[26][0-7]{4} (?:roles|environments|nodes|data_bags))\0.{20}"
    rb"|(?![0-7]+ [^\0]+\0.{20}).+)"
    rb"|[0-7]+ [^\0]+\0.{20}",
    re.DOTALL,
)
_WATCHED: Final = frozenset(KIND_OF_DIRECTORY) | {DATA_BAGS}
_NOT_FILES: Final = frozenset({DIRECTORY, LINK, SUBMODULE})
DEEPEST: Final = 200
"""Directories below directories: a tree deeper than this is not a chef-repo."""
METADATA: Final = (b" metadata.json\0", b" metadata.rb\0")
_SHELF: Final = b"cookbooks/"
_WIDE: Final = 1500  # bytes: from here on, comparing with the tree before is faster than looking at every entry
_MOST_CONTAINERS: Final = 10_000  # trees that hold each other a few times could make billions


class ContainerEntry(NamedTuple):
    """A directory entry, or a link, with the name of a container; or a directory that was not read (``UNREAD``)."""

    mode: bytes
    path: bytes
    oid: ObjectId


@dataclass(frozen=True, slots=True, eq=False)
class ContainerEntries:
    """All of a tree. Equal ones are one value throughout a history, so identity compares them."""

    all: tuple[ContainerEntry, ...]


_NOWHERE: Final = ContainerEntries(())
_Key: TypeAlias = "tuple[Entry, ...]"


class ContainerFinder:
    """Finds the container entries of a commit's tree; equal subtrees are looked at once in the whole history."""

    def __init__(self, trees: TreeReader) -> None:
        self._trees = trees
        self._store = trees.store
        self._without_places: set[ObjectId] = set()
        # whole entries: those of barren trees, and the others that were met, each with what to keep of it
        self._closed: set[bytes] = {b""}
        self._open: dict[bytes, Entry] = {}
        self._places_of: dict[ObjectId, ContainerEntries] = {}
        self._same: dict[_Key, ContainerEntries] = {}
        self._below: dict[tuple[bytes, ContainerEntries], tuple[ContainerEntry, ...]] = {}
        self._wide: dict[bytes, RawTree] = {}
        self._commit: ObjectId = b""
        self.metadata: set[bytes] = set()
        """The metadata files of cookbooks right below ``cookbooks`` and ``*cookbooks``: their entries in the tree."""

    def entries(self, tree: ObjectId, commit: ObjectId) -> ContainerEntries:
        """Every entry below a commit's ``tree`` that is named like a container, the outermost ones only."""
        if tree in self._without_places:
            return _NOWHERE
        self._commit = commit
        return self._places_of.get(tree) or self._look(tree, b"", 0)

    def bags(self, tree: ObjectId, path: bytes, commit: ObjectId) -> list[ContainerEntry]:
        """The data bags in a directory called ``data_bags``."""
        raw = self._trees.tree(tree)
        self._store.gaps.locate(tree, path=as_text(path), commit=commit)
        entries = raw.by_name()
        if len(entries) < len(raw.starts):
            self._report_repeated(entries.keys(), raw.data, path + b"/", commit)
        found = [ContainerEntry(e.mode, path + b"/" + e.name, e.oid) for e in entries.values() if e.mode in _NOT_FILES]
        return [*found, ContainerEntry(UNREAD, path, tree)] if tree in self._store.gaps else found

    def _look(self, tree: ObjectId, path: bytes, depth: int, *, shelved: bool = False) -> ContainerEntries:
        data = self._store.read(tree, TREE)
        if data is None:
            self._store.gaps.locate(tree, path=as_text(path), commit=self._commit)
            return self._unread(tree)
        if shelved:
            for name in METADATA:  # Chef takes the first that is there
                at = data.find(name)
                if at >= 0:
                    self.metadata.add(data[at : at + len(name) + 20])
                    break
        wide = len(data) > _WIDE
        found = self._open_entries(tree, self._changed_part(data, path) if wide else data, data, path, depth)
        if tree in self._store.gaps:
            return self._unread(tree, self._gather(tuple(found), path))
        if not found:
            self._without_places.add(tree)
            return _NOWHERE
        if wide:
            self._wide.pop(path, None)
            found = self._open_entries(tree, data, data, path, depth)
        for entry in found:
            if data.count(b" " + entry.name + b"\0") > 1:
                found = self._without_repeated(found, data, path)
                break
        key = tuple(found)
        inside = self._same.get(key)
        if inside is None:
            inside = self._same[key] = ContainerEntries(self._gather(key, path))
        self._places_of[tree] = inside
        return inside

    def _unread(self, tree: ObjectId, rest: tuple[ContainerEntry, ...] = ()) -> ContainerEntries:
        """What is known of a tree that cannot be read, or only as far as ``rest``."""
        inside = self._places_of[tree] = ContainerEntries((*rest, ContainerEntry(UNREAD, b"", tree)))
        return inside

    def _changed_part(self, data: bytes, path: bytes) -> bytes:
        """What of a tree with many entries is not as in the last one at this path, which held no containers."""
        before = self._wide.get(path)
        near = parse_near(data, before) if before is not None else None
        self._wide[path] = near[0] if near is not None else parsed(data)
        return data if near is None else data[near[1].start : near[1].end_after]

    def _open_entries(self, tree: ObjectId, part: bytes, data: bytes, path: bytes, depth: int) -> list[Entry]:
        """The entries in a part of a tree that are containers or hold some."""
        closed, found = self._closed, []
        shelf = path.endswith(_SHELF)
        # nearly all directories of a history are known to hold nothing
        for whole in [whole for whole in _OPEN.findall(part) if whole not in closed]:
            known = self._open.get(whole)
            if known is None:
                match = ENTRY.fullmatch(whole)
                if match is None:
                    detail = f"not readable as a tree from byte {len(data) - len(whole)} on"
                    self._store.gaps.record(tree, "corrupt-tree", detail, path=as_text(path), commit=self._commit)
                    continue
                name, oid = match.group(2, 3)
                if name not in _WATCHED and oid not in self._places_of:
                    if oid not in self._without_places and depth == DEEPEST:
                        report_depth(self._trees, path + name, oid, self._commit)
                        continue
                    if (
                        oid in self._without_places
                        or self._look(oid, path + name + b"/", depth + 1, shelved=shelf) is _NOWHERE
                    ):
                        closed.add(whole)
                        continue
                known = self._open[whole] = entries_in(whole)[0]
            found.append(known)
        return found

    def _gather(self, entries: _Key, path: bytes) -> tuple[ContainerEntry, ...]:
        found: list[ContainerEntry] = []
        for mode, name, oid in entries:
            if mode == DIRECTORY and name == DATA_BAGS:
                bags = self.bags(oid, path + name, self._commit)
                found += [ContainerEntry(bag.mode, bag.path[len(path) :], bag.oid) for bag in bags]
            elif name in _WATCHED:
                found.append(ContainerEntry(mode, name, oid))
            else:
                found += self._entries_below(name, self._places_of[oid])
            if len(found) > _MOST_CONTAINERS:
                detail = f"only the first {_MOST_CONTAINERS} containers of a commit are examined"
                self._store.gaps.note("too-many-containers", detail, path=as_text(path), commit=self._commit)
                break
        return tuple(found[:_MOST_CONTAINERS])

    def _entries_below(self, name: bytes, inside: ContainerEntries) -> tuple[ContainerEntry, ...]:
        """Those of a subtree, seen from the tree that holds it; most trees hold the same ones as before."""
        known = self._below.get((name, inside))
        if known is None:
            known = tuple(
                [ContainerEntry(mode, name + b"/" + below if below else name, oid) for mode, below, oid in inside.all]
            )
            self._below[name, inside] = known
        return known

    def _without_repeated(self, found: list[Entry], data: bytes, path: bytes) -> list[Entry]:
        self._report_repeated([entry.name for entry in found], data, path, self._commit)
        last = {entry.name: entry for entry in entries_in(data)}
        return list(dict.fromkeys(entry for entry in found if last[entry.name] == entry))

    def _report_repeated(self, names: Iterable[bytes], data: bytes, path: bytes, commit: ObjectId) -> None:
        entries = entries_in(data)
        for name in dict.fromkeys(names):
            same = [entry for entry in entries if entry.name == name]
            if len(same) > 1:
                report_repeated(self._trees, path + name, [e.oid for e in same], commit)


def report_depth(trees: TreeReader, path: bytes, oid: ObjectId, commit: ObjectId) -> None:
    """Record that a directory lies too deep to be looked into."""
    detail = f"directories more than {DEEPEST} deep are not looked into"
    trees.store.gaps.note("too-deep", detail, path=as_text(path), commit=commit, oid=oid)


def report_repeated(trees: TreeReader, path: bytes, oids: list[ObjectId], commit: ObjectId) -> None:
    """Record that a tree has several entries of one name, which no git command writes."""
    detail = f"{len(oids)} entries of this name, the last one counts: " + ", ".join(oid.hex() for oid in oids)
    trees.store.gaps.note("duplicate-entry", detail, path=as_text(path), commit=commit)
