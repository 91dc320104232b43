"""What evidence says of uploads of a question's objects: those of servers' logs, and the commands that people typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.dates import seconds
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE, KnownUpload
from forensics.analysis.explaining.typed import contents_of
from forensics.analysis.ground_results import LENGTH, PATH
from forensics.chef.objects import Kind
from forensics.evidence.records import Action, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.explaining.considered import Considered
    from forensics.analysis.ground_results import ProofMatch
    from forensics.analysis.objects import ObjectName
    from forensics.analysis.proof_results import Proven, SeenUpload
    from forensics.evidence.reading import ReadEvidence

_OF_SERVERS: Final = frozenset({"access-log", "requests-log"})
_DELETE: Final = Action.DELETE.value


class ToldUpload(NamedTuple):
    """What is said of a known upload, where it stands, and what it was of where no container has that."""

    text: str
    place: Place
    elsewhere: ProofMatch | None = None


@dataclass(slots=True)
class ProvenUploads:
    """The known uploads, the times that logs cover of each object, what is said of each upload, and what is left out.

    ``told`` is by the time, the object's number and the content.
    """

    known: list[KnownUpload] = field(default_factory=list)
    covered: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    told: dict[tuple[int, int, int], ToldUpload] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def organizations_of(considered: Considered, proven: Proven) -> list[str]:
    """The organizations in which logs have the objects of a question."""
    names = {str(name) for name in considered.names}
    found = {each.organization for each in proven.uploads if each.object in names}
    return sorted(found | {each.organization for each in proven.unseen if each.object in names})


def proven_uploads(considered: Considered, read: ReadEvidence, proven: Proven) -> ProvenUploads:
    """The uploads that evidence has of the objects of a question.

    Where a request does not tell what it sent, any upload may be assumed at its moment; where the sizes of answers show
    a change that no request tells of and no period without a log, at any time of it. Of several organizations nothing
    is used.
    """
    found = ProvenUploads()
    several = organizations_of(considered, proven)
    if len(several) > 1:
        found.notes.append(f"the logs tell of several organizations ({', '.join(several)}): give those of one")
        return found
    covered = _covered(read, proven)
    for number, name in enumerate(considered.names):
        lost = list(_logged(considered, found, number, proven))
        for each in proven.unseen:
            after = seconds(each.after)
            known = any(first < each.at and last > after for first, last in (one.bounds for one in proven.uncovered))
            if each.object == str(name) and not known:
                lost.append((after, each.at))
        found.covered[number] = _without(covered, lost)
        _typed(considered, found, number, proven)
    found.known.sort(key=lambda upload: upload.time)
    if untimed := sum(each.seconds is None for each in proven.commands):
        found.notes.append(f"{untimed} typed or traced commands have no time, and decide nothing here")
    return found


def _logged(considered: Considered, found: ProvenUploads, number: int, proven: Proven) -> Iterator[tuple[int, int]]:
    """Add what requests tell of an object, and yield the moments of those that do not tell what they sent."""
    name = considered.names[number]
    for each in proven.uploads:
        if each.at is None or not _is_of(each, name):
            continue
        if each.object is None or (each.proof == PATH and each.action != _DELETE):
            yield each.at, each.at
            continue
        contents = _contents(considered, number, each)
        found.known.append(KnownUpload(each.at, number, contents, None if each.applied else 0))
        who = f" by {each.user}" if each.user else ""
        client = f" with {each.client}" if each.client else ""
        how = ", known by the length of later answers alone" if each.proof == LENGTH else ""
        text = f"{each.source} has it{who}{client}{how}"
        if not each.applied:
            text += "; nobody knows whether it took effect"
        matches = each.matches or each.committed_later
        for content in contents:
            found.told[each.at, number, content] = ToldUpload(
                text, Place(each.source.file, each.source.line), matches[0] if content == OUTSIDE and matches else None
            )


def _is_of(upload: SeenUpload, name: ObjectName) -> bool:
    """Whether a request is of an object, or may be."""
    if upload.object is None:
        return upload.kind is name.kind
    if upload.kind is None and name.kind is Kind.DATA_BAG_ITEM:
        return upload.action == _DELETE and upload.object == f"data_bag[{name.bag}]"
    return upload.object == str(name)


def _contents(considered: Considered, number: int, upload: SeenUpload) -> tuple[int, ...]:
    """Everything that a request can have sent: what a commit had by then, else what one had later."""
    if upload.action == _DELETE:
        return (ABSENT,)
    numbers = considered.histories[considered.names[number]].numbers
    matches = ((match.path, bytes.fromhex(match.blob)) for match in upload.matches or upload.committed_later)
    return tuple(dict.fromkeys(numbers[match] for match in matches if match in numbers)) or (OUTSIDE,)


def _typed(considered: Considered, found: ProvenUploads, number: int, proven: Proven) -> None:
    """Add the commands that may have changed an object, where no log tells that already."""
    name = considered.names[number]
    history = considered.histories[name]
    for command in proven.commands:
        time = command.seconds
        if time is None or any(first <= time <= last for first, last in found.covered[number]):
            continue
        sent = contents_of(command, name, history)
        if sent.contents:
            certain = command.certain and sent.always and not command.exit
            found.known.append(KnownUpload(time, number, sent.contents, 1 if certain else 0))
            who = f" of {command.user}" if command.user else ""
            by_hand = "" if command.effect == "upload" else " that changes it by hand"
            for content in sent.contents:
                text = f"{command.source} has the command{who}{by_hand}"
                found.told[time, number, content] = ToldUpload(text, Place(command.source.file, command.source.line))


def _covered(read: ReadEvidence, proven: Proven) -> list[tuple[int, int]]:
    """The times of servers' logs without those between them of which no line is there."""
    stretches = sorted(
        (each.first, each.last)
        for each in read.sources
        if each.format in _OF_SERVERS and each.first is not None and each.last is not None
    )
    return _without(stretches, [(first + 1, last - 1) for first, last in (each.bounds for each in proven.uncovered)])


def _without(stretches: list[tuple[int, int]], lost: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of whole seconds without those that are lost."""
    found: list[tuple[int, int]] = []
    ordered = sorted(lost)
    for begin, last in stretches:
        first = begin
        for lost_first, lost_last in ordered:
            if lost_last >= first and lost_first <= last:
                if first < lost_first:
                    found.append((first, lost_first - 1))
                first = lost_last + 1
        if first <= last:
            found.append((first, last))
    return found
