"""erchef's own log of requests, ``requests.log.N``: one line each of ``name=value``, without a hash of what was sent.

``2014-08-04T18:20:02Z erchef@127.0.0.1 method=PUT; path=/organizations/acme/roles/base; status=200; ...``
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.evidence.format import EvidenceFormat
from forensics.evidence.moments import Moments
from forensics.evidence.records import Action, NodeSaves, Place, Request
from forensics.evidence.server_paths import server_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import Record, SourceReport

_LINE: Final = re.compile(rb"^\S{10,40} \S{0,80}erchef@\S{0,80} [^\n]{0,1000}?\bmethod=[A-Z]{1,16}; ", re.MULTILINE)
_CHANGES: Final = (b"method=PUT;", b"method=POST;", b"method=DELETE;")
_FIELD: Final = re.compile(r"\b(method|path|status|user|org_name)=([^;]*)(?:;|$)")
_LONGEST: Final = 16_384
_LONGEST_NAME: Final = 256
# nobody waited for the answer
_UNKNOWN: Final = 504


def _read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
    moments = Moments(source.zone)
    saves: dict[tuple[str, str], NodeSaves] = {}
    for lines in source.lines(report):
        for number, line in enumerate(lines, report.lines - len(lines) + 1):
            if not line.strip():
                continue
            place = Place(source.name, number)
            time = moments.read(line[: line.find(b" ")].decode("ascii", "replace"))
            if time is None or b"method=" not in line:
                report.bad.add(place, "holds no request with a time", line)
                continue
            report.saw(time)
            if not any(method in line for method in _CHANGES):
                continue
            found = _request(place, time, line[:_LONGEST].decode("utf-8", "surrogateescape"), report)
            if found is None:
                continue
            if found.kind is Kind.NODE and found.name is not None and found.name == found.user:
                # a run of its client saved it
                key = found.organization, found.name
                known = saves.get(key) or NodeSaves(place, time, time, found.name, found.organization, 0)
                first, last = min(known.first, time), max(known.last, time)
                saves[key] = NodeSaves(known.place, first, last, found.name, found.organization, known.saves + 1)
            else:
                yield found
    report.zone = str(moments)
    yield from saves.values()


def _request(place: Place, time: int, line: str, report: SourceReport) -> Request | None:
    fields = dict(reversed(_FIELD.findall(line)))  # the first of a name counts: what follows may be anybody's words
    path = server_path(fields.get("path", ""))
    status = fields.get("status", "")
    if path is None:
        return None
    if not (status.isascii() and status.isdigit()):
        report.bad.add(place, "has no status", line.encode("utf-8", "surrogateescape"))
        return None
    report.used += 1
    applied = 200 <= int(status) < 300  # noqa: PLR2004 (2xx)
    if not applied and int(status) != _UNKNOWN:
        report.refused += 1
        return None
    of_bag = path.kind is Kind.DATA_BAG_ITEM and path.name is None and fields["method"] != "POST"
    return Request(
        place=place,
        time=time,
        action=Action[fields["method"]],
        kind=None if of_bag else path.kind,
        name=path.name,
        bag=path.bag,
        organization=path.organization,
        user=fields.get("user", "")[:_LONGEST_NAME],
        status=int(status),
        applied=applied,
        digest=hash(line),
    )


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    return not source.is_directory and bool(_LINE.search(start))


FORMAT: Final = EvidenceFormat(
    "requests-log",
    "log of requests of the Chef server's erchef",
    "who changed which object when",
    _recognise,
    _read,
)
