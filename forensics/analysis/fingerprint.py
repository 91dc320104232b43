"""The content hashes of every declaration in a history, as each command of knife would sign them.

A server logs a hash of exactly what was sent (``X-Ops-Content-Hash``). ``knife ... from file`` and ``knife upload``
send different bodies for one file, so that each declaration has two.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.analysis.fingerprint_results import (
    UPLOAD,
    ContentPlace,
    Fingerprint,
    Fingerprints,
    UnresolvedBlob,
    paths_of,
)
from forensics.analysis.redaction import Redaction, hashed, redact_problems
from forensics.analysis.results import object_text
from forensics.chef import layout
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.upload_source import RESERVED_BAGS
from forensics.chef.wire import ContentHashes, hashes_of
from forensics.history.model import as_bytes

if TYPE_CHECKING:
    from forensics.analysis.examination import Examination
    from forensics.chef.objects import Body
    from forensics.history.model import ObjectId
    from forensics.uploads.declarations import Declarations

_UNNAMED: Final = "unresolved-name"


_Sent: TypeAlias = "ContentHashes | Unresolved | None"
_Outcome: TypeAlias = "tuple[str, _Sent]"
"""The object that a file declares, and the hashes of the body that is sent for it."""


@dataclass(slots=True)
class _Blob:
    """What was found out about one content as one kind of object."""

    from_file: dict[_Outcome, dict[ContentPlace, None]] = field(default_factory=dict)
    upload: dict[ContentPlace, _Outcome] = field(default_factory=dict)


def fingerprints(examination: Examination) -> Fingerprints:
    """Compute the hashes of every file version in the commits that the revision reaches."""
    blobs = _blobs(examination)
    declarations: list[Fingerprint] = []
    upload_only: list[Fingerprint] = []
    unresolved: list[UnresolvedBlob] = []
    for (kind, blob), found in blobs.items():
        for (name, sent), places in found.from_file.items():
            uploads = _grouped({place: found.upload[place] for place in places if place in found.upload})
            unresolved += [
                UnresolvedBlob(kind, blob, paths_of(those), hashes.line, hashes.source, UPLOAD)
                for (_, hashes), those in uploads.items()
                if isinstance(hashes, Unresolved) and not isinstance(sent, Unresolved)
            ]
            sendable = [
                Fingerprint(kind, blob, named, tuple(places), None, hashes, tuple(those))
                for (named, hashes), those in uploads.items()
                if isinstance(hashes, ContentHashes)
            ]
            if isinstance(sent, Unresolved):
                unresolved.append(UnresolvedBlob(kind, blob, paths_of(places), sent.line, sent.source))
            if isinstance(sent, ContentHashes):
                # more than one only where files of one content have several extensions
                bare = Fingerprint(kind, blob, name, tuple(places), None)
                declarations += [replace(each, object=name, sent=sent) for each in sendable or [bare]]
            else:
                upload_only += [replace(each, places=each.upload_places) for each in sendable]
    return Fingerprints(
        evidence=examination.evidence(),
        declarations=tuple(sorted(declarations, key=_by_path)),
        upload_only=tuple(sorted(upload_only, key=_by_path)),
        unresolved=tuple(sorted(unresolved, key=_by_path)),
        problems=tuple(each for each in examination.problems() if each.kind != _UNNAMED),
    )


def redact_fingerprints(found: Fingerprints, level: Redaction) -> Fingerprints:
    """The result without what a report may not show: sources and messages that quote a file's values."""
    if level is Redaction.NOTHING:
        return found
    return replace(
        found,
        unresolved=tuple(
            replace(each, source=hashed(each.source))
            if level is Redaction.SECRETS or each.kind is Kind.DATA_BAG_ITEM
            else each
            for each in found.unresolved
        ),
        problems=redact_problems(found.problems),
    )


def _blobs(examination: Examination) -> dict[tuple[Kind, ObjectId], _Blob]:
    """Every content with what the commands make of it, in the order in which it first appeared."""
    declarations = examination.declarations
    blobs: dict[tuple[Kind, ObjectId], _Blob] = {}
    remembered: dict[int, _Sent] = {}
    for seen in sorted(examination.sightings, key=lambda each: (each.commit, as_bytes(each.path))):
        if not isinstance(seen.file, bytes):
            continue
        kind = seen.target.kind
        place = ContentPlace(seen.target, seen.path)
        declared = declarations.from_file(kind, seen.path, seen.file)
        name = "" if declared.name is None else object_text(kind, seen.path.rpartition("/")[0], declared.name)
        sent: _Sent = declared.unresolved
        if declared.body is not None:
            # one body is shared by all paths of a content
            if id(declared.body) not in remembered:
                remembered[id(declared.body)] = hashes_of(declared.body, declarations.chef)
            sent = remembered[id(declared.body)]
        found = blobs.setdefault((kind, seen.file), _Blob())
        found.from_file.setdefault((name, sent), {})[place] = None
        uploaded = _upload(declarations, place, seen.file, declared.name)
        if uploaded is not None:
            found.upload[place] = uploaded
    return blobs


def _upload(declarations: Declarations, place: ContentPlace, blob: ObjectId, name: str | None) -> _Outcome | None:
    """What ``knife upload`` sends for a file, or None if it does not look at it or refuses it."""
    kind, path = place.target.kind, place.path
    body = uploaded_body(declarations, place, blob, name)
    if body is None:
        return None
    object_name = object_text(kind, path.rpartition("/")[0], layout.stem(path))
    if isinstance(body, Problem):
        unresolved = declarations.from_file(kind, path, blob).unresolved
        return (object_name, unresolved) if body.kind == "name-unresolved" and unresolved else None
    return object_name, hashes_of(body, declarations.chef)


def uploaded_body(
    declarations: Declarations, place: ContentPlace, blob: ObjectId, name: str | None
) -> Body | Problem | None:
    """The body that ``knife upload`` sends for a file, under the name of its stem; why it refuses it, or None.

    ``name`` is what ``knife ... from file`` takes the file to declare.
    """
    kind, path = place.target.kind, place.path
    container = place.target.container_of(path)
    if container is None or not layout.is_direct_child(container.path, path):
        return None
    if path.endswith(".rb") and name is not None and name != layout.stem(path):
        return None  # refused, whatever else the file says; this spares its evaluation
    if kind is Kind.DATA_BAG_ITEM and RESERVED_BAGS.search(container.bag):
        return None
    return declarations.upload(kind, path, blob)


def command_text(kind: Kind, bag: str) -> str:
    """The command that sends a file as an object of a kind, as people type it."""
    return f"knife data bag from file {bag}" if kind is Kind.DATA_BAG_ITEM else f"knife {kind} from file"


def _grouped(outcomes: dict[ContentPlace, _Outcome]) -> dict[_Outcome, list[ContentPlace]]:
    groups: dict[_Outcome, list[ContentPlace]] = {}
    for place, outcome in outcomes.items():
        groups.setdefault(outcome, []).append(place)
    return groups


def _by_path(each: Fingerprint | UnresolvedBlob) -> bytes:
    # sorting is stable: contents of one path stay in the order in which they appeared
    return as_bytes(each.paths[0])
