"""The recorded server stores bodies as they come and fills defaults in when it answers."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind, Unresolved
from forensics.uploads.answers import answer_of
from forensics.uploads.server import BAG, HttpRefused, Server, Stored, Unsettled

BASE = (Kind.ROLE, "base")


def refused(request, *arguments, **options):
    with pytest.raises(HttpRefused) as error:
        request(*arguments, **options)
    return error.value.status


def test_an_answer_has_every_default_at_its_end_and_no_repeated_item():
    answer = answer_of(
        Kind.ROLE, "base", {"run_list": ["a", "recipe[a]", "role[b]"], "env_run_lists": {"p": ["x", "x"]}}
    )
    assert answer["run_list"] == ["recipe[a]", "role[b]"]
    assert answer["env_run_lists"] == {"p": ["recipe[x]"]}
    assert list(answer)[2:] == [
        "name",
        "description",
        "json_class",
        "chef_type",
        "default_attributes",
        "override_attributes",
    ]


def test_a_field_that_is_null_or_false_gets_its_default_in_its_place():
    assert answer_of(Kind.ENVIRONMENT, "p", {"default_attributes": None, "name": False})["name"] == "p"
    assert answer_of(Kind.NODE, "n", {})["normal"] == {"tags": []}


def test_a_data_bag_item_is_answered_without_its_wrapping():
    wrapped = {"name": "x", "json_class": "Chef::DataBagItem", "raw_data": {"id": "bob", "shell": "zsh"}}
    assert answer_of(Kind.DATA_BAG_ITEM, "users/bob", wrapped) == {"id": "bob", "shell": "zsh"}
    assert answer_of(Kind.DATA_BAG_ITEM, "users/bob", {"shell": "zsh"}) == {"shell": "zsh", "id": "bob"}


def test_unknown_run_lists_are_answered_as_they_are():
    unknown = Unresolved("x", 1)
    assert answer_of(Kind.ROLE, "a", {"run_list": unknown})["run_list"] == unknown
    assert answer_of(Kind.ROLE, "a", {"run_list": [unknown, "b"]})["run_list"] == [unknown, "recipe[b]"]


def test_the_default_environment_is_always_there_and_never_changes():
    server = Server()
    key = (Kind.ENVIRONMENT, "_default")
    assert server.get(key)["name"] == "_default"
    body = Stored({"name": "_default"})
    assert refused(server.save, key, body) == refused(server.put, key, body) == refused(server.delete, key) == 405


def test_put_needs_the_object():
    server = Server()
    assert refused(server.put, BASE, Stored({"name": "base"})) == 404
    assert refused(server.get, (Kind.ROLE, "nosuch")) == 404


def test_put_of_another_name_renames():
    server = Server({BASE: (Stored({"name": "base"}),), (Kind.ROLE, "web"): (Stored({"name": "web"}),)})
    server.put(BASE, Stored({"name": "common"}))
    assert server.names(Kind.ROLE) == ["common", "web"]
    assert refused(server.put, (Kind.ROLE, "web"), Stored({"name": "common"})) == 409


def test_items_need_their_bag():
    server = Server()
    item = Stored({"json_class": "Chef::DataBagItem", "raw_data": {"id": "bob"}})
    assert refused(server.save, (Kind.DATA_BAG_ITEM, "users/bob"), item) == 404
    server.save((BAG, "users"), Stored({"name": "users"}))
    server.save((Kind.DATA_BAG_ITEM, "users/bob"), item)
    assert server.names(Kind.DATA_BAG_ITEM) == ["users/bob"]


def test_an_open_object_does_not_answer_until_it_is_written():
    server = Server()
    server.set_possible(BASE, [None, Stored({"name": "base"})])
    with pytest.raises(Unsettled):
        server.get(BASE)
    server.save(BASE, Stored({"name": "base", "run_list": ["a"]}))
    assert server.get(BASE)["run_list"] == ["recipe[a]"]


def test_states_that_are_the_same_count_once():
    server = Server()
    server.set_possible(
        BASE, [Stored({"a": 1}), Stored({"a": 1}), Stored({"a": 1.0}), Stored({"a": 1}, "roles/a.json")]
    )
    assert len(server.possible(BASE)) == 3
    server.set_possible(BASE, [None])
    assert server.objects() == []


def test_merged_worlds_leave_open_what_differs():
    one, other = Server({BASE: (Stored({"name": "base"}),)}), Server()
    server = Server()
    server.merge([one, other])
    assert server.unsettled() == [BASE]
