"""What a server holds against the revision: where each of its objects came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from forensics.analysis.results import EvidenceSummary, FileVersion, ValueChange
from forensics.analysis.terms import Count, CountFromOne, KindName, Names, ObjectText
from forensics.facts import IF_ANY, INTERNAL, absent, document_view, limit, words
from forensics.history.model import CommitDate, FilePath, Oid

SAME: Final = "same"
OLDER: Final = "older"
OTHER_FILE: Final = "other-file"
UNKNOWN_CONTENT: Final = "unknown-content"
CONTESTED: Final = "contested"
SERVER_ONLY: Final = "server-only"
REPOSITORY_ONLY: Final = "repository-only"
UNDECIDED: Final = "undecided"

WORST_FIRST: Final = (
    UNKNOWN_CONTENT,
    OTHER_FILE,
    CONTESTED,
    OLDER,
    SERVER_ONLY,
    REPOSITORY_ONLY,
    UNDECIDED,
    SAME,
)
"""Every state, in the order in which people should look at them."""

EXPLAINED: Final = frozenset({SAME, OLDER, OTHER_FILE})
"""The states of which the repository tells where the content came from."""

MEANING: Final[Mapping[str, str]] = {
    UNKNOWN_CONTENT: "no file version that the revision reaches has this content: it was edited on the server or in a "
    "work tree, or came from another branch or clone",
    OTHER_FILE: "another file's content than that of the canonical file: a shadow was uploaded",
    CONTESTED: "several files of the revision declare it and none is canonical: which is meant, nobody can tell",
    OLDER: "the canonical file, as it was in earlier commits",
    SERVER_ONLY: "no file of the revision declares it, and no file version that it reaches has this content",
    REPOSITORY_ONLY: "the revision declares it, and the server does not hold it",
    UNDECIDED: "what a file declares, or what the backup holds, cannot be told",
    SAME: "what the canonical file of the revision declares",
}

NOT_DRIFTED: Final = frozenset({SAME, UNDECIDED})
"""The states that are no drift, or are not known to be one."""


DriftState: TypeAlias = Annotated[str, words(*reversed(WORST_FIRST))]


@dataclass(frozen=True, slots=True)
class MatchedVersion:
    """A file version whose upload leaves exactly what the server holds, and a stretch of commits that hold it."""

    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid, "The id of its content."]
    first_commit: Annotated[Oid, "The earliest commit of the stretch."]
    first_date: Annotated[CommitDate, "When that commit was made."]
    last_commit: Annotated[Oid, "The latest commit of the stretch."]
    last_date: Annotated[CommitDate, "When that commit was made."]
    commits: Annotated[CountFromOne, "How many commits the stretch has."]
    at_tip: Annotated[bool, "Whether the revision is one of them."]


@dataclass(frozen=True, slots=True)
class Closest:
    """The file version from which the fewest changes lead to what the server holds, the newest of several."""

    match: Annotated[MatchedVersion, "The file version, and the last stretch of commits that hold it."]
    changes: Annotated[tuple[ValueChange, ...], "What turns its content into what the server holds."]


@document_view("object", "state", "matches", "expected", "changes", "closest", "nodes", "notes", "organization")
@dataclass(frozen=True, slots=True)
class DriftObject:
    """An object of the server or of the revision, and how the two compare."""

    kind: Annotated[KindName, INTERNAL, "The kind of the object."]
    object: Annotated[ObjectText, "The object."]
    state: Annotated[DriftState, "How what the server holds compares with the revision."]
    matches: Annotated[
        tuple[MatchedVersion, ...],
        "Every file version with what the server holds, the newest first: several files may hold the same.",
    ]
    expected: Annotated[
        FileVersion | None,
        "The canonical file of the revision, or the only one that declares the object.",
        absent("no file declares it, or several do and none is canonical"),
    ]
    changes: Annotated[
        tuple[ValueChange, ...], "What turns the expected content, as a server answers it, into what the server holds."
    ]
    closest: Annotated[
        Closest | None,
        "Where it probably came from, if no file version has its content.",
        absent("some file version has it, or none ever declared the object"),
    ] = None
    nodes: Annotated[
        Names | None,
        "Nodes of the backup that feel it, through run lists as the server has them.",
        absent("it is as expected, nobody can tell who feels it, or the backup holds no nodes"),
    ] = None
    notes: Annotated[tuple[str, ...], "What to know about it."] = ()
    organization: Annotated[str, IF_ANY, "The organization of the server, where the backup names one."] = ""

    @property
    def explained(self) -> bool:
        """Whether the repository tells where the content came from."""
        return self.state in EXPLAINED

    @property
    def drifted(self) -> bool:
        """Whether the server is known not to hold what the revision declares."""
        return self.state not in NOT_DRIFTED

    @property
    def newest(self) -> MatchedVersion | None:
        """The newest match."""
        return self.matches[0] if self.matches else None


@dataclass(frozen=True, slots=True)
class ServerSnapshot:
    """The backup that tells what the server held."""

    source: Annotated[str, "Where the backup is; several forms of one are told once."]
    at: Annotated[
        str | None,
        limit(minLength=1),
        "When it was made, ISO 8601; a day where only that is known.",
        absent("nothing tells: the time of a file is no proof"),
    ]
    basis: Annotated[str, "What tells when it was made; empty if nothing does."] = ""
    partial: Annotated[bool, "Whether only some objects were asked for, so that no object is known to be absent."] = (
        False
    )


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """How much of the server the repository accounts for."""

    objects: Annotated[Count, "How many objects were compared, nodes that the repository never had left out."]
    explained: Annotated[Count, "Of how many of them the repository tells where their content came from."]
    by_state: Annotated[Mapping[DriftState, Count], "How many are in each state that there is, the worst first."]
    unknown_nodes: Annotated[Count, "How many nodes of the server the repository never had."] = 0


@document_view(name="drift")
@dataclass(frozen=True, slots=True)
class Drift:
    """What a server holds against the revision."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    snapshot: Annotated[ServerSnapshot, "Which backup it was."]
    summary: Annotated[DriftSummary, "How much of the server the repository accounts for."]
    objects: Annotated[tuple[DriftObject, ...], "Every object, the worst first."]
    notes: Annotated[tuple[str, ...], "What to know about the comparison."] = ()

    @property
    def drifted(self) -> bool:
        """Whether the server is known to differ from the revision."""
        return any(each.drifted for each in self.objects)
