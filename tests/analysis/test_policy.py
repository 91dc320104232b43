"""What the configuration lets pass, until when, and which of its entries are of no use any more."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from building import examine, role

from forensics.analysis.policy import Policy, has_expired, judge, matches
from forensics.analysis.policy_results import Ignore
from forensics.analysis.results import Finding
from forensics.analysis.scanning import scan

FINDING = Finding(
    rule="shadowed-object",
    severity="warning",
    object="role[base]",
    paths=("legacy/roles/base-copy.json", "legacy/roles/base.json"),
    commit=None,
    message="2 files declare role[base]",
    fingerprint="0123456789abcdef0123",
)
NOON = int(datetime(2014, 6, 30, 12, tzinfo=UTC).timestamp())
BASE = {"roles/base.json": role("base", "recipe[a]")}
SHADOWED = BASE | {"roles/base-copy.json": role("base", "recipe[b]")}


def ignore(**filters):
    return Ignore(reason="known", **filters)


@pytest.mark.parametrize(
    "filters",
    [
        {"rule": "shadowed-object"},
        {"object": "role[base]"},
        {"fingerprint": "0123456789abcdef0123"},
        {"path": "legacy/roles/base-copy.json"},
        {"path": "./legacy/roles/base.json"},
        {"path": "legacy"},
        {"path": "legacy/roles/"},
        {"rule": "shadowed-object", "object": "role[base]", "path": "legacy"},
    ],
    ids=str,
)
def test_an_entry_matches_what_it_names(filters):
    assert matches(ignore(**filters), FINDING)


@pytest.mark.parametrize(
    "filters",
    [
        {"rule": "residue"},
        {"object": "role[base2]"},
        {"fingerprint": "0123456789abcdef0124"},
        {"path": "legacy/roles/base"},
        {"path": "leg"},
        {"path": "roles"},
        {"rule": "residue", "object": "role[base]"},
        {"rule": "shadowed-object", "path": "roles"},
    ],
    ids=str,
)
def test_an_entry_matches_nothing_else(filters):
    assert not matches(ignore(**filters), FINDING)


def test_a_directory_must_hold_all_files_of_a_finding():
    across = dataclasses.replace(FINDING, paths=("legacy/roles/base.json", "production/roles/base.json"))
    assert not matches(ignore(path="legacy"), across)
    assert matches(ignore(path="legacy/roles/base.json"), across)
    assert not matches(ignore(path="legacy"), dataclasses.replace(FINDING, paths=()))


def test_an_entry_holds_through_its_last_day_in_utc():
    assert not has_expired(ignore(rule="residue"), NOON)
    assert not has_expired(ignore(rule="residue", expires="2014-06-30"), NOON)
    assert not has_expired(ignore(rule="residue", expires="2014-07-01"), NOON)
    assert has_expired(ignore(rule="residue", expires="2014-06-29"), NOON)
    last_second = int(datetime(2014, 6, 30, 23, 59, 59, tzinfo=UTC).timestamp())
    assert not has_expired(ignore(rule="residue", expires="2014-06-30"), last_second)
    assert has_expired(ignore(rule="residue", expires="2014-06-30"), last_second + 1)


def test_what_an_entry_names_passes_with_its_reason():
    entry = ignore(object="role[base]")
    other = dataclasses.replace(FINDING, object="role[web]")
    judged = judge(Policy((entry,)), [FINDING, other], NOON, whole=True)
    assert judged.findings == (other,)
    assert [(each.finding, each.ignore) for each in judged.suppressed] == [(FINDING, entry)]
    assert judged.stale == ()


def test_the_first_of_two_entries_gives_the_reason_and_both_are_of_use():
    first, second = ignore(object="role[base]"), Ignore(reason="too", rule="shadowed-object")
    judged = judge(Policy((first, second)), [FINDING], NOON, whole=True)
    assert [each.ignore for each in judged.suppressed] == [first]
    assert judged.stale == ()


def test_an_expired_entry_lets_nothing_pass_and_is_reported():
    entry = ignore(object="role[base]", expires="2014-06-29")
    judged = judge(Policy((entry,), source="forensics.toml"), [FINDING], NOON, whole=False)
    assert judged.suppressed == ()
    assert judged.stale == (entry,)
    kept, stale = judged.findings
    assert kept == FINDING
    assert (stale.rule, stale.severity, stale.paths, stale.at_tip) == (
        "stale-ignore",
        "note",
        ("forensics.toml",),
        True,
    )
    assert "object role[base] (known) expired on 2014-06-29" in stale.message


def test_an_entry_that_matches_nothing_is_reported_if_everything_was_looked_at():
    entry = ignore(path="nowhere", expires="2015-01-01")
    judged = judge(Policy((entry,)), [FINDING], NOON, whole=True)
    assert judged.stale == (entry,)
    assert "path nowhere (known) matches nothing any more" in judged.findings[-1].message
    assert judged.findings[-1].paths == ()
    assert judge(Policy((entry,)), [FINDING], NOON, whole=False).stale == ()


def test_severities_are_replaced_wherever_a_finding_goes():
    policy = Policy((ignore(object="role[base]"),), {"shadowed-object": "error", "stale-ignore": "warning"})
    judged = judge(policy, [FINDING], NOON, whole=True)
    assert [each.finding.severity for each in judged.suppressed] == ["error"]
    other = dataclasses.replace(FINDING, object="role[web]")
    assert [each.severity for each in judge(policy, [other], NOON, whole=True).findings] == ["error", "warning"]


def scanned(tmp_path, *entries, trees=(BASE, SHADOWED), **options):
    return scan(examine(tmp_path, *trees, policy=Policy(entries), **options)[0])


def test_shadows_and_divergences_stay_facts(tmp_path):
    plain = scanned(tmp_path / "1")
    found = scanned(tmp_path / "2", ignore(object="role[base]"))
    assert (found.shadows, found.divergences, found.problems) == (plain.shadows, plain.divergences, plain.problems)
    assert [each.finding for each in found.suppressed] + list(found.findings) == sorted(
        plain.findings, key=lambda each: each.object != "role[base]"
    )
    assert {each.finding.rule for each in found.suppressed} >= {"live-divergence", "shadowed-object"}
