"""The scenario ``evidence``: a target along its commits and what is proven to have been uploaded between them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.ground_results import HASH, LENGTH
from forensics.analysis.proof_results import SeenUpload, UnseenChange
from forensics.analysis.proven_timeline import SILENT, ProvenMoment, ProvenTimeline
from forensics.analysis.results import object_text
from forensics.chef import layout
from forensics.chef.compare import same_content
from forensics.chef.objects import Kind
from forensics.chef.wire import ContentHashes, hashes_of
from forensics.uploads.replay import Replay
from forensics.uploads.steps import listed_steps
from forensics.uploads.timeline import Event, Live

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.given_evidence import GivenEvidence
    from forensics.analysis.ground_results import ProofMatch
    from forensics.analysis.proof_results import ProvenStretch
    from forensics.analysis.shadows import Survey
    from forensics.chef.objects import Body
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.target import Target

NOT_BEFORE: Final = "nothing is proven before the first request that is logged"
_SAVED: Final = "the node saved itself since, and may have changed what it holds"
_UNTOLD: Final = "nothing tells which version was sent"
_PERHAPS: Final = "whether it took effect is not known, nor what was live before"


class _Mark(NamedTuple):
    """A moment at which something becomes known or unknown of an object."""

    name: str
    moment: ProvenMoment


def proven_replays(
    history: History,
    declarations: Declarations,
    targets: Sequence[Target],
    line: Sequence[int],
    commits: Mapping[Target, Sequence[int]],
    survey: Survey,
    given: GivenEvidence,
) -> Iterator[Replay]:
    """Every target under what is proven, once for each organization that may be its own.

    ``commits`` are those of the line that changed each target.
    """
    names = _names(declarations, survey)
    several: dict[str, set[Target]] = defaultdict(set)
    for target in targets:
        for name in names.get(target, ()):
            several[object_text(target.kind, target.label.path, name)].add(target)
    first_of_kind: dict[tuple[Kind, str], Target] = {}
    for target in targets:
        first_of_kind.setdefault((target.kind, target.label.bag), target)
    clock = _Clock(history, line)
    proven_of = _by_place(given)
    for target in targets:
        own = names.get(target, {})
        for organization in given.organizations_of(target):
            proven: dict[str, tuple[ProvenStretch, ...]] = {}
            for name, stretches in proven_of.get((organization, _place(target)), {}).items():
                # what no file here declares is on the server all the same
                only_there = first_of_kind[target.kind, target.label.bag] == target
                if name in own or (only_there and not several[object_text(target.kind, target.label.path, name)]):
                    proven[name] = stretches
            replay = _Replay(history, declarations, target, clock, given)
            yield replay.run(organization, commits.get(target, ()), names.get(target, ()), proven)


def _names(declarations: Declarations, survey: Survey) -> dict[Target, dict[str, None]]:
    """The objects that files of each target ever declared, for one tool or another."""
    found: dict[Target, dict[str, None]] = {}
    for seen in survey.sightings:
        of_target = found.setdefault(seen.target, {})
        declared = declarations.from_file(seen.target.kind, seen.path, seen.file)
        if declared.name is not None:
            of_target[declared.name] = None
    return found


def _place(target: Target) -> str:
    """What the objects of a target have before their names, as people write them."""
    return f"{target.kind}[{target.label.bag}/" if target.kind is Kind.DATA_BAG_ITEM else f"{target.kind}["


def _by_place(given: GivenEvidence) -> dict[tuple[str, str], dict[str, tuple[ProvenStretch, ...]]]:
    """What is proven of each object, by its name, by its organization and what stands before the name."""
    found: dict[tuple[str, str], dict[str, tuple[ProvenStretch, ...]]] = {}
    for (organization, object_), stretches in given.stretches.items():
        cut = object_.index("/" if object_.startswith(Kind.DATA_BAG_ITEM) else "[") + 1
        found.setdefault((organization, object_[:cut]), {})[object_[cut:-1]] = stretches
    return found


class _Clock:
    """Which commit of a line was the newest at a moment; a clock that went backwards hides nothing."""

    def __init__(self, history: History, line: Sequence[int]) -> None:
        self.line = line
        times = history.graph.times
        self.times = list(accumulate((times[commit] for commit in line), max))
        self.at = dict(zip(line, self.times, strict=True))

    def newest(self, time: int) -> int:
        return self.line[max(bisect_right(self.times, time) - 1, 0)]


@dataclass(frozen=True, slots=True)
class _Replay:
    """Makes the timeline of one target."""

    history: History
    declarations: Declarations
    target: Target
    clock: _Clock
    given: GivenEvidence

    def run(
        self,
        organization: str,
        commits: Sequence[int],
        names: Iterable[str],
        proven: Mapping[str, Sequence[ProvenStretch]],
    ) -> Replay:
        marks = [mark for name, stretches in proven.items() for mark in self._marks(name, stretches)]
        entries: list[tuple[int, int, int, _Mark | None]] = [
            (self.clock.at[commit], 0, number, None) for number, commit in enumerate(commits)
        ]
        entries += [(mark.moment.time, 1, number, mark) for number, mark in enumerate(marks)]
        entries.sort(key=lambda entry: entry[:3])
        steps = array("l", [self.clock.line[0]])
        times = array("q", [min([self.clock.times[0], *(entry[0] for entry in entries[:1])])])
        timeline = ProvenTimeline(
            self.given.scenario_of(organization),
            self.target,
            steps,
            organization=organization,
            alone=len(self.given.organizations_of(self.target)) == 1,
            times=times,
        )
        for name in dict.fromkeys((*names, *proven)):
            timeline.events[name] = [Event(0, None, unproven=NOT_BEFORE)]
            timeline.moments_of[name] = [ProvenMoment(times[0], None, None)]
        for time, _, number, mark in entries:
            steps.append(commits[number] if mark is None else self.clock.newest(time))
            times.append(time)
            if mark is not None:
                events = timeline.events[mark.name]
                events.append(self._event(len(steps) - 1, mark.moment, events[-1]))
                timeline.moments_of[mark.name].append(mark.moment)
        return Replay(self.target, listed_steps(self.history, self.target, steps), (timeline,))

    def _marks(self, name: str, stretches: Sequence[ProvenStretch]) -> Iterator[_Mark]:
        """Each change, and each moment from which on nothing tells of changes any more."""
        tip = self.clock.times[-1]
        for stretch, following in zip(stretches, [*stretches[1:], None], strict=True):
            until = self.given.known_until(stretch, following)
            saved = self.given.saves.get((stretch.organization, stretch.object), stretch.since) > stretch.since
            yield _Mark(name, ProvenMoment(stretch.since, until, stretch, _SAVED if saved else ""))
            if until < (tip if following is None else following.since):
                yield _Mark(name, ProvenMoment(until, None, None))

    def _event(self, step: int, moment: ProvenMoment, before: Event) -> Event:
        stretch = moment.stretch
        if stretch is None:
            return Event(step, None, unproven=SILENT)
        change = stretch.change
        lives: tuple[Live | None, ...] = (None,)
        if not stretch.gone:
            lives = self._lives(change)
            if not lives:
                return Event(step, None, unproven=(isinstance(change, SeenUpload) and change.note) or _UNTOLD)
            named = isinstance(change, UnseenChange) or change.proof in {HASH, LENGTH} or not change.note
            if len(lives) > 1 and not named:
                return Event(step, None, unproven=_UNTOLD)
        if isinstance(change, UnseenChange) or change.applied:
            return Event(step, lives[0], lives if len(lives) > 1 else ())
        if not before.exact:
            return Event(step, None, unproven=_PERHAPS)
        possible = (*lives, *(() if any(_same(before.live, each) for each in lives) else (before.live,)))
        return Event(step, before.live, possible if len(possible) > 1 else ())

    def _lives(self, change: SeenUpload | UnseenChange) -> tuple[Live, ...]:
        """The distinct contents that it can have been, none if that is not known; of files alike the canonical one."""
        matches: Sequence[ProofMatch] = change.matches
        sent = ""
        if isinstance(change, SeenUpload):
            matches = matches or change.committed_later
            sent = change.content_hash if change.proof == HASH else ""
        found: list[Live] = []
        for each in sorted(matches, key=self._is_no_canonical):
            body = self._body(each, sent)
            if body is None and not sent:  # one of several contents is not known: then all of them may be meant
                return ()
            position = self.history.graph.index(bytes.fromhex(each.first_commit))
            if body is not None and position is not None:
                live = Live(each.path, bytes.fromhex(each.blob), position, body)
                if not any(_same(live, other) for other in found):
                    found.append(live)
        return tuple(found)

    def _is_no_canonical(self, match: ProofMatch) -> bool:
        name = self.declarations.from_file(self.target.kind, match.path, bytes.fromhex(match.blob)).name
        return layout.stem(match.path) != name

    def _body(self, match: ProofMatch, sent: str) -> Body | None:
        """What was sent of a file version: that which has the hash, if one is known."""
        kind, file = self.target.kind, bytes.fromhex(match.blob)
        declared = self.declarations.from_file(kind, match.path, file).body
        uploaded = self.declarations.upload(kind, match.path, file)
        bodies = [each for each in (declared, uploaded) if isinstance(each, dict)]
        if not sent:
            return next(iter(bodies), None)
        for body in bodies:
            hashes = hashes_of(body, self.declarations.chef)
            if isinstance(hashes, ContentHashes) and sent in {hashes.sha1, hashes.sha256}:
                return body
        return None


def _same(one: Live | None, other: Live | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.body is other.body or same_content(one.body, other.body) is True
