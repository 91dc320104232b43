"""Each way of uploading by itself: does what it would have left live fit all facts, and which fact refutes it?

A replay puts each upload at its commit. Since people also upload what they commit later that day, a fact is held
against a scenario only where uploads up to a day ahead of their commits would not fit it either.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeAlias

from forensics.analysis.explain_results import ScenarioVerdict
from forensics.analysis.explaining import costs
from forensics.analysis.explaining.problem import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.considered import Considered
    from forensics.analysis.explaining.declared import ObjectHistory
    from forensics.analysis.explaining.problem import Demand, Question
    from forensics.analysis.objects import ObjectName
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Timeline

    Held: TypeAlias = list[tuple[int, int | None]]
    """What an object holds from which time on; None where it is not known."""

_FITS, _AHEAD, _UNDECIDED, _REFUTED = range(4)


def verdicts(
    examination: Examination, considered: Considered, of_fact: Sequence[tuple[str, ...]], problem: Question
) -> tuple[ScenarioVerdict, ...]:
    """The verdict on every scenario that is asked for; of none where no fact decides."""
    if not problem.demands:
        return ()
    wanted: dict[Target, set[str]] = {}
    for name in considered.names:
        wanted.setdefault(considered.histories[name].target, set()).add(name.name)
    timelines: dict[Scenario, dict[ObjectName, Timeline]] = {}
    for replayed in examination.every_replay.of_objects({target: frozenset(names) for target, names in wanted.items()}):
        for timeline in examination.chosen_timelines(replayed):
            for name in considered.names:
                if considered.histories[name].target == replayed.target:
                    timelines.setdefault(timeline.scenario, {})[name] = timeline
    found = []
    for scenario, of_name in timelines.items():
        held = [_held(considered, of_name[name], name) for name in considered.names]
        judged = [_judged(demand, held) for demand in problem.demands]
        of_verdict = {
            verdict: _in_order(f for facts, each in zip(of_fact, judged, strict=True) if each == verdict for f in facts)
            for verdict in (_AHEAD, _UNDECIDED, _REFUTED)
        }
        refuted = of_verdict[_REFUTED]
        fits = False if refuted else None if of_verdict[_UNDECIDED] else True
        found.append(ScenarioVerdict(scenario.name, fits, refuted, of_verdict[_UNDECIDED], of_verdict[_AHEAD]))
    return tuple(found)


def _in_order(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(facts), key=lambda each: int(each[1:])))


def _held(considered: Considered, timeline: Timeline, name: ObjectName) -> Held:
    history = considered.histories[name]
    held: Held = [(-(2**62), ABSENT)]
    for event in timeline.events.get(name.name, ()):
        held.append((considered.line.time_of(timeline.steps[event.step]), _content(history, event)))
    return held


def _content(history: ObjectHistory, event: Event) -> int | None:
    if not event.exact:
        return None
    if event.live is None:
        return ABSENT
    if event.live.path is None or event.live.blob is None:
        return None
    return history.numbers.get((event.live.path, event.live.blob))


def _judged(demand: Demand, held: Sequence[Held]) -> int:
    """Whether a demand is met at some moment of its time, or of the day after it."""
    best = _REFUTED
    for last, verdict in ((demand.last, _FITS), (demand.last + costs.DAY, _AHEAD)):
        times = {demand.first, *(each for each in demand.moments if each <= last)}
        for number in demand.objects:
            times.update(at for at, _ in held[number] if demand.first < at <= last)
        for time in sorted(times):
            contents = [_at(held[number], time) for number in demand.objects]
            known = tuple(each for each in contents if each is not None)
            if len(known) < len(contents):
                best = min(best, _UNDECIDED)
                continue
            price = demand.price(min(time, demand.last), known)
            if price is not None:
                best = min(best, _UNDECIDED if costs.UNDECIDED in price else verdict)
        if best == _FITS:
            break
    return best


def _at(held: Held, time: int) -> int | None:
    return held[bisect_right(held, time, key=lambda each: each[0]) - 1][1]
