"""Workflow commands of GitHub Actions: as a runner reads them, within what it shows, and nothing slipped in."""

from __future__ import annotations

import dataclasses
import re

import pytest
from inert import obeyed
from made_up_results import divergence, scan, shadow
from reporting import HOSTILE, hostile_report, story_report, with_findings

import sample_repos
from forensics.analysis.report_results import Comparison
from forensics.analysis.results import Finding
from forensics.history.model import Gap
from forensics.report.github import MOST_ANNOTATIONS, MOST_SUMMARY_BYTES, github_annotations, github_summary
from forensics.report.markdown import report_markdown
from forensics.report.text_safety import clean
from forensics.report.told import without_repeats

COMMAND = re.compile(r"::(?P<name>[a-z-]+) (?P<properties>[^:]*)::(?P<text>.*)")


def commands_of(report):
    """The commands as the runner takes a line apart: up to the second ``::``, then at commas and equals signs."""
    printed = github_annotations(report)
    commands = []
    for line in printed.splitlines():
        found = COMMAND.fullmatch(line)
        assert found, line
        properties = dict(each.partition("=")[::2] for each in found["properties"].split(","))
        assert set(properties) <= {"file", "line", "title"}
        unescaped = {name: unescape(value, more=True) for name, value in properties.items()}
        commands.append((found["name"], unescaped, unescape(found["text"])))
    return commands


def unescape(text, *, more=False):
    for escaped, character in ((":", "%3A"), (",", "%2C")) if more else ():
        text = text.replace(character, escaped)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def findings(severity, count):
    return tuple(
        Finding("residue", severity, None, (f"roles/{number}.json",), None, f"finding {number}", f"{number:020x}")
        for number in range(count)
    )


def test_each_finding_at_the_tip_is_an_annotation_of_its_file():
    report = story_report("opsmatic-2014")
    commands = commands_of(report)
    assert [name for name, _, _ in commands] == ["error", "warning", "warning", "warning"]
    _, properties, text = commands[0]
    assert properties == {"file": "roles/base-original.json", "line": "2", "title": "live-divergence"}
    assert text == next(each.message for each in report.findings if each.rule == "live-divergence")


def test_a_repository_without_findings_prints_nothing():
    assert github_annotations(with_findings()) == ""


def test_ten_fit_and_of_eleven_two_share_the_last():
    assert len(commands_of(with_findings(*findings("warning", 10)))) == 10
    commands = commands_of(with_findings(*findings("warning", 11), *findings("note", 3)))
    assert [name for name, _, _ in commands] == ["warning"] * MOST_ANNOTATIONS + ["notice"] * 3
    assert commands[9][1] == {"title": "forensics"}
    assert commands[9][2].startswith("2 warnings more, of residue: see the summary")


def test_with_an_earlier_report_only_what_is_new_is_annotated():
    known, new = findings("error", 2)
    baseline = Comparison("a" * 40, None, frozenset({new.fingerprint}), frozenset(), ())
    assert [text for _, _, text in commands_of(with_findings(known, new, baseline=baseline))] == ["finding 1"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a35_a40_hostile_text_adds_no_command(text):
    report = hostile_report(text)
    commands = commands_of(report)
    assert len(commands) == 2
    for _, properties, message in commands:
        assert message == f"{clean(text)} and {clean(text)}"
        assert not obeyed(message + "".join(properties.values()))
        if "file" in properties:
            assert properties["file"].startswith(f"roles/{clean(text)}")


@pytest.mark.parametrize("story", sample_repos.names())
def test_every_story_is_a_list_of_commands(story):
    report = story_report(story)
    told = sum(finding.at_tip for finding in without_repeats(report.findings))
    assert len(commands_of(report)) == told


@pytest.mark.slow
def test_the_summary_of_very_much_fits():
    many = findings("warning", 5_000)
    cases = [shadow(f"r{number}") for number in range(3_000)]
    open_ = [divergence(f"r{number}", scenario="glob") for number in range(3_000)]
    gone = Comparison("a" * 40, None, frozenset(each.fingerprint for each in many), frozenset(), many)
    gaps = [Gap("missing-blob", "x" * 200, None, f"roles/{number}.json") for number in range(5_000)]
    made = scan(shadows=cases, divergences=open_, findings=many, gaps=gaps)
    summary = github_summary(dataclasses.replace(made, baseline=gone))
    assert len(summary.encode()) <= MOST_SUMMARY_BYTES
    for part in ("- and 2800 more", "And 2800 objects more.", "- and 4800 more", "More did not fit here"):
        assert part in summary


def test_the_summary_is_the_markdown_within_what_a_step_may_write():
    report = story_report("opsmatic-2014")
    assert github_summary(report) == report_markdown(report)
    assert len(github_summary(with_findings(*findings("warning", 30_000))).encode()) < MOST_SUMMARY_BYTES
