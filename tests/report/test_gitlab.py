"""GitLab's code quality report: what GitLab demands of it, and nothing that is over or let pass."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
from inert import obeyed
from jsonschema import Draft202012Validator
from reporting import HOSTILE, hostile_report, story_report

import sample_repos
from forensics.report.gitlab import report_gitlab

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/).+"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab documents of the format: these fields, of these types, the path relative and without ``./``."""

VALIDATOR = Draft202012Validator(SCHEMA)


def issues_of(report):
    text = report_gitlab(report)
    assert text.isascii()
    issues = json.loads(text)
    VALIDATOR.validate(issues)
    fingerprints = [issue["fingerprint"] for issue in issues]
    assert len(set(fingerprints)) == len(fingerprints)
    return issues


@pytest.mark.parametrize("story", sample_repos.names())
def test_a45_every_story_fits_what_gitlab_takes(story):
    report = story_report(story)
    issues = issues_of(report)
    assert {issue["fingerprint"] for issue in issues} == {
        finding.fingerprint for finding in report.findings if finding.at_tip
    }


def test_an_issue_points_to_the_copy_and_is_as_severe_as_its_rule():
    (issue,) = [each for each in issues_of(story_report("opsmatic-2014")) if each["check_name"] == "live-divergence"]
    assert issue["severity"] == "critical"
    assert issue["location"] == {"path": "roles/base-original.json", "lines": {"begin": 2}}


def test_severities_are_those_of_gitlab():
    report = hostile_report("x")
    severities = zip(report.findings, itertools.cycle(["error", "warning", "note"]))
    report = replace(report, findings=tuple(replace(each, severity=severity) for each, severity in severities))
    told = {each.fingerprint: each.severity for each in report.findings}
    assert {(told[issue["fingerprint"]], issue["severity"]) for issue in issues_of(report)} == {
        ("error", "critical"),
        ("warning", "major"),
        ("note", "info"),
    }


def test_what_is_let_pass_or_over_is_no_issue():
    report = hostile_report("x")
    told = {issue["fingerprint"] for issue in issues_of(report)}
    assert told == {finding.fingerprint for finding in report.findings if finding.at_tip}
    assert not told & {each.finding.fingerprint for each in report.suppressed}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a35_a45_hostile_text_makes_no_other_report(text):
    for issue in issues_of(hostile_report(text)):
        for value in (issue["description"], issue["location"]["path"]):
            assert not obeyed(value), value
