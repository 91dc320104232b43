"""grocery-delivery, case by case (chef-semantics e; between-meals and grocery-delivery themselves)."""

from __future__ import annotations

import json
from dataclasses import replace

from building import Executable, Link, Replayed, role, ruby_role

from forensics.chef.objects import Kind
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.timeline import Abort

GROCERY = "grocery-delivery"
BASE = {"roles/base.json": role("base", "ntp")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
OTHER = {"roles/other.json": role("other")}


def test_the_first_run_uploads_everything_in_byte_order_so_that_base_wins(tmp_path):
    replayed = Replayed(tmp_path, BASE | IMPOSTOR)
    assert replayed.path(GROCERY, "base") == "base.json"


def test_editing_one_impostor_makes_it_win_until_the_other_is_edited(tmp_path):
    edited = {"roles/base-original.json": role("base", "old", "older")}
    rightful = {"roles/base.json": role("base", "ntp", "sudo")}
    replayed = Replayed(tmp_path, BASE | IMPOSTOR, BASE | edited, BASE | edited | OTHER, rightful | edited | OTHER)
    assert replayed.paths(GROCERY, "base") == ["base.json", "base-original.json", "base-original.json", "base.json"]


def test_deleting_base_removes_the_live_object_even_if_another_file_still_says_base(tmp_path):
    replayed = Replayed(tmp_path, BASE | IMPOSTOR, IMPOSTOR)
    assert replayed.paths(GROCERY, "base") == ["base.json", None]
    assert replayed.stops(GROCERY) == []


def test_deleting_the_impostor_asks_for_an_object_of_its_stem_and_stops_there_for_good(tmp_path):
    edited = {"roles/base-original.json": role("base", "old", "older")}
    rightful = {"roles/base.json": role("base", "ntp", "sudo")}
    replayed = Replayed(tmp_path, BASE | IMPOSTOR, BASE | edited, BASE, rightful)
    assert replayed.paths(GROCERY, "base") == ["base.json", *["base-original.json"] * 3]
    assert replayed.stops(GROCERY) == [("roles/base-original.json", 2, None)]


def test_a_deletion_goes_through_if_an_object_of_that_stem_is_live(tmp_path):
    replayed = Replayed(tmp_path, BASE | OTHER, BASE)
    assert replayed.paths(GROCERY, "other") == ["other.json", None]
    assert replayed.stops(GROCERY) == []


def test_a_file_that_is_deleted_and_comes_back_is_no_deletion_once_the_checkpoint_moves(tmp_path):
    broken = {"roles/other.json": "{"}
    replayed = Replayed(tmp_path, BASE | OTHER, BASE | broken, broken, BASE | broken, BASE | OTHER)
    # nothing but base differs from the checkpoint while base is away; when it is back, nothing does
    assert replayed.paths(GROCERY, "base") == ["base.json", "base.json", None, None, None]


def test_a_refused_file_keeps_the_checkpoint_so_that_its_commit_goes_out_later(tmp_path):
    broken = {"roles/a-broken.json": "{"}
    edited = {"roles/base.json": role("base", "ntp", "sudo")}
    mended = {"roles/a-broken.json": role("a-broken")}
    replayed = Replayed(tmp_path, BASE, edited | broken, edited | mended)
    contents = [replayed.event(GROCERY, "base", number).live.body["run_list"] for number in range(3)]
    assert contents == [["recipe[ntp]"], ["recipe[ntp]"], ["recipe[ntp]", "recipe[sudo]"]]
    assert replayed.stops(GROCERY) == [("roles/a-broken.json", 1, 2)]


def test_a_failed_run_starts_again_and_deletes_what_an_impostor_had_put_back(tmp_path):
    # the first attempt deletes a and b, puts a back from a2.json and stops at z.json; the next one deletes a once more,
    # finds no b to delete and stops there
    before = {"roles/a.json": role("a"), "roles/b.json": role("b"), **BASE}
    after = {"roles/a2.json": role("a"), "roles/z.json": "{", **BASE}
    replayed = Replayed(tmp_path, before, after)
    assert replayed.path(GROCERY, "a") is None


def test_the_role_type_is_rb_as_soon_as_one_file_is_ruby_and_a_changed_json_sends_its_twin(tmp_path):
    twins = {"roles/queue.rb": ruby_role("queue", "a"), "roles/queue.json": role("queue", "b")}
    edited = twins | {"roles/queue.json": role("queue", "b", "c")}
    replayed = Replayed(tmp_path, twins, edited)
    assert replayed.paths(GROCERY, "queue") == ["queue.rb", "queue.rb"]


def test_a_json_file_without_a_ruby_twin_stops_the_run_where_the_role_type_is_rb(tmp_path):
    ruby = {"roles/queue.rb": ruby_role("queue")}
    replayed = Replayed(tmp_path, ruby, ruby | BASE)
    assert replayed.path(GROCERY, "base") is None
    assert replayed.stops(GROCERY) == [("roles/base.rb", 1, None)]


def test_deleting_one_of_two_twins_deletes_the_object(tmp_path):
    # the deleted file's name is the stem, whatever the other one says (BetweenMeals::Changes::Role)
    ruby = {"roles/queue.rb": ruby_role("queue")}
    replayed = Replayed(tmp_path, ruby | {"roles/queue.json": role("queue")}, ruby)
    assert replayed.paths(GROCERY, "queue") == ["queue.rb", None]


def test_a_pattern_that_matches_nothing_is_no_file_and_the_first_run_is_tried_again(tmp_path):
    nested = {"roles/sub/x.rb": ruby_role("x")}
    replayed = Replayed(tmp_path, nested | BASE, {"roles/y.rb": ruby_role("y")} | nested | BASE)
    assert replayed.stops(GROCERY) == [("roles/*.rb", 0, 1)]
    assert (replayed.path(GROCERY, "x"), replayed.path(GROCERY, "y")) == (None, "y.rb")


def test_nested_files_go_out_when_they_change_and_are_told_by_their_path(tmp_path):
    nested = {"roles/sub/x.json": role("x")}
    replayed = Replayed(tmp_path, BASE, BASE | nested, BASE)
    assert replayed.paths(GROCERY, "x") == [None, "sub/x.json", "sub/x.json"]
    assert replayed.stops(GROCERY) == [("roles/sub/x.json", 2, None)]  # there is no role "sub/x" to delete


def test_a_committed_editors_lock_stops_every_run_until_it_is_gone(tmp_path):
    lock = {"roles/.#base.json": Link("ada@host.4711")}
    edited = {"roles/base.json": role("base", "ntp", "sudo")}
    replayed = Replayed(tmp_path, BASE, BASE | lock, edited | lock, edited)
    assert replayed.stops(GROCERY) == [("roles/.#base.json", 1, 3)]
    assert replayed.event(GROCERY, "base", 2).live.body["run_list"] == ["recipe[ntp]"]
    assert replayed.event(GROCERY, "base", 3).live.body["run_list"] == ["recipe[ntp]", "recipe[sudo]"]


def test_js_files_are_none_of_its_roles(tmp_path):
    replayed = Replayed(tmp_path, BASE, BASE | {"roles/base.js": role("base", "js")})
    assert replayed.paths(GROCERY, "base") == ["base.json", "base.json"]
    assert replayed.stops(GROCERY) == []


def test_environments_and_nodes_are_none_of_its_business(tmp_path):
    tree = {"environments/prod.json": '{"name": "prod"}', "nodes/n.json": '{"name": "n"}', **BASE}
    replayed = Replayed(tmp_path, tree, tree | {"environments/prod.json": '{"name": "prod", "description": "x"}'})
    assert replayed.timeline(GROCERY, "environments").events == {}
    assert replayed.timeline(GROCERY, "nodes").events == {}


def test_data_bag_items_are_json_whatever_else_is_there(tmp_path):
    alice = {"data_bags/users/alice.json": '{"id": "alice"}'}
    laptop = {"data_bags/users/alice-laptop.json": '{"id": "alice", "key": "x"}'}
    replayed = Replayed(tmp_path, alice, alice | laptop, laptop)
    assert replayed.paths(GROCERY, "alice", "data_bags/users") == ["alice.json", "alice-laptop.json", None]
    assert replayed.timeline(GROCERY, "data_bags/users").target.kind is Kind.DATA_BAG_ITEM


def test_a_configured_role_type_decides(tmp_path):
    shipped = next(each for each in SHIPPED if each.name == GROCERY)
    forced = replace(shipped, name="delivered", role_type="json")
    twins = {"roles/queue.rb": ruby_role("queue", "a"), "roles/queue.json": role("queue", "b")}
    replayed = Replayed(tmp_path, twins, scenarios=(forced,))
    assert replayed.path("delivered", "queue") == "queue.json"


def test_the_record_of_a_stop_says_what_was_not_sent(tmp_path):
    broken = {"roles/a-broken.json": "{", "roles/base.json": role("base", "sudo")}
    replayed = Replayed(tmp_path, BASE, broken)
    (stop,) = replayed.timeline(GROCERY).aborts
    assert isinstance(stop, Abort)
    assert (stop.path, stop.problem.kind, stop.unsent) == ("roles/a-broken.json", "json-syntax", 1)


def test_the_extension_is_looked_for_anywhere_in_the_path(tmp_path):
    bak = {"roles/base.json.bak": "1"}
    replayed = Replayed(tmp_path, BASE, BASE | IMPOSTOR, BASE | IMPOSTOR | bak, BASE | IMPOSTOR)
    assert replayed.paths(GROCERY, "base") == ["base.json", "base-original.json", "base.json", None]


def test_a_change_of_mode_alone_uploads_the_file_again(tmp_path):
    edited = BASE | IMPOSTOR | {"roles/base.json": role("base", "ntp", "sudo")}
    executable = {"roles/base-original.json": Executable(IMPOSTOR["roles/base-original.json"])}
    replayed = Replayed(tmp_path, BASE | IMPOSTOR, edited, edited | executable)
    assert replayed.paths(GROCERY, "base") == ["base.json", "base.json", "base-original.json"]
    for name in ("glob", "changed", "changed-reversed", "knife-upload", "chef-solo"):  # no other sees anything there
        assert replayed.event(name, "base", 2) == replayed.event(name, "base", 1)


def test_a_file_that_becomes_a_link_is_deleted_and_uploaded(tmp_path):
    linked = {"roles/other.json": Link("base.json")}
    replayed = Replayed(tmp_path, BASE | OTHER, BASE | linked, BASE | linked | {"roles/x.json": role("x")})
    assert replayed.paths(GROCERY, "other") == ["other.json", None, None]
    assert replayed.path(GROCERY, "base", 1) == "other.json"
    assert replayed.stops(GROCERY) == []


def test_a_link_that_is_as_it_was_is_not_uploaded_when_its_target_changes(tmp_path):
    linked = BASE | {"roles/alias.json": Link("base.json")}
    replayed = Replayed(tmp_path, linked, linked | {"roles/base.json": role("base", "sudo")})
    assert replayed.paths(GROCERY, "base") == ["base.json", "base.json"]


def test_paths_that_git_quotes_go_up_with_the_first_run_only(tmp_path):
    copy, edited = ({"roles/größe.json": role("copy", recipe)} for recipe in ("old", "new"))
    replayed = Replayed(tmp_path, BASE | copy, BASE | edited, BASE)
    assert replayed.paths(GROCERY, "copy") == ["größe.json"] * 3
    assert replayed.event(GROCERY, "copy", 2).live.body["run_list"] == ["recipe[old]"]
    assert replayed.stops(GROCERY) == []


def test_names_fall_apart_at_blanks(tmp_path):
    copy = {"roles/base copy.json": role("base", "old")}
    replayed = Replayed(
        tmp_path, BASE | OTHER | copy, BASE | OTHER, BASE | OTHER | {"roles/other copy.json": role("x")}
    )
    assert replayed.paths(GROCERY, "base") == ["base.json", None, None]
    assert replayed.path(GROCERY, "x") is None
    assert replayed.stops(GROCERY) == [("roles/other", 2, None)]


def test_parentheses_keep_the_shell_from_running_anything(tmp_path):
    copy = {"roles/base (copy).json": role("base", "old")}
    edited = {"roles/base.json": role("base", "sudo"), "roles/base (copy).json": role("base", "older")}
    replayed = Replayed(tmp_path, BASE | copy, edited)
    assert replayed.event(GROCERY, "base", 1).live.body["run_list"] == ["recipe[ntp]"]
    assert replayed.stops(GROCERY) == [("roles/base (copy).json", 1, None)]


def test_a_pattern_is_the_file_of_that_name_if_it_matches_no_other(tmp_path):
    copy = {"roles/base[1].json": role("base", "old")}
    replayed = Replayed(tmp_path, BASE, BASE | copy, BASE | {"roles/base1.json": role("one"), **copy})
    assert replayed.paths(GROCERY, "base") == ["base.json", "base[1].json", "base[1].json"]
    assert replayed.path(GROCERY, "one") == "base1.json"


ALICE = {"data_bags/users/alice.json": '{"id": "alice"}'}


def test_roles_and_data_bags_share_one_checkpoint(tmp_path):
    bad = {"data_bags/users/bob.json": "{"}
    well = {"data_bags/users/bob.json": '{"id": "bob"}'}
    again = {"roles/other.json": role("other", "x")}
    replayed = Replayed(
        tmp_path, BASE | OTHER | ALICE, BASE | ALICE | bad, BASE | ALICE | well, BASE | again | ALICE | well
    )
    # the deletion of the role went through, the item did not: the next runs cannot delete it again
    assert replayed.paths(GROCERY, "other") == ["other.json", None, None, "other.json"]
    assert replayed.path(GROCERY, "bob", 2, "data_bags/users") is None
    assert replayed.path(GROCERY, "bob", 3, "data_bags/users") == "bob.json"
    assert replayed.stops(GROCERY) == [("roles/other.json", 1, 3)]


def test_what_a_mended_item_sets_free_goes_live_at_its_commit(tmp_path):
    # the role changes while no run gets through, and becomes live at a commit that touches no role
    copy = {"data_bags/users/copy.json": '{"id": "alice", "uid": 1}'}
    edited = {"roles/base.json": role("base", "sudo")}
    replayed = Replayed(tmp_path, BASE | ALICE | copy, BASE | ALICE, edited | ALICE, edited | ALICE | copy)
    assert replayed.stops(GROCERY, "data_bags/users") == [("data_bags/users/copy.json", 1, 3)]
    lists = [replayed.event(GROCERY, "base", number).live.body["run_list"] for number in range(4)]
    assert lists == [["recipe[ntp]"], ["recipe[ntp]"], ["recipe[sudo]"], ["recipe[sudo]"]]


def test_a_cookbook_whose_version_is_none_keeps_every_role_back(tmp_path):
    def tree(version, *recipes):
        return {"cookbooks/apt/metadata.rb": f"name 'apt'\nversion '{version}'\n", **BASE} | {
            "roles/base.json": role("base", *recipes)
        }

    replayed = Replayed(
        tmp_path, tree("1.0.0"), tree("x.y", "a"), tree("x.y", "b"), tree("1.0.1", "b"), tree("1.1", "b")
    )
    lists = [replayed.event(GROCERY, "base", number).live.body["run_list"] for number in range(5)]
    assert lists == [[], [], [], ["recipe[b]"], ["recipe[b]"]]
    assert replayed.stops(GROCERY) == [("cookbooks/apt/metadata.rb", 1, 3)]


def test_deletions_go_where_git_lists_them_and_a_rename_is_listed_at_its_new_path(tmp_path):
    text = json.dumps({"name": "b", "run_list": [f"recipe[{number}]" for number in range(20)]}, indent=1) + "\n"
    before = {"roles/a-copy.json": role("c"), "roles/b.json": text, "roles/c.json": role("c")}
    renamed = {"roles/0.json": text.replace('"b"', '"zero"'), "roles/c.json": role("c")}
    # b is deleted first, at the place of 0.json; then a-copy, which the server does not have
    replayed = Replayed(tmp_path / "1", before, renamed)
    assert replayed.path(GROCERY, "b") is None
    assert replayed.stops(GROCERY) == [("roles/b.json", 1, None)]
    # without the new file a-copy comes first, and b stays
    replayed = Replayed(tmp_path / "2", before, {"roles/c.json": role("c")})
    assert replayed.path(GROCERY, "b") == "b.json"
    assert replayed.stops(GROCERY) == [("roles/a-copy.json", 1, None)]


def test_a_directory_of_roles_that_comes_later_is_no_first_run(tmp_path):
    readme = {"README": "1"}
    nested = {"roles/sub/x.json": role("x")}
    replayed = Replayed(tmp_path, readme, readme | BASE | nested)
    assert replayed.path(GROCERY, "x") == "sub/x.json"
