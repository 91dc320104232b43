"""Tables of one's own, as CSV or JSON Lines: ``time``, ``action``, ``object`` or ``path``, and what else is known."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Final

from forensics.evidence.format import EvidenceFormat
from forensics.evidence.moments import Moments
from forensics.evidence.records import Place
from forensics.evidence.told_requests import NAMES, told_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import Record, SourceReport

_NEEDED: Final = frozenset({"time", "action"})
_SUBJECTS: Final = frozenset({"object", "path"})
_MARK: Final = b"\xef\xbb\xbf"


def rows_of_json_lines(source: EvidenceFile, report: SourceReport) -> Iterator[tuple[Place, Mapping[str, object]]]:
    """The objects of a JSON Lines file, each with its line; what is none is counted as bad."""
    for lines in source.lines(report, ended=False):
        for number, line in enumerate(lines, report.lines - len(lines) + 1):
            if not line.strip():
                continue
            place = Place(source.name, number)
            row = json_object(line)
            if row is None:
                report.bad.add(place, "is no JSON object", line)
            else:
                yield place, row


def json_object(line: bytes) -> Mapping[str, object] | None:
    """The JSON object that a line holds, or None."""
    try:
        row = json.loads(line.removeprefix(_MARK))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _names(line: str) -> list[str]:
    """The names that the first line of a CSV file has."""
    try:
        return [each.strip().casefold() for each in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def _rows_of_csv(source: EvidenceFile, report: SourceReport) -> Iterator[tuple[Place, Mapping[str, object]]]:
    names: list[str] = []
    for lines in source.lines(report, ended=False):
        for number, line in enumerate(lines, report.lines - len(lines) + 1):
            text = line.removeprefix(_MARK).decode("utf-8", "surrogateescape").rstrip("\r")
            if not text.strip():
                continue
            if not names:
                names = _names(text)
                continue
            place = Place(source.name, number)
            try:
                values = next(csv.reader([text], strict=True))
            except csv.Error as error:
                report.bad.add(place, f"is no line of CSV ({error})")  # whatever its columns hold
                continue
            yield place, {name: value for name, value in zip(names, values, strict=False) if name in NAMES}


def _reader(
    rows: Callable[[EvidenceFile, SourceReport], Iterator[tuple[Place, Mapping[str, object]]]],
) -> Callable[[EvidenceFile, SourceReport], Iterator[Record]]:
    def read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
        moments = Moments(source.zone)
        for place, row in rows(source, report):
            found = told_request(place, row, moments)
            if isinstance(found, str):
                report.bad.add(place, found)
                continue
            report.used += 1
            report.saw(found.time)
            yield found
        report.zone = str(moments)

    return read


def _is_table(names: frozenset[str]) -> bool:
    return names >= _NEEDED and not names.isdisjoint(_SUBJECTS)


def _first_line(start: bytes) -> bytes:
    return start.lstrip(_MARK + b" \t\r\n").partition(b"\n")[0]


def _is_csv(source: EvidenceFile, start: bytes) -> bool:
    first = _first_line(start).decode("utf-8", "replace").rstrip("\r")
    return not source.is_directory and not first.startswith("{") and _is_table(frozenset(_names(first)))


def _is_json_lines(source: EvidenceFile, start: bytes) -> bool:
    row = None if source.is_directory else json_object(_first_line(start))
    return row is not None and _is_table(frozenset(row))


_PROVES: Final = "whatever it says"
CSV: Final = EvidenceFormat("csv", "table of one's own", _PROVES, _is_csv, _reader(_rows_of_csv))
JSON_LINES: Final = EvidenceFormat(
    "json-lines", "table of one's own", _PROVES, _is_json_lines, _reader(rows_of_json_lines)
)
