"""Which commits a clone can have stood at, and what its files then were.

A set of commits is mostly *everything by some time*. It is kept as that, so that a question costs what differs between
the commits, not how many there are: each question is answered for all commits once, and again only from the answers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from hashlib import sha1
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.history.model import ObjectId
    from forensics.history.snapshot import Snapshot
    from forensics.history.walk import History

_MOST_KEPT = 512
_MOST_TREES = 4096


class Standing(NamedTuple):
    """What stands at a path: ``file``, ``directory`` or nothing (None), and its object."""

    kind: str | None
    oid: ObjectId = b""


NOTHING = Standing(None)


Question = tuple[str, str]
"""A path, from the repository's root and normalised, and what is asked of it: its ``entry``, only its ``kind``, or the
``names`` that a directory holds. Less that is asked splits the commits into fewer groups."""


class Candidates(NamedTuple):
    """ClonePoints, as numbers in the order of their times: these ``members``, or without any named all before ``upto``.

    ``where`` narrows them to those that give certain answers.
    """

    upto: int
    members: tuple[int, ...] | None = None
    where: tuple[tuple[Question, Standing], ...] = ()


class ClonePoints:
    """The commits of a history by time, and what stands at a path in each."""

    def __init__(self, history: History) -> None:
        graph = history.graph
        self._history = history
        self._order = sorted(range(len(graph)), key=lambda position: (graph.times[position], position))
        self._times = [graph.times[position] for position in self._order]
        self._number = {position: number for number, position in enumerate(self._order)}
        self.branches = frozenset({"master", "main", history.provenance.rev.rpartition("/")[2]}) - {"HEAD"}
        """What the branch whose first-parent line is examined may be called."""
        self._snapshots: dict[int, Snapshot] = {}
        self._held_by: dict[ObjectId, dict[str, Standing | None]] = {}
        self._known: dict[Standing, Standing] = {}
        self._listings: dict[ObjectId, Standing] = {}
        self._entries: dict[tuple[ObjectId, str], Standing] = {}
        self._within: dict[tuple[tuple[Question, Standing], ...], Sequence[int]] = {(): range(len(self._order))}
        self._runs: dict[Question, list[tuple[int, Standing]]] = {}

    def by(self, time: int | None) -> Candidates:
        """Every commit that was made by a time (None: at any time)."""
        return Candidates(len(self._order) if time is None else bisect_right(self._times, time))

    def between(self, first: int, last: int) -> Candidates:
        """Those made between two times."""
        return Candidates(0, tuple(range(bisect_left(self._times, first), bisect_right(self._times, last))))

    def named(self, prefix: str) -> Candidates:
        """Those whose ids begin with some hexadecimal digits; none if no commit that is examined is meant."""
        graph = self._history.graph
        found = [position for position, oid in enumerate(graph.ids) if oid.hex().startswith(prefix.lower())]
        return Candidates(0, tuple(sorted(self._number[position] for position in found)))

    def tips(self, time: int, skew: int) -> Candidates:
        """What the end of the first-parent line was at a time, give or take a difference of clocks in seconds."""
        line, times = self._history.graph.line, self._history.graph.times
        found = {self._number[position] for position in line if abs(times[position] - time) <= skew}
        before = next((position for position in reversed(line) if times[position] <= time - skew), None)
        if before is not None:
            found.add(self._number[before])
        return Candidates(0, tuple(sorted(found))) if found else self.by(time + skew)

    def from_on(self, candidates: Candidates) -> Candidates:
        """Those of the first-parent line that may follow on some of these, themselves included."""
        first = next(iter(self.members(candidates)), 0)
        found = {self._number[position] for position in self._history.graph.line}
        return Candidates(
            0, tuple(sorted({number for number in found if number >= first} | set(candidates.members or ())))
        )

    def parents(self, candidates: Candidates, generations: int) -> Candidates:
        """The first parents of a few commits, or of everything."""
        if candidates.members is None:
            return candidates
        found = list(candidates.members)
        for _ in range(generations):
            above = [self._history.graph.parents[self._order[number]][:1] for number in found]
            found = [self._number[each[0]] for each in above if each]
        return Candidates(0, tuple(sorted(set(found))))

    def answers(self, candidates: Candidates, path: str, what: str = "entry") -> dict[Standing, Candidates]:
        """What can stand at a path, each with the commits where it does, the earliest first."""
        question = (path, what)
        if candidates.members is not None:
            grouped: dict[Standing, list[int]] = {}
            for number in candidates.members:
                grouped.setdefault(self._answer(number, path, what), []).append(number)
            return {entry: Candidates(0, tuple(numbers)) for entry, numbers in grouped.items()}
        known = dict(candidates.where)
        if question in known:
            return {known[question]: candidates}
        found = self._firsts(candidates, question)
        if len(found) == 1:
            return {found[0]: candidates}
        return {entry: candidates._replace(where=(*candidates.where, (question, entry))) for entry in found}

    def _firsts(self, candidates: Candidates, question: Question) -> list[Standing]:
        """Every answer that some candidate gives, in the order of the first that does."""
        numbers = self.members(candidates)
        runs = self._runs_of(question)
        seen: dict[Standing, None] = {}
        for (start, entry), (end, _) in zip(runs, [*runs[1:], (len(self._order), NOTHING)], strict=True):
            if start >= candidates.upto:
                break
            if entry not in seen:
                at = bisect_left(numbers, start)
                if at < len(numbers) and numbers[at] < end:
                    seen[entry] = None
        return list(seen)

    def _runs_of(self, question: Question) -> list[tuple[int, Standing]]:
        """The answers of all commits by time: where each begins. What a directory holds is looked at once per tree."""
        found = self._runs.get(question)
        if found is None:
            path, what = question
            if what != "entry":
                starts: Iterable[int] = (number for number, _ in self._runs_of((path, "entry")))
            elif path:
                starts = (number for number, _ in self._runs_of((path.rpartition("/")[0], "entry")))
            else:
                starts = range(len(self._order))
            found = self._runs[question] = []
            for number in starts:
                entry = self._answer(number, path, what)
                if not found or found[-1][1] != entry:
                    found.append((number, entry))
        return found

    def members(self, candidates: Candidates) -> Sequence[int]:
        """The numbers of the commits, oldest first."""
        if candidates.members is not None:
            return candidates.members
        numbers = self._all(candidates.where)
        return numbers[: bisect_left(numbers, candidates.upto)]

    def newest(self, candidates: Candidates) -> ObjectId | None:
        """The id of the latest of them."""
        number = self._latest(candidates)
        return None if number is None else self._history.graph.ids[self._order[number]]

    def snapshot(self, candidates: Candidates) -> Snapshot | None:
        """The files of the latest of them."""
        number = self._latest(candidates)
        return None if number is None else self._snapshot(number)

    def _latest(self, candidates: Candidates) -> int | None:
        numbers = self.members(candidates)
        return numbers[-1] if numbers else None

    def _all(self, where: tuple[tuple[Question, Standing], ...]) -> Sequence[int]:
        found = self._within.get(where)
        if found is None:
            question, wanted = where[-1]
            among = self._all(where[:-1])
            runs = self._runs_of(question)
            kept: list[int] = []
            for (start, entry), (end, _) in zip(runs, [*runs[1:], (len(self._order), NOTHING)], strict=True):
                if entry == wanted:
                    kept += among[bisect_left(among, start) : bisect_left(among, end)]
            if len(self._within) > _MOST_KEPT:
                self._within = {(): self._within[()]}
            found = self._within[where] = kept
        return found

    def _answer(self, number: int, path: str, what: str) -> Standing:
        entry = self._entry(number, path)
        if what == "entry" or entry.kind != "directory":
            return entry if what == "entry" else Standing(entry.kind)
        if what == "kind":
            return Standing("directory")
        found = self._listings.get(entry.oid)
        if found is None:
            names = "\0".join(self._snapshot(number).names(path)).encode("utf-8", "surrogateescape")
            found = self._listings[entry.oid] = Standing("directory", sha1(names, usedforsecurity=False).digest())
        return found

    def _entry(self, number: int, path: str) -> Standing:
        tree = self._history.graph.trees[self._order[number]]
        above, _, name = path.rpartition("/")
        directory = self._entry(number, above) if path else NOTHING
        if path and directory.kind != "directory":
            return NOTHING
        if above:
            return self._held(number, above, directory.oid, name)
        key = (tree, path)
        found = self._entries.get(key)
        if found is None:
            found = self._entries[key] = self._resolved(number, path)
        return found

    def _held(self, number: int, above: str, directory: ObjectId, name: str) -> Standing:
        """What a directory below the root holds under a name; its tree is taken apart once for all names."""
        held = self._held_by.get(directory)
        if held is None:
            if len(self._held_by) > _MOST_TREES:
                self._held_by.clear()
            listing = self._snapshot(number).listing(above)
            held = {each: entry and self._shared(Standing(*entry)) for each, entry in listing.items()}
            self._held_by[directory] = held
        if name not in held:
            return NOTHING
        # where a link leads is the commit's to say
        return held[name] or self._resolved(number, f"{above}/{name}")

    def _shared(self, entry: Standing) -> Standing:
        return self._known.setdefault(entry, entry)

    def _resolved(self, number: int, path: str) -> Standing:
        snapshot = self._snapshot(number)
        kind = snapshot.kind(path)
        oid = snapshot.blob(path) if kind == "file" else snapshot.tree(path) if kind else b""
        return Standing(kind, oid or b"")

    def _snapshot(self, number: int) -> Snapshot:
        found = self._snapshots.get(number)
        if found is None:
            if len(self._snapshots) > _MOST_KEPT:
                self._snapshots.clear()
            found = self._snapshots[number] = self._history.snapshot(self._order[number])
        return found
