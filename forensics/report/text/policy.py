"""What the configuration lets pass, and the entries of it that no longer apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.rules.stale_ignore import RULE
from forensics.report.text.style import Style, field
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from forensics.analysis.policy_results import Ignore, Suppression
    from forensics.analysis.report_results import Scan


def let_pass(scan: Scan, style: Style) -> list[str]:
    """Each entry with its reason and what it lets pass; then the stale ones. No line if there is neither."""
    by_entry: dict[Ignore, list[Suppression]] = {}
    for each in scan.suppressed:
        by_entry.setdefault(each.ignore, []).append(each)
    lines: list[str] = []
    if by_entry:
        lines.append(style.paint("Let pass by the configuration", "bold"))
    for ignore, suppressed in by_entry.items():
        until = f" (until {clean(ignore.expires)})" if ignore.expires else ""
        lines += field("because", clean(ignore.reason) + until, style)
        for each in suppressed:
            lines += field("", f"{each.finding.rule}: {clean(each.finding.message)}", style)
    stale = [each for each in scan.findings if each.rule == RULE.id]
    if stale:
        lines.append(style.paint("Entries of the configuration to be removed or renewed", "yellow"))
        for finding in stale:
            lines += field("", clean(finding.message), style, label_width=0)
    return [*lines, ""] if lines else []
