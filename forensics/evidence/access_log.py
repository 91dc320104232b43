r"""The access log of a Chef Infra Server, which its nginx writes.

``$remote_addr - $remote_user [$time_local]  "$request" $status "$request_time" $body_bytes_sent "$http_referer"
"$http_user_agent" "$upstream_addr" "$upstream_status" "$upstream_response_time" "$http_x_chef_version"
"$http_x_ops_sign" "$http_x_ops_userid" "$http_x_ops_timestamp" "$http_x_ops_content_hash" $request_length``

The first quotation mark of a line is that of the request, and every other one is where the format has it, whoever wrote
the user agent: nginx spells those of a variable ``\x22``. The time is what stands in brackets just before.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.evidence.format import EvidenceFormat
from forensics.evidence.moments import Moments
from forensics.evidence.records import Action, NodeSaves, Place, Request, Sizes
from forensics.evidence.server_paths import ServerPath, server_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import Record, SourceReport

_LINE: Final = re.compile(rb'\[[^\]"\n]{1,64}\][ \t]{1,4}"[A-Z]{1,16} [^\s"]{1,8192} HTTP/[\d.]{1,4}" \d\d\d ')
_CONCERNS: Final = re.compile(
    rb"(?:GET|PUT|POST|DELETE) (?:/+organizations/+[^/ ]+)?/+(?:roles|environments|nodes|data)(?![^/? ])"
).match
_ACTIONS: Final = {"PUT": Action.PUT, "POST": Action.POST, "DELETE": Action.DELETE}
_PRODUCT: Final = re.compile(r"[A-Za-z][A-Za-z ]*/[0-9][0-9A-Za-z.]*")
_HASH_SIZES: Final = (20, 32)
_MOST_REMEMBERED: Final = 20_000
_MOST_OBJECTS: Final = 200_000
_MOST_REFUSED: Final = 1_000
_LONGEST_REMEMBERED: Final = 1_000
_LONGEST_NAME: Final = 256
# nobody waited for the answer: what the server made of the request is not told
_UNKNOWN: Final = frozenset({499, 504})
_STATED: Final = frozenset({b"200", b"404"})
_NONE: Final = "-"
# what stands between the quotation marks of a line, counted from the request's closing one
_AGENT, _VERSION, _USER, _HASH = 5, 13, 17, 21
_AGENT_OF_PLAIN: Final = 3


class _Object:
    """What is known of one object while a log is read: its last GETs, which were answered alike, and the PUTs."""

    __slots__ = ("answers", "first", "last", "last_get", "length", "line", "path", "saves")

    def __init__(self, path: ServerPath) -> None:
        self.path = path
        self.length: bytes | None = None
        self.first = self.last = self.answers = self.line = 0
        self.last_get: tuple[int, bytes] | None = None
        self.saves: NodeSaves | None = None


_NEW: Final = ("", _Object(ServerPath("", None, None)))


class _Reader:
    def __init__(self, source: EvidenceFile, report: SourceReport) -> None:
        self._source = source
        self._report = report
        self._moments = Moments(source.zone)
        self._objects: dict[ServerPath, _Object] = {}
        self._meant: dict[bytes, tuple[str, _Object] | None] = {}
        self._refused: OrderedDict[tuple[str, Kind | None, str, str], str] = OrderedDict()
        self._words: dict[str, str] = {}

    def records(self) -> Iterator[Record]:
        """What the log says, each record when it is known to be complete."""
        report = self._report
        for number, line, time, end, (method, subject) in self._telling():
            if method != "GET":
                yield from self._change(method, subject, time, number, line, end)
                continue
            subject.last_get = (time, line)
            status = line[end + 2 : end + 5]
            if status in _STATED:
                report.used += 1
                length = self._length(line, end) if status == b"200" else b""
                if length == subject.length:
                    subject.answers += 1
                    subject.first, subject.last = min(subject.first, time), max(subject.last, time)
                elif subject.path.kind is not Kind.NODE:
                    yield from self._other_size(subject, length, time, number)
        for subject in self._objects.values():
            if subject.length is not None:
                yield self._sizes(subject)
            if subject.saves is not None:
                yield subject.saves
        report.zone = str(self._moments)

    def _telling(self) -> Iterator[tuple[int, bytes, int, int, tuple[str, _Object]]]:
        """The lines about objects: number, text, time, where the request ends, and what it does to which.

        Millions of others are passed over here, so that nothing is done that can wait.
        """
        report, meant, moments = self._report, self._meant, self._moments
        stamp, time, back = b"[", None, 0
        for lines in self._source.lines(report):
            for number, line in enumerate(lines, report.lines - len(lines) + 1):
                start = line.find(b'"')
                end = line.find(b'"', start + 1)
                if not line.startswith(stamp, start - back):  # few lines in a row are of one second
                    opened = line.rfind(b"[", 0, max(start, 0))
                    stamp, back = line[opened : line.find(b"]", opened, start) + 1], start - opened
                    time = moments.of_stamp(stamp) if end > 0 and opened >= 0 else None
                    report.saw(time)
                if time is None or end < 0:
                    if line.strip():
                        self._bad(number, "has no time that is known" if end > 0 else "holds no request", line)
                    stamp, back = b"[", 0
                    continue
                request = line[start + 1 : end]
                found = meant.get(request, _NEW)
                if found is _NEW:
                    if not _CONCERNS(request):
                        continue
                    found = self._meaning(request)
                if found is not None:
                    yield number, line, time, end, found

    def _other_size(self, subject: _Object, length: bytes, time: int, number: int) -> Iterator[Sizes]:
        if subject.length is not None:
            yield self._sizes(subject)
        subject.length, subject.answers, subject.line = length, 1, number
        subject.first = subject.last = time

    def _bad(self, number: int, reason: str, line: bytes) -> None:
        self._report.bad.add(Place(self._source.name, number), reason, line)

    def _meaning(self, request: bytes) -> tuple[str, _Object] | None:
        """Which object a request is about, and what it does; None if it concerns nothing that a chef-repo keeps."""
        found = self._read_request(request)
        if len(request) <= _LONGEST_REMEMBERED:
            if len(self._meant) >= _MOST_REMEMBERED:
                self._meant.clear()
            self._meant[request] = found
        return found

    def _read_request(self, request: bytes) -> tuple[str, _Object] | None:
        method, _, rest = request.decode("utf-8", "surrogateescape").partition(" ")
        path = server_path(rest.partition(" ")[0])
        if path is None or (method == "GET" and path.name is None):
            return None
        known = self._objects.get(path)
        if known is None:
            known = _Object(path)
            if path.name is not None and len(self._objects) < _MOST_OBJECTS:
                self._objects[path] = known
        return method, known

    @staticmethod
    def _length(line: bytes, end: int) -> bytes:
        """How many bytes the answer had: behind the request time, which stands in quotation marks, or the status."""
        words = line[end + 2 : end + 60].split(b" ", 3)
        return words[2] if words[1].startswith(b'"') and len(words) > 2 else words[1]  # noqa: PLR2004 (three come first)

    def _sizes(self, subject: _Object) -> Sizes:
        path = subject.path
        digits = subject.length or b""
        return Sizes(
            Place(self._source.name, subject.line),
            subject.first,
            subject.last,
            path.kind or Kind.DATA_BAG_ITEM,
            path.name or "",
            int(digits) if digits.isdigit() else None,
            path.bag,
            path.organization,
            subject.answers,
        )

    def _change(self, method: str, subject: _Object, time: int, number: int, line: bytes, end: int) -> Iterator[Record]:
        fields = line[end + 1 :].split(b'"')
        words = fields[0].split()
        if not words or len(words[0]) != 3 or not words[0].isdigit():  # noqa: PLR2004 (a status)
            self._bad(number, "has no status", line)
            return
        self._report.used += 1
        status = int(words[0])
        path = subject.path
        plain = len(words) > 1  # nginx's own format, in which the length stands here
        agent = self._text(fields, _AGENT_OF_PLAIN if plain else _AGENT)
        content_hash = self._content_hash(self._text(fields, _HASH))
        user = self._text(fields, _USER)
        same = (content_hash, path.kind, path.organization, path.bag)
        applied = 200 <= status < 300  # noqa: PLR2004 (2xx)
        if not applied and status not in _UNKNOWN:
            self._report.refused += 1
            if content_hash and method == "PUT" and path.name is not None:
                self._refused[same] = path.name
                if len(self._refused) > _MOST_REFUSED:
                    self._refused.popitem(last=False)
            return
        name = path.name
        if name is None and method == "POST" and content_hash:
            name = self._refused.get(same)
        if path.kind is Kind.NODE and name is not None and name == user and not _by_knife(agent):
            yield from self._saved(subject, time, number)
            return
        of_bag = path.kind is Kind.DATA_BAG_ITEM and path.name is None and method != "POST"
        read = subject.last_get
        reader = self._text(read[1].split(b'"'), _USER + 2) if read else ""
        product = _PRODUCT.match(agent)
        yield Request(
            place=Place(self._source.name, number),
            time=time,
            action=_ACTIONS[method],
            kind=None if of_bag else path.kind,
            name=name,
            bag=path.bag,
            organization=path.organization,
            user=user,
            client=self._word(product[0] if product else self._text(fields, _VERSION)),
            status=status,
            content_hash=content_hash,
            applied=applied,
            read_before=time - read[0] if read and reader == user and user and time >= read[0] else None,
            digest=hash(line),
        )
        subject.last_get = None
        if subject.length is not None:
            yield self._sizes(subject)  # what is read from now on is of another content
            subject.length = None

    def _saved(self, subject: _Object, time: int, number: int) -> Iterator[NodeSaves]:
        saves, path = subject.saves, subject.path
        if subject.path.name is None or self._objects.get(path) is not subject:
            yield NodeSaves(Place(self._source.name, number), time, time, path.name or "", path.organization)
        elif saves is None:
            subject.saves = NodeSaves(Place(self._source.name, number), time, time, path.name or "", path.organization)
        else:
            subject.saves = NodeSaves(
                saves.place,
                min(saves.first, time),
                max(saves.last, time),
                saves.name,
                saves.organization,
                saves.saves + 1,
            )

    def _text(self, fields: list[bytes], place: int) -> str:
        if place >= len(fields) or (place == len(fields) - 1 and place % 2):
            return ""  # the line is cut within this field, or before it
        text = fields[place][:_LONGEST_NAME].decode("utf-8", "surrogateescape")
        return "" if text == _NONE else self._word(text)

    def _word(self, text: str) -> str:
        """The same text, kept once however often it comes: few people send many requests."""
        if len(self._words) >= _MOST_REMEMBERED:
            self._words.clear()
        return self._words.setdefault(text, text)

    @staticmethod
    def _content_hash(text: str) -> str:
        try:
            digest = base64.b64decode(text.encode("ascii", "replace"), validate=True)
        except (ValueError, binascii.Error):
            return ""
        return text if len(digest) in _HASH_SIZES else ""


def _by_knife(agent: str) -> bool:
    """Whether a person sent it: a client calls itself by the same name, without the word."""
    return "knife" in agent.casefold()


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    if source.is_directory:
        return False
    # one that was just rotated is empty
    return bool(_LINE.search(start)) or (not start and "access" in source.path.name and "log" in source.path.name)


def _read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
    return _Reader(source, report).records()


FORMAT: Final = EvidenceFormat(
    "access-log",
    "access log of a Chef Infra Server",
    "who changed which object when, and a hash of exactly what was sent",
    _recognise,
    _read,
)
