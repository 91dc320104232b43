"""What changed since an earlier report, for people at a terminal or in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.verdict import SHADOW
from forensics.report.text.style import SHORT, Style, day, field
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.analysis.report_results import Comparison, Scan
    from forensics.analysis.results import Finding
    from forensics.report.cases import Case

_WORDS: Final = {"new": "new: ", "worse": "worse: ", "known": ""}
_MOST: Final = 12


def comparison(scan: Scan, style: Style) -> list[str]:
    """What is new, worse and gone; one line for the first report; nothing where none was to be compared with."""
    if scan.first:
        return ["This is the first report: there is no earlier one to compare with."]
    found = scan.baseline
    if found is None:
        return []
    lines = [style.paint(f"{_since(found)}: {_counted(found)}", "bold")]
    for remark in found.remarks:
        lines += field("but", clean(remark), style, label_width=8)
    for word, fingerprints in (("new", found.new), ("worse", found.worse)):
        lines += _listed(word, [each for each in scan.findings if each.fingerprint in fingerprints], style)
    # in the words of the earlier report, which say "to this day" of its own day
    lines += _listed("gone", found.gone, style, of=f", as of {day(found.head_date)}" if found.head_date else "")
    return lines


def changes_text(scan: Scan, style: Style) -> str:
    """Only what changed, for a mail; empty if nothing did and there is nothing to remark on."""
    if scan.baseline is not None and not scan.baseline.changed and not scan.baseline.remarks:
        return ""
    provenance = scan.evidence.provenance
    head = f"{clean(provenance.rev)} of {clean(provenance.repository)} is {provenance.head[:SHORT]}"
    return "\n".join([f"{head} of {day(scan.head_date)}", *comparison(scan, style), ""])


def mark_of_finding(scan: Scan, finding: Finding) -> str:
    """A word before what an earlier report does not know."""
    return "" if scan.baseline is None else _WORDS[scan.baseline.mark(finding.fingerprint)]


def mark_of_case(scan: Scan, case: Case) -> str:
    """``new``, ``worse`` or ``known``: the strongest that holds of what was found about a case; empty if unknown."""
    if scan.baseline is None:
        return ""
    marks = {scan.baseline.mark(each.fingerprint) for each in _about(scan, case)}
    return next((mark for mark in _WORDS if mark in marks), "")


def _about(scan: Scan, case: Case) -> Iterator[Finding]:
    below = case.container + "/"
    for finding in scan.findings:
        inside = not finding.paths or any(path.startswith(below) for path in finding.paths)
        if finding.rule in SHADOW and finding.object == case.object and inside:
            yield finding


def _since(found: Comparison) -> str:
    when = f" of {day(found.head_date)}" if found.head_date else ""
    if found.commits is None:
        moved = ""
    elif found.commits == 0:
        moved = ", the same tip"
    else:
        moved = f", {found.commits} commit{'s' if found.commits > 1 else ''} ago"
    return f"Since the earlier report (at {found.head[:SHORT]}{when}{moved})"


def _counted(found: Comparison) -> str:
    if not found.changed:
        return "nothing changed"
    counts = (("new", len(found.new)), ("worse", len(found.worse)), ("gone", len(found.gone)))
    return ", ".join(f"{number} {word}" for word, number in counts if number)


def _listed(label: str, findings: Iterable[Finding], style: Style, *, of: str = "") -> Iterator[str]:
    """Findings, what is true at the tip first."""
    ordered = sorted(findings, key=lambda each: not each.at_tip)
    most = len(ordered) if style.verbose else _MOST
    for each in ordered[:most]:
        yield from field(label, f"{clean(each.rule)}{of}: {clean(each.message)}", style, label_width=8)
        label = ""
    if len(ordered) > most:
        yield from field("", f"and {len(ordered) - most} more (--verbose lists them)", style, label_width=8)
