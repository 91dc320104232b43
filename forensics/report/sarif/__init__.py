"""``report --format sarif``: SARIF 2.1.0, for code scanning and editors.

A result is something that can be mended: a finding that is true at the tip and points to a file. Findings about no file
and gaps in the evidence are notifications; what is over is counted in one. GitHub refuses a file beyond its limits, so
what goes beyond them is left out, the least severe first, and counted in a notification as well.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any, Final

from forensics.analysis.json_text import json_text
from forensics.analysis.rules.evidence_gap import SHALLOW_REMEDY
from forensics.report.alerts import Alert, alerts
from forensics.report.evidence import undecided_sentence
from forensics.report.sarif.results import result
from forensics.report.sarif.rules import RULE_NUMBERS, rules
from forensics.report.sarif.text import ROOT, location, message
from forensics.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import EvidenceSummary
    from forensics.history.model import Gap
    from forensics.report.documents import Document

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_BYTES: Final = 10_000_000
"""Of the file after gzip."""
MOST_RESULTS: Final = 25_000
MOST_GAPS: Final = 500
MOST_STEPS: Final = 1_000
"""Commits in the code flow of a result: GitHub takes ten times as many and shows these."""

_SMALLER: Final = (
    (MOST_RESULTS, MOST_STEPS),
    (MOST_RESULTS, 50),
    (MOST_RESULTS, 0),
    (5_000, 0),
    (500, 0),
)
"""What to try until the file is small enough: results, and commits of each."""


def report_sarif(scan: Scan) -> str:
    """The log as text, ASCII only."""
    text = ""
    for results, steps in _SMALLER:
        text = json_text(sarif_log(scan, most_results=results, most_steps=steps), indent=1) + "\n"
        if len(text) <= MOST_BYTES or len(gzip.compress(text.encode(), mtime=0)) <= MOST_BYTES:
            break
    return text


def sarif_log(
    scan: Scan,
    *,
    most_results: int = MOST_RESULTS,
    most_steps: int = MOST_STEPS,
) -> Document:
    """The log: one run with no more results, and commits in the code flow of each, than these."""
    provenance = scan.evidence.provenance
    found = alerts(scan)
    now = [alert for alert in found if alert.finding.at_tip and alert.place is not None]
    shown = now[:most_results]
    run: Document = {
        "tool": {
            "driver": {
                "name": "forensics",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": rules(),
                "notifications": _NOTIFICATIONS,
            }
        },
        "automationDetails": {"id": "forensics/"},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    *(_notification("remark", "note", note) for note in provenance.notes),
                    *_gaps(scan.evidence.gaps),
                    *_undecided(scan.evidence),
                    *(_about_no_file(alert) for alert in found if alert.place is None and _only_here(alert)),
                    *_left_out(found, now[most_results:]),
                ],
            }
        ],
        "results": [result(scan, alert, steps=most_steps) for alert in shown],
        "properties": {
            "repository": message(provenance.repository)["text"],
            "rev": message(provenance.rev)["text"],
            "revision": provenance.head,
            "committed": scan.head_date,
            "complete": scan.evidence.complete,
            "conclusive": scan.evidence.conclusive,
            "asked": {message(name)["text"]: message(value)["text"] for name, value in scan.asked.items()},
        },
    }
    if scan.repository_uri is not None:
        run["versionControlProvenance"] = [
            {"repositoryUri": scan.repository_uri, "revisionId": provenance.head, "mappedTo": {"uriBaseId": ROOT}}
        ]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


_NOTIFICATIONS: Final[list[dict[str, Any]]] = [
    {
        "id": "incomplete-evidence",
        "shortDescription": {"text": "Something that the examination needed could not be read."},
        "defaultConfiguration": {"level": "warning"},
    },
    {
        "id": "remark",
        "shortDescription": {"text": "What to know of the evidence, though nothing of it is missing."},
        "defaultConfiguration": {"level": "note"},
    },
    {
        "id": "about-no-file",
        "shortDescription": {"text": "A finding that points to no file."},
        "defaultConfiguration": {"level": "warning"},
    },
    {
        "id": "left-out",
        "shortDescription": {"text": "Findings that this log does not list."},
        "defaultConfiguration": {"level": "note"},
    },
]


def _only_here(alert: Alert) -> bool:
    """Whether a finding about no file is told as a notification of its own; gaps are already."""
    return alert.finding.at_tip and alert.ignore is None and alert.finding.rule != "evidence-gap"


def _notification(id_: str, level: str, text: str) -> Document:
    return {"descriptor": {"id": id_}, "level": level, "message": message(text)}


def _gaps(gaps: Sequence[Gap]) -> list[Document]:
    others = [gap for gap in gaps if gap.kind != "shallow"]
    shown = [_gap(gap) for gap in others[:MOST_GAPS]]
    if len(others) < len(gaps):
        text = f"This is a shallow clone, whose past is cut off: {SHALLOW_REMEDY}"
        shown.insert(0, _notification("incomplete-evidence", "warning", text))
    if len(others) > MOST_GAPS:
        text = f"{len(others) - MOST_GAPS} more gaps in the evidence: the format json has all"
        shown.append(_notification("incomplete-evidence", "warning", text))
    return shown


def _undecided(evidence: EvidenceSummary) -> list[Document]:
    sentence = undecided_sentence(evidence)
    if not sentence:
        return []
    document = _notification("incomplete-evidence", "warning", sentence)
    document["locations"] = [location(each.path) for each in evidence.undecided[:MOST_GAPS]]
    return [document]


def _gap(gap: Gap) -> Document:
    what = gap.path or gap.oid or "the repository"
    document = _notification("incomplete-evidence", "warning", f"{gap.kind}: {what}: {gap.detail}")
    if gap.path:
        document["locations"] = [location(gap.path)]
    return document


def _about_no_file(alert: Alert) -> Document:
    finding = alert.finding
    document = _notification("about-no-file", finding.severity, finding.message)
    document["associatedRule"] = {"id": finding.rule, "index": RULE_NUMBERS[finding.rule]}
    return document


def _left_out(found: Sequence[Alert], beyond: Sequence[Alert]) -> list[Document]:
    """That there is more in the history, and that not everything fits."""
    over = sum(not alert.finding.at_tip for alert in found)
    documents = []
    if over:
        text = f"{over} finding{'s' if over > 1 else ''} of the past: over at the tip, told by the other formats"
        documents.append(_notification("left-out", "note", text))
    if beyond:
        text = f"{len(beyond)} findings at the tip did not fit, the least severe; the format json has all"
        documents.append(_notification("left-out", "warning", text))
    return documents
