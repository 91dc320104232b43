"""What stands before the message of a log line: Chef's own time and level, and what syslog or the journal put there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALF_A_YEAR: Final = timedelta(days=183)

_CHEF: Final = re.compile(
    r"\[(?:(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|\w{3}, (?P<old>\d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}))\] (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL): "
)
_LEVEL: Final = re.compile(r"(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL): ")
_SYSLOG: Final = re.compile(
    r"(?:<\d{1,3}>(?:1 )?)?"
    r"(?:(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,]\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?"
    r"|(?P<bare>(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)?)"
    r"|[A-Z][a-z]{2} (?P<full>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: (?P<named>[A-Z]{2,5}))?"
    r"|(?P<unix>\d{9,11})\.\d+)"
    # RFC 5424 has words of its own before the message; others end the program's name with a colon
    r" (?P<host>\S+) (?P<program>[^\s\[\]:]+)(?:(?:\[\d+\])?: ?| (?:\d+|-) \S+ (?:-|\[[^\]]*\]) ?\ufeff?)"
)
# Docker and Kubernetes: nanoseconds, and no host
_CONTAINER: Final = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{9}(?P<zone>Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?"
)
_BEGIN: Final = re.compile(r"-- (?:Logs|Journal) begins? at \w{3} (?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) ")
_UTC_NAMES: Final = frozenset({"UTC", "GMT"})


class Line(NamedTuple):
    """A line taken apart; ``host`` is empty where no prefix names one, ``time`` None where nothing dates it."""

    time: int | None
    host: str
    message: str


class Prefixes:
    """Takes lines apart, one after the other.

    Times of syslog lack year and zone. The zone is the one that somebody named, or that of the full times in the same
    file; the year follows from the full dates before. Where nothing tells them the time is unknown; ``undated`` counts
    such lines.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._seen: tzinfo | None = None
        self._last: datetime | None = None
        self.undated = 0

    @property
    def zone(self) -> tzinfo | None:
        """The zone that times without one were taken to be in, or that full times are in."""
        return self._zone or self._seen

    def take_apart(self, text: str) -> Line:
        """What a line says when, and on which host."""
        contained = _CONTAINER.match(text)
        if contained is None:
            return self._within(text)
        moment = self._full(contained["iso"] + contained["zone"])
        line = self._within(text[contained.end() :])
        return line if line.time is not None else line._replace(time=_seconds(moment))

    def _within(self, text: str) -> Line:
        host, rest, outer = "", text, None
        if found := _SYSLOG.match(text):
            host, rest = found["host"], text[found.end() :]
            outer = found
        if stamp := _CHEF.search(rest):
            moment = self._full(stamp["iso"]) if stamp["iso"] else self._old(stamp["old"])
            return Line(_seconds(moment), host, rest[stamp.end() :])
        if level := _LEVEL.match(rest):
            rest = rest[level.end() :]
        if outer is None:
            if begin := _BEGIN.match(text):
                self._last = _date(int(begin["year"]), int(begin["month"]), int(begin["day"]), "00:00:00")
            return Line(None, host, rest)
        moment = self._outer(outer)
        if moment is None:
            self.undated += 1
        return Line(_seconds(moment), host, rest)

    def _outer(self, found: re.Match[str]) -> datetime | None:
        if found["unix"]:
            return _EPOCH + timedelta(seconds=int(found["unix"]))
        if found["iso"] and found["zone"]:
            return self._full(found["iso"] + found["zone"])
        if found["bare"]:
            return self._without_year(found["month"], int(found["day"]), found["clock"])
        naive = _parsed(found["iso"] or found["full"])
        zone = UTC if found["named"] in _UTC_NAMES else self.zone
        return None if naive is None or zone is None else self._noted(naive.replace(tzinfo=zone))

    def _full(self, text: str) -> datetime | None:
        moment = _parsed(text)
        if moment is not None:
            self._seen = moment.tzinfo
            self._noted(moment)
        return moment

    def _old(self, text: str) -> datetime | None:
        day, month, year, clock, offset = text.split(" ")
        if month.lower() not in _MONTHS:
            return None
        number = _MONTHS.index(month.lower()) + 1
        return self._full(f"{year}-{number:02}-{day}T{clock}{offset[:3]}:{offset[3:]}")

    def _without_year(self, month: str, day: int, clock: str) -> datetime | None:
        if self._last is None or self.zone is None or month.lower() not in _MONTHS:
            return None
        number, near = _MONTHS.index(month.lower()) + 1, self._last.replace(tzinfo=None)
        # the year in which it comes closest to what was dated before
        dated = [
            moment for year in (near.year - 1, near.year, near.year + 1) if (moment := _date(year, number, day, clock))
        ]
        closest = min(dated, key=lambda moment: abs(moment - near), default=None)
        if closest is None or abs(closest - near) > _HALF_A_YEAR:
            return None
        return self._noted(closest.replace(tzinfo=self.zone))

    def _noted(self, moment: datetime) -> datetime:
        self._last = moment
        return moment


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _date(year: int, month: int, day: int, clock: str) -> datetime | None:
    return _parsed(f"{year:04}-{month:02}-{day:02}T{clock}")


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int((moment - _EPOCH).total_seconds())
