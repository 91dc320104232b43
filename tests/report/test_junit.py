"""JUnit XML: valid for both readings of the format, failing for what counts, and inert."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from reporting import HOSTILE, hostile_report, story_report, with_findings

import sample_repos
from forensics.analysis.results import Finding
from forensics.analysis.rules.catalogue import ALL
from forensics.report.junit import report_junit

xmlschema = pytest.importorskip("xmlschema", reason="xmlschema is not installed here, which checks JUnit's XML")
SCHEMA = xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suites_of(report):
    text = report_junit(report)
    assert not FORBIDDEN.search(text)
    root = ET.fromstring(text.encode("utf-8"))  # noqa: S314 (our own document)
    SCHEMA.validate(ET.ElementTree(root))
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == [rule.id for rule in ALL]
    for suite in suites.values():
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
        names = [(case.get("classname"), " ".join(case.get("name").split())) for case in cases]
        assert len(set(names)) == len(names), names
    return suites


def damaged(text, old, new):
    assert old in text
    return ET.ElementTree(ET.fromstring(text.replace(old, new, 1)))  # noqa: S314 (our own document)


@pytest.mark.parametrize("story", sample_repos.names())
def test_a45_every_story_is_valid(story):
    report = story_report(story)
    suites = suites_of(report)
    failing = sum(len(suite.findall("testcase/failure")) for suite in suites.values())
    assert failing == sum(f.at_tip and f.severity != "note" for f in report.findings)


@pytest.mark.parametrize(
    ("old", "new"),
    [(' errors="0"', ""), (' errors="0"', ' errors="-1"'), ("<system-err />", ""), (' time="0"', ' time="1e3"')],
)
def test_the_schema_refuses_what_tools_refuse(old, new):
    text = report_junit(story_report("opsmatic-2014"))
    assert not SCHEMA.is_valid(damaged(text, old, new))


def test_a_failure_says_what_where_since_when_and_what_to_do():
    report = story_report("opsmatic-2014")
    (note,) = [report.notes[each.commit] for each in report.findings if each.rule == "live-divergence"]
    suite = suites_of(report)["live-divergence"]
    (case,) = suite.findall("testcase")
    assert case.get("name") == "role[base] (roles/base-original.json)"
    failure = case.find("failure")
    assert failure.get("type") == "error"
    assert failure.get("message").startswith("role[base] would have had the content of roles/base-original.json")
    for part in (
        "at roles/base-original.json:2",
        "and roles/base.json",
        note.author,
        note.subject,
        "What to do: Upload the",
    ):
        assert part in failure.text


def test_a_rule_that_found_nothing_passes():
    (case,) = suites_of(story_report("opsmatic-2014"))["evidence-gap"].findall("testcase")
    assert case.get("name") == "nothing found at the tip"
    assert list(case) == []


def test_what_is_known_or_let_pass_is_skipped_and_says_why():
    suites = suites_of(hostile_report("because"))
    excuses = [skipped.get("message") for suite in suites.values() for skipped in suite.iterfind("testcase/skipped")]
    assert {excuse.partition(":")[0] for excuse in excuses} == {
        "known from the earlier report",
        "let pass (because)",
    }
    failures = [failure for suite in suites.values() for failure in suite.iterfind("testcase/failure")]
    assert len(failures) == 3  # the two that are new, and the one that is worse


def test_two_findings_about_the_same_files_are_two_cases():
    one = Finding("rb-json-twins", "warning", "role[x]", ("roles/x.json", "roles/x.rb"), None, "m", "1" * 20)
    suite = suites_of(with_findings(one, dataclasses.replace(one, fingerprint="2" * 20)))["rb-json-twins"]
    assert [case.get("name") for case in suite.findall("testcase")] == [
        f"role[x] (roles/x.json, roles/x.rb) {digit * 20}" for digit in "12"
    ]


def test_a_commit_beyond_four_digits_of_years_has_no_date():
    report = with_findings()
    far = dataclasses.replace(report, head_date="@99999999999999")
    assert suites_of(far)["residue"].get("timestamp") == "1970-01-01T00:00:00"


def test_what_is_over_stands_in_the_output():
    suites = suites_of(hostile_report("x"))
    assert "over: x and x" in suites["live-divergence"].find("system-out").text


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a39_a45_hostile_text_stays_valid_xml(text):
    suites = suites_of(hostile_report(text))
    assert sum(len(suite.findall("testcase/failure")) for suite in suites.values()) == 3
