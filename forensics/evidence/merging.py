"""The requests of several logs as one list, and the periods between the logs that none of them covers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.evidence.records import Action, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.chef.objects import Kind
    from forensics.evidence.records import Request, SourceReport

REQUEST_LOGS: Final = ("access-log", "requests-log")
"""The formats whose files cover a period: what is not in them did not happen."""

_NOWHERE: Final = Place("")
_SAME: Final = 2
_ROTATED: Final = re.compile(r"(.+?)\.(\d{1,4})(\.(?:gz|bz2|xz))?")
_COMPRESSED: Final = (".gz", ".bz2", ".xz")

_Subject: TypeAlias = "tuple[Kind | None, str | None, str, str]"
_About: TypeAlias = "tuple[Action, Kind | None, str | None, str, str]"


def once_each(requests: Iterable[Request], sources: Sequence[SourceReport]) -> Iterator[Request]:
    """All requests in the order of their times, those of one second in that of files and lines, each once.

    A line that stands in several files is one request; so it is if it stands twice in one file, unless another of the
    object stands between: then it was sent again.

    erchef's own log knows less of a request than nginx's, which stands for both where both have it.
    """
    begins = {each.file: (each.first is None, each.first or 0, number) for number, each in enumerate(sources)}
    formats = {each.file: each.format for each in sources}
    reports = {each.file: each for each in sources}

    def in_order(each: Request) -> tuple[object, ...]:
        return each.time is None, each.time or 0, begins[each.place.file], each.place.line or 0

    ordered = sorted(requests, key=in_order)
    full: dict[_About, list[int]] = {}
    hashed: dict[_About, list[int]] = {}
    for each in ordered:
        if each.time is not None and formats[each.place.file] == REQUEST_LOGS[0]:
            full.setdefault(_about(each), []).append(each.time)
            if each.content_hash:
                hashed.setdefault(_about(each), []).append(each.time)
    latest: dict[_Subject, Request | int] = {}
    given: Counter[Request | int] = Counter()
    met: Counter[tuple[str, Request | int]] = Counter()
    for each in ordered:
        file, about, told = each.place.file, _about(each), each.digest or replace(each, place=_NOWHERE)
        if formats[file] == REQUEST_LOGS[1]:
            known = _near(full.get(about, []), each.time, _SAME)
        else:  # a line that is cut in one copy of a log
            known = not (each.content_hash or each.user) and _near(hashed.get(about, []), each.time, 0)
        # sent again within the second, it changes something only if something else was sent between
        known = known or latest.get(about[1:]) == told
        if not known:
            met[file, told] += 1
            known = met[file, told] <= given[told]
        if known:
            reports[file].repeated += 1
            continue
        given[told] += 1
        latest[about[1:]] = told
        if each.action is Action.DELETE:  # it can be made again, by a request that does not name it
            latest.pop((each.kind, None, each.bag, each.organization), None)
        yield each


def _about(each: Request) -> _About:
    name = None if each.action is Action.POST else each.name
    return each.action, each.kind, name, each.bag, each.organization


def _near(times: list[int], time: int | None, seconds: int) -> bool:
    """Whether the same stands in another log at this time, which two programs did not note in quite one second."""
    if time is None:
        return False
    place = bisect_left(times, time - seconds)
    return place < len(times) and times[place] <= time + seconds


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A period between two logs of which no line is there.

    Nobody can tell whether nothing happened or a log is missing; ``missing`` are files of the set that are not among
    those given, by their numbers.
    """

    first: int
    last: int
    after: str
    before: str
    missing: tuple[str, ...] = ()


def uncovered(sources: Iterable[SourceReport]) -> tuple[Uncovered, ...]:
    """The periods between the logs of requests that none of them covers, in order."""
    logs = [each for each in sources if each.format in REQUEST_LOGS and each.first is not None]
    logs.sort(key=lambda each: (each.first or 0, each.last or 0))
    found: list[Uncovered] = []
    latest: SourceReport | None = None
    for each in logs:
        if latest is not None and (each.first or 0) > (latest.last or 0) + 1:
            missing = _missing(latest.file, each.file)
            found.append(Uncovered(latest.last or 0, each.first or 0, latest.file, each.file, missing))
        if latest is None or (each.last or 0) > (latest.last or 0):
            latest = each
    return tuple(found)


def _missing(older: str, newer: str) -> tuple[str, ...]:
    """The files that rotation by numbers leaves between two of a set: ``access.log.2`` between .3 and .1."""
    (stem, high), (other, low) = _numbered(older), _numbered(newer)
    if stem != other or high is None or low is None:
        return ()
    return tuple(f"{PurePath(stem).name}.{number}" for number in range(high - 1, low, -1))


def _numbered(file: str) -> tuple[str, int | None]:
    found = _ROTATED.fullmatch(file)
    if found is not None:
        return found[1], int(found[2])
    for ending in _COMPRESSED:
        if file.endswith(ending):
            return file.removesuffix(ending), None
    return file, 0
