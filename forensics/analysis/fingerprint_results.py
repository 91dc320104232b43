"""What is known of the content hashes of a history, and of those that were looked up among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from forensics.analysis.problem_results import ProblemRecord
from forensics.analysis.results import EvidenceSummary
from forensics.analysis.terms import KIND, CountFromOne, Line, ObjectText
from forensics.chef.objects import Kind
from forensics.chef.wire import ContentHashes, Sha1, Sha256
from forensics.facts import INTERNAL, absent, document_view, limit, only, words
from forensics.history.model import OID, CommitDate, FilePath, ObjectId, Oid, as_bytes
from forensics.uploads.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterable

FROM_FILE: Final = "from file"
UPLOAD: Final = "upload"


@dataclass(frozen=True, slots=True)
class ContentPlace:
    """Where a content stands: the path, and the target whose objects it declares."""

    target: Annotated[Target, "Whose objects the file declares."]
    path: Annotated[FilePath, "The file."]


_FILES: Final = limit(minItems=1, uniqueItems=True)


@document_view("blob", "kind", "paths", "object", "sent!.*", "upload", "upload_paths", name="declaration")
@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One content of some files: the hashes of what knife ... from file sends for it, and of what knife upload does.

    ``knife upload`` takes only the files whose stem is the object's name.
    """

    kind: Annotated[Kind, KIND, "The kind of the object."]
    blob: Annotated[ObjectId, OID, "The id of the content."]
    object: Annotated[ObjectText, "The object that it declares."]
    places: Annotated[tuple[ContentPlace, ...], INTERNAL, "Where it ever stood."]
    sent: Annotated[
        ContentHashes | None, "The hashes of what knife ... from file sends.", absent("it refuses the file")
    ]
    upload: Annotated[ContentHashes | None, "The hashes of what knife upload sends.", absent("it refuses the file")] = (
        None
    )
    upload_places: Annotated[tuple[ContentPlace, ...], INTERNAL, "Those of the places that knife upload looks at."] = ()

    @property
    def paths(self) -> Annotated[tuple[FilePath, ...], _FILES]:
        """The files that ever had this content, byte-sorted."""
        return paths_of(self.places)

    @property
    def upload_paths(self) -> Annotated[tuple[FilePath, ...], limit(uniqueItems=True)]:
        """Those of them that knife upload takes."""
        return paths_of(self.upload_places)


@document_view("blob", "kind", name="unresolved_file")
@dataclass(frozen=True, slots=True)
class UnresolvedBlob:
    """A content whose hash only running the file could tell."""

    kind: Annotated[Kind, KIND, "The kind of the object."]
    blob: Annotated[ObjectId, OID, "The id of the content."]
    paths: Annotated[tuple[FilePath, ...], _FILES, "The files that ever had this content."]
    line: Annotated[Line, "The line that leaves it open, counted from 1."]
    source: Annotated[str, "The Ruby that leaves it open."]
    command: Annotated[str, words(FROM_FILE, UPLOAD), "The command of knife whose request is not known."] = FROM_FILE


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Every content in a history that declares something, by path and first commit."""

    evidence: Annotated[EvidenceSummary, "What was examined, and whether it was complete."]
    declarations: Annotated[
        tuple[Fingerprint, ...],
        "Every content that declares an object to knife ... from file, with the hashes of what knife sends.",
    ]
    upload_only: Annotated[
        tuple[Annotated[Fingerprint, only("upload_only", "blob", "kind", "paths", "object", "upload!")], ...],
        "Contents that knife upload takes and knife ... from file refuses, such as a file without a name.",
    ]
    unresolved: Annotated[
        tuple[UnresolvedBlob, ...], "Files whose content only running them could tell, so that no hash is known."
    ]
    problems: Annotated[tuple[ProblemRecord, ...], "The file versions that declare nothing, and why."]


@dataclass(frozen=True, slots=True)
class ContentHash:
    """A hash as ``X-Ops-Content-Hash`` has it: base64 of a SHA-1 or a SHA-256."""

    text: Annotated[Sha1 | Sha256, "The hash, in base64."]
    algorithm: Annotated[str, words("sha1", "sha256"), "Which hash it is, told by its length."]
    of_nothing: Annotated[bool, "Whether it is that of an empty body, which requests have that read or delete."]


@document_view("first_commit", "first_date", "last_commit", "last_date", "commits", "at_head=at_tip", name="range")
@dataclass(frozen=True, slots=True)
class HeldStretch:
    """Commits that hold a file version and hang together by their parents, from the earliest to the latest."""

    first_commit: Annotated[Oid, "The earliest commit with this content."]
    first_date: Annotated[CommitDate, "When that commit was made."]
    last_commit: Annotated[Oid, "The latest commit with this content."]
    last_date: Annotated[CommitDate, "When that commit was made."]
    commits: Annotated[CountFromOne, "How many commits have this content."]
    at_tip: Annotated[bool, "Whether the tip has it."]


@document_view("object", "path", "blob", "commands", "note", "ranges=stretches")
@dataclass(frozen=True, slots=True)
class MatchedFile:
    """A file version whose body has the hash, and the commands of knife that send it."""

    object: Annotated[ObjectText | None, "The object that the request names.", absent("it names none")]
    path: Annotated[FilePath, "The file."]
    blob: Annotated[Oid, "The id of its content."]
    commands: Annotated[
        tuple[Annotated[str, limit(pattern="^knife ")], ...],
        limit(minItems=1, uniqueItems=True),
        "The commands that send exactly this.",
    ]
    stretches: Annotated[tuple[HeldStretch, ...], limit(minItems=1), "When the file had this content."]
    note: Annotated[str | None, "What to know about the match.", absent("it is an ordinary declaration")] = None


@document_view("hash=hash.text", "hash.algorithm", "known", "empty_body=hash.of_nothing", name="match")
@dataclass(frozen=True, slots=True)
class LookUp:
    """What is known of one hash."""

    hash: Annotated[ContentHash, "The hash that was looked up."]
    files: Annotated[tuple[MatchedFile, ...], "The files whose content has this hash."]
    reservations: Annotated[
        tuple[Annotated[str, limit(minLength=1)], ...],
        "What could not be looked at, where no file has the hash; "
        "if that is nothing, nobody sent a declaration of this history.",
    ] = ()

    @property
    def known(self) -> bool:
        """Whether the history explains the hash."""
        return bool(self.files) or self.hash.of_nothing


@document_view("found.*", name="fingerprint")
@dataclass(frozen=True, slots=True)
class FingerprintAnswer:
    """The hashes of a history, and those that were looked up."""

    found: Annotated[Fingerprints, "The hashes of a history."]
    matches: Annotated[tuple[LookUp, ...], "One for each hash that was looked up."] = ()


def paths_of(places: Iterable[ContentPlace]) -> tuple[str, ...]:
    """The paths of some places, byte-sorted."""
    return tuple(sorted({place.path for place in places}, key=as_bytes))
