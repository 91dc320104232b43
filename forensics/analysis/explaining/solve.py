"""From a problem to what its cheapest stories are, and what they have in common."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from forensics.analysis.explaining.problem import Found, Question
from forensics.analysis.explaining.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.explaining.problem import StoryStep
    from forensics.analysis.explaining.states import Arrival


_FEW: Final = 6


def solve(problem: Question, most: int) -> Found:
    """All cheapest stories of a problem, of which the first ``most`` are told."""
    search = Search(problem)
    if not search.final:
        return Found(None if problem.demands else 0, 0, (), {}, search.stuck)
    stories = tuple(story for _, story in zip(range(most), _stories(search.final), strict=False))
    every_way = _most_at_once(problem) <= _FEW
    final = Search(problem, every_way=True).final if every_way else search.final
    in_all = sum(node.count for node in search.final)
    return Found(search.final[0].cost, in_all, stories, _witnesses(final), every_witness=every_way)


def _most_at_once(problem: Question) -> int:
    """How many demands are of one moment, at most: each doubles the ways to say what met which."""
    edges = sorted(edge for each in problem.demands for edge in ((each.first, 1), (each.last + 1, -1)))
    return max(accumulate(change for _, change in edges), default=0)


def least_cost(problem: Question) -> int | None:
    """What the cheapest stories are charged, None if none fits."""
    final = Search(problem).final
    return final[0].cost if final else None


def contradiction(problem: Question, stuck: tuple[int, ...]) -> tuple[int, ...]:
    """A smallest set of demands among which no story fits all: one, or two, else one of which none can be left out."""

    def impossible(chosen: list[int]) -> bool:
        some = Question(problem.tracks, [problem.demands[each] for each in chosen], problem.known, problem.covered)
        return not Search(some).final

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
