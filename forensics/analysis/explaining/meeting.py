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
        self._contested = _contested(demands)

    def settle(self, objects: Objects, unmet: Unmet, time: int) -> list[Settled]:
        """Every way in which demands are met by what the objects hold: at once where that costs nothing."""
        if not unmet:
            return [Settled(objects)]
        found = [Settled(objects)]
        for number in sorted(unmet):
            demand = self._demands[number]
            if len(demand.objects) == 1:  # most facts are about one object, which does not fit most of them
                live = objects[demand.objects[0]].live
                if live == UNTOLD or (live >= 0 and demand.price(time, (live,)) is None):
                    continue
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
        cost = sum([each.cost for each in charges]) if charges else 0
        if cost or self._every_way or (outside and number in self._contested):
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


def _contested(demands: Sequence[Demand]) -> set[int]:
    """The demands while which another one wants the opposite, so that one content of nobody's may be kept for that.

    Until a later one begins, what is not met by such a content is met by nothing else.
    """
    of_key: dict[str, list[int]] = {}
    for number, demand in enumerate(demands):
        of_key.setdefault(demand.claim[0], []).append(number)
    return {
        one
        for numbers in of_key.values()
        for one in numbers
        for other in numbers
        if demands[one].claim != demands[other].claim
        and demands[one].first <= demands[other].last
        and demands[other].first <= demands[one].last
    }
