"""The report of ``scan``: what somebody woken at two in the morning needs to know, most dangerous first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.rules.evidence_gap import SHALLOW_REMEDY
from forensics.analysis.verdict import SHADOW
from forensics.report.cases import Case, Status, cases
from forensics.report.evidence import cut_sentence, undecided_sentence
from forensics.report.headlines import Wording, answer_of, headline
from forensics.report.text.blocks import block
from forensics.report.text.comparison import comparison, mark_of_case, mark_of_finding
from forensics.report.text.policy import let_pass
from forensics.report.text.proof_block import proof_verdict
from forensics.report.text.style import SHORT, Style, day, field, listing, table
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.report_results import Scan

_TOLD_IN_BLOCKS = SHADOW | {"stale-ignore"}
_ALWAYS = frozenset({"error", "warning"})


def scan_text(scan: Scan, style: Style) -> str:
    """What ``scan`` prints."""
    return _whole(scan, style, "scan")


def report_text(scan: Scan, style: Style) -> str:
    """What ``report`` prints for people: the same, and what changed since an earlier report."""
    return _whole(scan, style, "report")


def _whole(scan: Scan, style: Style, command: str) -> str:
    found = cases(scan)
    lines = [*_header(scan, style, command), ""]
    compared = comparison(scan, style)
    if compared:
        lines += [*compared, ""]
    lines += [*_verdict(scan, found, style), ""]
    for number, case in enumerate(found, 1):
        lines += [*block(case, number, scan, style, mark=mark_of_case(scan, case)), ""]
    lines += _other_findings(scan, style)
    lines += let_pass(scan, style)
    lines += _legend(scan, found, style)
    lines += _footer(scan, style)
    return "\n".join(lines).rstrip("\n") + "\n"


def _header(scan: Scan, style: Style, command: str) -> Iterator[str]:
    evidence = scan.evidence
    provenance = evidence.provenance
    yield style.paint(f"forensics {command} of {clean(provenance.repository)}", "bold")
    yield (f"{clean(provenance.rev)} is {provenance.head[:SHORT]} of {day(scan.head_date)}; {evidence.extent}")
    if scan.asked:
        yield from field("", f"Asked for: {_asked(scan)}", style, label_width=0, indent=0)
    if not evidence.complete:
        count = len(evidence.gaps)
        yield style.paint(
            f"The evidence is incomplete ({count} gap{'s' if count > 1 else ''}, see below): "
            "read the result as a lower bound.",
            "yellow",
        )
    if any(gap.kind == "shallow" for gap in evidence.gaps):
        yield from field("", f"This is a shallow clone: {SHALLOW_REMEDY}.", style, label_width=0, indent=0)
    for sentence in (cut_sentence(evidence), undecided_sentence(evidence)):
        if sentence:
            lines = field("", sentence, style, label_width=0, indent=0)
            yield from (style.paint(line, "yellow") for line in lines)


def _asked(scan: Scan) -> str:
    return ", ".join(f"--{clean(name)} {clean(text)}" for name, text in scan.asked.items())


def _verdict(scan: Scan, found: list[Case], style: Style) -> Iterator[str]:
    """Exposed at the tip, yes or no, and under which scenarios; then what is less than that."""
    wording = Wording(clean, lambda names, most: listing(names, style, most), day)

    def told(cases_: list[Case]) -> Iterator[str]:
        for case in cases_:
            yield from field("", headline(case, wording), style, label_width=0)

    exposed = [case for case in found if case.status is Status.EXPOSED]
    left_behind = [case for case in found if case.status is Status.LEFT_BEHIND]
    only_if = [case for case in found if case.lasting and not case.decided]
    waiting = [case for case in found if case.at_head and not case.lasting]
    if exposed:
        count = f" ({len(exposed)} objects)" if len(exposed) > 1 else ""
        yield style.paint(f"EXPOSED at the tip: YES{count}", "red")
        yield from told(exposed)
    else:
        answer = answer_of(found, scan)
        color = "green" if answer == "no" else "yellow"
        yield style.paint(f"Exposed at the tip: {answer}", color) + ("" if found else _nothing(scan))
    if scan.proof is not None:
        yield from proof_verdict(found, scan.proof, style)
    if left_behind:
        count = f"{len(left_behind)} object{'s' if len(left_behind) > 1 else ''}"
        yield style.paint(f"Left behind: {count}, declared by one file today; one upload settles it", "magenta")
        yield from told(left_behind)
    if only_if:
        yield style.paint("Under special scenarios alone", "bold")
        yield from told(only_if)
    if waiting:
        names = ", ".join(clean(case.object) for case in waiting)
        yield from field(
            "",
            f"Still declared by several files at the tip, though each scenario now ends well: {names}. "
            "The next edit or the next upload by hand can change that.",
            style,
            label_width=0,
        )
    unknown = [case for case in found if case.status is Status.UNKNOWN]
    if unknown:
        names = ", ".join(clean(case.object) for case in unknown)
        yield from field("", f"Whether it is still so at the tip cannot be told: {names}.", style, label_width=0)
    past = [case for case in found if case.status in {Status.PAST, Status.HARMLESS}]
    if past:
        harmful = sum(bool(case.divergences) for case in past)
        which = "which" if len(past) == 1 else f"{harmful} of which"
        effect = f"{which} would have changed something live" if harmful else "without effect"
        yield f"   In the past: {len(past)} shadowed object{'s' if len(past) > 1 else ''}, {effect}."


def _nothing(scan: Scan) -> str:
    if scan.suppressed:
        return ", but for what the configuration lets pass (see below)"
    if scan.only_fixtures:
        return ": there are fixtures of tests only (see the notes)"
    if scan.evidence.lacks_content:
        return ": no object was found that several files declare, but not everything could be told (see above)"
    where = "all of the history examined"
    if scan.evidence.provenance.notes:
        where = "what was examined (see the notes)"
    if scan.asked:
        where = "what was asked for"
    return f": every object is declared by one file only, in {where}"


def _other_findings(scan: Scan, style: Style) -> list[str]:
    rest = [finding for finding in scan.findings if finding.rule not in _TOLD_IN_BLOCKS]
    shown = [finding for finding in rest if style.verbose or (finding.severity in _ALWAYS and finding.at_tip)]
    lines: list[str] = []
    if shown:
        lines.append(style.paint("Also found", "bold"))
        for finding in shown:
            mark = mark_of_finding(scan, finding)
            lines += field(finding.rule, mark + clean(finding.message), style, label_width=24)
    hidden = len(rest) - len(shown)
    if hidden:
        what = "findings that are notes or" if hidden > 1 else "finding that is a note or"
        lines += [f"   {hidden} more {what} of the past (--verbose lists them)"]
    return [*lines, ""] if lines else []


def _legend(scan: Scan, found: list[Case], style: Style) -> list[str]:
    named = dict.fromkeys(scenario for case in found for scenario in case.scenarios)
    rows = [
        [each.name, clean(each.description) + ("" if each.name in scan.deciding else " (special: decides nothing)")]
        for each in scan.scenarios
        if each.name in named
    ]
    if not rows:
        return []
    return [style.paint("The scenarios named above", "bold"), *table(rows, indent="   "), ""]


def _footer(scan: Scan, style: Style) -> Iterator[str]:
    evidence = scan.evidence
    for note in evidence.provenance.notes:
        yield f"Note: {clean(note)}"
    if evidence.complete:
        yield "The evidence is complete: everything that was looked for could be read."
    yield style.paint(
        "Next: forensics timeline OBJECT (what was live when), forensics show OBJECT --at DATE, forensics log OBJECT",
        "dim",
    )
