"""Where a commit stands on the line of time, in percent of its width.

Commits follow one another as the replay had them, whatever their clocks say. Each gets a little room of its own, so
that an hour between two uploads can be seen in ten years of history; the rest of the width is shared out by time.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.html.commits import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_START: Final = 0.6
_TIP: Final = 97.0
_MOST_ROOM_OF_ONE: Final = 0.9
_ROOM_OF_ALL: Final = 50.0
_GAP_BETWEEN_TICKS: Final = {False: 9.0, True: 19.0}
_ROOM_OF_START: Final = {False: 6.0, True: 16.0}
_ROOM_OF_TIP: Final = {False: 18.0, True: 40.0}
_MOST_TICKS: Final = 12
_LONGEST_LABEL: Final = 16
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_YEAR: Final = 9990
_STEPS: Final = ((12 * 10, 4), (12 * 5, 4), (12 * 2, 4), (12, 4), (6, 7), (3, 7), (1, 7))
"""Months from one tick to the next, and how much of a day's ISO text then labels it."""


class Moment(NamedTuple):
    """A commit and its date."""

    commit: str
    date: str


class Tick(NamedTuple):
    """A labelled place on the axis; ``narrow`` ones have room on a phone, too."""

    x: float
    label: str
    narrow: bool


class TimeScale:
    """The places of some commits between the first of them and the tip."""

    def __init__(self, chains: Iterable[Sequence[Moment]], tip: Moment) -> None:
        """``chains`` are sequences of commits in the order of the replay; the tip comes after all."""
        moments = [moment for moment in _merged(chains) if moment.commit != tip.commit]
        self.first = moments[0] if moments else tip
        self._times = list(_never_back([*moments, tip]))
        self._places = _places(self._times)
        self._of = {moment.commit: place for moment, place in zip([*moments, tip], self._places, strict=True)}

    def __len__(self) -> int:
        return len(self._times)

    def at(self, commit: str | None) -> float:
        """Where a commit stands; None is the end of the line, beyond the tip."""
        return 100.0 if commit is None else self._of.get(commit, 100.0)

    def when(self, date: str) -> float:
        """Where a moment stands that may lie between commits; what is later than the tip stands there."""
        return self._interpolated(seconds(date) or self._times[0])

    def ticks(self) -> list[Tick]:
        """The labels of the axis, with room between them and before that of the tip."""
        found = [Tick(_START, label_of(self.first.date), narrow=True)] if len(self) > 1 else []
        taken = {False: _ROOM_OF_START[False], True: _ROOM_OF_START[True]}
        for time, label in _dates(self._times[0], self._times[-1]):
            place = self._interpolated(time)
            room = {
                narrow: place - taken[narrow] >= _GAP_BETWEEN_TICKS[narrow] and place < 100 - _ROOM_OF_TIP[narrow]
                for narrow in (False, True)
            }
            if room[False]:
                taken[False] = place
                if room[True]:
                    taken[True] = place
                found.append(Tick(place, label, room[True]))
        return found

    def _interpolated(self, time: float) -> float:
        after = bisect_right(self._times, time)
        if after == 0:
            return self._places[0]
        if after == len(self._times):
            return self._places[-1]
        first, last = self._times[after - 1], self._times[after]
        start, end = self._places[after - 1], self._places[after]
        return start + (end - start) * (time - first) / (last - first)


def label_of(date: str) -> str:
    """A date as the axis has it: its day, and never much longer than one."""
    return day(date)[:_LONGEST_LABEL]


def seconds(date: str) -> float | None:
    """An ISO date, or ``@SECONDS``, as seconds since 1970; None for what is neither."""
    try:
        if date.startswith("@"):
            return float(int(date[1:]))
        moment = datetime.fromisoformat(date)
    except (ValueError, OverflowError):
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH).total_seconds()


def _merged(chains: Iterable[Sequence[Moment]]) -> list[Moment]:
    """All moments once, in the order of each chain; by date where no chain decides."""
    known: dict[str, Moment] = {}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for chain in chains:
        for moment in chain:
            known.setdefault(moment.commit, moment)
            sorter.add(moment.commit)
        for before, after in pairwise(chain):
            if before.commit != after.commit:
                sorter.add(after.commit, before.commit)
    rank = {commit: (seconds(moment.date) or 0.0, number) for number, (commit, moment) in enumerate(known.items())}
    try:
        sorter.prepare()
    except CycleError:
        return [known[commit] for commit in sorted(known, key=rank.__getitem__)]
    ready: list[tuple[tuple[float, int], str]] = []
    found: list[Moment] = []
    while sorter.is_active():
        for commit in sorter.get_ready():
            heappush(ready, (rank[commit], commit))
        _, commit = heappop(ready)
        found.append(known[commit])
        sorter.done(commit)
    return found


def _never_back(moments: Sequence[Moment]) -> Iterator[float]:
    """Their times, none before the one it follows; what has none takes that of its neighbour."""
    times = [seconds(moment.date) for moment in moments]
    latest = next((time for time in times if time is not None), 0.0)
    for time in times:
        if time is not None and time > latest:
            latest = time
        yield latest


def _places(times: Sequence[float]) -> list[float]:
    intervals = len(times) - 1
    if not intervals:
        return [_TIP]
    room = min(_MOST_ROOM_OF_ONE, _ROOM_OF_ALL / intervals)
    length = times[-1] - times[0]
    shared = _TIP - _START - room * intervals
    places = [_START]
    for before, after in pairwise(times):
        part = (after - before) / length if length else 1 / intervals
        places.append(places[-1] + room + shared * part)
    return places


def _dates(first: float, last: float) -> list[tuple[float, str]]:
    """The days that label an axis from one time to another."""
    try:
        start = _EPOCH + timedelta(seconds=first)
        end = _EPOCH + timedelta(seconds=last)
    except OverflowError:
        return []
    if end.year >= _LAST_YEAR:
        return []
    months = (end.year - start.year) * 12 + end.month - start.month
    fitting = [step for step in _STEPS if months // step[0] >= 3]  # noqa: PLR2004 (fewer ticks tell too little)
    if not fitting:
        return _days(start, end)
    step, digits = next((each for each in reversed(fitting) if months // each[0] <= _MOST_TICKS), fitting[0])
    number = -(-(start.year * 12 + start.month - 1) // step) * step
    found = []
    while (tick := datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)) <= end:
        if tick >= start:
            found.append(((tick - _EPOCH).total_seconds(), tick.date().isoformat()[:digits]))
        number += step
    return found


def _days(start: datetime, end: datetime) -> list[tuple[float, str]]:
    days = (end - start).days
    step = timedelta(days=max(1, -(-days // _MOST_TICKS)))
    tick = start.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while tick <= end:
        if tick >= start:
            found.append(((tick - _EPOCH).total_seconds(), day(tick.isoformat())))
        tick += step
    return found
