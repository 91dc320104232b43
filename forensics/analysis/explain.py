"""``explain``: which sequences of uploads fit what was observed, the fewest departures from routine first."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from forensics.analysis.dates import iso
from forensics.analysis.explain_results import (
    MOST_STORIES,
    DecidingQuestion,
    ExplainedFact,
    FittingUploads,
)
from forensics.analysis.explaining.considered import BEFORE, DECIDES, Considered, consider, demands_of
from forensics.analysis.explaining.problem import Question
from forensics.analysis.explaining.proven import ProvenUploads, proven_uploads
from forensics.analysis.explaining.solve import contradiction, least_cost, solve
from forensics.analysis.explaining.telling import Teller
from forensics.analysis.explaining.under_scenarios import verdicts
from forensics.analysis.proof import prove
from forensics.evidence import CLOCK_SKEW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.considered import ConsideredFact
    from forensics.analysis.explaining.problem import Demand, Found
    from forensics.analysis.objects import ObjectName
    from forensics.evidence.reading import ReadEvidence
    from forensics.evidence.records import Observation


def explain(
    examination: Examination,
    subject: ObjectName,
    observations: Sequence[Observation],
    skew: int = CLOCK_SKEW,
    read: ReadEvidence | None = None,
) -> FittingUploads:
    """The cheapest stories of an object that fit all facts, and which scenarios do; ``read`` is other evidence.

    Raises:
        UnknownObjectError: the object, or what a fact is about, is declared by no commit.
        UsageError: the object is on several servers, or the facts tie too many objects together.
    """
    considered = consider(examination, subject, observations, skew)
    of_fact, demands = _unzipped(considered)
    proofs = ProvenUploads()
    if read is not None and read.requests:
        proofs = proven_uploads(considered, read, prove(examination, read, skew=skew))
    tracks = [considered.histories[name].track for name in considered.names]
    problem = Question(tracks, demands, proofs.known, proofs.covered)
    teller = Teller(examination, considered, of_fact, demands, proofs.told)
    against = tuple(fact.id for fact in considered.facts if fact.impossible)[:1] or None
    found = solve(problem, MOST_STORIES) if against is None else None
    if found is not None and demands and found.cost is None:
        against = tuple(dict.fromkeys(of_fact[each][0] for each in contradiction(problem, found.stuck)))
    told = found if found is not None and found.cost is not None and demands else None
    return FittingUploads(
        evidence=examination.evidence(replayed=True),
        subject=str(subject),
        container=considered.target.label.path,
        facts=tuple(_fact(each) for each in considered.facts),
        scenarios=verdicts(examination, considered, of_fact, problem),
        stories=tuple(teller.story(each) for each in told.stories) if told else (),
        stories_in_all=told.in_all if told else 0,
        common=tuple(teller.common(told.witnesses)) if told and told.every_witness else (),
        would_decide=tuple(teller.questions(told.witnesses)) if told else tuple(_first_questions(considered, against)),
        contradiction=against,
        notes=(*proofs.notes, *_notes(considered, problem, told, skew)),
    )


def _unzipped(considered: Considered) -> tuple[list[tuple[str, ...]], list[Demand]]:
    """What the search demands, each with the facts that demand it: several often say the same of the same time."""
    same: dict[object, tuple[Demand, list[str]]] = {}
    for fact, demand in demands_of(considered):
        key = (demand.price, demand.first, demand.last, demand.objects)
        same.setdefault(key, (demand, []))[1].append(fact)
    return [tuple(dict.fromkeys(facts)) for _, facts in same.values()], [demand for demand, _ in same.values()]


def _fact(fact: ConsideredFact) -> ExplainedFact:
    observation = fact.observation
    said = f"{observation.subject} {'failed missing' if observation.claim == 'failed' else observation.claim}"
    return ExplainedFact(
        id=fact.id,
        text=f"{said} {observation.item}".rstrip(),
        from_=None if observation.first is None else iso(observation.first),
        until=None if observation.last is None else iso(observation.last),
        source=str(observation.place),
        bearing=fact.bearing,
        note=fact.impossible or fact.note or None,
    )


def _first_questions(considered: Considered, against: tuple[str, ...] | None) -> Iterator[DecidingQuestion]:
    """What would help where no fact decides anything yet."""
    if against is not None or any(fact.bearing == DECIDES for fact in considered.facts):
        return
    history = considered.histories.get(considered.subject)
    windows = history.track.windows if history is not None else ()
    several = [window for window in windows if len(window.current) > 1]
    begin = several[0].start if several else windows[0].start if windows else None
    what = f"{considered.subject.kind.replace('_', ' ')} {considered.subject.name}"
    yield DecidingQuestion(
        from_=None if begin is None else iso(begin),
        until=None,
        between=(),
        ask=(),
        text=f"a server's access log, a shell history, a node's client log, a backup of {what}, or what somebody "
        f"remembers: --observed '{iso(considered.line.times[-1])[:10]} {considered.subject} has recipe[x]'",
    )


def _notes(considered: Considered, problem: Question, told: Found | None, skew: int) -> Iterator[str]:
    if any(fact.bearing == BEFORE for fact in considered.facts):
        yield (
            f"the history begins on {iso(considered.line.times[0])[:10]}: what a server held before is not known here"
        )
    if told is not None and not told.every_witness:
        yield "so many facts are of one time that what all cheapest stories share was not worked out"
    if told is not None and skew and _near_a_bound(problem, skew):
        strict = _cost_without(problem, skew)
        if strict != told.cost:
            least = "no story fits" if strict is None else f"the cheapest story would be charged {strict}"
            yield f"that clocks may differ by {skew} seconds decides: without it, {least}"


def _near_a_bound(problem: Question, skew: int) -> bool:
    """Whether a commit or another fact lies so near to a fact's bound that the clocks could decide."""
    ordered = sorted(problem.demands, key=lambda each: each.first)
    if any(0 <= one.last - other.first <= 2 * skew for one, other in pairwise(ordered)):
        return True
    starts = sorted({window.start for track in problem.tracks for window in track.windows})
    for demand in ordered:
        for begin in (demand.first, demand.last - skew):
            place = bisect_left(starts, begin)
            if place < len(starts) and starts[place] <= begin + skew:
                return True
    return False


def _cost_without(problem: Question, skew: int) -> int | None:
    """What the cheapest story is charged if all clocks are right."""
    strict = [
        replace(each, first=each.first + skew, last=max(each.last - skew, each.first + skew))
        for each in problem.demands
    ]
    return least_cost(Question(problem.tracks, strict, problem.known, problem.covered))
