"""Everything that some files of evidence say."""

from __future__ import annotations

import os
import re
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from forensics.evidence.backup_members import LEFT_OUT
from forensics.evidence.dated_names import moment_of
from forensics.evidence.files import EvidenceFile, EvidenceFileError
from forensics.evidence.formats import FORMATS
from forensics.evidence.merging import once_each
from forensics.evidence.records import (
    Backup,
    ClientRun,
    NodeSaves,
    Observation,
    Request,
    Sizes,
    SourceReport,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.evidence.format import EvidenceFormat

_IS_LOG: Final = re.compile(r"(?:\.log|history)(?:[.-]\d+)?(?:\.(?:gz|bz2|xz))?$")
_MOST_UNKNOWN: Final = 3
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)")


@dataclass(slots=True)
class ReadEvidence:
    """What was read, by what it is, each in the order of the files and of their lines.

    ``requests`` stand in the order of their times, those of one second in the order of their lines; one that stands in
    several files, or twice in one, counts once.
    """

    sources: list[SourceReport] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    saves: list[NodeSaves] = field(default_factory=list)
    sizes: list[Sizes] = field(default_factory=list)
    transcripts: list[Transcript] = field(default_factory=list)
    runs: list[ClientRun] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    backups: list[Backup] = field(default_factory=list)


def read(named: Iterable[str]) -> ReadEvidence:
    """Read files and directories of evidence, each named as ``FILE`` or ``FILE@ZONE``.

    Of a directory that is what a server held, and the logs and histories below it.

    Raises:
        EvidenceFileError: one is missing, cannot be read, or has no format that is known.
    """
    found = ReadEvidence()
    lists = {
        Request: found.requests,
        NodeSaves: found.saves,
        Sizes: found.sizes,
        Transcript: found.transcripts,
        ClientRun: found.runs,
        Observation: found.observations,
        Backup: found.backups,
    }
    for given in map(source_of, named):
        within, unknown = _logs_below(given) if given.is_directory else ([], [])
        for source, format_ in [(given, recognised(given)), *within]:
            report = SourceReport(source.name, format_.name)
            if source is given:
                report.gaps += [f"holds {name}, which is in no format that is known" for name in unknown]
            # a directory of logs need hold no backup
            with suppress(EvidenceFileError) if source is given and within else nullcontext():
                for record in format_.read(source, report):
                    lists[type(record)].append(record)  # type: ignore[attr-defined]  # each list is of its key's type
            if source is not given or report.used or report.gaps or not within:
                found.sources.append(report)
    found.requests = list(once_each(found.requests, found.sources))
    return found


def _logs_below(directory: EvidenceFile) -> tuple[list[tuple[EvidenceFile, EvidenceFormat]], list[str]]:
    """What lies in a directory and is called a log or a history; and the first names of those of no known format."""
    found: list[tuple[EvidenceFile, EvidenceFormat]] = []
    unknown: list[str] = []
    for above, below, names in os.walk(directory.path):
        below[:] = sorted(name for name in below if name not in LEFT_OUT)
        for path in (Path(above, name) for name in sorted(names) if _IS_LOG.search(name)):
            inside = path.relative_to(directory.path).as_posix()
            source = EvidenceFile(path, f"{directory.name.rstrip('/')}/{inside}", directory.zone)
            try:
                found.append((source, recognised(source)))
            except EvidenceFileError:
                unknown.append(inside)
    return found, unknown[:_MOST_UNKNOWN]


def recognised(source: EvidenceFile) -> EvidenceFormat:
    """The format of a source.

    Raises:
        EvidenceFileError: none that is known.
    """
    start = b"" if source.is_directory else source.beginning()
    for format_ in FORMATS:
        if format_.recognise(source, start):
            return format_
    raise EvidenceFileError(
        f"{source.name} is in no format that is known; there are {', '.join(f.name for f in FORMATS)}"
    )


def source_of(named: str) -> EvidenceFile:
    """What ``FILE``, ``FILE@ZONE`` or ``FILE@DATE`` names; a file whose name holds the ``@`` comes first.

    Raises:
        EvidenceFileError: there is no such file, or no such zone or date.
    """
    path = Path(named)
    if path.exists():
        return EvidenceFile(path, named)
    file, at, zone = named.rpartition("@")
    if at and Path(file).exists():
        if (moment := moment_of(zone)) is not None:
            return EvidenceFile(Path(file), file, moment=moment)
        return EvidenceFile(Path(file), file, zone_of(zone))
    raise EvidenceFileError(f"{named}: there is no such file")


def zone_of(text: str) -> tzinfo:
    """A time zone by its name (``Europe/Berlin``, ``UTC``) or offset (``-07:00``).

    Raises:
        EvidenceFileError: it is none.
    """
    if offset := _OFFSET.fullmatch(text):
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    if text in {"UTC", "Z"}:
        return UTC
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise EvidenceFileError(
            f"{text!r} is neither a time zone nor a date; write Europe/Berlin, -07:00 or 2014-08-31"
        ) from None
