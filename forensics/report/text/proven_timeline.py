"""What evidence proves to have been live over time, as text: two lines for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.changes import changes
from forensics.analysis.ground_results import LENGTH
from forensics.report.proof_words import NOTHING_MATCHES
from forensics.report.text.proven import files, line, when
from forensics.report.text.style import Style, field
from forensics.report.text.values import change_text
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.object_results import TimelineEntry

_MOST_CHANGES: Final = 3
_TIME: Final = 22


def proven_lines(story: Sequence[TimelineEntry], style: Style) -> Iterator[str]:
    """A paragraph for each change, with the line that proves it, and for each time of which nothing is known."""
    organization = story[0].organization
    where = f" of the organization {clean(organization)}" if organization else ""
    yield from field("", f"as requests to the server prove it{where}; times are UTC", style, label_width=8)
    first = story[0].time or ""
    yield from _row(f"before {when(first)[:10]}", "NOT KNOWN: nothing is proven before the first request", "", style)
    before = None
    for entry in story:
        yield from _row(when(entry.time or ""), _live(entry), _proof(entry), style)
        if before is not None and entry.content is not None:
            found = changes(before, entry.content)
            for each in found if style.verbose else found[:_MOST_CHANGES]:
                yield from _row("", f"   {change_text(each)}", "", style)
            if not style.verbose and len(found) > _MOST_CHANGES:
                yield from _row("", f"   and {len(found) - _MOST_CHANGES} more", "", style)
        before = None if entry.certainty == "unknown" else entry.content
    last = story[-1]
    if last.until is not None:
        yield from _row(f"after {when(last.until)[:10]}", "NOT KNOWN: the evidence ends there", "", style)


def _row(label: str, live: str, proof: str, style: Style) -> Iterator[str]:
    yield from field(label, live + (f"; {proof}" if proof else ""), style, label_width=_TIME, indent=6)


def _live(entry: TimelineEntry) -> str:
    if entry.source is None:
        return f"NOT KNOWN: {clean(entry.note)}"
    if entry.certainty == "unknown":
        some = f"some version of {files(entry.matches)}" if entry.matches else NOTHING_MATCHES
        return f"{some} ({clean(entry.note)})" if entry.note else some
    if entry.content is None and entry.certainty == "exact":
        return "gone"
    perhaps = "perhaps " if entry.certainty == "race" else ""
    return perhaps + (files(entry.matches) if entry.matches else "gone")


def _proof(entry: TimelineEntry) -> str:
    if entry.source is None:
        return ""
    who = f"{clean(entry.user)}, " if entry.user else ""
    how = "by its length, " if entry.proof == LENGTH else ""
    return f"{who}{how}{line(entry.source)}"
