"""What evidence proves: uploads with the files that they can have been of, and what else was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from forensics.analysis.ground_results import EvidencePlace, Organization, Proof, ProofMatch
from forensics.analysis.results import EvidenceSummary, FileVersion
from forensics.analysis.terms import Count, CountFromOne, Line, ObjectText
from forensics.chef.objects import Kind
from forensics.evidence.commands import RanCommand, UnclearLine
from forensics.evidence.moments import Moment
from forensics.facts import INTERNAL, absent, document_view, limit, words

_SUBJECT: Final = limit(pattern=r"^(role|environment|node|data_bag_item|data_bag)\[[\s\S]+\]$")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that nothing could be made of."""

    file: Annotated[str, "The file; within a directory or an archive FILE!MEMBER."]
    line: Annotated[Line | None, "The line, counted from 1.", absent("it is the file as a whole")]
    reason: Annotated[str, "What is wrong with it."]


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """One file of evidence, and what was understood of it."""

    file: Annotated[str, "The file as it was named."]
    format: Annotated[str, "What it is: access-log, requests-log, json-lines, ..."]
    title: Annotated[str, INTERNAL, "The same in words."]
    proves: Annotated[str, "What such a file can prove."]
    first: Annotated[Moment | None, "The earliest time in it.", absent("it has none")]
    last: Annotated[Moment | None, "The latest time in it.", absent("it has none")]
    zone: Annotated[str, "The zones in which its times are written, or were taken to be."]
    lines: Annotated[Count, "How many lines it has, as far as it could be read."]
    used: Annotated[Count, "How many of them said something about an object, a node or a command."]
    refused: Annotated[Count, "How many of those tell of something that the server refused."]
    repeated: Annotated[Count, "How many of them stand elsewhere, too."]
    bad_lines: Annotated[Count, "How many lines nothing could be made of."]
    bad: Annotated[tuple[BadLine, ...], "The first of these lines."]
    gaps: Annotated[tuple[str, ...], "What is lost of the file, in words."]


@document_view(
    "time",
    "action",
    "object",
    "organization",
    "user",
    "client",
    "status",
    "content_hash",
    "source",
    "proof",
    "matches",
    "committed_later",
    "applied",
    "note",
    name="upload",
)
@dataclass(frozen=True, slots=True)
class SeenUpload:
    """A request that changed an object on the server, as evidence has it."""

    at: Annotated[int | None, INTERNAL, "When, in seconds since 1970."]
    time: Annotated[Moment | None, "When the server had answered.", absent("nothing tells")]
    action: Annotated[str, words("put", "post", "delete"), "What it did."]
    object: Annotated[
        str | None,
        _SUBJECT,
        "The object; data_bag[x] for a data bag itself.",
        absent("a POST does not say which, and no body that is known has its hash"),
    ]
    organization: Organization
    user: Annotated[str, "Who sent it; empty where nothing tells."]
    client: Annotated[str, "With which program and version; empty where nothing tells."]
    status: Annotated[int | None, "The server's answer.", absent("nothing tells")]
    content_hash: Annotated[str, "The hash of what was sent, in base64; empty where nothing tells."]
    source: Annotated[EvidencePlace, "Where it stands."]
    proof: Annotated[Proof, "How it is known what was sent."]
    matches: Annotated[
        tuple[ProofMatch, ...],
        "Every file version that it can have been of and that a commit held by then; under proof path, all versions of "
        "files that declare the object.",
    ]
    committed_later: Annotated[
        tuple[ProofMatch, ...], "Every file version with this hash that was committed only afterwards."
    ]
    applied: Annotated[bool, "Whether it is certain that it took effect: of 499 and 504 nobody knows."]
    note: Annotated[str, "What it is, in words."]
    kind: Annotated[Kind | None, INTERNAL, "The kind of the object; None for a data bag itself."]


@document_view("object", "organization", "after", "by", "absent", "length", "source", "matches", name="unseen_change")
@dataclass(frozen=True, slots=True)
class UnseenChange:
    """A change that no request tells of: what the server gave out of an object has another size than before."""

    object: Annotated[ObjectText, "The object."]
    organization: Organization
    after: Annotated[Moment, "When the object was last known to be as before."]
    by: Annotated[Moment, "When it was first seen to be otherwise."]
    absent: Annotated[bool, "Whether it was gone."]
    length: Annotated[Count | None, "How many bytes the server gave out.", absent("it was gone")]
    source: Annotated[EvidencePlace, "Where that stands."]
    matches: Annotated[
        tuple[ProofMatch, ...], "Every file version of the object that has this size and that a commit held by then."
    ]
    at: Annotated[int, INTERNAL, "When it was first seen, in seconds since 1970."]


@document_view("object", "organization", "first=first_time", "last=last_time", "saves", "source", name="saved_node")
@dataclass(frozen=True, slots=True)
class SavedNode:
    """A node that saved itself, as every run of its client does in the end."""

    object: Annotated[ObjectText, "The node."]
    organization: Organization
    first_time: Annotated[Moment, "When it did first."]
    last_time: Annotated[Moment, "When it did last."]
    saves: Annotated[CountFromOne, "How many times it did."]
    source: Annotated[EvidencePlace, "Where the first one stands."]


@document_view("from=first_time", "until=last_time", "after", "before", "missing", name="uncovered_period")
@dataclass(frozen=True, slots=True)
class UncoveredPeriod:
    """A period between two logs of which no line is there: nothing happened, or a log is missing."""

    first_time: Annotated[Moment, "The last time that the log before it has."]
    last_time: Annotated[Moment, "The first time that the log behind it has."]
    after: Annotated[str, "The log before it."]
    before: Annotated[str, "The log behind it."]
    missing: Annotated[tuple[str, ...], "Files of the set that are not among those given, by their numbers."]
    bounds: Annotated[tuple[int, int], INTERNAL, "The same times in seconds since 1970."]


@document_view(name="failure")
@dataclass(frozen=True, slots=True)
class RunFailure:
    """Why a run failed."""

    kind: Annotated[str, "What it is: missing-recipe, missing-role, missing-cookbook, or other."]
    name: Annotated[str, "What was missing; empty where nothing tells."]


@document_view(name="run")
@dataclass(frozen=True, slots=True)
class SeenRun:
    """One converge of one node."""

    node: Annotated[str, "The node."]
    start: Annotated[Moment | None, "When it began.", absent("nothing tells")]
    end: Annotated[Moment | None, "When it ended.", absent("nothing tells")]
    run_list: Annotated[tuple[str, ...] | None, "Its run list.", absent("nothing tells")]
    expanded: Annotated[tuple[str, ...] | None, "The recipes that it came to.", absent("nothing tells")]
    failure: Annotated[RunFailure | None, "Why it failed.", absent("it did not")]
    source: Annotated[EvidencePlace, "Where it stands."]


@document_view("from=first_time", "until=last_time", "subject", "claim", "item", "source", name="observation")
@dataclass(frozen=True, slots=True)
class SeenObservation:
    """That something held at some moment."""

    first_time: Annotated[Moment | None, "The earliest time of that moment.", absent("any time before")]
    last_time: Annotated[Moment | None, "The latest time of that moment.", absent("any time after")]
    subject: Annotated[str, "The object or node."]
    claim: Annotated[str, "What is said of it: ran, has, lacks, holds, is, absent, failed."]
    item: Annotated[str, "What that is about."]
    source: Annotated[EvidencePlace, "Where it stands."]


@document_view(name="snapshot")
@dataclass(frozen=True, slots=True)
class SeenBackup:
    """What a server held at one moment."""

    source: Annotated[EvidencePlace, "Where it stands."]
    at: Annotated[
        str | None,
        limit(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00)?$"),
        "When, in UTC: a day where only that is known.",
        absent("nothing tells"),
    ]
    objects: Annotated[Count, "How many objects it has."]


@document_view(
    "evidence",
    "sources",
    "uploads",
    "unseen",
    "saves",
    "uncovered",
    "commands",
    "passed_over",
    "unclear",
    "runs",
    "observations",
    "snapshots",
    "clock_skew",
    name="evidence",
)
@dataclass(frozen=True, slots=True)
class Proven:
    """What some files of evidence prove of a repository's objects."""

    evidence: Annotated[EvidenceSummary, "What was examined of the repository, and whether it was complete."]
    sources: Annotated[tuple[EvidenceSource, ...], "The files of evidence."]
    uploads: Annotated[tuple[SeenUpload, ...], "Every request that changed an object, in order."]
    unseen: Annotated[tuple[UnseenChange, ...], "Changes that no request tells of, by the sizes of answers."]
    saves: Annotated[tuple[SavedNode, ...], "Nodes that saved themselves."]
    uncovered: Annotated[tuple[UncoveredPeriod, ...], "Periods between the logs that none of them covers."]
    clock_skew: Annotated[Count, "How many seconds clocks may differ."]
    commands: Annotated[tuple[RanCommand, ...], "Commands of knife that change objects."] = ()
    passed_over: Annotated[Count, "How many typed lines change no object on a server."] = 0
    unclear: Annotated[tuple[UnclearLine, ...], "Typed lines of which not everything that they ran can be told."] = ()
    runs: Annotated[tuple[SeenRun, ...], "Converges of nodes."] = ()
    observations: Annotated[tuple[SeenObservation, ...], "What held at some moment."] = ()
    snapshots: Annotated[tuple[SeenBackup, ...], "What servers held."] = ()


@dataclass(frozen=True, slots=True)
class ProvenStretch:
    """What was live of an object from one moment to another, as far as requests prove it.

    ``change`` is what began it; ``gone`` says that the object was absent then. From ``covered_until`` on no log tells
    of changes.
    """

    object: str
    organization: str
    since: int
    until: int | None
    change: SeenUpload | UnseenChange
    covered_until: int | None

    @property
    def begun(self) -> Moment:
        """When it began, or was first seen."""
        return self.change.by if isinstance(self.change, UnseenChange) else self.change.time or ""

    @property
    def gone(self) -> bool:
        """Whether the object was absent."""
        change = self.change
        return change.absent if isinstance(change, UnseenChange) else change.action == "delete"

    @property
    def files(self) -> tuple[FileVersion, ...]:
        """The file versions that it can have been, each once."""
        return tuple(dict.fromkeys(FileVersion(each.path, each.blob) for each in self.change.matches))
