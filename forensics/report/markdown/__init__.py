"""``report --format markdown``: for a post-mortem, a wiki page or a pull request.

Everything that comes from the repository stands in code spans (``inline``), so that it is read as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.catalogue import ALL
from forensics.analysis.rules.evidence_gap import SHALLOW_REMEDY
from forensics.report.alerts import FindingState, alerts, counted, open_alerts
from forensics.report.cases import Status, cases
from forensics.report.evidence import doubts
from forensics.report.headlines import Wording, answer_of, headline, left_behind
from forensics.report.markdown.inline import code, commit, day, listing, table
from forensics.report.markdown.objects import object_section
from forensics.report.proof_words import verdict_sentences
from forensics.report.told import beside, together
from forensics.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.report_results import Comparison, Scan
    from forensics.report.alerts import Alert
    from forensics.report.cases import Case

_VERDICT: Final = 3
"""Lines of the summary that are never left out."""
_MOST: Final = 200
"""Of anything that a repository can have thousands of; the number of the others is told."""


def report_markdown(scan: Scan, *, most_bytes: int | None = None) -> str:
    """The report as Markdown; what goes beyond ``most_bytes`` (UTF-8) is left out, whole sections at a time."""
    found = cases(scan)
    sections = [list(_summary(scan, found))]
    sections += [list(object_section(scan, case)) for case in found if case.status is not Status.HARMLESS]
    sections += [
        list(_harmless(found)),
        list(_findings(scan, found)),
        list(_let_pass(scan)),
        list(_rules(scan)),
        list(_evidence(scan)),
    ]
    texts = ["\n".join(lines).rstrip("\n") + "\n" for lines in sections if lines]
    return "\n".join(texts if most_bytes is None else _cut(texts, most_bytes))


def _cut(texts: Sequence[str], most_bytes: int) -> Iterator[str]:
    """As many sections as fit, and a word about the others."""
    word = "*More did not fit here: the report in another format has all of it.*\n"
    room = most_bytes - len(word) - 2
    for number, text in enumerate(texts):
        size = len(text.encode()) + 1
        if size > room:
            if not number:  # something is told of every report
                yield _beginning(text, room)
            yield word
            return
        room -= size
        yield text


def _beginning(text: str, room: int) -> str:
    """The verdict, and what follows as far as it fits; a blank line last, to end the list that it may be in."""
    shown: list[str] = []
    for line in text.split("\n"):
        room -= len(line.encode()) + 1
        if room <= 0 and len(shown) >= _VERDICT:
            break
        shown.append(line)
    return "\n".join([*shown, ""])


def _proven(scan: Scan, found: Sequence[Case]) -> Iterator[str]:
    if scan.proof is not None:
        yield "**What the logs prove** (times in UTC):"
        yield ""
        yield from (f"- {each}" for each in verdict_sentences(found, scan.proof, code))
        yield ""


def _summary(scan: Scan, found: Sequence[Case]) -> Iterator[str]:
    provenance = scan.evidence.provenance
    yield f"# What was live on the Chef server: {code(provenance.repository)}"
    yield ""
    now = [case for case in found if case.status is Status.EXPOSED]
    answer = answer_of(found, scan)
    nothing = "" if found or scan.suppressed or answer != "no" else " No object has two files."
    count = f" {len(now)} objects:" if len(now) > 1 else ""
    yield f"**Exposed at the tip: {'YES' if now else answer}.**{count}{nothing}"
    yield ""
    yield from _headlines(now)
    yield from _proven(scan, found)
    behind = [case for case in found if case.status is Status.LEFT_BEHIND]
    if behind:
        yield f"**Left behind: {left_behind(behind)}.**"
        yield ""
        yield from _headlines(behind)
    only_if = [case for case in found if case.lasting and not case.decided]
    if only_if:
        yield "Under special scenarios alone:"
        yield ""
        yield from _headlines(only_if)
    yield (
        f"{code(provenance.rev)} is {commit(provenance.head)} of {day(scan.head_date)}; {scan.evidence.extent}. "
        f"At the tip: {counted(open_alerts(scan))}."
    )
    if not scan.evidence.complete:
        yield ""
        yield "**The evidence is incomplete** (see below): read this as a lower bound."
    if any(gap.kind == "shallow" for gap in scan.evidence.gaps):
        yield ""
        yield f"This is a shallow clone: {SHALLOW_REMEDY}."
    for sentence in doubts(scan.evidence, code):
        yield ""
        yield sentence
    if scan.asked:
        asked = ", ".join(f"{code(name)} {code(value)}" for name, value in scan.asked.items())
        yield ""
        yield f"Asked for: {asked}."
    if scan.first:
        yield ""
        yield "This is the first report: there is none to compare it with."
    if scan.baseline is not None:
        yield ""
        yield from _compared(scan, scan.baseline)
    if found:
        yield ""
        rows = [
            [code(case.object), case.status.value, listing(case.open_scenarios or case.scenarios)]
            for case in found[:_MOST]
        ]
        yield from table(["object", "status", "another file's content live under"], rows)
        if len(found) > _MOST:
            yield ""
            yield f"And {len(found) - _MOST} objects more."


def _headlines(found: Sequence[Case]) -> Iterator[str]:
    yield from _first(f"- {headline(case, Wording(code, listing, day))}" for case in found)
    if found:
        yield ""


def _compared(scan: Scan, baseline: Comparison) -> Iterator[str]:
    fresh = [alert for alert in alerts(scan) if alert.state in {FindingState.NEW, FindingState.WORSE}]
    when = f" of {day(baseline.head_date)}" if baseline.head_date else ""
    how_many = "" if baseline.commits is None else f" ({baseline.commits} commits)"
    yield f"Since {commit(baseline.head)}{when}{how_many}: {len(fresh)} new or worse, {len(baseline.gone)} gone."
    if baseline.changed or baseline.remarks:
        yield ""
    for remark in baseline.remarks:
        yield f"- {code(remark)}"
    yield from _first(f"- {alert.state}: {_sentence(alert)}" for alert in fresh)
    # in the words of the earlier report, which say "to this day" of its own day
    then = f", as of {day(baseline.head_date)}" if baseline.head_date else ""
    yield from _first(f"- gone: {finding.rule}{then}: {code(finding.message)}" for finding in baseline.gone)


def _harmless(found: Sequence[Case]) -> Iterator[str]:
    """What is over and did nothing, a line each."""
    harmless = [case for case in found if case.status is Status.HARMLESS]
    if harmless:
        yield "## Past, without effect"
        yield ""
        yield from _first(f"- {code(case.object)} ({listing(case.paths)}): {case.no_effect}" for case in harmless)
        yield ""


def _findings(scan: Scan, found: Sequence[Case]) -> Iterator[str]:
    """Those that no section above tells."""
    rest = beside((alert.finding for alert in alerts(scan) if alert.ignore is None), found)
    for title, at_tip in (("Also found at the tip", True), ("Also found in the past", False)):
        shown = list(together((each for each in rest if each.at_tip is at_tip), lambda _: ""))
        if shown:
            yield f"## {title}"
            yield ""
            yield from _first(f"- {first.severity}: {first.rule} {code(message)}" for first, message in shown)
            yield ""


def _first(lines: Iterable[str]) -> Iterator[str]:
    """The first lines of a list, and how many there are more."""
    all_ = list(lines)
    yield from all_[:_MOST]
    if len(all_) > _MOST:
        yield f"- and {len(all_) - _MOST} more"


def _sentence(alert: Alert) -> str:
    return f"{alert.finding.rule} {code(alert.finding.message)}"


def _let_pass(scan: Scan) -> Iterator[str]:
    if scan.suppressed:
        yield "## Let pass by the configuration"
        yield ""
        yield from _first(
            f"- {each.finding.rule} {code(each.finding.message)}, because: {code(each.ignore.reason)}"
            for each in scan.suppressed
        )
        yield ""


def _rules(scan: Scan) -> Iterator[str]:
    named = {finding.rule for finding in scan.findings}
    if not named:
        return
    yield "## What the rules mean"
    for rule in ALL:
        if rule.id in named:
            yield ""
            yield f"**{rule.id}** ({rule.severity}): {rule.title}. {rule.meaning} *What to do:* {rule.help}"


def _evidence(scan: Scan) -> Iterator[str]:
    yield "## Evidence"
    yield ""
    yield f"- Revision {code(scan.evidence.provenance.head)} ({code(scan.evidence.provenance.rev)})"
    yield f"- forensics {__version__}, libgit2 {scan.evidence.provenance.libgit2}"
    for note in scan.evidence.provenance.notes:
        yield f"- Note: {code(note)}"
    if scan.evidence.complete:
        yield "- Complete: everything that was looked for could be read"
    yield from _first(
        f"- Gap: {gap.kind}{f' {code(gap.path)}' if gap.path else ''}: {code(gap.detail)}" for gap in scan.evidence.gaps
    )
    yield ""
    yield "The scenarios:"
    yield ""
    yield from table(
        ["name", "what somebody did", "decides"],
        [
            [code(each.name), code(each.description), "yes" if each.name in scan.deciding else "no"]
            for each in scan.scenarios
        ],
    )
