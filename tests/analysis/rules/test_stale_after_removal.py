"""What a file put on the server stays there when the file goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from building import examine, role
from rule_findings import BASE, IMPOSTOR, OTHER, found

from forensics.analysis.rules.catalogue import findings
from forensics.analysis.scanning import scan
from forensics.analysis.verdict import FAIL_ON, failed
from forensics.uploads.scenario import choose


@pytest.mark.parametrize(
    ("afterwards", "files"),
    [({}, "deleted"), ({"roles/base-original.json": role("base-original", "old")}, "corrected")],
)
def test_a_content_that_stays_live_is_a_finding(tmp_path, afterwards, files):
    edited = {"roles/base.json": role("base", "sudo")}
    (finding,), ids = found(
        tmp_path,
        "stale-after-removal",
        BASE,
        BASE | IMPOSTOR,
        BASE | afterwards,
        edited | afterwards,
        scenarios=["glob", "changed"],
    )
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[2]), (
        files
    )
    assert "under changed until" in finding.message  # and glob put the rightful file back at once
    assert not finding.at_tip


def test_it_is_true_at_the_tip_until_the_rightful_file_goes_out(tmp_path):
    (finding,), _ = found(tmp_path, "stale-after-removal", BASE, BASE | IMPOSTOR, BASE, scenarios=["changed"])
    assert finding.at_tip


def test_that_no_file_declares_it_any_more_is_said(tmp_path):
    for number, (last, gone) in enumerate([(BASE, frozenset()), ({}, frozenset({("role", "roles", "base")}))]):
        trees = [BASE | OTHER, BASE | OTHER | IMPOSTOR, BASE | OTHER, last | OTHER]
        examination, _ = examine(tmp_path / str(number), *trees, scenarios=choose(["changed"]))
        (finding,) = (each for each in findings(examination) if each.rule == "stale-after-removal")
        assert finding.at_tip
        assert finding.message.endswith("; no file declares it today") is bool(gone)
        assert scan(examination).gone == gone


def test_it_is_silent_where_nothing_rightful_is_left_or_contents_agree(tmp_path):
    assert found(tmp_path / "1", "stale-after-removal", BASE | OTHER, OTHER)[0] == []
    copy = {"roles/copy.json": role("base", "ntp")}
    assert found(tmp_path / "2", "stale-after-removal", BASE, BASE | copy, BASE)[0] == []


def test_it_is_silent_about_a_file_that_was_not_live(tmp_path):
    edited_and_stopped = {"roles/base.json": role("base", "sudo"), "roles/a.json": "{"}
    assert found(tmp_path, "stale-after-removal", BASE | IMPOSTOR, edited_and_stopped, scenarios=["changed"])[0] == []


def test_it_is_a_warning_that_counts_only_where_every_finding_does(tmp_path):
    examination, _ = examine(tmp_path, BASE, BASE | IMPOSTOR, BASE)
    every = findings(examination)
    (finding,) = [each for each in every if each.rule == "stale-after-removal"]
    assert (finding.severity, finding.at_tip, finding.only_if) == ("warning", True, ())
    assert [failed(every, word) for word in FAIL_ON] == [False, False, False, True]


def test_what_aborted_uploads_left_behind_later_is_found_too(tmp_path):
    copy = {"roles/copy.json": role("base", "ntp")}
    edited_and_stopped = {"roles/base.json": role("base", "sudo"), "roles/a.json": "{"}
    (finding,), ids = found(
        tmp_path, "stale-after-removal", copy | BASE, BASE, edited_and_stopped, scenarios=["changed"]
    )
    assert (finding.paths, finding.commit, finding.at_tip) == (("roles/copy.json",), ids[1], True)


def test_what_lasts_under_special_scenarios_alone_is_an_only_if_beside_what_is_over(tmp_path):
    corrected = {"roles/base-original.json": role("base-original", "old")}
    examination, _ = examine(
        tmp_path,
        BASE,
        BASE | IMPOSTOR,
        BASE | corrected,
        {"roles/base.json": role("base", "sudo")} | corrected | {"roles/a.json": "{"},
        scenarios=(*choose(["changed-reversed"]), replace(choose(["changed"])[0], standing="special")),
    )
    over, lasting = [each for each in findings(examination) if each.rule == "stale-after-removal"]
    assert (over.severity, over.at_tip, over.only_if) == ("warning", False, ())
    assert "under changed-reversed until" in over.message
    assert (lasting.severity, lasting.at_tip, lasting.only_if) == ("note", True, ("changed",))
    assert lasting.message.startswith("only if you use changed: roles/base-original.json ceased to declare role[base]")
    assert lasting.fingerprint != over.fingerprint
    assert not failed([over, lasting], "any")
    assert failed([over, lasting], "any", history=True)
