"""The files of evidence, for people: what each covers, what is lost of it, and the times between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.ground_results import EvidencePlace
from forensics.report.text.style import Style, field, table
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.proof_results import EvidenceSource, UncoveredPeriod
    from forensics.evidence.commands import SourceLine

_MOST_BAD: Final = 3
_MOST_SOURCES: Final = 20
_MOST_PERIODS: Final = 3


def source_lines(sources: Sequence[EvidenceSource], names: dict[str, str], style: Style) -> Iterator[str]:
    """The files of each format, with their periods and what could not be read."""
    by_format: dict[str, list[EvidenceSource]] = {}
    for each in sources:
        by_format.setdefault(each.format, []).append(each)
    for group in by_format.values():
        for line in field("", f"{group[0].title}: {group[0].proves}", style, label_width=0, indent=0):
            yield style.paint(line, "bold")
        ordered = sorted(group, key=lambda each: (each.first or "", each.file))
        shown = ordered if style.verbose else ordered[:_MOST_SOURCES]
        yield from _periods(shown, names)
        if len(shown) < len(ordered):
            yield f"   and {len(ordered) - len(shown)} more files (--verbose lists them)"
        for each in group:
            for gap in each.gaps:
                yield from field("", f"{names[each.file]} {clean(gap)}", style, label_width=0)
            for bad in each.bad[: None if style.verbose else _MOST_BAD]:
                text = f"{place_of(EvidencePlace(bad.file, bad.line), names)} {clean(bad.reason)}"
                yield from field("", text, style, label_width=0)
        yield ""


def _periods(sources: Sequence[EvidenceSource], names: dict[str, str]) -> Iterator[str]:
    """A table of them; what none of them has (lines that are bad, say) has no column."""
    columns = {
        "file": [names[each.file] for each in sources],
        "from (UTC)": [time_of(each.first) if each.first else "" for each in sources],
        "to (UTC)": [time_of(each.last) if each.last else "" for each in sources],
        "zone": [clean(each.zone) for each in sources],
        "lines": [str(each.lines) for each in sources],
        "telling": [str(each.used) for each in sources],
        "refused": [str(each.refused or "") for each in sources],
        "repeated": [str(each.repeated or "") for each in sources],
        "bad": [str(each.bad_lines or "") for each in sources],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    yield from table(list(zip(*kept.values(), strict=True)), list(kept), indent="   ")


def uncovered_lines(periods: Sequence[UncoveredPeriod], names: dict[str, str], style: Style) -> Iterator[str]:
    """The times of which no log has a line: those of a file that is missing, then the longest."""
    if not periods:
        return
    yield style.paint("No log covers", "bold")
    worst = sorted(periods, key=lambda each: (not each.missing, each.bounds[0] - each.bounds[1]))
    certain = sum(bool(each.missing) for each in periods)
    shown = periods if style.verbose else [each for each in periods if each in worst[: max(certain, _MOST_PERIODS)]]
    for each in shown:
        when = f"{time_of(each.first_time)} to {time_of(each.last_time)}"
        yield from field(when, _period(each, names), style, label_width=44)
    left = [each for each in periods if each not in shown]
    if left:
        longest = max(last - first for first, last in (each.bounds for each in left))
        text = f"and {len(left)} more times between two logs, of {_length(longest)} at most (--verbose lists them)"
        yield from field("", text, style, label_width=0)
    yield ""


def _length(seconds: int) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = -(-seconds // size)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def _period(period: UncoveredPeriod, names: dict[str, str]) -> str:
    after, before = (names.get(each, clean(each)) for each in (period.after, period.before))
    if period.missing:
        return f"between {after} and {before}; not among the files: {', '.join(map(clean, period.missing))}"
    return f"between {after} and {before}: nothing happened, or a log is missing"


def place_of(place: EvidencePlace | SourceLine, names: dict[str, str]) -> str:
    """Where something stands, with the short name of the file."""
    name = names.get(place.file, clean(place.file))
    return name if place.line is None else f"{name}:{place.line}"


def time_of(moment: str) -> str:
    """A time in UTC as people read it, to the second."""
    return moment[:19].replace("T", " ")
