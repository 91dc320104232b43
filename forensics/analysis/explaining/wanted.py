"""Facts as the search takes them: what must have held of which objects, within which bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.explaining.problem import Demand

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from forensics.analysis.explaining.costs import Charge
    from forensics.analysis.objects import ObjectName
    from forensics.evidence.records import Observation

    Price = Callable[[int, tuple[int, ...]], tuple[Charge, ...] | None]

DECIDES, ELSEWHERE, BEFORE, UNDECIDED = "decides", "elsewhere", "before-history", "undecided"
"""What a fact is for a question: a part of it; about other objects; of a time before the history; nothing to tell."""


class Wanted(NamedTuple):
    """Something that must have held of some objects, which are named."""

    objects: tuple[ObjectName, ...]
    price: Price
    moments: tuple[int, ...] = ()
    alike: Callable[[int, int], Hashable] | None = None


@dataclass(slots=True, eq=False)
class ConsideredFact:
    """A fact with its bounds, the clocks' skew included unless it is not ``skewed``, and what it demands.

    ``derived`` is one that a log or a backup tells, in the words of ``text``; ``claim`` is what a content of nobody's
    must say for it. ``impossible`` says why no upload at all can have led to it, ``note`` what was assumed to judge it.
    """

    id: str
    observation: Observation
    first: int
    last: int
    bearing: str = DECIDES
    wanted: list[Wanted] = field(default_factory=list)
    impossible: str = ""
    note: str = ""
    derived: bool = False
    skewed: bool = True
    text: str = ""
    claim: tuple[str, str] | None = None

    def demand(self, wanted: Wanted, numbers: Mapping[ObjectName, int]) -> Demand:
        """A part of it for the search, which counts objects."""
        subject, claim, item = self.observation.subject, self.observation.claim, self.observation.item
        about = "node" if subject.startswith("node[") else subject
        key = (f"{about} {item}", "no" if claim == "lacks" else "yes")
        if claim == "holds":
            key = (f"holds {subject}", item)
        return Demand(
            self.first,
            self.last,
            tuple(numbers[each] for each in wanted.objects),
            wanted.price,
            wanted.moments,
            self.claim or key,
            wanted.alike,
            self.skewed,
        )
