"""The timeline of a target as evidence proves it."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.uploads.timeline import ListedTimeline

if TYPE_CHECKING:
    from forensics.analysis.proof_results import ProvenStretch

SILENT: Final = "nothing proves what was live from here on"


class ProvenMoment(NamedTuple):
    """What proves an event of a timeline: from ``time`` on until ``until`` it was so (seconds since 1970).

    ``stretch`` is None where nothing is proven; ``note`` says what else happened to it.
    """

    time: int
    until: int | None
    stretch: ProvenStretch | None
    note: str = ""


@dataclass(slots=True)
class ProvenTimeline(ListedTimeline):
    """One target by what an organization's requests prove: each commit is a step, and each proven change.

    ``times`` are those of the steps; ``moments_of`` has for each event of an object what proves it. The first event of
    an object says that nothing is known yet. With ``alone`` no other organization can be meant.
    """

    organization: str = ""
    alone: bool = True
    times: array[int] = field(default_factory=lambda: array("q"))
    moments_of: dict[str, list[ProvenMoment]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether anything is proven here; the first event of each object says that nothing is known."""
        return any(len(each) > 1 for each in self.moments_of.values())

    def step_when(self, commit: int, moment: int | None) -> int:
        """The last step at a moment."""
        del commit
        return len(self.steps) - 1 if moment is None else max(bisect_right(self.times, moment) - 1, 0)

    def proof_of(self, name: str, step: int) -> ProvenMoment | None:
        """What proves what is live after a step."""
        events = self.events.get(name, [])
        at = bisect_right(events, step, key=lambda event: event.step)
        return self.moments_of[name][at - 1] if at else None

    def proven_to(self, name: str) -> int:
        """Until when the last thing is known of an object."""
        last = self.moments_of[name][-1]
        return last.time if last.until is None else last.until
