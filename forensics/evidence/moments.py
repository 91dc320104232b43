"""Times as logs have them, as whole seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Final, TypeAlias

from forensics.facts import named

_CLF: Final = re.compile(r"(\d\d)/([A-Z][a-z][a-z])/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})")
_MONTHS: Final = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}
_SECONDS: Final = re.compile(r"\d{1,11}(?:\.\d+)?")
_STAMP: Final = 28
_MOST_ZONES: Final = 8
_MOST_DAYS: Final = 10_000
_EARLIEST: Final = 0
_LATEST: Final = 1 << 36


Moment: TypeAlias = Annotated[
    str,
    named(
        "moment",
        "A time in UTC, to the second.",
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00$",
    ),
]
"""A time as results tell it."""


class Moments:
    """Reads the times of one source, and knows in which zones they were.

    ``zone`` is the one of times without any; where nobody said it, they are taken to be UTC.
    """

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self._seen: dict[str, None] = {}
        self._days: dict[bytes, int | None] = {}

    def __str__(self) -> str:
        """The zones that were met, in order."""
        more = ", and others" if len(self._seen) > _MOST_ZONES else ""
        return ", ".join(list(self._seen)[:_MOST_ZONES]) + more

    def of_stamp(self, stamp: bytes) -> int | None:
        """The time that stands in brackets, as in ``[04/Aug/2014:11:20:02 -0700]``; each day is looked at once."""
        if len(stamp) != _STAMP or stamp[12:13] != b":":
            return self.read(stamp[1:-1].decode("ascii", "replace"))
        day = stamp[1:12] + b":00:00:00" + stamp[21:27]
        if day not in self._days:
            if len(self._days) > _MOST_DAYS:
                self._days.clear()
            self._days[day] = self.read(day.decode("ascii", "replace"))
        begin = self._days[day]
        try:
            hours, minutes, seconds = int(stamp[13:15]), int(stamp[16:18]), int(stamp[19:21])
        except ValueError:
            return None
        return None if begin is None else begin + hours * 3600 + minutes * 60 + seconds

    def read(self, text: str) -> int | None:
        """A time in the form of access logs, in ISO 8601, or in seconds; None if it is none of these."""
        try:
            found = self._read(text.strip())
        except (ValueError, OverflowError):
            return None
        return found if found is not None and _EARLIEST <= found < _LATEST else None

    def _read(self, text: str) -> int | None:
        if common := _CLF.fullmatch(text):
            day, month, year, hour, minute, second, offset = common.groups()
            if month not in _MONTHS:
                return None
            moment = datetime.fromisoformat(
                f"{year}-{_MONTHS[month]:02}-{day}T{hour}:{minute}:{min(int(second), 59):02}{offset}"
            )
            self._seen[offset] = None
            return int(moment.timestamp())
        if _SECONDS.fullmatch(text):
            self._seen["UTC"] = None
            return int(float(text))
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            self._seen[str(self._zone) if self._zone else "UTC, since nothing tells"] = None
            moment = moment.replace(tzinfo=self._zone or UTC)
        else:
            self._seen[f"{moment:%z}"] = None
        return int(moment.timestamp())
