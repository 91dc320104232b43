"""What an upload of a content to an object is charged at a time, and when that changes."""

from __future__ import annotations

from bisect import bisect_right
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.explaining import costs
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.explaining.costs import Charge
    from forensics.analysis.explaining.problem import Track, Window

SENT: Final = 1
"""What the last commit changed has been told to be sent."""
OWED: Final = 2
"""It has been charged that it was not sent in time."""
TOUCHED: Final = 4
"""Something was told to be sent since the last commit."""
AHEAD: Final = 8
"""What the next commit changes has been told to be sent before it."""


class PricedAct(NamedTuple):
    """An upload: its kind, what it costs here, and what is known of the window after it."""

    charge: Charge
    cost: int
    phase: int


class Acts:
    """The prices of all acts on one object."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.starts = [window.start for window in track.windows]
        self.deadlines = [
            start + costs.WEEK if end is None else min(start + costs.WEEK, end)
            for start, end in zip_longest(self.starts, self.starts[1:])
        ]
        self.due = [at for at, window in zip(self.deadlines, track.windows, strict=True) if window.batch]
        """When it begins to be charged that something was not sent, each time once."""
        self.boundaries = frozenset((*self.starts, *self.deadlines, *(start - costs.DAY for start in self.starts)))
        """When prices change."""

    def window_at(self, time: int) -> int:
        """The number of the window that a time is in, -1 before the first."""
        return bisect_right(self.starts, time) - 1

    def act(self, content: int, phase: int, time: int) -> PricedAct | None:
        """Upload a content at a time; None if nobody can have."""
        touched = phase | TOUCHED
        if content == OUTSIDE:
            return PricedAct(costs.OUTSIDE, costs.OUTSIDE.cost, touched)
        number = self.window_at(time)
        window = self.track.windows[number] if number >= 0 else None
        if content == ABSENT:
            charge = costs.DELETED if window is None or window.current else costs.ROUTINE
            return PricedAct(charge, charge.cost, touched)
        if window is not None and content in window.batch:
            charge, cost = self._of_batch(phase, time, self.deadlines[number])
            return PricedAct(charge, cost, touched | SENT)
        following = self._following(number)
        if following is not None and content in following.batch and time >= following.start - costs.DAY:
            return PricedAct(costs.EARLY, costs.EARLY.cost, touched | AHEAD)
        if window is not None and content in window.current:
            return PricedAct(costs.UNCHANGED, costs.UNCHANGED.cost, touched)
        if self.track.since[content] <= time:
            return PricedAct(costs.OLD, costs.OLD.cost, touched)
        return None

    def rising(self, time: int) -> Iterator[int]:
        """The contents whose price may rise after a time: no other has to be sent before it is needed."""
        number = self.window_at(time)
        window, following = self.track.windows[number] if number >= 0 else None, self._following(number)
        found = dict.fromkeys((*window.batch, *window.current) if window else ())
        if following is not None:
            found.update(dict.fromkeys(following.batch))
        yield from found
        yield ABSENT

    def _following(self, number: int) -> Window | None:
        return self.track.windows[number + 1] if number + 1 < len(self.starts) else None

    @staticmethod
    def _of_batch(phase: int, time: int, deadline: int) -> tuple[Charge, int]:
        if phase & SENT:
            return costs.PART, costs.PART.cost
        if time < deadline:
            return costs.ROUTINE, costs.ROUTINE.cost
        # that it came late was charged already when the object was told to be left as it was
        return costs.LATE, 0 if phase & OWED else costs.LATE.cost
