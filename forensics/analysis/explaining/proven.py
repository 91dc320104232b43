"""What logs prove of a question's objects: their uploads, and the times at which there were no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.explaining.problem import ABSENT, OUTSIDE, KnownUpload
from forensics.analysis.ground_results import PATH
from forensics.evidence.records import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.explaining.considered import Considered
    from forensics.analysis.proof_results import Proven, SeenUpload
    from forensics.evidence.reading import ReadEvidence

_OF_SERVERS = frozenset({"access-log", "requests-log"})


class ProvenUploads(NamedTuple):
    """The known uploads, the times that logs cover, what is said of each upload, and what could not be used."""

    known: tuple[KnownUpload, ...] = ()
    covered: tuple[tuple[int, int], ...] = ()
    told: Mapping[tuple[int, int], str] = {}
    notes: tuple[str, ...] = ()


def proven_uploads(considered: Considered, read: ReadEvidence, proven: Proven) -> ProvenUploads:
    """The uploads that are proven of the objects of a question.

    Where a request does not tell what it sent, nothing is taken to be covered; where several organizations have an
    object, nothing is used.
    """
    numbers = {str(name): number for number, name in enumerate(considered.names)}
    ours = [each for each in proven.uploads if each.object in numbers and each.at is not None]
    organizations = {each.organization for each in ours}
    if len(organizations) > 1:
        several = ", ".join(sorted(organizations))
        return ProvenUploads(notes=(f"the logs tell of several organizations ({several}): give those of one",))
    certain = [each for each in ours if each.applied and (each.proof != PATH or each.action == Action.DELETE.value)]
    known, told = [], {}
    for each in certain:
        number, time = numbers[each.object or ""], each.at or 0
        known.append(KnownUpload(time, number, _content(considered, number, each)))
        who = f" by {each.user}" if each.user else ""
        client = f" with {each.client}" if each.client else ""
        told[time, number] = f"{each.source} has it{who}{client}"
    known.sort(key=lambda upload: upload.time)
    if len(certain) < len(ours):
        left = len(ours) - len(certain)
        return ProvenUploads(
            tuple(known),
            (),
            told,
            (f"{left} logged requests do not tell what they sent: other uploads may be assumed",),
        )
    return ProvenUploads(tuple(known), _covered(read, proven), told)


def _content(considered: Considered, number: int, upload: SeenUpload) -> int:
    if upload.action == Action.DELETE.value:
        return ABSENT
    history = considered.histories[considered.names[number]]
    for match in (*upload.matches, *upload.committed_later):
        found = history.numbers.get((match.path, bytes.fromhex(match.blob)))
        if found is not None:
            return found
    return OUTSIDE


def _covered(read: ReadEvidence, proven: Proven) -> tuple[tuple[int, int], ...]:
    """The times of servers' logs without those between them of which no line is there."""
    stretches = sorted(
        (each.first, each.last)
        for each in read.sources
        if each.format in _OF_SERVERS and each.first is not None and each.last is not None
    )
    lost = sorted(each.bounds for each in proven.uncovered)
    found: list[tuple[int, int]] = []
    for first, last in stretches:
        begin = first
        for lost_first, lost_last in lost:
            if begin <= lost_first and lost_last <= last:
                found.append((begin, lost_first))
                begin = lost_last
        found.append((begin, last))
    return tuple(found)
