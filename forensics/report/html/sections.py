"""One section of the page for each shadowed object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.report.advice import look_up
from forensics.report.cases import Case, Status, cases
from forensics.report.html.commits import day
from forensics.report.html.comparison import ContentComparison, comparisons
from forensics.report.html.files import FileMark, FileMarks
from forensics.report.html.scale import Moment
from forensics.report.html.timeline import EVENTS, TimelineDrawing, timeline
from forensics.report.places import directories, unusual
from forensics.report.proof_words import fit_words, moment, span_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.proven_results import ObjectProof
    from forensics.analysis.report_results import ObjectStory, Scan, Touch
    from forensics.analysis.results import Shadow
    from forensics.report.html.commits import Commits, CommitWords

_TONES: Final = {
    Status.EXPOSED: "bad",
    Status.LEFT_BEHIND: "left",
    Status.SHADOWED: "warn",
    Status.UNKNOWN: "warn",
    Status.SPECIAL: "past",
    Status.PAST: "past",
    Status.HARMLESS: "quiet",
}
_UNFOLDED: Final = frozenset({Status.EXPOSED, Status.LEFT_BEHIND, Status.SHADOWED})
_OPEN_IN_THE_PAST: Final = 3
_KINDS: Final = {
    "role": "role",
    "environment": "environment",
    "node": "node",
    "data_bag_item": "data bag item",
}


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """A stretch of commits in which the same files declared the object."""

    shadow: Shadow
    files: tuple[FileMark, ...]
    first: CommitWords
    last: CommitWords


@dataclass(frozen=True, slots=True)
class DivergenceRow:
    """A stretch in which another file's content was live, as the table has it."""

    file: FileMark
    start: CommitWords
    until: CommitWords | None
    scenarios: tuple[str, ...]
    raced: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class TouchRow:
    """A commit that touched one of the files."""

    commit: CommitWords
    file: FileMark
    event: str


@dataclass(frozen=True, slots=True)
class ProofPart:
    """What evidence proves of the object in one organization, in words."""

    organization: str
    spans: tuple[tuple[str, str], ...]
    fits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Everything that the page says of one shadowed object; ``number`` counts from 1, the most dangerous first."""

    number: int
    case: Case
    kind: str
    tone: str
    unfolded: bool
    files: FileMarks
    episodes: tuple[EpisodeRow, ...]
    timeline: TimelineDrawing | None
    stretches: tuple[DivergenceRow, ...]
    comparisons: tuple[ContentComparison, ...]
    touches: tuple[TouchRow, ...]
    at_tip: tuple[str, ...]
    name_lines: Mapping[str, int]
    directories: tuple[str, ...]
    """The directories of objects that its files lie in; ``unusual`` unless that is the usual one."""
    unusual: bool
    look_up: str
    """The command that shows what a server has of it, where no file declares it at the tip; else empty."""
    proofs: tuple[ProofPart, ...] = ()

    @property
    def id(self) -> str:
        """The anchor of the section."""
        return f"object-{self.number}"


def sections(scan: Scan, commits: Commits) -> list[Section]:
    """The sections in their order."""
    stories = {(story.kind, story.container, story.name): story for story in scan.stories}
    found = cases(scan)
    past = sum(case.status is Status.PAST for case in found)
    return [
        _section(number, case, stories.get((case.kind, case.container, case.name)), scan, commits, past)
        for number, case in enumerate(found, 1)
    ]


def _section(number: int, case: Case, story: ObjectStory | None, scan: Scan, commits: Commits, past: int) -> Section:
    paths = [path for shadow in case.shadows for path in shadow.paths]
    canonical = story.canonical if story else case.canonical
    files = FileMarks((*(story.paths if story else ()), *paths), canonical)
    tip = Moment(scan.evidence.provenance.head, scan.head_date)
    status = case.status
    return Section(
        number=number,
        case=case,
        kind=_KINDS.get(case.kind, "object"),
        tone=_TONES[status],
        unfolded=status in _UNFOLDED or (status is Status.PAST and past <= _OPEN_IN_THE_PAST),
        files=files,
        episodes=tuple(
            EpisodeRow(
                shadow,
                tuple(mark for mark in files if mark.path in shadow.paths),
                commits(shadow.first_commit, shadow.first_date),
                commits(shadow.last_commit, shadow.last_date),
            )
            for shadow in case.shadows
        ),
        timeline=timeline(story, case.divergences, files, commits, tip, case.proofs) if story else None,
        stretches=tuple(
            DivergenceRow(
                files[each.path],
                commits(each.start, each.start_date),
                commits(each.until, each.until_date or "") if each.until is not None else None,
                each.scenarios,
                each.raced,
                each.unknown,
            )
            for each in case.stretches
        ),
        comparisons=tuple(comparisons(story, case.divergences, files, commits)),
        touches=tuple(_touches(story.touches if story else (), files, commits)),
        at_tip=story.at_tip if story else (),
        name_lines=story.name_lines if story else {},
        directories=directories(case),
        unusual=bool(unusual(case)),
        look_up=look_up(case.kind, case.container, case.name) if case.gone else "",
        proofs=tuple(map(_proof_part, case.proofs)),
    )


def _proof_part(proof: ObjectProof) -> ProofPart:
    return ProofPart(
        proof.organization,
        tuple((moment(each.first_time), span_words(each, str)) for each in proof.spans),
        tuple(fit_words(proof, str)),
    )


def _touches(touches: Sequence[Touch], files: FileMarks, commits: Commits) -> list[TouchRow]:
    return [
        TouchRow(commits(touch.commit, day(touch.date)), files[touch.path], EVENTS.get(touch.event, "changed"))
        for touch in touches
    ]
