"""The findings, by rule, each rule with its documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.rules.catalogue import ALL
from forensics.report.alerts import SEVERITIES
from forensics.report.told import without_repeats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from forensics.analysis.policy_results import Ignore, Suppression
    from forensics.analysis.report_results import Comparison, Scan
    from forensics.analysis.results import Finding
    from forensics.analysis.rules.rule import Rule
    from forensics.report.html.commits import Commits, CommitWords
    from forensics.report.html.sections import Section


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding. ``section`` is the one that tells of its object; ``news`` is ``new``, ``worse`` or empty."""

    number: int
    finding: Finding
    section: Section | None
    commit: CommitWords | None
    news: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The findings of one rule, those of the tip apart from those of the past."""

    rule: Rule
    severity: str
    now: tuple[FindingRow, ...]
    past: tuple[FindingRow, ...]


def finding_rows(scan: Scan, sections: Iterable[Section], commits: Commits) -> list[FindingRow]:
    """The findings that are to be told, each once, in their order."""
    sections_of: dict[str, list[Section]] = {}
    for section in sections:
        sections_of.setdefault(section.case.object, []).append(section)
    return [
        FindingRow(
            number,
            finding,
            _about(finding, sections_of),
            commits(finding.commit) if finding.commit else None,
            _news(finding, scan.baseline),
        )
        for number, finding in enumerate(without_repeats(scan.findings), 1)
    ]


def by_rule(rows: Sequence[FindingRow]) -> list[RuleGroup]:
    """The findings by rule, the most severe rule first."""
    groups: dict[str, list[FindingRow]] = {}
    for row in rows:
        groups.setdefault(row.finding.rule, []).append(row)
    found = [
        RuleGroup(
            rule,
            groups[rule.id][0].finding.severity,
            tuple(row for row in groups[rule.id] if row.finding.at_tip),
            tuple(row for row in groups[rule.id] if not row.finding.at_tip),
        )
        for rule in ALL
        if rule.id in groups
    ]
    return sorted(found, key=lambda each: SEVERITIES.index(each.severity))


def let_pass(suppressed: Iterable[Suppression]) -> list[tuple[Ignore, list[Finding]]]:
    """The findings that the configuration lets pass, by the entry that does."""
    groups: dict[Ignore, list[Finding]] = {}
    for each in suppressed:
        groups.setdefault(each.ignore, []).append(each.finding)
    return list(groups.items())


def _about(finding: Finding, sections_of: Mapping[str, Sequence[Section]]) -> Section | None:
    """The section of a finding's object: of those with the same name the one that has its files."""
    same = sections_of.get(finding.object, ()) if finding.object is not None else ()
    with_files = (each for each in same if any(mark.path in finding.paths for mark in each.files))
    return next(with_files, same[0] if len(same) == 1 else None)


def _news(finding: Finding, baseline: Comparison | None) -> str:
    mark = baseline.mark(finding.fingerprint) if baseline else "known"
    return "" if mark == "known" else mark
