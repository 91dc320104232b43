"""What is said of all that evidence proves: when, how it is known, where it stands, which files it was of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from forensics.analysis.terms import Line
from forensics.evidence.moments import Moment
from forensics.facts import absent, document_view, limit, words
from forensics.history.model import CommitDate, FilePath, Oid

HASH: Final = "hash"
CONTENT: Final = "content"
LENGTH: Final = "length"
PATH: Final = "path"

PROVEN: Final = "proven"
CONTRADICTED: Final = "contradicted"
IN_PART: Final = "contradicted-in-part"
NOT_KNOWN: Final = "not-known"

Organization: TypeAlias = Annotated[
    str, "The organization in the path of the request; empty where paths have none, as on old servers."
]
Proof: TypeAlias = Annotated[
    str,
    words(
        HASH,
        CONTENT,
        LENGTH,
        PATH,
        name="proof",
        meaning="How it is known what was sent. hash: by the hash of exactly that. content: by what was stored. "
        "length: by the size of what the server gave out afterwards, which others may share. path: nothing tells but "
        "which object it was.",
        ordered=False,
    ),
]


@dataclass(frozen=True, slots=True)
class EvidencePlace:
    """Where something stands in the evidence."""

    file: Annotated[str, limit(minLength=1), "The file as it was named; FILE!MEMBER of an archive or a directory."]
    line: Annotated[Line | None, "The line, counted from 1.", absent("it is the file as a whole")]

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    @property
    def short(self) -> str:
        """The file's own name, and the line."""
        name = self.file.rpartition("/")[2]
        return name if self.line is None else f"{name}:{self.line}"


@dataclass(frozen=True, slots=True)
class ProofMatch:
    """A file version that was sent, or may have been, and the commits that hold it."""

    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid, "The id of its content."]
    first_commit: Annotated[Oid, "The earliest commit with this content, of those that hang together."]
    first_date: Annotated[CommitDate, "When that commit was made."]
    last_commit: Annotated[Oid, "The latest of them."]
    last_date: Annotated[CommitDate, "When that commit was made."]
    commands: Annotated[tuple[str, ...], "The commands of knife that send exactly this; none unless a hash tells."] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What proves what was live of an object at some time, or why nothing does."""

    time: Annotated[Moment, "When it happened, or was first seen."]
    until: Annotated[Moment | None, "Until when it is proven to have stayed so.", absent("nothing is proven")]
    organization: Organization
    proof: Annotated[Proof | None, "How it is known what was sent.", absent("nothing is proven")] = None
    source: Annotated[EvidencePlace | None, "Where that stands.", absent("nothing is proven")] = None
    user: Annotated[str, "Who sent it; empty where nothing tells."] = ""
    client: Annotated[str, "With which program and version; empty where nothing tells."] = ""
    matches: Annotated[tuple[ProofMatch, ...], "Every file version that it can have been of."] = ()
    note: Annotated[str, "What else to know, such as why nothing is known."] = ""


@document_view(
    "says", "at_tip", "live", "from=first_time", "until=last_time", "gone", "source", "organization", name="by_evidence"
)
@dataclass(frozen=True, slots=True)
class ByEvidence:
    """What evidence says of a stretch of a replay: whether it was so, and what was live there."""

    says: Annotated[
        str,
        words(
            PROVEN,
            CONTRADICTED,
            IN_PART,
            NOT_KNOWN,
            name="evidence_says",
            meaning="proven: in a part of the stretch at least that file's content was live. contradicted: all the "
            "time something else was. contradicted-in-part: something else was, wherever logs tell. not-known: they "
            "tell nothing of it.",
            ordered=False,
        ),
        "Whether it was so.",
    ]
    at_tip: Annotated[
        str | None,
        words(PROVEN, CONTRADICTED, NOT_KNOWN, ordered=False),
        "The same of the tip alone.",
        absent("the stretch is over"),
    ]
    live: Annotated[
        tuple[FilePath, ...],
        "The files whose content was live then, all of those that have it; at the tip, where that is contradicted.",
    ]
    first_time: Annotated[Moment | None, "From when on, within the stretch.", absent("nothing is known")]
    last_time: Annotated[Moment | None, "Until when that is proven.", absent("nothing is known")]
    source: Annotated[EvidencePlace | None, "The line that proves it.", absent("none does")]
    organization: Organization
    gone: Annotated[bool, "Whether the object was absent then."] = False
