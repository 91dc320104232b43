"""Which file was it? A content hash from a server's log, looked up among the declarations of a history."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import commit_date
from forensics.analysis.fingerprint import command_text
from forensics.analysis.fingerprint_results import ContentHash, HeldStretch, LookUp, MatchedFile
from forensics.analysis.further_requests import further_requests
from forensics.errors import UsageError
from forensics.history.elsewhere import commits_with
from forensics.history.model import as_bytes
from forensics.uploads.loading import bag_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.fingerprint_results import ContentPlace, Fingerprint, Fingerprints
    from forensics.analysis.further_requests import FurtherRequest
    from forensics.chef.wire import ContentHashes
    from forensics.history.graph import CommitGraph
    from forensics.history.model import ObjectId
    from forensics.history.walk import History
    from forensics.uploads.target import Target, TargetVersion

_ALGORITHMS: Final = {20: "sha1", 32: "sha256"}
_EMPTY: Final = frozenset({hashlib.sha1(b"", usedforsecurity=False).digest(), hashlib.sha256(b"").digest()})


class ContentHashError(UsageError):
    """A text that is no content hash."""


def parse_hash(text: str) -> ContentHash:
    """Read a hash that somebody copied out of a log; blanks, quotation marks and missing padding do no harm.

    Raises:
        ContentHashError: it is no base64 of a SHA-1 or a SHA-256.
    """
    bare = text.strip().strip("\"'").rstrip("=")
    try:
        digest = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        digest = b""
    algorithm = _ALGORITHMS.get(len(digest))
    if algorithm is None:
        raise ContentHashError(
            f"{text!r} is no content hash; copy X-Ops-Content-Hash from the log: 28 (SHA-1) or 44 (SHA-256) characters"
        )
    return ContentHash(base64.b64encode(digest).decode("ascii"), algorithm, digest in _EMPTY)


def look_up(
    examination: Examination, found: Fingerprints, hashes: Sequence[ContentHash], *, every_ref: bool = False
) -> tuple[LookUp, ...]:
    """Look for hashes among those of a history; ``every_ref`` tells that it reaches as far as the repository does."""
    sent: dict[str, dict[tuple[ContentPlace, ObjectId], tuple[Fingerprint, list[str]]]] = {
        each.text: {} for each in hashes
    }
    for fingerprint in (*found.declarations, *found.upload_only):
        for command, value, place in _requests(fingerprint):
            for text in (value.sha1, value.sha256):
                if text in sent:
                    _, commands = sent[text].setdefault((place, fingerprint.blob), (fingerprint, []))
                    commands.append(command)
    wanted = {key for matched in sent.values() for key in matched}
    holders = holders_of(examination.history, wanted)
    further = _further(examination, {each.text for each in hashes if not each.of_nothing and not sent[each.text]})
    answers = []
    for each in hashes:
        files = [
            MatchedFile(
                object=fingerprint.object,
                path=place.path,
                blob=blob.hex(),
                commands=tuple(dict.fromkeys(commands)),
                stretches=tuple(stretches_of(examination, holders[place, blob])),
            )
            for (place, blob), (fingerprint, commands) in sent[each.text].items()
        ]
        files += further.get(each.text, ())
        files.sort(key=lambda file: (as_bytes(file.path), file.object or ""))
        reservations = () if files or each.of_nothing else tuple(_reservations(found, every_ref=every_ref))
        answers.append(LookUp(each, tuple(files), reservations))
    return tuple(answers)


def _further(examination: Examination, wanted: set[str]) -> dict[str, list[MatchedFile]]:
    """What knife can have sent although nothing declares it, for the hashes that no declaration has."""
    found: dict[str, list[FurtherRequest]] = {}
    for request in further_requests(examination) if wanted else ():
        for text in (request.hashes.sha1, request.hashes.sha256):
            if text in wanted:
                found.setdefault(text, []).append(request)
    return {
        text: [
            MatchedFile(
                object=request.object,
                path=request.path,
                blob=request.blob.hex(),
                commands=(request.command,),
                stretches=tuple(
                    stretches_of(examination, commits_with(examination.history, request.path, request.blob))
                ),
                note=request.note,
            )
            for request in requests
        ]
        for text, requests in found.items()
    }


def _requests(fingerprint: Fingerprint) -> Iterator[tuple[str, ContentHashes, ContentPlace]]:
    if fingerprint.sent is not None:
        for place in fingerprint.places:
            yield command_text(fingerprint.kind, bag_of(place.path)), fingerprint.sent, place
    if fingerprint.upload is not None:
        for place in fingerprint.upload_places:
            yield "knife upload", fingerprint.upload, place


def _reservations(found: Fingerprints, *, every_ref: bool) -> Iterator[str]:
    if not every_ref:
        yield "only the commits that the revision reaches were looked at; --all looks at every ref"
    if not found.evidence.complete:
        shallow = any(gap.kind == "shallow" for gap in found.evidence.gaps)
        yield (
            "the history is incomplete"
            + (" (a shallow clone)" if shallow else "")
            + ", so that the file may be missing"
        )
    count = len({(each.kind, each.blob) for each in found.unresolved})
    if count:
        contents = "content has a hash" if count == 1 else "contents have hashes"
        yield f"{count} {contents} that only running Ruby could tell (unresolved)"


def holders_of(
    history: History, wanted: Iterable[tuple[ContentPlace, ObjectId]]
) -> dict[tuple[ContentPlace, ObjectId], list[int]]:
    """The commits (positions in the graph, ascending) whose trees hold file versions."""
    by_target: dict[Target, dict[tuple[str, ObjectId], ContentPlace]] = {}
    for place, blob in wanted:
        by_target.setdefault(place.target, {})[place.path, blob] = place
    holders: dict[tuple[ContentPlace, ObjectId], list[int]] = {}
    of_state: list[list[tuple[ContentPlace, ObjectId]]] = [[] for _ in history.states]
    for target, places in by_target.items():
        for number, present in enumerate(_contents_by_state(history, target, frozenset(places))):
            of_state[number] += [(places[path, blob], blob) for path, blob in present]
    for commit, number in enumerate(history.state_of):
        for key in of_state[number]:
            holders.setdefault(key, []).append(commit)
    return holders


def _contents_by_state(
    history: History, target: Target, wanted: frozenset[tuple[str, ObjectId]]
) -> Iterator[frozenset[tuple[str, ObjectId]]]:
    """For each state of a history, those of some file versions that a target has in it."""
    current = target.absent()
    present: frozenset[tuple[str, ObjectId]] = frozenset()
    known: dict[TargetVersion, frozenset[tuple[str, ObjectId]]] = {current: present}
    for state in history.states:
        version = target.version(state)
        if version not in known:
            changes = target.changes(history, current, version)
            gone = {(change.path, change.before) for change in changes}
            come = {(change.path, change.after) for change in changes if isinstance(change.after, bytes)}
            known[version] = (known[current] - gone) | (come & wanted)
            current = version
        yield known[version]


def stretches_of(examination: Examination, commits: Sequence[int]) -> Iterator[HeldStretch]:
    """Commits (positions in the graph, ascending) as stretches that hang together."""
    history, graph = examination.history, examination.history.graph
    for members in _connected(graph, commits):
        first = min(members, key=lambda commit: (graph.times[commit], commit))
        last = max(members, key=lambda commit: (graph.times[commit], commit))
        yield HeldStretch(
            first_commit=graph.ids[first].hex(),
            first_date=commit_date(history, first),
            last_commit=graph.ids[last].hex(),
            last_date=commit_date(history, last),
            commits=len(members),
            at_tip=examination.head_commit in members,
        )


def _connected(graph: CommitGraph, commits: Sequence[int]) -> list[list[int]]:
    """Commits in groups that hang together by parents among themselves, by the groups' first commits."""
    leader = {commit: commit for commit in commits}

    def leader_of(commit: int) -> int:
        while leader[commit] != commit:
            leader[commit] = leader[leader[commit]]
            commit = leader[commit]
        return commit

    for commit in commits:
        for parent in graph.parents[commit]:
            if parent in leader:
                one, other = leader_of(parent), leader_of(commit)
                leader[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for commit in commits:
        groups.setdefault(leader_of(commit), []).append(commit)
    return list(groups.values())
