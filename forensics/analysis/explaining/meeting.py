"""Which demands are met by what objects hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.explaining.problem import OUTSIDE
from forensics.analysis.explaining.states import UNTOLD, Settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.explaining.problem import Demand
    from forensics.analysis.explaining.states import Objects, Unmet


class Meeting:
    """Lets demands be met: at once where that costs nothing, or with ``every_way`` now or never.

    A content of nobody's says whatever demands need of it, one thing of each key.
    """

    def __init__(self, demands: Sequence[Demand], *, every_way: bool) -> None:
        self._demands = demands
        self._every_way = every_way
        self._outside: list[frozenset[tuple[str, str]]] = [frozenset()]
        self._outside_ids: dict[frozenset[tuple[str, str]], int] = {frozenset(): 0}
        said: dict[str, set[str]] = {}
        for demand in demands:
            said.setdefault(demand.claim[0], set()).add(demand.claim[1])
        self._contested = {key for key, values in said.items() if len(values) > 1}

    def settle(self, objects: Objects, unmet: Unmet, time: int) -> list[Settled]:
        """Every way in which demands are met by what the objects hold: at once where that costs nothing."""
        if not unmet:
            return [Settled(objects)]
        found = [Settled(objects)]
        for number in sorted(unmet):
            found = [way for each in found for way in self._met(each, number, time)]
        return found

    def _met(self, so_far: Settled, number: int, time: int) -> Iterator[Settled]:
        demand, objects = self._demands[number], so_far.objects
        lives = tuple([objects[each].live for each in demand.objects])
        if UNTOLD in lives:
            yield so_far
            return
        outside = [each for each in demand.objects if objects[each].live <= OUTSIDE]
        lives = tuple([max(live, OUTSIDE) for live in lives]) if outside else lives
        charges = demand.price(time, lives)
        if charges is None or any(self._denies(objects[each].live, demand) for each in outside):
            yield so_far
            return
        cost = sum(each.cost for each in charges)
        if cost or self._every_way or (outside and demand.claim[0] in self._contested):
            yield so_far
        states = list(objects)
        for each in demand.objects:
            states[each] = states[each]._replace(fresh=None)
        for each in outside:
            states[each] = states[each]._replace(live=self._saying(states[each].live, demand))
        yield Settled(
            tuple(states),
            (*so_far.met, number),
            (*so_far.lives, lives),
            (*so_far.extra, *(each.name for each in charges)),
            so_far.cost + cost,
        )

    def _denies(self, live: int, demand: Demand) -> bool:
        key, value = demand.claim
        return any(each == key and said != value for each, said in self._outside[OUTSIDE - live])

    def _saying(self, live: int, demand: Demand) -> int:
        """The content of nobody's that also says what a demand needs."""
        says = self._outside[OUTSIDE - live] | {demand.claim}
        if says not in self._outside_ids:
            self._outside_ids[says] = len(self._outside)
            self._outside.append(says)
        return OUTSIDE - self._outside_ids[says]
