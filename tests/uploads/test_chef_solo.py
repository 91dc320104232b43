"""chef-solo and local mode, case by case (chef-semantics c)."""

from __future__ import annotations

import pytest
from building import Link, Replayed, role, ruby_role

from forensics.uploads.target import SharedServer

SOLO, LEGACY = "chef-solo", "chef-solo-legacy"
BASE = {"roles/base.json": role("base", "ntp")}


def body(replayed, scenario, name, container="roles"):
    return replayed.event(scenario, name, len(replayed.ids) - 1, container).live.body


@pytest.mark.parametrize("scenario", [SOLO, LEGACY])
def test_a_file_is_found_by_its_stem_and_its_inner_name_is_not_checked(tmp_path, scenario):
    replayed = Replayed(tmp_path, BASE | {"roles/base-original.json": role("base", "old")})
    assert replayed.path(scenario, "base") == "base.json"
    assert replayed.path(scenario, "base-original") == "base-original.json"
    assert body(replayed, scenario, "base-original")["name"] == "base"


@pytest.mark.parametrize("scenario", [SOLO, LEGACY])
def test_what_is_gone_from_the_tree_is_gone(tmp_path, scenario):
    replayed = Replayed(tmp_path, BASE | {"roles/a.json": role("a")}, BASE)
    assert replayed.paths(scenario, "a") == ["a.json", None]


def test_of_twins_ruby_counts_now_and_json_counted_before(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/base.rb": ruby_role("base")}, BASE)
    assert replayed.paths(SOLO, "base") == ["base.rb", "base.json"]
    assert replayed.paths(LEGACY, "base") == ["base.json", "base.json"]


def test_only_legacy_looks_below(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/sub/x.json": role("x"), "roles/.old/y.json": role("y")})
    assert (replayed.path(SOLO, "x"), replayed.path(LEGACY, "x")) == (None, "sub/x.json")
    assert (replayed.path(SOLO, "y"), replayed.path(LEGACY, "y")) == (None, None)


def test_two_files_of_one_extension_and_stem_are_a_duplicate_role_for_legacy(tmp_path):
    replayed = Replayed(tmp_path, BASE, BASE | {"roles/sub/base.json": role("base")}, BASE)
    assert replayed.paths(LEGACY, "base") == ["base.json", None, "base.json"]
    assert replayed.paths(SOLO, "base") == ["base.json"] * 3


def test_two_ruby_files_are_a_duplicate_role_even_beside_a_json_file(tmp_path):
    twice = {"roles/base.rb": ruby_role("base"), "roles/sub/base.rb": ruby_role("base")}
    assert Replayed(tmp_path, BASE | twice).path(LEGACY, "base") is None


@pytest.mark.parametrize("scenario", [SOLO, LEGACY])
def test_a_file_that_does_not_load_leaves_nothing_to_read(tmp_path, scenario):
    replayed = Replayed(tmp_path, BASE, {"roles/base.json": "{"}, {"roles/base.json": Link("gone.json")})
    assert replayed.paths(scenario, "base") == ["base.json", None, None]


def test_a_json_file_without_a_name_is_served_under_its_stem(tmp_path):
    replayed = Replayed(tmp_path, {"roles/x.json": '{"run_list": ["a"]}'})
    assert body(replayed, SOLO, "x")["name"] == "x"
    assert body(replayed, LEGACY, "x")["name"] == ""


def test_a_ruby_file_without_a_name_has_its_stem_for_legacy_only(tmp_path):
    replayed = Replayed(tmp_path, {"roles/x.rb": 'run_list "a"\n'})
    assert body(replayed, LEGACY, "x")["name"] == "x"
    assert replayed.path(SOLO, "x") is None  # served with an empty name, which Chef::Role refuses


def test_a_stem_that_fits_in_no_url_can_only_be_read_from_disk(tmp_path):
    replayed = Replayed(tmp_path, {"roles/caf\u00e9.json": role("cafe")})
    assert (replayed.path(SOLO, "caf\u00e9"), replayed.path(LEGACY, "caf\u00e9")) == (None, "caf\u00e9.json")


def test_javascript_and_hidden_files_are_not_looked_at(tmp_path):
    replayed = Replayed(tmp_path, {"roles/a.js": role("a"), "roles/.b.json": role("b")})
    for scenario in (SOLO, LEGACY):
        assert replayed.timeline(scenario).events == {}


def test_legacy_finds_environments_beside_each_other_only(tmp_path):
    prod = {"environments/prod.json": '{"name": "prod"}', "environments/prod.rb": 'name "prod"\n'}
    replayed = Replayed(tmp_path, prod | {"environments/sub/prod.json": '{"name": "prod"}'})
    assert replayed.path(LEGACY, "prod", container="environments") == "prod.json"
    assert replayed.path(SOLO, "prod", container="environments") == "prod.rb"


ALICE = {"data_bags/users/alice.json": '{"id": "alice", "uid": 1}'}


def test_legacy_finds_items_by_id_and_a_copy_does_no_harm(tmp_path):
    copy = {"data_bags/users/copy.json": '{"uid": 1, "id": "alice"}'}
    replayed = Replayed(tmp_path, ALICE | copy)
    assert replayed.path(LEGACY, "alice", container="data_bags/users") == "copy.json"
    assert replayed.path(LEGACY, "copy", container="data_bags/users") is None
    assert replayed.path(SOLO, "copy", container="data_bags/users") == "copy.json"


def test_two_items_of_one_id_that_differ_spoil_the_bag_for_legacy(tmp_path):
    bob = {"data_bags/users/bob.json": '{"id": "bob"}'}
    laptop = {"data_bags/users/laptop.json": '{"id": "alice", "uid": 2}'}
    replayed = Replayed(tmp_path, ALICE | bob, ALICE | bob | laptop, ALICE | bob)
    for name in ("alice", "bob"):
        live = replayed.paths(LEGACY, name, "data_bags/users")
        assert live == [f"{name}.json", None, f"{name}.json"]
    assert replayed.path(SOLO, "alice", 1, "data_bags/users") == "alice.json"


def test_an_item_without_an_id_is_in_nobodys_way_but_one_that_does_not_parse_is(tmp_path):
    nameless = {"data_bags/users/x.json": "{}"}
    broken = {"data_bags/users/x.json": "{"}
    replayed = Replayed(tmp_path, ALICE | nameless, ALICE | broken)
    assert replayed.paths(LEGACY, "alice", "data_bags/users") == ["alice.json", None]


def test_an_item_in_its_wrapped_form_is_unwrapped_by_local_mode_and_by_knife_upload(tmp_path):
    wrapped = '{"name": "data_bag_item_users_alice", "json_class": "Chef::DataBagItem", "raw_data": {"id": "alice"}}'
    replayed = Replayed(tmp_path, {"data_bags/users/alice.json": wrapped})
    assert body(replayed, SOLO, "alice", "data_bags/users")["raw_data"] == {"id": "alice"}
    assert replayed.path("knife-upload", "alice", container="data_bags/users") == "alice.json"
    for refusing in ("glob", LEGACY):
        assert replayed.path(refusing, "alice", container="data_bags/users") is None


def test_local_mode_serves_run_lists_without_what_they_repeat(tmp_path):
    twice = {"roles/a.json": role("a", "x", "y", "x"), "roles/b.rb": 'name "b"\nrun_list "x", "x"\n'}
    replayed = Replayed(tmp_path, twice)
    assert [body(replayed, SOLO, name)["run_list"] for name in "ab"] == [["recipe[x]", "recipe[y]"], ["recipe[x]"]]
    assert body(replayed, LEGACY, "a")["run_list"] == ["recipe[x]", "recipe[y]", "recipe[x]"]


def test_the_old_key_recipes_counts_for_legacy_only(tmp_path):
    replayed = Replayed(tmp_path, {"roles/a.json": '{"name": "a", "recipes": ["x"]}'})
    assert (body(replayed, SOLO, "a")["run_list"], body(replayed, LEGACY, "a")["run_list"]) == ([], ["recipe[x]"])


@pytest.mark.parametrize("scenario", [SOLO, LEGACY])
@pytest.mark.parametrize("dangling", ["roles/base.json", "roles/base.rb"])
def test_a_link_that_leads_nowhere_hides_no_other_file(tmp_path, scenario, dangling):
    both = {"roles/base.json": role("base"), "roles/base.rb": ruby_role("base"), dangling: Link("gone")}
    (other,) = {"roles/base.json", "roles/base.rb"} - {dangling}
    assert replayed_path(tmp_path, both, scenario) == other.removeprefix("roles/")


def replayed_path(tmp_path, tree, scenario):
    return Replayed(tmp_path, tree).path(scenario, "base")


def test_a_link_that_leads_nowhere_is_still_one_of_two_files_for_legacy(tmp_path):
    replayed = Replayed(tmp_path, BASE | {"roles/sub/base.json": Link("gone.json")})
    assert replayed.path(LEGACY, "base") is None


def test_legacy_takes_the_name_for_a_regular_expression(tmp_path):
    dotted = {"roles/a.b.json": role("dotted")}
    copy = {"roles/base (copy).json": role("base", "old")}
    replayed = Replayed(
        tmp_path, dotted | copy, dotted | copy | {"roles/axb.json": role("axb")}, {"roles/axb.json": "{}"}
    )
    assert replayed.paths(LEGACY, "a.b") == ["a.b.json", None, "axb.json"]  # two files are a DuplicateRole
    assert replayed.path(LEGACY, "axb", 1) == "axb.json"
    assert replayed.path(LEGACY, "base (copy)", 0) is None


def test_two_items_without_an_id_that_differ_spoil_the_bag_for_legacy(tmp_path):
    nameless = {f"data_bags/users/{name}.json": f'{{"uid": {uid}}}' for name, uid in (("x", 1), ("y", 2))}
    replayed = Replayed(tmp_path, ALICE, ALICE | nameless)
    assert replayed.paths(LEGACY, "alice", "data_bags/users") == ["alice.json", None]
    assert body(replayed, SOLO, "x", "data_bags/users")["raw_data"] == {"uid": 1, "id": "x"}


def test_a_role_is_read_from_the_first_directory_that_has_it(tmp_path):
    tree = {"a/roles/z.json": role("z", "a"), "b/roles/z.json": role("z", "b"), "b/roles/y.json": role("y")}
    replayed = Replayed(tmp_path, tree, servers=(SharedServer(("a", "b")),))
    for scenario in (SOLO, LEGACY):
        assert replayed.event(scenario, "z", 0, "a/roles").live.path == "a/roles/z.json"
        assert replayed.event(scenario, "y", 0, "a/roles").live.path == "b/roles/y.json"


def test_why_a_file_that_is_there_cannot_be_read_is_kept_where_it_could_be_before(tmp_path):
    broken = {"roles/base.json": "{", "roles/new.json": "{"}
    replayed = Replayed(tmp_path, BASE, broken, {}, BASE)
    for scenario in (SOLO, LEGACY):
        failures = [event.failure for event in replayed.timeline(scenario).events["base"]]
        assert [bool(failure) for failure in failures] == [False, True, False, False]
        assert failures[1].startswith("roles/base.json cannot be loaded: ")
        assert "new" not in replayed.timeline(scenario).events
