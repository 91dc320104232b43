"""The commit graph behind one revision, as packed columns."""

from __future__ import annotations

import heapq
import re
from array import array
from binascii import unhexlify
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.history.store import COMMIT, ObjectStore

if TYPE_CHECKING:
    from forensics.history.model import ObjectId

_HEADER: Final = re.compile(rb"tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)")
# nearly every commit: one match tells all of it
_USUAL: Final = re.compile(
    rb"tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)author [^\n]*\ncommitter [^\n]*> ([0-9]{1,18}) [-+][0-9]{4}\n"
)
# what git goes by: the first number after the last ">" of the line
_WHEN: Final = re.compile(rb"\ncommitter [^\n]*> *(-?[0-9]{1,30})[^>\n]*$", re.MULTILINE)
_FIRST_PARENT: Final = len(b"parent ")
_PARENT_LINE: Final = _FIRST_PARENT + 40 + 1
_NEWEST_TIME: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class CommitGraph:
    """Every commit reachable from the heads, parents before children, ties by (committer time, id).

    Columns are parallel: ``ids`` and ``trees`` hold raw ids, ``times`` committer times in seconds, ``parents`` indices
    into the columns (parents that could not be read are left out, and a parent that is named twice counts once).
    ``line`` lists the first-parent line of the first head, oldest first; ``boundary`` the commits whose parents are
    cut off; ``positions`` tells where each commit stands in the columns.
    """

    ids: list[ObjectId]
    trees: list[ObjectId]
    parents: list[tuple[int, ...]]
    times: array[int]
    line: array[int]
    boundary: tuple[ObjectId, ...]
    positions: dict[ObjectId, int]

    def __len__(self) -> int:
        return len(self.ids)

    def index(self, oid: ObjectId) -> int | None:
        """Where a commit stands in the columns, or None if it is not reachable."""
        return self.positions.get(oid)


_RawCommit: TypeAlias = "tuple[ObjectId, tuple[ObjectId, ...], int]"


def read_graph(store: ObjectStore, heads: list[ObjectId], shallow: frozenset[ObjectId]) -> CommitGraph:
    """Walk all ancestors of ``heads``.

    Commits are read raw: replacement refs and grafts, which change what git commands show, change nothing here.
    """
    raw = _reachable(store, heads, shallow)
    order = _topological(raw)
    position = {oid: number for number, oid in enumerate(order)}
    parents: list[tuple[int, ...]] = []
    cut: list[ObjectId] = []
    for oid in order:
        named = raw[oid][1]
        present = tuple([position[parent] for parent in named if parent in position])
        parents.append(present)
        if len(present) < len(named):
            cut.append(oid)
            for parent in named:
                if parent not in position:
                    store.gaps.record(parent, "missing-commit", "not in the object database", commit=oid)
        elif oid in shallow:
            cut.append(oid)
    return CommitGraph(
        ids=order,
        trees=[raw[oid][0] for oid in order],
        parents=parents,
        times=array("q", [raw[oid][2] for oid in order]),
        line=_first_parent_line(raw, position, heads),
        boundary=tuple(cut),
        positions=position,
    )


def _first_parent_line(
    raw: dict[ObjectId, _RawCommit], position: dict[ObjectId, int], heads: list[ObjectId]
) -> array[int]:
    line = array("l")
    at = position.get(heads[0]) if heads else None
    oid = heads[0] if heads else b""
    while at is not None:
        line.append(at)
        # the *first* parent decides; where it is cut off, the line ends even if other parents are there
        oid = next(iter(raw[oid][1]), b"")
        at = position.get(oid)
    line.reverse()
    return line


def _reachable(store: ObjectStore, heads: list[ObjectId], shallow: frozenset[ObjectId]) -> dict[ObjectId, _RawCommit]:
    found: dict[ObjectId, _RawCommit] = {}
    unreadable: set[ObjectId] = set()
    pending = list(heads)
    while pending:
        oid = pending.pop()
        if oid in found or oid in unreadable:
            continue
        data = store.read(oid, COMMIT)
        parts = _parts(data) if data is not None else None
        if parts is None:
            unreadable.add(oid)
            store.gaps.record(oid, "corrupt-commit", "not readable as a commit")
            continue
        tree, lines, time = parts
        parents: tuple[ObjectId, ...] = ()
        if oid in shallow:
            pass
        elif len(lines) == _PARENT_LINE:
            parents = (unhexlify(lines[_FIRST_PARENT:-1]),)
        else:
            parents = tuple(dict.fromkeys(unhexlify(line[_FIRST_PARENT:]) for line in lines.splitlines()))
        found[oid] = (unhexlify(tree), parents, time)
        pending += parents
    return found


def _parts(data: bytes) -> tuple[bytes, bytes, int] | None:
    """The tree, the lines of the parents and the committer's time of a commit, if it can be read as one."""
    usual = _USUAL.match(data)
    if usual is not None:
        return usual[1], usual[2], int(usual[3])
    header = _HEADER.match(data)
    return None if header is None else (header[1], header[2], _committer_time(data, header.end() - 1))


def _committer_time(data: bytes, start: int) -> int:
    end = data.find(b"\n\n", start)
    when = _WHEN.search(data, start, end if end >= 0 else len(data))
    return max(-_NEWEST_TIME, min(int(when[1]), _NEWEST_TIME)) if when else 0


def _topological(raw: dict[ObjectId, _RawCommit]) -> list[ObjectId]:
    children: dict[ObjectId, list[ObjectId]] = {}
    waiting: dict[ObjectId, int] = {}
    ready: list[tuple[int, ObjectId]] = []
    for oid, (_, parents, time) in raw.items():
        present = 0
        for parent in parents:
            if parent in raw:
                present += 1
                children.setdefault(parent, []).append(oid)
        if present:
            waiting[oid] = present
        else:
            ready.append((time, oid))
    heapq.heapify(ready)
    order: list[ObjectId] = []
    while ready:
        oid = heapq.heappop(ready)[1]
        order.append(oid)
        for child in children.get(oid, ()):
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, (raw[child][2], child))
    return order
