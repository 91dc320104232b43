"""The report of ``scan``: what somebody woken at two in the morning needs to know, most dangerous first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.rules.evidence_gap import SHALLOW_REMEDY
from forensics.analysis.verdict import SHADOW
from forensics.report.advice import what_was_done
from forensics.report.cases import Case, Status, cases
from forensics.report.evidence import doubts
from forensics.report.headlines import Wording, answer_of, headline, left_behind, still_declared
from forensics.report.places import directories
from forensics.report.text.blocks import block
from forensics.report.text.comparison import comparison, mark_of_case, mark_of_finding
from forensics.report.text.policy import let_pass
from forensics.report.text.proof_block import proof_verdict
from forensics.report.text.style import SHORT, Style, day, field, listing
from forensics.report.text_safety import clean
from forensics.report.told import Told, beside, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.report_results import Scan

_TOLD_IN_BLOCKS = SHADOW | {"stale-ignore"}
_ALWAYS = frozenset({"error", "warning"})
_MOST_HARMLESS = 3


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
    shown = [case for case in found if style.verbose or _in_full(scan, case)]
    for number, case in enumerate(shown, 1):
        lines += [*block(case, number, scan, style, mark=mark_of_case(scan, case)), ""]
    lines += _other_findings(scan, found, style)
    lines += let_pass(scan, style)
    lines += _legend(scan, shown, style)
    lines += _footer(scan, shown, style)
    return "\n".join(lines).rstrip("\n") + "\n"


def _in_full(scan: Scan, case: Case) -> bool:
    """Whether a case has a block: what is past and had no effect has a word in the summary, unless it is news."""
    return case.status is not Status.HARMLESS or mark_of_case(scan, case) in {"new", "worse"}


def _header(scan: Scan, style: Style, command: str) -> Iterator[str]:
    evidence = scan.evidence
    provenance = evidence.provenance
    yield style.paint(f"forensics {command} of {clean(provenance.repository)}", "bold")
    head = f"{clean(provenance.rev)} is {provenance.head[:SHORT]} of {day(scan.head_date)}; {evidence.extent}"
    yield from field("", head, style, label_width=0, indent=0)
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
    for sentence in doubts(evidence):
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
    behind = [case for case in found if case.status is Status.LEFT_BEHIND]
    only_if = [case for case in found if case.lasting and not case.decided]
    waiting = [case for case in found if case.at_head and not case.lasting]
    if exposed:
        count = f" ({len(exposed)} objects)" if len(exposed) > 1 else ""
        yield style.paint(f"EXPOSED at the tip: YES{count}", "red")
        yield from told(exposed)
    else:
        answer = answer_of(found, scan)
        first, *others = field(
            "", f"Exposed at the tip: {answer}{'' if found else _nothing(scan)}", style, label_width=0, indent=0
        )
        yield style.paint(first, "green" if answer == "no" else "yellow")
        yield from others
    if scan.proof is not None:
        yield from proof_verdict(found, scan.proof, style)
    if behind:
        yield style.paint(f"Left behind: {left_behind(behind)}", "magenta")
        yield from told(behind)
    if only_if:
        yield style.paint("Under special scenarios alone", "bold")
        yield from told(only_if)
    if waiting:
        for sentence in still_declared(waiting, wording):
            yield from field("", sentence, style, label_width=0)
    unknown = [case for case in found if case.status is Status.UNKNOWN]
    if unknown:
        names = ", ".join(clean(case.object) for case in unknown)
        yield from field("", f"Whether it is still so at the tip cannot be told: {names}.", style, label_width=0)
    yield from _past(found, style)


def _past(found: list[Case], style: Style) -> Iterator[str]:
    """What is over: how much of it did harm, and by name what did none, which has no block."""
    harmless = [case for case in found if case.status is Status.HARMLESS]
    harmful = sum(case.status is Status.PAST for case in found)
    past = harmful + len(harmless)
    if past:
        which = f"{harmful} of which" if harmless else "which"
        effect = f"{which} would have changed something live" if harmful else "without effect"
        text = f"In the past: {past} shadowed object{'s' if past > 1 else ''}, {effect}."
        yield from field("", text, style, label_width=0)
    if harmless and not style.verbose:
        named = [f"{clean(each.object)} ({listing(each.paths, style, 4)})" for each in harmless[:_MOST_HARMLESS]]
        rest = f" and {len(harmless) - _MOST_HARMLESS} more" if len(harmless) > _MOST_HARMLESS else ""
        text = f"Without effect, as --verbose tells: {', '.join(named)}{rest}."
        yield from field("", text, style, label_width=0)


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


def _other_findings(scan: Scan, found: list[Case], style: Style) -> list[str]:
    rest = [each for each in scan.findings if each.rule not in _TOLD_IN_BLOCKS]
    if style.verbose:
        shown, told = rest, [Told(each, each.message) for each in rest]
    else:
        rest = beside(rest, found)
        shown = [each for each in rest if each.severity in _ALWAYS and each.at_tip]
        told = list(together(shown, lambda finding: mark_of_finding(scan, finding)))
    lines: list[str] = []
    if told:
        lines.append(style.paint("Also found", "bold"))
        for first, message in told:
            lines += field(first.rule, mark_of_finding(scan, first) + clean(message), style, label_width=24)
    hidden = len(rest) - len(shown)
    if hidden:
        what = "findings that are notes or" if hidden > 1 else "finding that is a note or"
        lines += [f"   {hidden} more {what} of the past (--verbose lists them)"]
    return [*lines, ""] if lines else []


def _legend(scan: Scan, shown: list[Case], style: Style) -> list[str]:
    named = {scenario for case in shown for scenario in case.scenarios}
    told = [each for each in scan.scenarios if each.name in named]
    if not told:
        return []
    kinds = {case.kind for case in shown if case.divergences}
    places = {directory for case in shown if case.divergences for directory in directories(case)}
    kind = kinds.pop() if len(kinds) == 1 else None
    directory = places.pop() if len(places) == 1 else None
    lines = [style.paint("The scenarios named above", "bold")]
    width = max(len(each.name) for each in told) + 2
    for each in told:
        special = "" if each.name in scan.deciding else " (special: decides nothing)"
        did = clean(what_was_done(each.description, kind, directory))
        lines += field(each.name, did + special, style, label_width=width)
    return [*lines, ""]


def _footer(scan: Scan, shown: list[Case], style: Style) -> Iterator[str]:
    evidence = scan.evidence
    for note in evidence.provenance.notes:
        yield from field("", f"Note: {clean(note)}", style, label_width=0, indent=0)
    if style.verbose and scan.examples:
        number = f"{len(scan.examples)} director{'ies' if len(scan.examples) > 1 else 'y'}"
        yield f"Left out: {number} of objects that came with cookbooks kept here: {listing(scan.examples, style)}"
    if evidence.conclusive:
        yield "The evidence is complete: everything that was looked for could be read."
    if shown:
        further = (
            "forensics timeline OBJECT (what was live when), forensics show OBJECT --at DATE, forensics log OBJECT"
        )
        for line in field("", f"Next: {further}", style, label_width=0, indent=0):
            yield style.paint(line, "dim")
