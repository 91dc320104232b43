"""The text of an object's history, on entries that are made up."""

from __future__ import annotations

from made_up_results import FIRST, LAST, NOTES

from forensics.analysis.object_results import LogEntry, MergeChange, OriginCommit
from forensics.analysis.results import EvidenceSummary, ValueChange
from forensics.history.model import Provenance
from forensics.report.text.log import log_text
from forensics.report.text.style import Style


def text(*changes, event="changed", style=None, **others):
    entry = LogEntry(FIRST, NOTES[FIRST], "nodes/n.json", "0" * 40, event, changes, **others)
    evidence = EvidenceSummary(Provenance("repo", "HEAD", LAST, "1.9"), 3, 3, ())
    return log_text("node[n]", [entry], evidence, style or Style())


def test_automatic_attributes_are_one_line_with_a_count():
    changes = [ValueChange("replace", f"/automatic/{each}", 1, 2) for each in ("uptime", "idletime", "memory")]
    told = text(*changes, ValueChange("add", "/normal/x", after=1))
    assert "~ automatic attributes, which every run of chef-client writes: 3 values changed\n" in told
    assert "+ normal.x: 1\n" in told
    assert "uptime" not in told
    assert "uptime" in text(*changes, style=Style(verbose=True))


def test_values_that_were_encrypted_anew_are_one_line_with_a_count():
    changes = [
        ValueChange("replace", f"/{each}/{part}", "a", "b")
        for each in ("password", "token")
        for part in ("encrypted_data", "iv", "auth_tag")
    ]
    assert "   ~ encrypted anew: 2 values\n" in text(*changes)
    assert "   ~ encrypted anew: 1 value\n" in text(*changes[:3])
    plain = text(ValueChange("replace", "/app/version", 1, 2))
    assert "~ app.version: 1 -> 2\n" in plain


def test_an_entry_of_a_list_that_moved():
    moved = (
        ValueChange("remove", "/env_run_lists/qa/0", before="recipe[a]"),
        ValueChange("remove", "/run_list/0", before="recipe[b]"),
        ValueChange("add", "/env_run_lists/qa/2", after="recipe[a]"),
    )
    told = text(*moved)
    assert "~ run list in qa: recipe[a] moved from place 1 to 3\n" in told
    assert "- run list: recipe[b]\n" in told
    assert "- run list in qa" not in told


def test_what_a_merge_did_and_which_commits_it_brought():
    origin = OriginCommit(LAST, NOTES[LAST])
    lost = (
        MergeChange("dropped", ValueChange("remove", "/run_list/1", before="recipe[b]"), LAST, origin),
        MergeChange("restored", None, LAST, None),
        MergeChange("changed", ValueChange("add", "/normal/x", after=1), None, None),
    )
    told = text(event="merged", merge=lost, brought_by=(origin,) * 7)
    assert told.count(LAST[:12]) == 5 + 2
    assert "and 2 commits before them (--verbose lists them)" in told
    assert "this merge drops what a parent had:\n      - run list: recipe[b]  (of b2b2b2b2b2b2 (2014-10-14, " in told
    assert "this merge brings back what a parent had removed:\n      the whole file  (of its parent b2b2b2" in told
    assert "this merge has what none of its parents had:\n      + normal.x: 1\n" in told


def test_a_run_list_that_counts_nowhere():
    told = text(
        ValueChange("add", "/run_list/0", after="recipe[a]"),
        default_list="env_run_lists._default",
        overridden=(ValueChange("add", "/run_list/1", after="recipe[b]"),),
    )
    assert "      + env_run_lists._default: recipe[a]\n" in told
    assert "its run_list counts nowhere, since env_run_lists._default takes its place:\n" in told
    assert "      + run list: recipe[b]\n" in told
