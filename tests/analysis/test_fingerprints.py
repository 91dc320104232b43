"""Fingerprints of findings: each has its own, and a history that is rewritten keeps them."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest
from building import examine, role
from reporting import report_at, story_report
from rewriting import rebased, squashed, told
from support import clones

import sample_repos
from forensics.analysis.policy import Policy, judge
from forensics.analysis.policy_results import Ignore
from forensics.analysis.results import Finding
from forensics.analysis.rules import evidence_gap
from forensics.analysis.rules.catalogue import ALL, findings
from forensics.analysis.rules.fingerprints import distinct, fingerprint
from forensics.history.model import Gap

PUBLIC = ("ClusterLabs+hawk", "att+inception-chef-repo", "mguterl+chef-repo", "10xEngineer+chef_repo")
OF_THE_TREE = {
    "shadowed-object",
    "rb-json-twins",
    "residue",
    "unreadable-declaration",
    "unresolved-ruby",
    "name-file-mismatch",
    "look-alike-names",
    "server-would-refuse",
}
"""Rules whose findings at the tip depend on nothing but its tree."""


def public():
    found = [clones() / name / "repo" for name in PUBLIC]
    found = [path for path in found if path.exists()]
    if not found:
        pytest.skip("no clones of public histories here")
    return found


def by_what(found):
    # what only special ways give is a finding of its own
    return {(each.rule, each.object, each.paths, bool(each.only_if)): each.fingerprint for each in found if each.at_tip}


def assert_squash_keeps(before, after):
    """What is true at both tips has the same fingerprint; what only the tree decides is true at both."""
    one, other = by_what(before), by_what(after)
    assert len(one) == sum(each.at_tip for each in before)
    assert {key: one[key] for key in one.keys() & other.keys()} == {
        key: other[key] for key in one.keys() & other.keys()
    }
    assert {key for key in one if key[0] in OF_THE_TREE} == {key for key in other if key[0] in OF_THE_TREE}


@pytest.mark.parametrize("story", sample_repos.names())
def test_no_two_findings_of_a_story_share_one(story):
    found = story_report(story).findings
    assert len(told(found)) == len(found)


@pytest.mark.parametrize("story", sample_repos.names())
def test_a_rebase_keeps_every_one(story, tmp_path):
    sample_repos.build(story, tmp_path / "before")
    after = report_at(rebased(tmp_path / "before", tmp_path / "after")).findings
    assert told(after) == told(story_report(story).findings)


@pytest.mark.parametrize("together", [2, 3, 1000])
@pytest.mark.parametrize("story", sample_repos.names())
def test_a_squash_keeps_those_of_what_is_still_so(story, together, tmp_path):
    sample_repos.build(story, tmp_path / "before")
    after = report_at(squashed(tmp_path / "before", tmp_path / "after", together)).findings
    assert_squash_keeps(story_report(story).findings, after)


@pytest.mark.parametrize("together", [2, 3, 5])
def test_the_incident_is_the_same_finding_after_a_squash(together, tmp_path):
    sample_repos.build("opsmatic-2014", tmp_path / "before")
    after = report_at(squashed(tmp_path / "before", tmp_path / "after", together)).findings
    before = by_what(story_report("opsmatic-2014").findings)
    key = ("live-divergence", "role[base]", ("roles/base-original.json",), False)
    assert by_what(after)[key] == before[key]


@pytest.mark.slow
def test_public_histories_keep_them_and_share_none(tmp_path):
    for path in public():
        before = report_at(path).findings
        assert len(told(before)) == len(before), path
        copy = tmp_path / path.parent.name
        assert told(report_at(rebased(path, copy / "rebased")).findings) == told(before), path
        assert_squash_keeps(before, report_at(squashed(path, copy / "squashed", 4)).findings)


def test_a_removal_that_happens_again_is_another_finding_and_the_last_keeps_the_fingerprint(tmp_path):
    right, wrong = role("base", "ntp"), role("base", "old")
    alone = {"roles/base.json": right}
    both = alone | {"roles/z.json": wrong}
    trees = (alone, both, alone, alone | {"roles/base.json": role("base", "ntp", "b")})
    once, _ = examine(tmp_path / "once", *trees)
    (single,) = [each for each in findings(once) if each.rule == "stale-after-removal" and not each.only_if]
    again = (*trees, both, alone)
    twice, ids = examine(tmp_path / "twice", *again)
    first, last = [each for each in findings(twice) if each.rule == "stale-after-removal" and not each.only_if]
    assert last.commit == ids[5]
    assert last.fingerprint == single.fingerprint != first.fingerprint


A = Finding("residue", "warning", "role[a]", ("b", "a"), None, "m", fingerprint("residue", "role[a]", ("b", "a"), ""))


def test_the_order_of_files_does_not_matter_and_everything_else_does():
    same = fingerprint("residue", "role[a]", ("a", "b"), "")
    assert same == A.fingerprint
    others = [
        fingerprint("other", "role[a]", ("a", "b"), ""),
        fingerprint("residue", None, ("a", "b"), ""),
        fingerprint("residue", "", ("a", "b"), ""),
        fingerprint("residue", "role[a]", ("a",), "b"),
        fingerprint("residue", "role[a]", ("a\0b",), ""),
        fingerprint("residue", "role[a]", ("a", "b"), "x"),
    ]
    assert len({same, *others}) == 7


@pytest.mark.parametrize("text", ["\udcff", chr(0xD800), "\0", "\U0001f600", "é"])
def test_a22_any_text_has_a_fingerprint(text):
    digits = fingerprint("residue", text, (text,), text)
    assert len(digits) == 20
    int(digits, 16)


def test_of_several_that_are_alike_the_one_true_at_the_tip_keeps_it():
    past = dataclasses.replace(A, at_tip=False)
    one, two, three = distinct([past, A, past])
    assert two == A
    assert len({one.fingerprint, two.fingerprint, three.fingerprint}) == 3
    assert distinct([past, past])[1].fingerprint == A.fingerprint
    assert distinct([past, past, A])[1].fingerprint == three.fingerprint  # the last of the past, counted back


def test_two_stale_entries_alike_are_two_findings():
    ignores = (Ignore("one reason", rule="residue"), Ignore("another", rule="residue"))
    judged = judge(Policy(ignores), (), 0, whole=True)
    assert len(told(judged.findings)) == 2


def test_a_missing_commit_is_told_by_no_id_and_a_missing_file_by_its_own():
    def found(*gaps):
        examination = SimpleNamespace(evidence=lambda *, replayed: SimpleNamespace(gaps=gaps) if replayed else None)
        return {each.fingerprint for each in evidence_gap.find(examination)}

    assert found(Gap("missing-commit", "x", "a" * 40)) == found(Gap("missing-commit", "x", "b" * 40))
    assert found(Gap("missing-blob", "x", "a" * 40)) != found(Gap("missing-blob", "x", "b" * 40))


def test_rules_say_the_same_of_what_they_find():
    finding = ALL[0].finding("m", object_="role[a]", paths=("a",), detail="roles", commit="c" * 40, at_tip=False)
    assert finding.fingerprint == ALL[0].fingerprint("role[a]", ("a",), "roles")
