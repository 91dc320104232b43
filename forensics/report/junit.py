"""``report --format junit``: a test suite for each rule, a test case for each finding that is true at the tip.

An error or a warning fails, unless the configuration lets it pass or an earlier report knows it: then it is skipped and
says why. A note passes. What is over stands in the output of its suite. The document is one that both the Ant and the
Jenkins reading of the format take.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from forensics.analysis.rules.catalogue import ALL
from forensics.report.alerts import alerts
from forensics.report.text_safety import clean
from forensics.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.analysis.report_results import Scan
    from forensics.analysis.rules.rule import Rule
    from forensics.report.alerts import Alert

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_NO_DATE: Final = "1970-01-01T00:00:00"
_FAILING: Final = frozenset({"error", "warning"})


def report_junit(scan: Scan) -> str:
    """The document as text."""
    found = alerts(scan)
    suites = ET.Element("testsuites")
    for number, rule in enumerate(ALL):
        of_rule = [alert for alert in found if alert.finding.rule == rule.id]
        suites.append(_suite(scan, number, rule, of_rule))
    ET.indent(suites, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _suite(scan: Scan, number: int, rule: Rule, found: Sequence[Alert]) -> ET.Element:
    now = [alert for alert in found if alert.finding.at_tip]
    cases = _cases(rule, now)
    evidence = scan.evidence
    dated = _DATE.match(scan.head_date)
    suite = ET.Element(
        "testsuite",
        {
            "id": str(number),
            "package": "forensics",
            "name": rule.id,
            "timestamp": dated[0] if dated else _NO_DATE,  # that of the examined commit: a report knows no clock
            "hostname": "localhost",
            "tests": str(len(cases)),
            "failures": str(sum(case.find("failure") is not None for case in cases)),
            "errors": "0",
            "skipped": str(sum(case.find("skipped") is not None for case in cases)),
            "time": "0",
        },
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("forensics.version", __version__),
        ("forensics.repository", evidence.provenance.repository),
        ("forensics.head", evidence.provenance.head),
        ("forensics.complete", "true" if evidence.complete else "false"),
        *(("forensics.undecided", each.path) for each in evidence.undecided),
        *((f"forensics.asked.{name}", value) for name, value in scan.asked.items()),
        *(("forensics.note", note) for note in evidence.provenance.notes),
    ):
        ET.SubElement(properties, "property", {"name": clean(name), "value": clean(value)})
    suite.extend(cases)
    ET.SubElement(suite, "system-out").text = _lines(_remarks(found))
    ET.SubElement(suite, "system-err")
    return suite


def _cases(rule: Rule, now: Sequence[Alert]) -> list[ET.Element]:
    if not now:
        return [_case(rule, "nothing found at the tip")]
    names = [_name(alert) for alert in now]
    often = Counter(names)
    cases = []
    for alert, name in zip(now, names, strict=True):
        case = _case(rule, name if often[name] == 1 else f"{name} {alert.finding.fingerprint}")
        if not alert.fresh:
            ET.SubElement(case, "skipped", {"message": clean(_excuse(alert))})
        elif alert.finding.severity in _FAILING:
            failure = {"type": alert.finding.severity, "message": clean(alert.finding.message)}
            ET.SubElement(case, "failure", failure).text = _lines(_details(rule, alert))
        cases.append(case)
    return cases


def _case(rule: Rule, name: str) -> ET.Element:
    return ET.Element("testcase", {"classname": f"forensics.{rule.id}", "name": clean(name), "time": "0"})


def _name(alert: Alert) -> str:
    """What tells a finding from others of its rule, the same in every report."""
    finding = alert.finding
    paths = ", ".join(finding.paths)
    if finding.object is None:
        return paths or "the repository"
    return f"{finding.object} ({paths})" if paths else finding.object


def _excuse(alert: Alert) -> str:
    if alert.ignore is None:
        return f"known from the earlier report: {alert.finding.message}"
    return f"let pass ({alert.ignore.reason}): {alert.finding.message}"


def _details(rule: Rule, alert: Alert) -> Iterable[str]:
    finding = alert.finding
    yield f"{rule.title}: {finding.message}"
    if alert.place:
        yield f"at {alert.place.path}:{alert.place.line}"
    for path in alert.others:
        yield f"and {path}"
    if alert.note and finding.commit:
        yield f"commit {finding.commit} of {alert.note.date}, {alert.note.author}: {alert.note.subject}"
    yield ""
    yield rule.meaning
    yield f"What to do: {rule.help}"


def _remarks(found: Sequence[Alert]) -> Iterable[str]:
    """What no failure tells: the notes, and what is over."""
    for alert in found:
        if not alert.finding.at_tip:
            yield f"over: {alert.finding.message}"
        elif alert.finding.severity not in _FAILING and alert.fresh:
            yield f"note: {alert.finding.message}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(map(clean, lines))
