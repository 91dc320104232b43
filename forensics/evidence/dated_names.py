"""When something was made, as exactly as a text says: a day, or a second."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = r"(?P<year>(?:19|20)\d\d)(?P<between>[-_.]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
_TIME: Final = (
    r"(?:[T _.-]?(?P<hour>\d\d)[-:_.h]?(?P<minute>\d\d)(?:[-:_.m]?(?P<second>\d\d))?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)"
)
_WHOLE: Final = re.compile(f"{_DAY}{_TIME}?", re.ASCII)
_WITHIN: Final = re.compile(rf"(?<!\d){_DAY}{_TIME}?(?!\d)", re.ASCII)


class Dated(NamedTuple):
    """The first and the last second (since 1970, UTC) at which something can have been."""

    first: int
    last: int


def moment_of(text: str, zone: tzinfo | None = None) -> Dated | None:
    """What a text that is nothing but a date says; None if it is none. A time without a zone is in ``zone``, or UTC."""
    return _moment(_WHOLE.fullmatch(text.strip()), zone)


def moment_in(name: str, zone: tzinfo | None = None) -> Dated | None:
    """The date within a name of a file or directory: ``chef-2014-10-01``, ``20141001T0300``."""
    return _moment(_WITHIN.search(name), zone)


def _moment(found: re.Match[str] | None, zone: tzinfo | None) -> Dated | None:
    if found is None:
        return None
    date = f"{found['year']}-{found['month']}-{found['day']}"
    try:
        if found["hour"] is None:
            start = _seconds(datetime.fromisoformat(date), zone)
            return Dated(start, start + int(timedelta(days=1).total_seconds()) - 1)
        time = f"{found['hour']}:{found['minute']}:{found['second'] or '00'}{found['zone'] or ''}"
        start = _seconds(datetime.fromisoformat(f"{date}T{time}"), zone)
    except ValueError:
        return None
    return Dated(start, start + (0 if found["second"] else 59))


def _seconds(moment: datetime, zone: tzinfo | None) -> int:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone or UTC)
    return int((aware - _EPOCH).total_seconds())
