"""Which of the backups in a source tells what the server held: the latest, or that of the day that was named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.chef.compare import same_content
from forensics.evidence.backup import NO_BACKUP, backups
from forensics.evidence.files import EvidenceFileError
from forensics.evidence.records import Backup, SourceReport
from forensics.uploads.answers import answer_of

if TYPE_CHECKING:
    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import HeldObject


def held(source: EvidenceFile) -> tuple[tuple[Backup, ...], SourceReport]:
    """What a server held by the backups of one moment, one for each organization, and the report of the reading.

    Several forms of one backup are put together. Of several moments it is the last one, or the last one by the date
    that was named with the source; that date is taken for one backup that tells none.

    Raises:
        EvidenceFileError: there is no backup, none so early, or two of one moment say different things of an object.
    """
    report = SourceReport(source.name, "backup")
    found = [each for each in backups(source, report) if each.objects or each.kinds]
    if not found:
        raise EvidenceFileError("; ".join((f"{source.name} {NO_BACKUP}", *report.gaps)))
    moment = source.moment
    if moment is not None:
        if len({each.at for each in found}) == 1:
            found = [replace(each, at=moment.last, first=moment.first, basis="given") for each in found]
        found = [each for each in found if each.at is not None and each.at <= moment.last]
        if not found:
            raise EvidenceFileError(f"{source.name} holds no backup of that day or before")
    at = max((each.at for each in found if each.at is not None), default=None)
    latest: dict[str, list[Backup]] = {}
    for each in found:
        if each.at == at:
            latest.setdefault(each.organization, []).append(each)
    if len(latest) > 1 and "" in latest:  # beside the organizations' own directories
        del latest[""]
    return tuple(_together(each) for each in latest.values()), report


def _together(of_moment: list[Backup]) -> Backup:
    """Several forms of one backup as one."""
    first = min(of_moment, key=lambda each: each.partial)
    if len(of_moment) == 1:
        return first
    objects: dict[tuple[str, str, str], HeldObject] = {}
    for backup in sorted(of_moment, key=lambda each: each.partial):
        for each in backup.objects:
            key = (each.kind, each.bag, each.name)
            known = objects.get(key)
            if known is None or known.unreadable or (known.shown and not each.shown):
                objects[key] = each
            elif not _agree(known, each):
                raise EvidenceFileError(
                    f"{known.place} and {each.place} hold {each.kind}[{each.name}] differently: name one of them"
                )
    return replace(
        first,
        objects=tuple(objects.values()),
        kinds=frozenset(kind for each in of_moment if not each.partial for kind in each.kinds),
        refused=tuple(each for backup in of_moment for each in backup.refused),
    )


def _agree(one: HeldObject, other: HeldObject) -> bool:
    if one.shown or other.shown or one.unreadable or other.unreadable:
        return True
    sides = [
        answer_of(each.kind, each.name, {key: value for key, value in each.body.items() if key != "automatic"})
        for each in (one, other)
    ]
    return same_content(*sides) is not False
