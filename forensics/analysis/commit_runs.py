"""Sets of commits that mostly stand side by side in the graph, kept as runs: memory follows changes, not commits."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.history.graph import CommitGraph
    from forensics.history.walk import History


class CommitRuns:
    """Positions in a commit graph, ascending, as runs ``[start, stop)`` that do not touch each other."""

    def __init__(self) -> None:
        self._starts = array("l")
        self._stops = array("l")

    def add(self, start: int, stop: int) -> None:
        """Add a run behind all others."""
        if self._stops and self._stops[-1] == start:
            self._stops[-1] = stop
        else:
            self._starts.append(start)
            self._stops.append(stop)

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)

    def __contains__(self, commit: int) -> bool:
        return self.last_up_to(commit) == commit

    def __iter__(self) -> Iterator[int]:
        for start, stop in self.runs():
            yield from range(start, stop)

    def runs(self) -> Iterator[tuple[int, int]]:
        """The runs, each with its first position and the one behind its last."""
        return zip(self._starts, self._stops, strict=True)

    def last_up_to(self, commit: int) -> int | None:
        """The last of them that is not behind a position, or None."""
        found = bisect_right(self._starts, commit)
        return min(self._stops[found - 1] - 1, commit) if found else None

    def along(self, line: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The stretches of an ascending line of positions that lie within, as indices ``[start, stop)``."""
        open_from = open_to = -1
        for start, stop in self.runs():
            first = bisect_left(line, start)
            behind = bisect_left(line, stop, first)
            if first == behind:
                continue
            if first != open_to:
                if open_to >= 0:
                    yield open_from, open_to
                open_from = first
            open_to = behind
        if open_to >= 0:
            yield open_from, open_to

    def ends(self, history: History) -> tuple[int, int]:
        """The earliest and the latest by (committer time, position)."""
        if history.in_time_order:
            return self._starts[0], self._stops[-1] - 1
        times = history.graph.times
        first = min((times[at], at) for at in (self._earliest(times, *run) for run in self.runs()))
        last = max((times[at], at) for at in (self._latest(times, *run) for run in self.runs()))
        return first[1], last[1]

    @staticmethod
    def _earliest(times: array[int], start: int, stop: int) -> int:
        part = times[start:stop]
        return start + part.index(min(part))

    @staticmethod
    def _latest(times: array[int], start: int, stop: int) -> int:
        part = times[start:stop]
        part.reverse()
        return stop - 1 - part.index(max(part))


def union(sets: Iterable[CommitRuns]) -> CommitRuns:
    """The positions that some of these sets hold."""
    found = CommitRuns()
    behind = 0
    for start, stop in sorted(run for each in sets for run in each.runs()):
        if stop > behind:
            found.add(max(start, behind), stop)
            behind = stop
    return found


class CommitIds(Sequence[str]):
    """The full ids of commits, sorted; made when somebody looks at them."""

    def __init__(self, graph: CommitGraph, commits: CommitRuns) -> None:
        self._graph = graph
        self._commits = commits

    @cached_property
    def _sorted(self) -> tuple[str, ...]:
        return tuple(sorted(self._graph.ids[commit].hex() for commit in self._commits))

    def __len__(self) -> int:
        return len(self._commits)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        return self._sorted[at]

    def __eq__(self, other: object) -> bool:
        return self._sorted == (other._sorted if isinstance(other, CommitIds) else other)

    def __hash__(self) -> int:
        return hash(self._sorted)

    def __repr__(self) -> str:
        return f"<{len(self)} commit ids>"
