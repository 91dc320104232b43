"""``knife upload roles``, case by case (chef-semantics b and l)."""

from __future__ import annotations

from building import Replayed, role, ruby_role

UPLOAD = "knife-upload"
BASE = {"roles/base.json": role("base", "ntp")}
ABORTING = {"roles/x y.json": role("x y")}  # a blank is a bad URI: knife ends with exit 100


def possible(replayed, name, number):
    found = replayed.event(UPLOAD, name, number)
    return [None if live is None else live.body["run_list"] for live in found.possible]


def run_list(replayed, name, number):
    return replayed.event(UPLOAD, name, number).live.body["run_list"]


def test_a_file_of_another_name_is_skipped_and_the_others_go_on(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/base-original.json": role("base", "old"), "roles/z.json": role("z")})
    assert replayed.path(UPLOAD, "base") == "base.json"
    assert replayed.path(UPLOAD, "base-original") is None
    assert replayed.path(UPLOAD, "z") == "z.json"
    assert replayed.stops(UPLOAD) == []


def test_a_ruby_role_goes_up_under_its_stem_if_that_is_its_name(tmp_path):
    replayed = Replayed(tmp_path, {"roles/web.rb": ruby_role("web", "a"), "roles/old.rb": ruby_role("web", "b")})
    assert (replayed.path(UPLOAD, "web"), replayed.path(UPLOAD, "old")) == ("web.rb", None)


def test_a_missing_name_is_the_stem(tmp_path):
    assert Replayed(tmp_path, {"roles/x.json": "{}"}).path(UPLOAD, "x") == "x.json"


def test_ruby_hides_json_of_the_same_stem_even_if_it_is_refused(tmp_path):
    misnamed = {"roles/base.rb": ruby_role("other")}
    replayed = Replayed(tmp_path, BASE, BASE | {"roles/base.rb": ruby_role("base", "x")}, BASE | misnamed, BASE)
    assert replayed.paths(UPLOAD, "base") == ["base.json", "base.rb", "base.rb", "base.json"]


def test_a_file_that_does_not_differ_from_the_server_is_not_written(tmp_path):
    spelled = {"roles/base.json": '{\n"name": "base", "description": "", "run_list": ["ntp"]}'}
    replayed = Replayed(tmp_path, BASE, spelled)
    first, second = (replayed.event(UPLOAD, "base", number).live for number in (0, 1))
    assert first == second


def test_nothing_is_deleted(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/a.json": role("a")}, BASE)
    assert replayed.paths(UPLOAD, "a") == ["a.json", "a.json"]


def test_nested_files_are_not_seen(tmp_path):
    assert Replayed(tmp_path, BASE | {"roles/sub/x.json": role("x")}).path(UPLOAD, "x") is None


def test_what_an_aborting_command_would_have_written_is_either_until_an_upload_settles_it(tmp_path):
    edited = {"roles/base.json": role("base", "ntp", "sudo")}
    replayed = Replayed(tmp_path, BASE, edited | ABORTING, edited | ABORTING | {"roles/c.json": role("c")}, edited)
    assert replayed.event(UPLOAD, "base", 0).exact
    assert possible(replayed, "base", 1) == [["recipe[ntp]", "recipe[sudo]"], ["recipe[ntp]"]]
    assert possible(replayed, "base", 2) == possible(replayed, "base", 1)
    assert possible(replayed, "c", 2) == [[], None]
    assert replayed.event(UPLOAD, "base", 3).exact
    assert run_list(replayed, "base", 3) == ["recipe[ntp]", "recipe[sudo]"]
    assert replayed.stops(UPLOAD) == [("roles/x y.json", 1, 3)]


def test_each_edit_during_the_aborts_is_one_more_possibility(tmp_path):
    versions = [{"roles/base.json": role("base", *recipes)} for recipes in ("a", "ab", "abc")]
    replayed = Replayed(tmp_path, versions[0], versions[1] | ABORTING, versions[2] | ABORTING)
    assert [len(each) for each in possible(replayed, "base", 2)] == [3, 2, 1]
    assert len(replayed.event(UPLOAD, "base", 2).possible) == 3


def test_a_content_that_comes_again_during_the_aborts_is_no_further_possibility(tmp_path):
    versions = [{"roles/base.json": role("base", *recipes)} for recipes in ("a", "ab", "a", "ab", "abc")]
    replayed = Replayed(tmp_path, versions[0], *(version | ABORTING for version in versions[1:]))
    assert [len(each) for each in possible(replayed, "base", 4)] == [3, 2, 1]


def test_an_object_that_needs_no_writing_is_certain_through_an_abort(tmp_path):
    replayed = Replayed(tmp_path, BASE, BASE | ABORTING)
    assert replayed.event(UPLOAD, "base", 1).exact


def test_a_file_that_is_gone_before_the_race_is_settled_leaves_it_open(tmp_path):
    replayed = Replayed(tmp_path, {"roles/c.json": role("c")}, BASE | ABORTING, {"roles/c.json": role("c")})
    assert possible(replayed, "base", 2) == [["recipe[ntp]"], None]


def test_of_several_directories_the_first_wins_whichever_came_first(tmp_path):
    second = {"b/roles/base.rb": ruby_role("base", "second")}
    first = {"a/roles/base.json": role("base", "first")}
    replayed = Replayed(tmp_path, second, second | first, second, servers=(("a", "b"),))
    found = [replayed.event(UPLOAD, "base", number, "a/roles").live.path for number in range(3)]
    assert found == ["b/roles/base.rb", "a/roles/base.json", "b/roles/base.rb"]
