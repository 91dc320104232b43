"""``explain``: which sequences of uploads fit what was observed, the fewest departures from routine first."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import iso
from forensics.analysis.explain_results import (
    MOST_COMPARED,
    MOST_STORIES,
    DecidingQuestion,
    ExplainedFact,
    FittingUploads,
    UploadStory,
)
from forensics.analysis.explaining.considered import Considered, consider, demands_of, keep_to_subject
from forensics.analysis.explaining.evident import add_backups, add_runs, add_sizes, add_uploads, failures
from forensics.analysis.explaining.problem import Question
from forensics.analysis.explaining.proven import ProvenUploads, organizations_of, proven_uploads
from forensics.analysis.explaining.solve import MOST_WORKED_OUT, contradiction, least_cost, solve
from forensics.analysis.explaining.telling import Teller
from forensics.analysis.explaining.under_scenarios import verdicts
from forensics.analysis.explaining.wanted import BEFORE, DECIDES
from forensics.analysis.proof import prove
from forensics.analysis.redaction import hashed
from forensics.analysis.secrets import names_a_secret
from forensics.chef.objects import Kind
from forensics.evidence import CLOCK_SKEW
from forensics.evidence.commands import Shells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.explaining.problem import Demand, Found
    from forensics.analysis.explaining.wanted import ConsideredFact
    from forensics.analysis.objects import ObjectName
    from forensics.evidence.reading import ReadEvidence
    from forensics.evidence.records import Observation


_SHELLS: Final = Shells()


def explain(
    examination: Examination,
    subject: ObjectName,
    observations: Sequence[Observation],
    skew: int = CLOCK_SKEW,
    read: ReadEvidence | None = None,
    shells: Shells = _SHELLS,
) -> FittingUploads:
    """The cheapest stories of an object that fit all facts, and which scenarios do.

    ``read`` is other evidence; ``shells`` is what histories do not say of those that wrote them.

    Raises:
        UnknownObjectError: the object, or what a fact is about, is declared by no commit.
        UsageError: the object is on several servers, or the facts tie too many objects together.
    """
    considered, proofs = _considered(examination, subject, observations, skew, read, shells)
    of_fact, demands = _unzipped(considered)
    tracks = [considered.histories[name].track for name in considered.names]
    problem = Question(tracks, demands, proofs.known, proofs.covered)
    teller = Teller(examination, considered, of_fact, demands, proofs)
    against = tuple(fact.id for fact in considered.facts if fact.impossible)[:1] or None
    found = solve(problem, MOST_COMPARED) if against is None else None
    beside = False
    if found is not None and demands and found.cost is None:
        numbers = contradiction(problem, found.stuck)
        against = tuple(dict.fromkeys(of_fact[each][0] for each in numbers))
        beside = least_cost(Question(tracks, [demands[each] for each in numbers])) is not None
    told = found if found is not None and found.cost is not None and demands else None
    stories = _told_apart(teller.story(each) for each in told.stories) if told else []
    return FittingUploads(
        evidence=examination.evidence(replayed=True),
        subject=str(subject),
        container=considered.target.label.path,
        facts=tuple(_fact(each) for each in considered.facts),
        scenarios=verdicts(examination, considered, of_fact, problem),
        stories=tuple(stories[:MOST_STORIES]),
        stories_in_all=0 if told is None else len(stories) if told.in_all <= MOST_COMPARED else told.in_all,
        common=tuple(teller.common(told.witnesses)) if told and told.every_witness else (),
        would_decide=tuple(teller.questions(told.witnesses)) if told else tuple(_first_questions(considered, against)),
        contradiction=against,
        beside_uploads=beside,
        notes=(*proofs.notes, *_notes(considered, problem, told, skew)),
    )


def _told_apart(stories: Iterable[UploadStory]) -> list[UploadStory]:
    """Each story once: of those that differ only in when their acts can have been, the acts have the time of all."""
    found: dict[object, UploadStory] = {}
    for story in stories:
        key = tuple((act.kind, act.uploads, act.meets, act.why) for act in story.acts)
        before = found.get(key)
        if before is not None:
            acts = (
                replace(one, from_=min(one.from_, other.from_), until=max(one.until, other.until))
                for one, other in zip(before.acts, story.acts, strict=True)
            )
            story = UploadStory(story.cost, tuple(acts))  # noqa: PLW2901
        found[key] = story
    return list(found.values())


def _considered(
    examination: Examination,
    subject: ObjectName,
    observations: Sequence[Observation],
    skew: int,
    read: ReadEvidence | None,
    shells: Shells,
) -> tuple[Considered, ProvenUploads]:
    """All facts, those that evidence tells among them, and the uploads that it has."""
    if read is None or not read.sources:
        considered = consider(examination, subject, observations, skew)
        keep_to_subject(considered)
        return considered, ProvenUploads()
    considered = consider(examination, subject, observations, skew, tuple(failures(read.runs)))
    add_runs(examination, considered, read.runs, alone=False)
    keep_to_subject(considered)
    add_backups(examination, considered, read.backups)
    proven = prove(examination, read, skew=skew, shells=shells)
    proofs = proven_uploads(considered, read, proven)
    if len(organizations_of(considered, proven)) < 2:  # noqa: PLR2004
        add_sizes(considered, proven)
        add_uploads(considered, proofs)
    considered.put_in_order()
    return considered, proofs


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
        text=fact.text or f"{said} {_without_secret(observation)}".rstrip(),
        from_=None if observation.first is None else iso(observation.first),
        until=None if observation.last is None else iso(observation.last),
        source=str(observation.place),
        bearing=fact.bearing,
        note=fact.impossible or fact.note or None,
    )


def _without_secret(observation: Observation) -> str:
    """What a fact is about, without the values that no report shows: those of data bag items, and secrets."""
    path, equals, value = observation.item.partition("=")
    if observation.claim not in {"has", "lacks"} or not equals:
        return observation.item
    secret = observation.subject.startswith(f"{Kind.DATA_BAG_ITEM}[") or any(map(names_a_secret, path.split(".")))
    return f"{path}={hashed(value) if secret else value}"


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
        yield "so many facts are given, or are of one time, that what all cheapest stories share was not worked out"
    if told is not None and skew and len(problem.demands) > MOST_WORKED_OUT:
        yield f"so many facts are given that whether clocks that differ by {skew} seconds decide was not worked out"
    elif told is not None and skew and _near_a_bound(problem, skew):
        strict = _cost_without(problem, skew)
        if strict != told.cost:
            least = "no story fits" if strict is None else f"the cheapest story would be charged {strict}"
            yield f"that clocks may differ by {skew} seconds decides: without it, {least}"


def _near_a_bound(problem: Question, skew: int) -> bool:
    """Whether a commit or another fact lies so near to a fact's bound that the clocks could decide."""
    ordered = sorted((each for each in problem.demands if each.skewed), key=lambda each: each.first)
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
        replace(each, first=each.first + skew, last=max(each.last - skew, each.first + skew)) if each.skewed else each
        for each in problem.demands
    ]
    return least_cost(Question(problem.tracks, strict, problem.known, problem.covered))
