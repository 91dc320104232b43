"""The JSON document of a whole report: it fits its schema, has all of a scan, and keeps whatever a repository holds."""

from __future__ import annotations

import copy
import json

import pytest
from jsonschema import Draft202012Validator
from reporting import HOSTILE, hostile_report, story_report

import sample_repos
from forensics.analysis.report_results import SCAN
from forensics.report.documents import answer_document, report_json
from forensics.report.schemas import schema_of

SCHEMA = schema_of("forensics.report/1")
VALIDATOR = Draft202012Validator(SCHEMA)


def failures_of(document):
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in VALIDATOR.iter_errors(document)]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_it_defines_what_it_shares_with_a_scan_alike():
    scan = schema_of("forensics.scan/1")
    assert scan["$defs"].items() <= SCHEMA["$defs"].items()
    assert set(scan["properties"]) < set(SCHEMA["properties"])


@pytest.mark.parametrize("story", sample_repos.names())
def test_a45_the_document_of_every_story_fits(story):
    document = json.loads(report_json(story_report(story)))
    assert not failures_of(document)


def test_it_has_all_of_the_scan_and_the_stories():
    report = story_report("opsmatic-2014")
    document = answer_document(report)
    scan = answer_document(report, view=SCAN)
    assert {key: document[key] for key in scan if key != "schema"} == {
        key: value for key, value in scan.items() if key != "schema"
    }
    (story,) = [each for each in document["stories"] if each["object"] == "role[base]"]
    assert story["canonical"] == "roles/base.json"
    assert {touch["commit"] for touch in story["touches"]} <= set(document["commits"])
    assert [lane["scenario"] for lane in story["lanes"]] == [each["name"] for each in document["scenarios"]]
    assert document["baseline"] is None


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a22_a45_hostile_text_round_trips_in_ascii(text):
    printed = report_json(hostile_report(text))
    assert printed.isascii()
    assert not set(printed) & {"\x1b", "\x7f", "\x00", "\r", "\t"}
    document = json.loads(printed)
    assert document["suppressed"][0]["ignore"]["reason"] == text
    assert document["stories"][0]["contents"][0]["content"]["name"] == text
    assert document["baseline"]["gone"][0]["message"] == f"{text} and {text}"
    if text:  # an object has a name
        assert not failures_of(document)


def test_a_damaged_commit_is_refused():
    document = json.loads(report_json(hostile_report("x")))
    assert not failures_of(document)
    oid = next(iter(document["commits"]))
    for key in document["commits"][oid]:
        for damage in (
            lambda owner, key: owner.pop(key),
            lambda owner, key: owner.update({key: 1.5}),
            lambda owner, key: owner.update({f"{key}_too": None}),
        ):
            damaged = copy.deepcopy(document)
            damage(damaged["commits"][oid], key)
            assert failures_of(damaged), key
    document["commits"]["no id"] = document["commits"].pop(oid)
    assert failures_of(document)
