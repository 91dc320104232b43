"""Which contents of an object are the same to all demands, so that only the cheapest of them need be followed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from forensics.analysis.explaining.problem import Demand, Question


class Alike:
    """The contents of one object by what demands can tell of them."""

    def __init__(self, problem: Question, number: int) -> None:
        track = problem.tracks[number]
        told: dict[object, list[Hashable]] = {}
        contents = range(len(track.since))
        for demand in problem.demands:
            if number in demand.objects:
                for key, telling in _tellings(demand, number):
                    if key not in told:
                        told[key] = [telling(content) for content in contents]
        kinds: dict[Hashable, int] = {}
        self._kinds = [kinds.setdefault(tuple(each[n] for each in told.values()), len(kinds)) for n in contents]
        self._again = [-1] * len(track.since)
        for window in track.windows:
            for content in window.batch:
                self._again[content] = window.start

    def kind(self, live: int) -> int:
        """The kind of a content; one of nobody's, or one that is untold, is like no other."""
        return self._kinds[live] if live >= 0 else live

    def comes_again(self, live: int, time: int) -> bool:
        """Whether a later commit brings a content, so that it can stay for nothing where others cannot."""
        return live >= 0 and self._again[live] > time


def _tellings(demand: Demand, number: int) -> Iterator[tuple[object, Callable[[int], Hashable]]]:
    place = demand.objects.index(number)
    if len(demand.objects) == 1:
        for time in (demand.first, *demand.moments):
            # most facts say the same at all times, and many say the same
            key = (id(demand.price), time if demand.moments else None)
            yield key, partial(_price, demand, time)
    elif demand.alike is not None:
        alike = demand.alike
        yield id(demand), lambda content: alike(place, content)
    else:
        yield id(demand), lambda content: content


def _price(demand: Demand, time: int, content: int) -> Hashable:
    return demand.price(time, (content,))
