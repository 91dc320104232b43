"""Tree objects, read raw: entries, differences, and what a path or a symlink leads to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from forensics.history.model import Broken, Gap, ObjectId
from forensics.history.store import TREE, ObjectStore

_ENTRY: Final = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
DIRECTORY: Final = b"40000"
LINK: Final = b"120000"
SUBMODULE: Final = b"160000"
_MOST_HOPS: Final = 40  # as Linux limits symlinks in one path


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a tree."""

    mode: bytes
    name: bytes
    oid: ObjectId


@dataclass(frozen=True, slots=True)
class RawTree:
    """The bytes of a tree and where each entry starts in them."""

    data: bytes
    starts: list[int]

    def entries(self) -> list[Entry]:
        """All entries, in git's order."""
        return [Entry(*fields) for fields in _ENTRY.findall(self.data)]


_NO_TREE: Final = RawTree(b"", [])


class TreeReader:
    """Reads trees and compares them without taking apart what they have in common.

    A few hundred parsed trees are kept, enough for the states that neighbouring commits compare; nothing grows with
    the length of the history.
    """

    def __init__(self, store: ObjectStore, kept: int = 256) -> None:
        self.store = store
        self._kept = kept
        self._recent: OrderedDict[ObjectId, RawTree] = OrderedDict()

    def tree(self, oid: ObjectId | None, near: RawTree | None = None) -> RawTree:
        """The tree with this id (empty for None, and for one that cannot be read).

        ``near`` is a tree that resembles it: only what differs from it is parsed.
        """
        if oid is None:
            return _NO_TREE
        known = self._recent.get(oid)
        if known is not None:
            self._recent.move_to_end(oid)
            return known
        data = self.store.read(oid, TREE) or b""
        tree = _parse_near(data, near) if near is not None else None
        if tree is None:
            tree = self._parse(oid, data)
        self._recent[oid] = tree
        if len(self._recent) > self._kept:
            self._recent.popitem(last=False)
        return tree

    def _parse(self, oid: ObjectId, data: bytes) -> RawTree:
        starts, end = _starts(data, 0, len(data))
        if end != len(data):
            detail = f"not readable as a tree from byte {end} on"
            self.store.gaps.setdefault(oid, Gap("corrupt-tree", detail, oid.hex()))
            data = data[:end]
        return RawTree(data, starts)

    def differences(self, old: ObjectId | None, new: ObjectId | None) -> tuple[list[Entry], list[Entry]]:
        """The entries only in ``old`` and only in ``new`` (an entry that changed stands in both)."""
        if old == new:
            return [], []
        before = self.tree(old)
        after = self.tree(new, near=before)
        first, last_before, last_after = _common(before, after)
        removed = _ENTRY.findall(before.data[first:last_before])
        added = _ENTRY.findall(after.data[first:last_after])
        if len(removed) > 1 or len(added) > 1:
            both = set(removed).intersection(added)
            if both:
                removed = [fields for fields in removed if fields not in both]
                added = [fields for fields in added if fields not in both]
        return [Entry(*fields) for fields in removed], [Entry(*fields) for fields in added]

    def resolve(self, root: ObjectId, path: bytes) -> Entry | Broken:
        """What a path from the root of a commit leads to, following symlinks as the kernel would.

        Gives the entry of a file or directory (mode and id of what is finally reached).
        """
        hops = 0
        done: list[tuple[bytes, ObjectId]] = []  # the directories passed, each with its tree
        pending = [part for part in reversed(path.split(b"/")) if part not in {b"", b"."}]
        here = root
        text = path.decode("utf-8", "surrogateescape")
        found: Entry | None = None
        while pending:
            part = pending.pop()
            if part == b"..":
                if not done:
                    return Broken("outside", text)
                _, here = done.pop()
                found = None
                continue
            entry = self._entry(here, part)
            if entry is None:
                return Broken("dangling", text)
            if entry.mode == SUBMODULE:
                return Broken("submodule", text)
            if entry.mode == LINK:
                hops += 1
                target = self.store.read_blob(entry.oid)
                if target is None or not target or b"\0" in target:
                    return Broken("dangling", text)
                if hops > _MOST_HOPS:
                    return Broken("loop", text)
                if target.startswith(b"/"):
                    return Broken("outside", target.decode("utf-8", "surrogateescape"))
                pending += [step for step in reversed(target.split(b"/")) if step not in {b"", b"."}]
                continue
            if entry.mode == DIRECTORY:
                done.append((part, here))
                here = entry.oid
                found = None
                continue
            if pending:
                return Broken("dangling", text)
            found = entry
        return found if found is not None else Entry(DIRECTORY, path, here)

    def _entry(self, tree: ObjectId, name: bytes) -> Entry | None:
        needle = b" " + name + b"\0"
        if needle not in self.tree(tree).data:
            return None
        return next((entry for entry in self.tree(tree).entries() if entry.name == name), None)


def _starts(data: bytes, start: int, end: int) -> tuple[list[int], int]:
    """Where the entries between two offsets start, and where the last of them ends (``end``, if all is well)."""
    starts: list[int] = []
    at = start
    for match in _ENTRY.finditer(data, start, end):
        if match.start() != at:
            break
        starts.append(at)
        at = match.end()
    return starts, at


def _common_prefix(a: bytes, b: bytes, longest: int) -> int:
    low, high = 0, longest
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(a: bytes, b: bytes, longest: int) -> int:
    low, high = 0, longest
    end_a, end_b = len(a), len(b)
    while low < high:
        middle = (low + high + 1) // 2
        if a[end_a - middle : end_a - low] == b[end_b - middle : end_b - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _parse_near(data: bytes, near: RawTree) -> RawTree | None:
    """Parse ``data`` between what it shares with ``near`` at both ends; None if that does not come out even.

    Entry boundaries cannot be told from the bytes alone (an id may look like anything), but a boundary of ``near``
    inside the common prefix is one of ``data`` too; after the middle, parsing must land exactly on a boundary that
    the common suffix shares, or the whole is parsed from the start.
    """
    if not near.starts:
        return None
    old = near.data
    prefix = _common_prefix(old, data, min(len(old), len(data)))
    i = bisect_right(near.starts, prefix) - 1
    start = near.starts[i]
    suffix = _common_suffix(old, data, min(len(old), len(data)) - start)
    j = bisect_left(near.starts, len(old) - suffix)
    shift = len(data) - len(old)
    boundary = near.starts[j] if j < len(near.starts) else len(old)
    middle, end = _starts(data, start, boundary + shift)
    if end != boundary + shift:
        return None
    tail = near.starts[j:] if shift == 0 else [at + shift for at in near.starts[j:]]
    return RawTree(data, near.starts[:i] + middle + tail)


def _common(a: RawTree, b: RawTree) -> tuple[int, int, int]:
    """The stretch that differs, on entry boundaries of both: common start, end in ``a``, end in ``b``."""
    if not a.starts or not b.starts:
        return 0, len(a.data), len(b.data)
    prefix = _common_prefix(a.data, b.data, min(len(a.data), len(b.data)))
    i = bisect_right(a.starts, prefix) - 1
    start = a.starts[i] if i >= 0 else 0
    suffix = _common_suffix(a.data, b.data, min(len(a.data), len(b.data)) - start)
    shift = len(b.data) - len(a.data)
    j = bisect_left(a.starts, len(a.data) - suffix)
    end = a.starts[j] if j < len(a.starts) else len(a.data)
    at = bisect_left(b.starts, end + shift)
    if end + shift != len(b.data) and (at == len(b.starts) or b.starts[at] != end + shift):
        return start, len(a.data), len(b.data)
    return start, end, end + shift
