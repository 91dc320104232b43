"""Commit times as ISO 8601 text, and what people type read as such."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.history.model import Signature
    from forensics.history.walk import History

_LARGEST_OFFSET: Final = 24 * 60
_RELATIVE: Final = re.compile(r"(\d+)[ .-]?(minute|hour|day|week|month|year)s?(?:[ .-]ago)?", re.IGNORECASE)
_SECONDS: Final = {
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
    "month": 30 * 86400,
    "year": 365 * 86400,
}


class DateError(UsageError):
    """A date that cannot be read."""


def iso(time: int, offset: int = 0) -> str:
    """Seconds since 1970 and an offset in minutes as ISO 8601 text.

    An offset that no zone has counts as UTC; a time outside the years 1 to 9999 is given as ``@SECONDS``.
    """
    zone = timezone(timedelta(minutes=offset)) if abs(offset) < _LARGEST_OFFSET else UTC
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=time)).astimezone(zone).isoformat()
    except OverflowError:
        return f"@{time}"


def seconds(moment: str) -> int:
    """A moment as ``iso`` writes it, in seconds since 1970."""
    return int(moment[1:]) if moment.startswith("@") else int(datetime.fromisoformat(moment).timestamp())


def iso_within(first: int | None, last: int | None) -> str | None:
    """When something was of which only the first and the last possible second are known: the day, if it is not one."""
    if first is None or last is None:
        return None
    return iso(first) if first == last else iso(first)[:10]


def signature_date(signature: Signature) -> str:
    """When somebody signed, in the offset they recorded."""
    return iso(signature.time, signature.offset)


def commit_date(history: History, commit: int) -> str:
    """A commit's committer date in its own offset."""
    details = history.details(commit)
    return signature_date(details.committer) if details else iso(history.graph.times[commit])


def parse_when(text: str, *, reference: int, end_of_day: bool) -> int:
    """A date that somebody typed, as seconds since 1970.

    A day alone means its first second in UTC, or its last one with ``end_of_day``; a time without an offset is UTC;
    ``3 weeks ago`` counts from ``reference``, never from the clock.

    Raises:
        DateError: the text is no date.
    """
    stripped = text.strip()
    relative = _RELATIVE.fullmatch(stripped)
    if relative:
        return reference - int(relative[1]) * _SECONDS[relative[2].lower()]
    try:
        moment = datetime.fromisoformat(stripped)
    except ValueError:
        raise DateError(f"{text!r} is no date; write 2014-08-31, 2014-08-31T10:00:00-07:00 or '3 weeks ago'") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if end_of_day and re.fullmatch(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d", stripped):
        moment += timedelta(days=1, seconds=-1)
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
