"""From an examination to a result: what ``scan`` and ``shadows`` report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.commits import commit_notes
from forensics.analysis.dates import commit_date
from forensics.analysis.file_differences import file_differences
from forensics.analysis.gone import is_gone
from forensics.analysis.policy import judge
from forensics.analysis.report_results import Scan
from forensics.analysis.results import ShadowScan
from forensics.analysis.rules.catalogue import findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from forensics.analysis.examination import Examination


def scan_shadows(examination: Examination) -> ShadowScan:
    """Only the shadows and their episodes; nothing is replayed."""
    return ShadowScan(examination.evidence(), (*examination.shadows, *examination.fixture_shadows))


def _gone(examination: Examination) -> Iterator[tuple[str, str, str]]:
    """The objects that several files declared once, or that another file's content was live of, and none declares."""
    told = {(each.kind, each.container, each.name) for each in examination.shadows}
    told.update((each.kind, each.container, each.name) for each in examination.divergences)
    for key in told:
        if is_gone(examination, *key):
            yield key


def scan(examination: Examination, asked: Mapping[str, str] | None = None) -> Scan:
    """The whole examination without the stories; ``asked`` are the options that narrow it, as people write them."""
    judged = judge(
        examination.options.policy,
        findings(examination),
        examination.history.graph.times[examination.head_commit],
        whole=not examination.options.narrowed and not examination.lacks_history,
    )
    shadows = (*examination.shadows, *examination.fixture_shadows)
    verdict = examination.every_replay.verdict
    diverging, problems = examination.divergences, examination.problems()
    mentioned: dict[str, None] = {}
    for shadow in shadows:
        mentioned.update(dict.fromkeys((shadow.first_commit, shadow.last_commit)))
    for divergence in diverging:
        mentioned[divergence.from_commit] = None
        if divergence.until_commit:
            mentioned[divergence.until_commit] = None
        mentioned.update(dict.fromkeys(phase.from_commit for phase in divergence.phases))
    every = (*judged.findings, *(each.finding for each in judged.suppressed))
    mentioned.update(dict.fromkeys(finding.commit for finding in every if finding.commit))
    return Scan(
        evidence=examination.evidence(replayed=True),
        head_date=commit_date(examination.history, examination.head_commit),
        scenarios=examination.options.scenarios,
        deciding=examination.deciding,
        shadows=shadows,
        divergences=diverging,
        findings=judged.findings,
        problems=problems,
        notes=commit_notes(examination.history, list(mentioned)),
        suppressed=judged.suppressed,
        stale_ignores=judged.stale,
        proof=None if verdict is None else verdict.told(examination.shadows, diverging, examination.options.scenarios),
        asked=dict(asked or {}),
        differences=tuple(file_differences(examination)),
        only_fixtures=not examination.targets,
        gone=frozenset(_gone(examination)),
        examples=examination.examples,
    )
