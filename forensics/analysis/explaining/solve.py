"""From a problem to what its cheapest stories are, and what they have in common."""

from __future__ import annotations

from itertools import accumulate, combinations
from math import comb
from typing import TYPE_CHECKING, Final

from forensics.analysis.explaining.problem import Found, Question
from forensics.analysis.explaining.search import MOST_STATES, Search, TooManyStatesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.explaining.problem import StoryStep
    from forensics.analysis.explaining.states import Arrival


MOST_WORKED_OUT: Final = 200
"""Of more demands only the cheapest stories are found, and not what else could be said of them."""
_FEW: Final = 6
_MANY: Final = 1000
_MOST_SETS: Final = 300
_CHEAP: Final = (0, 2, 5, 9, 14, 20, 30)
"""What stories may cost that are looked for first."""


def solve(problem: Question, most: int) -> Found:
    """All cheapest stories of a problem, of which the first ``most`` are told."""
    search = searched(problem)
    if not search.final:
        return Found(None if problem.demands else 0, 0, (), {}, search.stuck)
    stories = tuple(story for _, story in zip(range(most), _stories(search.final), strict=False))
    every_way, final = len(problem.demands) <= MOST_WORKED_OUT and _most_at_once(problem) <= _FEW, search.final
    if every_way:
        try:
            final = Search(problem, every_way=True, at_most=search.final[0].cost).final
        except TooManyStatesError:
            every_way = False
    in_all = sum(node.count for node in search.final)
    return Found(search.final[0].cost, in_all, stories, _witnesses(final), every_witness=every_way)


def searched(problem: Question) -> Search:
    """A problem's search; where the ways are many, of cheap stories first, which cuts off most of them.

    Raises:
        TooManyStatesError: even of those there are too many.
    """
    if len(problem.tracks) == 1:
        return Search(problem)
    for at_most in (None, *_CHEAP):
        try:
            search = Search(problem, at_most=at_most, states=_MANY if at_most is None else MOST_STATES)
        except TooManyStatesError:
            if at_most is None:
                continue
            raise
        if search.final or at_most is None:
            return search
    return Search(problem)


def _most_at_once(problem: Question) -> int:
    """How many demands are of one moment, at most: each doubles the ways to say what met which."""
    edges = sorted(edge for each in problem.demands for edge in ((each.first, 1), (each.last + 1, -1)))
    return max(accumulate(change for _, change in edges), default=0)


def least_cost(problem: Question) -> int | None:
    """What the cheapest stories are charged, None if none fits."""
    final = searched(problem).final
    return final[0].cost if final else None


def contradiction(problem: Question, stuck: tuple[int, ...]) -> tuple[int, ...]:
    """A smallest set of demands among which no story fits all; of many demands one of which none can be left out."""

    def impossible(chosen: list[int]) -> bool:
        some = Question(problem.tracks, [problem.demands[each] for each in chosen], problem.known, problem.covered)
        return not searched(some).final

    for each in stuck:
        if impossible([each]):
            return (each,)
    over = max(problem.demands[each].last for each in stuck)
    earlier = [n for n, demand in enumerate(problem.demands) if demand.first <= over]
    near = [n for n in earlier if any(_meet(problem, n, each) for each in stuck)]
    for one in stuck:
        for other in near:
            if other != one and impossible([one, other]):
                return tuple(sorted((one, other)))
    kept = near if impossible(near) else earlier
    size = len(kept) // 2
    while size:  # large parts first: most facts have nothing to do with it
        start = 0
        while start < len(kept):
            without = kept[:start] + kept[start + size :]
            if without and impossible(without):
                kept = without
            else:
                start += size
        size //= 2
    for size in range(2, len(kept)):  # none can be left out, yet others may be fewer
        if comb(len(earlier), size) > _MOST_SETS:
            break
        fewer = next((list(each) for each in combinations(earlier, size) if impossible(list(each))), None)
        if fewer is not None:
            return tuple(fewer)
    return tuple(kept)


def _meet(problem: Question, one: int, other: int) -> bool:
    """Whether two demands have a moment in common."""
    first, second = problem.demands[one], problem.demands[other]
    return first.first <= second.last and second.first <= first.last


def _stories(final: list[Arrival]) -> Iterator[tuple[StoryStep, ...]]:
    pending: list[tuple[Arrival, tuple[StoryStep, ...]]] = [(node, ()) for node in reversed(final)]
    while pending:
        node, steps = pending.pop()
        if not node.before:
            yield steps
            continue
        for before, step in reversed(node.before):
            pending.append((before, steps if step is None else (step, *steps)))


def _witnesses(final: list[Arrival]) -> dict[int, set[tuple[int, ...]]]:
    """The contents that met each demand along the stories that end so."""
    found: dict[int, set[tuple[int, ...]]] = {}
    seen: set[int] = set()
    pending = list(final)
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        for before, step in node.before:
            pending.append(before)
            if step is not None:
                for each, lives in zip(step.met, step.lives, strict=True):
                    found.setdefault(each, set()).add(lives)
    return found
