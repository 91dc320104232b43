"""``knife ... from file`` over a history, case by case (chef-semantics a and i)."""

from __future__ import annotations

import pytest
from building import Link, Replayed, role, ruby_role

from forensics.analysis.rules.catalogue import findings
from forensics.uploads.target import SharedServer

BASE = {"roles/base.json": role("base", "ntp")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
EVERY_FILE = ["glob", "glob-sh", "glob-c", "json-then-rb"]


def test_the_order_of_the_shell_decides_between_two_files_of_one_name(tmp_path):
    replayed = Replayed(tmp_path, BASE | IMPOSTOR)
    assert replayed.path("glob", "base") == "base-original.json"
    assert replayed.path("changed-locale", "base") == "base-original.json"
    assert replayed.path("changed-reversed", "base") == "base-original.json"
    for scenario in ("glob-sh", "glob-c", "changed", "json-then-rb"):
        assert replayed.path(scenario, "base") == "base.json"


def test_json_then_ruby_lets_ruby_win_whatever_it_is_called(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/a.rb": ruby_role("base")})
    assert replayed.path("json-then-rb", "base") == "a.rb"
    assert replayed.path("glob-sh", "base") == "base.json"


@pytest.mark.parametrize("scenario", EVERY_FILE)
def test_a49_what_comes_before_a_refused_file_is_live_and_what_comes_after_is_stale(tmp_path, scenario):
    def tree(recipe, middle):
        return {"roles/a.json": role("a", recipe), "roles/m.json": middle, "roles/z.json": role("z", recipe)}

    replayed = Replayed(tmp_path, tree("one", role("m")), tree("two", "{"), tree("two", role("m")))
    live = [[replayed.event(scenario, name, n).live.body["run_list"] for name in "az"] for n in range(3)]
    one, two = ["recipe[one]"], ["recipe[two]"]
    assert live == [[one, one], [two, one], [two, two]]
    assert replayed.stops(scenario) == [("roles/m.json", 1, 2)]
    (finding,) = [each for each in findings_of(replayed) if each.rule == "upload-aborted" and scenario in each.message]
    assert finding.paths == ("roles/m.json",)


def findings_of(replayed):
    return findings(replayed.examination)


def test_a_stop_that_moves_is_noted_anew(tmp_path):
    first = {"roles/m.json": "{", **BASE}
    second = {"roles/a.json": "{", "roles/m.json": "{", **BASE}
    replayed = Replayed(tmp_path, first, second, first, BASE)
    assert replayed.stops("glob") == [("roles/m.json", 0, 1), ("roles/a.json", 1, 2), ("roles/m.json", 2, 3)]
    assert [stop.unsent for stop in replayed.timeline("glob").aborts] == [0, 2, 0]


def test_a_file_that_a_stop_held_back_becomes_live_when_the_stop_is_gone(tmp_path):
    replayed = Replayed(tmp_path, BASE | IMPOSTOR | {"roles/base-middle.json": "{"}, BASE | IMPOSTOR)
    # en_US: base.json, base-middle.json, base-original.json
    assert replayed.paths("glob", "base") == ["base.json", "base-original.json"]


def test_under_the_c_locale_a_ruby_file_with_another_letter_stops_the_command(tmp_path):
    caf = {"roles/a.rb": 'name "a"\ndescription "caf\u00e9"\n', **BASE}
    replayed = Replayed(tmp_path, caf)
    assert replayed.stops("glob-c") == [("roles/a.rb", 0, None)]
    assert replayed.path("glob-c", "base") is None
    assert replayed.path("glob-sh", "base") == "base.json"
    problem = replayed.timeline("glob-c").aborts[0].problem
    assert (problem.kind, problem.error_class) == ("not-ascii", "SyntaxError")


def test_json_with_another_letter_goes_through_under_the_c_locale(tmp_path):
    replayed = Replayed(tmp_path, {"roles/a.json": role("a", description="caf\u00e9")}, scenarios=())
    assert replayed.path("glob-c", "a") == "a.json"


@pytest.mark.parametrize("scenario", EVERY_FILE)
def test_the_glob_matches_direct_children_without_a_leading_dot(tmp_path, scenario):
    tree = {"roles/sub/n.json": role("n"), "roles/.h.json": role("h"), "roles/j.js": role("j"), **BASE}
    replayed = Replayed(tmp_path, tree)
    assert sorted(replayed.timeline(scenario).events) == ["base"]


def test_nested_and_javascript_files_that_a_commit_changed_are_uploaded(tmp_path):
    replayed = Replayed(tmp_path, {"roles/sub/n.json": role("n"), "roles/.h.json": role("h"), "roles/j.js": role("j")})
    assert sorted(replayed.timeline("changed").events) == ["j", "n"]


def test_only_what_a_commit_changed_goes_out(tmp_path):
    edited = {"roles/base.json": role("base", "sudo")}
    replayed = Replayed(tmp_path, BASE | IMPOSTOR, edited | IMPOSTOR, edited | IMPOSTOR | {"roles/c.json": role("c")})
    assert replayed.paths("changed-reversed", "base") == ["base-original.json", "base.json", "base.json"]


def test_a_stop_among_changed_files_is_over_with_its_commit(tmp_path):
    edited = {"roles/a.json": "{", "roles/base.json": role("base", "sudo")}
    replayed = Replayed(tmp_path, BASE, edited, edited | {"roles/c.json": role("c")})
    assert replayed.stops("changed") == [("roles/a.json", 1, 2)]
    assert replayed.event("changed", "base", 2).live.body["run_list"] == ["recipe[ntp]"]
    assert replayed.path("changed", "c") == "c.json"
    assert [stop.unsent for stop in replayed.timeline("changed").aborts] == [1]


def test_a_removed_or_renamed_object_stays_live(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/a.json": role("a")}, BASE | {"roles/b.json": role("b")}, BASE)
    for scenario in ("glob", "changed"):
        assert replayed.paths(scenario, "a") == ["a.json"] * 3
        assert replayed.paths(scenario, "b") == [None, "b.json", "b.json"]


def test_an_impostor_stays_live_after_its_name_is_corrected_until_the_rightful_file_goes_out(tmp_path):
    corrected = {"roles/base-original.json": role("base-original", "old")}
    edited = {"roles/base.json": role("base", "sudo")}
    replayed = Replayed(tmp_path, BASE, BASE | IMPOSTOR, BASE | corrected, edited | corrected)
    assert replayed.paths("changed", "base") == ["base.json", *["base-original.json"] * 2, "base.json"]
    assert replayed.paths("glob", "base") == ["base.json", "base-original.json", "base.json", "base.json"]


def test_a_link_that_leads_nowhere_stops_the_command(tmp_path):
    replayed = Replayed(tmp_path, {"roles/a.json": Link("gone.json"), **BASE})
    assert replayed.stops("glob") == [("roles/a.json", 0, None)]
    assert replayed.path("glob", "base") is None


def test_an_uploaded_content_is_dated_from_the_commit_that_put_it_there(tmp_path):
    replayed = Replayed(tmp_path, BASE, BASE | {"roles/c.json": role("c")}, {"roles/base.json": role("base", "sudo")})
    assert [replayed.event("glob", "base", number).live.commit for number in range(3)] == [0, 0, 2]


def test_an_edit_of_a_file_that_loses_leaves_the_winner_with_the_date_it_has(tmp_path):
    edited = BASE | {"roles/base-original.json": role("base", "older")}
    replayed = Replayed(tmp_path, BASE | IMPOSTOR, edited)
    assert [event.step for event in replayed.timeline("glob-sh").events["base"]] == [0]
    assert [event.step for event in replayed.timeline("glob").events["base"]] == [0, 1]


def test_one_command_runs_for_each_container_of_a_shared_server(tmp_path):
    tree = {"a/roles/x.json": "{", "a/roles/z.json": role("z", "a"), "b/roles/z.json": role("z", "b")}
    replayed = Replayed(tmp_path, tree, servers=(SharedServer(("a", "b")),))
    for scenario in ("glob", "changed"):
        live = replayed.event(scenario, "z", 0, "a/roles").live
        assert live.path == "b/roles/z.json"  # the stop in a holds nothing back in b


def test_a_link_is_changed_when_git_lists_it_and_not_when_what_it_leads_to_changes(tmp_path):
    def tree(recipe, target="shared.json"):
        return {
            "shared.json": role("base", recipe),
            "other.json": role("base"),
            "roles/base.json": Link(f"../{target}"),
        }

    replayed = Replayed(tmp_path, tree("old"), tree("new"), tree("new", "other.json"))
    lists = {s: [replayed.event(s, "base", n).live.body["run_list"] for n in range(3)] for s in ("changed", "glob")}
    assert lists["changed"] == [["recipe[old]"], ["recipe[old]"], []]
    assert lists["glob"] == [["recipe[old]"], ["recipe[new]"], []]
