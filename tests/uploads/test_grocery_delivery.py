"""grocery-delivery, case by case (chef-semantics e; between-meals and grocery-delivery themselves)."""

from __future__ import annotations

from dataclasses import replace

from building import Link, Replayed, role, ruby_role

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
