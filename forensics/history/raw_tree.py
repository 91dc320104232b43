"""The bytes of one tree object: its entries, and the range in which two trees differ."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from forensics.history.model import ObjectId

ENTRY: Final = re.compile(rb"0*([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
"""One entry: its mode without leading zeros, its name and its id."""
_WHOLE: Final = re.compile(rb"[0-7]+ [^\0]+\0.{20}", re.DOTALL)
DIRECTORY: Final = b"40000"
LINK: Final = b"120000"
SUBMODULE: Final = b"160000"
UNREAD: Final = b"?"
"""Stands in the place of a mode where a directory was not read, as a whole or from some entry on."""
NAME: Final = re.compile(rb"[0-7]+ ([^\0]+)\0.{20}", re.DOTALL)
"""The name of one entry."""
_FEW: Final = 12


class Entry(NamedTuple):
    """One name in a tree; modes are canonical for everything but regular files, whatever the tree spells."""

    mode: bytes
    name: bytes
    oid: ObjectId


_USUAL_MODES: Final = frozenset({b"100644", b"100755", DIRECTORY, LINK, SUBMODULE})
_OF_TYPE: Final = {0o4: DIRECTORY, 0o12: LINK}
_REGULAR: Final = 0o10


def _canonical(mode: bytes) -> bytes:
    """The mode that git takes for one that a tree spells (its ``canon_mode``)."""
    kind = int(mode, 8) >> 12
    return mode if kind == _REGULAR else _OF_TYPE.get(kind, SUBMODULE)


class RawTree(NamedTuple):
    """The bytes of a tree and where each entry starts in them."""

    data: bytes
    starts: list[int]

    def entries(self) -> list[Entry]:
        """All entries, in git's order."""
        return entries_in(self.data)

    def by_name(self) -> dict[bytes, Entry]:
        """All entries; where a name is there twice, the last one counts."""
        return {entry.name: entry for entry in self.entries()}

    def entry(self, name: bytes) -> Entry | None:
        """The entry with this name; the last one, if there are several."""
        needle = b" " + name + b"\0"
        at = self.data.rfind(needle)
        while at >= 0:
            # an id may look like a name: what counts is the entry that the place lies in
            start = self.starts[bisect_right(self.starts, at) - 1]
            found = entries_in(self.data, start, at + len(needle) + 20)[0]
            if found.name == name:
                return found
            at = self.data.rfind(needle, 0, at + len(needle) - 1)
        return None


EMPTY: Final = RawTree(b"", [])


def parsed(data: bytes) -> RawTree:
    """A tree as far as it can be read: less than ``data``, if that is malformed."""
    starts, end = entry_starts(data, 0, len(data))
    return RawTree(data if end == len(data) else data[:end], starts)


def entries_in(data: bytes, start: int = 0, end: int | None = None) -> list[Entry]:
    """The entries between two entry boundaries."""
    return _made(ENTRY.findall(data, start, len(data) if end is None else end))


def _made(found: list[tuple[bytes, bytes, bytes]]) -> list[Entry]:
    return [Entry(mode if mode in _USUAL_MODES else _canonical(mode), name, oid) for mode, name, oid in found]


def names_once(tree: RawTree, names: set[bytes]) -> bool:
    """Whether none of these names stands twice in a tree, as far as can be told cheaply (False: perhaps)."""
    if len(names) <= _FEW:
        return all(tree.data.count(b" " + name + b"\0") <= 1 for name in names)
    return len(set(NAME.findall(tree.data))) == len(tree.starts)


def only_in_either(before: bytes, after: bytes) -> tuple[list[Entry], list[Entry]]:
    """The entries of two ranges (whole entries each) that are not in both."""
    # told apart by their bytes, so that only the few that differ are taken apart
    before_entries, after_entries = _WHOLE.findall(before), _WHOLE.findall(after)
    was, now = set(before_entries), set(after_entries)
    removed = ENTRY.findall(b"".join([entry for entry in before_entries if entry not in now]))
    added = ENTRY.findall(b"".join([entry for entry in after_entries if entry not in was]))
    both = set(removed).intersection(added)
    if both:  # a mode that is spelled otherwise
        removed = [entry for entry in removed if entry not in both]
        added = [entry for entry in added if entry not in both]
    return _made(removed), _made(added)


def entry_starts(data: bytes, start: int, end: int) -> tuple[list[int], int]:
    """Where the entries between two offsets start, and where the last of them ends (``end``, if all is well)."""
    starts = list(itertools.accumulate(map(len, _WHOLE.findall(data, start, end)), initial=start))
    if starts[-1] == end:  # entries that have the length of the whole together leave nothing out
        starts.pop()
        return starts, end
    starts.clear()
    at = start
    for match in _WHOLE.finditer(data, start, end):
        if match.start() != at:
            break
        starts.append(at)
        at = match.end()
    return starts, at


class DifferingRange(NamedTuple):
    """Where two trees differ, on entry boundaries of both: one start, since what comes before is the same."""

    start: int
    end_before: int
    end_after: int


def parse_near(data: bytes, near: RawTree) -> tuple[RawTree, DifferingRange] | None:
    """Parse ``data`` between what it shares with ``near`` at both ends; None if that does not come out even.

    Entry boundaries cannot be told from the bytes alone (an id may look like anything), but a boundary of ``near``
    inside the common prefix is one of ``data`` too; after the middle, parsing must land exactly on a boundary that
    the common suffix shares, or the whole must be parsed from the start.
    """
    if not near.starts:
        return None
    i, j, start, end = _shared(near, data)
    shift = len(data) - len(near.data)
    middle, parsed = entry_starts(data, start, end + shift)
    if parsed != end + shift:
        return None
    if shift:
        starts = near.starts[:i] + middle + [at + shift for at in near.starts[j:]]
    elif middle == near.starts[i:j]:
        starts = near.starts
    else:
        starts = near.starts[:i] + middle + near.starts[j:]
    return RawTree(data, starts), DifferingRange(start, end, end + shift)


def differing(before: RawTree, after: RawTree) -> DifferingRange:
    """The range in which two trees differ."""
    whole = DifferingRange(0, len(before.data), len(after.data))
    if not before.starts or not after.starts:
        return whole
    _, _, start, end = _shared(before, after.data)
    end_after = end + len(after.data) - len(before.data)
    at = bisect_left(after.starts, end_after)
    if end_after != len(after.data) and (at == len(after.starts) or after.starts[at] != end_after):
        return whole
    return DifferingRange(start, end, end_after)


def _shared(tree: RawTree, data: bytes) -> tuple[int, int, int, int]:
    """The entries of a tree outside of which it shares all bytes with ``data``: numbers and offsets, ends excluded."""
    old, starts = tree.data, tree.starts
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if old[starts[low] : starts[middle]] == data[starts[low] : starts[middle]]:
            low = middle
        else:
            high = middle - 1
    i, start = low, starts[low]
    shift = len(data) - len(old)
    j = i + 1
    end = starts[j] if j < len(starts) else len(old)
    # most commits change one entry of a tree
    if end + shift < start or old[end:] != data[end + shift :]:
        low, high, end = j, len(starts), len(old)
        while low < high:
            middle = (low + high) // 2
            at = starts[middle]
            if at + shift >= start and old[at:end] == data[at + shift : end + shift]:
                high, end = middle, at
            else:
                low = middle + 1
        j = low
    return i, j, start, end
