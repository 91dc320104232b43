"""Timelines as Timesketch exchanges them: JSON Lines of ``message``, ``datetime``, ``timestamp_desc``, and more.

What ``evidence --format timesketch`` wrote is understood again; of other timelines, what has an action and an object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.evidence.format import EvidenceFormat
from forensics.evidence.moments import Moments
from forensics.evidence.table import json_object, rows_of_json_lines
from forensics.evidence.told_requests import told_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import Record, SourceReport

_NAMES: Final = frozenset({"message", "datetime", "timestamp_desc"})


def _read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
    moments = Moments(source.zone)
    for place, row in rows_of_json_lines(source, report):
        time = moments.read(str(row.get("datetime", "")))
        if time is None:
            report.bad.add(place, "has no time that is known")
            continue
        report.saw(time)
        if "action" not in row:
            continue
        found = told_request(place, {**row, "time": row["datetime"]}, moments)
        if not isinstance(found, str):
            report.used += 1
            yield found
    report.zone = str(moments)


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    row = None if source.is_directory else json_object(start.lstrip().partition(b"\n")[0])
    return row is not None and row.keys() >= _NAMES


FORMAT: Final = EvidenceFormat(
    "timesketch", "timeline of Timesketch", "what its events name: actions on objects", _recognise, _read
)
