"""``report --format github``: workflow commands that put annotations on a run of GitHub Actions, and its summary.

GitHub shows ten annotations of each kind for a step; what does not fit is counted in the last of its kind. The summary
is Markdown for the file that ``GITHUB_STEP_SUMMARY`` names, of which a step may write one MiB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.alerts import Alert, counted, open_alerts
from forensics.report.markdown import report_markdown
from forensics.report.text_safety import clean
from forensics.report.told import without_repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.report_results import Scan

MOST_ANNOTATIONS: Final = 10
"""Of each kind, in one step."""
MOST_SUMMARY_BYTES: Final = 1024 * 1024 - 1024
"""A little less than GitHub takes, for what else the step writes."""

_COMMAND: Final = {"error": "error", "warning": "warning", "note": "notice"}
_IN_TEXT: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def github_annotations(scan: Scan) -> str:
    """One command a line: what is true at the tip, and with an earlier report only what that does not know."""
    told = {finding.fingerprint for finding in without_repeats(scan.findings)}
    found = [alert for alert in open_alerts(scan) if alert.fresh and alert.finding.fingerprint in told]
    lines: list[str] = []
    for severity in _COMMAND:
        lines += _commands(severity, [alert for alert in found if alert.finding.severity == severity])
    return "".join(f"{line}\n" for line in lines)


def github_summary(scan: Scan) -> str:
    """The Markdown of the report, cut to what a step may write."""
    return report_markdown(scan, most_bytes=MOST_SUMMARY_BYTES)


def _commands(severity: str, found: Sequence[Alert]) -> Iterator[str]:
    shown = found if len(found) <= MOST_ANNOTATIONS else found[: MOST_ANNOTATIONS - 1]
    for alert in shown:
        properties = {"title": alert.finding.rule}
        if alert.place:
            properties = {"file": clean(alert.place.path), "line": str(alert.place.line), **properties}
        yield _command(severity, properties, clean(alert.finding.message))
    rest = found[len(shown) :]
    if rest:
        rules = ", ".join(dict.fromkeys(alert.finding.rule for alert in rest))
        text = f"{counted(rest)} more, of {rules}: see the summary of the run, or the report in another format"
        yield _command(severity, {"title": "forensics"}, text)


def _command(severity: str, properties: Mapping[str, str], text: str) -> str:
    listed = ",".join(f"{name}={_escaped(value, _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMAND[severity]} {listed}::{_escaped(text, _IN_TEXT)}"


def _escaped(text: str, by: Mapping[str, str]) -> str:
    return "".join(by.get(character, character) for character in text)
