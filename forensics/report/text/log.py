"""The history of an object as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.text.evidence import evidence_lines
from forensics.report.text.style import SHORT, Style, day
from forensics.report.text.values import change_text
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.object_results import LogEntry
    from forensics.analysis.results import EvidenceSummary

_MOST_CHANGES = 12


def log_text(name: str, entries: Sequence[LogEntry], evidence: EvidenceSummary, style: Style) -> str:
    """A paragraph for each commit that changed what some file says about the object, oldest first."""
    lines = [style.paint(f"The declarations of {clean(name)}", "bold"), "", *evidence_lines(evidence, style)]
    if not entries:
        lines.append("No file declares it in the commits examined.\n")
    for entry in entries:
        note = entry.note
        # what was there before the history begins is nobody's doing here
        who = "" if entry.event == "present" else f" {clean(note.author)}: {clean(note.subject)}"
        lines.append(f"{style.paint(day(note.date), 'bold')} {entry.commit[:SHORT]}{who}")
        if who and day(note.author_date) != day(note.date):
            lines.append(f"   (written on {day(note.author_date)})")
        lines.append(f"   {clean(entry.path)} {_event(entry)}")
        shown = entry.changes if style.verbose else entry.changes[:_MOST_CHANGES]
        lines += [f"      {change_text(change)}" for change in shown]
        if len(entry.changes) > len(shown):
            lines.append(f"      and {len(entry.changes) - len(shown)} more (--verbose lists them)")
        lines.append("")
    return "\n".join(lines)


def _event(entry: LogEntry) -> str:
    if entry.event == "present":
        return "declares it already, where the history that is here begins" + (
            ", unlike the one before:" if entry.changes else ""
        )
    if entry.event == "unknown":
        return "cannot be told: what it declares from here on is not known"
    if entry.event == "added":
        return "declares it from here on" + (", unlike the file that did before:" if entry.changes else "")
    if entry.event == "removed":
        return "does not declare it any more (the server keeps what was uploaded until another file is)"
    return "changed:" if entry.changes else "changed in form only"
