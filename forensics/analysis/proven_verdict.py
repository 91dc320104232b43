"""What is proven beside what is replayed: which stretches were so, and which ways of uploading evidence refutes.

A way of uploading says what is live from each commit on. Between two of its changes the last proven request has to have
left the same, or it refutes that way. That there was none refutes it only where another file's content was live all the
time, for longer than people may wait before they upload.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.dates import iso
from forensics.analysis.ground_results import CONTRADICTED, HASH, IN_PART, NOT_KNOWN, PROVEN, ByEvidence
from forensics.analysis.grounds import ground_of
from forensics.analysis.proof_results import SeenUpload
from forensics.analysis.proven_results import Fit, ObjectProof, ProofSource, ProvenSpan, ScanProof, Silence
from forensics.analysis.proven_timeline import ProvenTimeline
from forensics.analysis.results import object_text
from forensics.chef.compare import same_content
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads.scenario import is_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.given_evidence import GivenEvidence
    from forensics.analysis.ground_results import Ground
    from forensics.analysis.results import Divergence, Shadow, Source
    from forensics.chef.objects import Body
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.replay import Replay
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.timeline import Event, Timeline

LAG: Final = 24 * 3600
"""How long people may wait before they upload: a shorter time without a request refutes nothing."""


class _Known(NamedTuple):
    """A time in which it is proven what was live: a content, nothing, or what no file has (``foreign``)."""

    first: int
    last: int
    event: Event
    ground: Ground
    foreign: bool

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.path for each in self.ground.matches))

    def is_of(self, source: Source) -> bool:
        """Whether it is a content of this file, or of one that has the same."""
        return source.path in self.paths


def known_times(one: ProvenTimeline, name: str) -> Iterator[_Known]:
    """The times in which it is known what was live of an object, in order."""
    for event, moment in zip(one.events.get(name, ()), one.moments_of.get(name, ()), strict=True):
        if moment.stretch is None or moment.until is None:
            continue
        change = moment.stretch.change
        ground = ground_of(one, event, moment)
        foreign = (
            bool(event.unproven)
            and isinstance(change, SeenUpload)
            and change.proof == HASH
            and change.applied
            and not ground.matches
        )
        if event.exact or foreign:
            yield _Known(moment.time, moment.until, event, ground, foreign)


@dataclass(frozen=True, eq=False)
class ProvenVerdict:
    """Compares replays, of those objects at least that can diverge, with what is proven."""

    history: History
    declarations: Declarations
    replays: tuple[Replay, ...]
    given: GivenEvidence

    @property
    def _timelines(self) -> dict[tuple[str, str], list[ProvenTimeline]]:
        found: dict[tuple[str, str], list[ProvenTimeline]] = {}
        for replayed in self.replays:
            for one in replayed.timelines:
                if isinstance(one, ProvenTimeline):
                    found.setdefault((str(one.target.kind), one.target.label.path), []).append(one)
        return found

    def judged(self, divergences: Sequence[Divergence]) -> tuple[Divergence, ...]:
        """Stretches with what evidence says of each."""
        timelines = self._timelines
        return tuple(
            each
            if each.by_evidence is not None
            else replace(each, by_evidence=self._says(each, one))
            if (one := self._alone(timelines.get((each.kind, each.container), []))) is not None
            else each
            for each in divergences
        )

    def _alone(self, timelines: Sequence[ProvenTimeline]) -> ProvenTimeline | None:
        return timelines[0] if len(timelines) == 1 and timelines[0].alone else None

    def _says(self, divergence: Divergence, one: ProvenTimeline) -> ByEvidence:
        start, end, tip = self._time(divergence.from_commit), self._time(divergence.until_commit), self._tip
        sources = [phase.live for phase in divergence.phases if phase.live]
        at_tip = NOT_KNOWN if divergence.open else None
        proven: list[_Known] = []
        against: list[_Known] = []
        for known in known_times(one, divergence.name):
            if known.last < start or known.first >= end:
                continue
            agrees = any(self._agree(known, each, divergence) for each in sources)
            (proven if agrees else against).append(known)
            if divergence.open and known.last >= tip:
                at_tip = PROVEN if agrees else CONTRADICTED
        if not proven and not against:
            return ByEvidence(NOT_KNOWN, at_tip, (), None, None, None, one.organization)
        says = PROVEN if proven else CONTRADICTED if _spans(against, start, min(end, tip)) else IN_PART
        runs = list(_runs(against if at_tip == CONTRADICTED else proven or against))
        longest = max(runs, key=lambda group: min(group[-1].last, end) - max(group[0].first, start))
        run = runs[-1][-1:] if at_tip == CONTRADICTED else longest
        first, last = max(run[0].first, start), max(min(run[-1].last, end), start)
        gone = run[-1].event.exact and run[-1].event.live is None
        source = run[0].ground.source
        return ByEvidence(says, at_tip, run[-1].paths, iso(first), iso(last), source, one.organization, gone=gone)

    def _agree(self, known: _Known, source: Source, divergence: Divergence) -> bool:
        if known.foreign or known.event.live is None:
            return False
        if known.is_of(source):
            return True
        body = self._body(divergence.kind, source)
        return body is not None and _same(divergence.kind, known.event.live.body, body)

    def _body(self, kind: str, source: Source) -> Body | None:
        if source.path is None or source.blob is None:
            return None
        return self.declarations.from_file(Kind(kind), source.path, bytes.fromhex(source.blob)).body

    @property
    def _tip(self) -> int:
        return max(self.history.graph.times[commit] for commit in self.history.graph.line)

    def _time(self, commit: str | None) -> int:
        if commit is None:
            return _EVER
        return self.history.graph.times[self.history.graph.positions[bytes.fromhex(commit)]]

    def told(
        self, shadows: Sequence[Shadow], divergences: Sequence[Divergence], scenarios: Sequence[Scenario]
    ) -> ScanProof:
        """What is proven of every object that several files ever declared, and which scenarios that refutes."""
        given = self.given
        objects = dict.fromkeys((each.kind, each.container, each.name) for each in shadows)
        objects.update(dict.fromkeys((each.kind, each.container, each.name) for each in divergences))
        timelines = self._timelines
        proofs = []
        for kind, container, name in objects:
            for one in timelines.get((kind, container), []):
                spans = tuple(self._spans(one, name, divergences))
                if spans:
                    fits = tuple(self._fits(one, name, scenarios)) if self._alone(timelines[kind, container]) else ()
                    proofs.append(
                        ObjectProof(
                            object_text(kind, container, name),
                            kind,
                            container,
                            name,
                            one.organization,
                            one.scenario.name,
                            spans,
                            fits,
                        )
                    )
        return ScanProof(
            tuple(
                ProofSource(each.file, each.format, each.first, each.last, each.bad_lines)
                for each in given.proven.sources
            ),
            tuple(self._silent()),
            given.organizations,
            tuple(proofs),
            tuple(self._notes()),
        )

    def _silent(self) -> Iterator[Silence]:
        if self.given.covered is None:
            yield Silence(None, None)
            return
        first, last = self.given.covered
        yield Silence(None, iso(first))
        for each in self.given.proven.uncovered:
            yield Silence(each.first_time, each.last_time)
        yield Silence(iso(last), None)

    def _notes(self) -> Iterator[str]:
        given = self.given
        if given.covered is None:
            yield "no file of the evidence is a server's log: each line proves its own moment, nothing of what follows"
        if given.ambiguous:
            yield (
                f"the log tells of the organizations {', '.join(each or '(none)' for each in given.unassigned)}, and "
                " no [[server]] of forensics.toml says whose the containers are (organization = ...): each is told "
                "apart, and no way of uploading is compared with them"
            )
        uploads = [each for each in given.proven.uploads if each.kind is not None and each.proof == HASH]
        if not all(each.matches or each.committed_later for each in uploads):
            yield (
                "contents that no file here has were looked for in the commits that the revision reaches: they may be "
                "of another branch, or of a later commit"
            )
        if bad := sum(each.bad_lines for each in given.proven.sources):
            yield f"{bad} line{'s' if bad > 1 else ''} of the evidence could not be read; an upload may stand there"

    def _spans(self, one: ProvenTimeline, name: str, divergences: Sequence[Divergence]) -> Iterator[ProvenSpan]:
        own = [
            each.by_evidence
            for each in divergences
            if each.by_evidence is not None and each.scenario == one.scenario.name and each.name == name
            if each.kind == one.target.kind and each.container == one.target.label.path
        ]
        oids = self.history.graph.ids
        events, moments = one.events.get(name, []), one.moments_of.get(name, [])
        for number, (event, moment) in enumerate(zip(events, moments, strict=True)):
            if number == 0:
                continue
            ground = ground_of(one, event, moment)
            begins, ends = ground.time, ground.until
            following = events[number + 1].step if number + 1 < len(events) else None
            yield ProvenSpan(
                begins,
                ends,
                None if event.certainty == "unknown" else event.live is not None,
                event.certainty,
                tuple(dict.fromkeys(each.path for each in ground.matches)),
                event.exact and any(_overlap(ground, each) for each in own),
                ground.proof,
                ground.source,
                ground.user,
                ground.client,
                ground.matches,
                ground.note,
                (oids[one.steps[event.step]].hex(), None if following is None else oids[one.steps[following]].hex()),
            )

    def _fits(self, one: ProvenTimeline, name: str, scenarios: Sequence[Scenario]) -> Iterator[Fit]:
        known = list(known_times(one, name))
        for replayed in self.replays:
            for timeline in replayed.timelines if replayed.target == one.target else ():
                if timeline.scenario in scenarios and not is_evidence(timeline.scenario.name):
                    yield self._fit(timeline, name, known)

    def _fit(self, timeline: Timeline, name: str, known: Sequence[_Known]) -> Fit:
        times, skew, kind = (
            self.history.graph.times,
            self.given.proven.clock_skew,
            str(timeline.target.kind),
        )
        events = timeline.events.get(name, [])
        starts = [times[timeline.steps[event.step]] for event in events]
        compared = 0
        refuted: list[tuple[_Known, Event]] = []
        for number, event in enumerate(events):
            start = starts[number]
            end = starts[number + 1] if number + 1 < len(events) else _EVER
            inside = [each for each in known if start <= each.first < end]
            if not event.exact:
                continue
            if inside:
                last = inside[-1]
                near = [event]
                near += [events[number + 1]] if number + 1 < len(events) and end - last.first <= skew else []
                near += [events[number - 1]] if number and last.first - start <= skew else []
                compared += 1
                if not any(_gives(each, last, kind) for each in near):
                    refuted.append((last, event))
                continue
            through = [each for each in known if each.first < start and each.last >= min(end, start + LAG)]
            if through and end - start > LAG:
                last = through[-1]
                path = event.live.path if event.live is not None else None
                compared += 1
                if path not in last.paths and not _gives(event, last, kind):
                    refuted.append((last, event))
        first = refuted[0] if refuted else None
        return Fit(
            timeline.scenario.name,
            None if not compared else not refuted,
            compared,
            len(refuted),
            first[0].ground.source if first else None,
            first[0].ground.time if first else None,
            first[0].paths if first else (),
            first[1].live.path if first and first[1].live else None,
        )


_EVER: Final = 1 << 62


def _overlap(ground: Ground, said: ByEvidence) -> bool:
    """Whether a stretch of the scenario ``evidence`` has a part of what a request proves."""
    if said.source == ground.source:
        return True
    ends, first, last = ground.until, said.first_time, said.last_time
    return ends is not None and first is not None and last is not None and first < ends and ground.time < last


def _gives(event: Event, known: _Known, kind: str) -> bool:
    """Whether a scenario has live what is proven; one that may have any of several things does."""
    if not event.exact:
        return True
    if known.foreign:
        return False
    if event.live is None or known.event.live is None:
        return event.live is known.event.live
    return _same(kind, event.live.body, known.event.live.body)


def _same(kind: str, one: Body, other: Body) -> bool:
    """Whether two contents need not differ: what only running a file could tell may be the same."""
    of = Kind(kind)
    return one is other or same_content(content(of, one), content(of, other)) is not False


def _spans(known: Sequence[_Known], first: int, last: int) -> bool:
    """Whether these times cover another one without a gap."""
    return (
        known[0].first <= first
        and known[-1].last >= last
        and all(one.last >= other.first for one, other in pairwise(known))
    )


def _runs(known: Sequence[_Known]) -> Iterator[list[_Known]]:
    """Times that follow one another with the same files live."""
    run: list[_Known] = []
    for each in known:
        if run and not (run[-1].last >= each.first and run[-1].paths == each.paths):
            yield run
            run = []
        run.append(each)
    if run:
        yield run
