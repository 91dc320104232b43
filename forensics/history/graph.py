"""The commit graph behind one revision, as packed columns."""

from __future__ import annotations

import heapq
import re
from array import array
from dataclasses import dataclass
from typing import Final

from forensics.history.model import CommitDetails, ObjectId, Signature
from forensics.history.store import COMMIT, ObjectStore

_HEADER: Final = re.compile(rb"tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)")
_WHEN: Final = re.compile(rb"\ncommitter [^\n]*?(-?\d+)(?: [-+]\d+)?\n")
_SIGNATURE: Final = re.compile(rb"^(.*?) ?<([^<>\n]*)>? ?(-?\d+)? ?([-+]\d+)?$")
_PARENT_LINE: Final = len(b"parent ") + 40 + 1
_NEWEST_TIME: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class CommitGraph:
    """Every commit reachable from the heads, parents before children, ties by (committer time, id).

    Columns are parallel: ``ids`` and ``trees`` hold raw ids, ``times`` committer times in seconds, ``parents`` indices
    into the columns (parents that could not be read are left out). ``line`` lists the first-parent line of the first
    head, oldest first; ``boundary`` the commits whose parents are cut off.
    """

    ids: list[ObjectId]
    trees: list[ObjectId]
    parents: list[tuple[int, ...]]
    times: array[int]
    line: array[int]
    boundary: tuple[ObjectId, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def index(self, oid: ObjectId) -> int | None:
        """Where a commit stands in the columns, or None if it is not reachable."""
        try:
            return self.ids.index(oid)
        except ValueError:
            return None


def read_graph(store: ObjectStore, heads: list[ObjectId], shallow: frozenset[ObjectId]) -> CommitGraph:
    """Walk all ancestors of ``heads``.

    Commits are read raw: replacement refs and grafts, which change what git commands show, change nothing here.
    """
    raw = _reachable(store, heads, shallow)
    order = _topological(raw)
    position = {oid: number for number, oid in enumerate(order)}
    parents = [tuple(position[p] for p in raw[oid][1] if p in position) for oid in order]
    line = array("l")
    at = position.get(heads[0]) if heads else None
    while at is not None:
        line.append(at)
        # the *first* parent decides; where it is cut off, the line ends even if other parents are there
        first = raw[order[at]][1][:1]
        at = position.get(first[0]) if first else None
    line.reverse()
    cut = tuple(oid for oid in order if len(parents[position[oid]]) < len(raw[oid][1]) or oid in shallow)
    return CommitGraph(
        ids=order,
        trees=[raw[oid][0] for oid in order],
        parents=parents,
        times=array("q", (raw[oid][2] for oid in order)),
        line=line,
        boundary=cut,
    )


_RawCommit = tuple[ObjectId, tuple[ObjectId, ...], int]


def _reachable(store: ObjectStore, heads: list[ObjectId], shallow: frozenset[ObjectId]) -> dict[ObjectId, _RawCommit]:
    found: dict[ObjectId, _RawCommit] = {}
    pending = list(heads)
    while pending:
        oid = pending.pop()
        if oid in found:
            continue
        data = store.read(oid, COMMIT)
        header = _HEADER.match(data) if data is not None else None
        if data is None or header is None:
            continue
        lines = header[2]
        parents = tuple(
            dict.fromkeys(
                bytes.fromhex(lines[start + 7 : start + 47].decode()) for start in range(0, len(lines), _PARENT_LINE)
            )
        )
        if oid in shallow:
            parents = ()
        when = _WHEN.search(data, header.end() - 1)
        time = int(when[1]) if when else 0
        found[oid] = (bytes.fromhex(header[1].decode()), parents, max(-_NEWEST_TIME, min(time, _NEWEST_TIME)))
        pending.extend(parents)
    return found


def _topological(raw: dict[ObjectId, _RawCommit]) -> list[ObjectId]:
    children: dict[ObjectId, list[ObjectId]] = {}
    waiting: dict[ObjectId, int] = {}
    ready: list[tuple[int, ObjectId]] = []
    for oid, (_, parents, time) in raw.items():
        present = [parent for parent in parents if parent in raw]
        if present:
            waiting[oid] = len(present)
            for parent in present:
                children.setdefault(parent, []).append(oid)
        else:
            ready.append((time, oid))
    heapq.heapify(ready)
    order: list[ObjectId] = []
    while ready:
        _, oid = heapq.heappop(ready)
        order.append(oid)
        for child in children.get(oid, ()):
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, (raw[child][2], child))
    return order


def read_details(store: ObjectStore, oid: ObjectId) -> CommitDetails | None:
    """Author, committer and message of one commit; bytes that are no UTF-8 survive as surrogates."""
    data = store.read(oid, COMMIT)
    if data is None:
        return None
    header, _, message = data.partition(b"\n\n")
    fields = {line.partition(b" ")[0]: line.partition(b" ")[2] for line in reversed(header.split(b"\n"))}
    declared = fields.get(b"encoding", b"utf-8").decode("ascii", "replace")
    return CommitDetails(
        oid=oid.hex(),
        author=_signature(fields.get(b"author", b""), declared),
        committer=_signature(fields.get(b"committer", b""), declared),
        message=_text(message, declared),
    )


def _signature(line: bytes, encoding: str) -> Signature:
    match = _SIGNATURE.match(line)
    if match is None:
        return Signature(_text(line, encoding), "", 0, 0)
    zone = match[4] or b"+0000"
    minutes = int(zone[1:-2] or b"0") * 60 + int(zone[-2:])
    return Signature(
        name=_text(match[1], encoding),
        email=_text(match[2], encoding),
        time=int(match[3] or b"0"),
        offset=-minutes if zone.startswith(b"-") else minutes,
    )


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "surrogateescape")
