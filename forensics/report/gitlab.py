"""``report --format gitlab``: a code quality report, the issues that GitLab shows in a merge request.

GitLab compares the report of a branch with that of its target by the fingerprints, so known findings stay in it; what
the configuration lets pass, or is over, does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.json_text import json_text
from forensics.report.alerts import open_alerts
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from forensics.analysis.report_results import Scan
    from forensics.report.alerts import Alert
    from forensics.report.documents import Document

_SEVERITY: Final = {"error": "critical", "warning": "major", "note": "info"}
_NOWHERE: Final = "."
"""GitLab wants a path of every issue; this is the repository."""


def report_gitlab(scan: Scan) -> str:
    """The report as text, ASCII only."""
    return json_text([_issue(alert) for alert in open_alerts(scan)], indent=1) + "\n"


def _issue(alert: Alert) -> Document:
    finding = alert.finding
    return {
        "description": clean(finding.message),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITY[finding.severity],
        "location": {
            "path": clean(alert.place.path) if alert.place else _NOWHERE,
            "lines": {"begin": alert.place.line if alert.place else 1},
        },
    }
