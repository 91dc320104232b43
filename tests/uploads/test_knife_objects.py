"""Objects that are created, deleted and changed without a file."""

from __future__ import annotations

import pytest
from uploads.knife_support import knife, live, role, run_list_of

from forensics.uploads.knife import CommandNotUnderstood
from forensics.uploads.server import Server, Stored


@pytest.fixture
def server():
    files = {f"roles/{name}.json": role(name, "a", "b") for name in ("base", "web", "web2")}
    return knife("role from file base.json web.json web2.json", files)[1]


def test_a_role_that_is_deleted_is_gone_and_a_second_time_it_is_an_error(server):
    assert knife("role delete base -y", {}, server)[0].exit == 0
    assert knife("role delete base -y", {}, server)[0].exit == 100
    assert set(live(server)) == {"role[web]", "role[web2]"}


def test_the_default_environment_stays():
    assert knife("environment delete _default -y", {})[0].exit == 100


@pytest.mark.parametrize(
    ("expression", "left"),
    [
        ("^web", {"base"}),
        ("web$", {"base", "web2"}),
        ("nosuch", {"base", "web", "web2"}),
        (r"\Ab.se\z", {"web", "web2"}),
    ],
)
def test_bulk_delete_goes_by_rubys_expression(server, expression, left):
    assert knife(["role", "bulk", "delete", expression, "-y"], {}, server)[0].exit == 0
    assert set(live(server)) == {f"role[{name}]" for name in left}


def test_an_expression_that_only_ruby_reads_is_said_to_be_one(server):
    with pytest.raises(CommandNotUnderstood, match="only Ruby"):
        knife(["role", "bulk", "delete", "[[:alpha:]]", "-y"], {}, server)


def test_created_without_an_editor_a_role_is_empty_and_d_is_no_description(server):
    knife(["role", "create", "manual", "-d", "by hand"], {}, server)
    assert server.get(("role", "manual"))["description"] == ""
    knife(["role", "create", "manual", "-d", "--description", "by hand"], {}, server)
    assert server.get(("role", "manual"))["description"] == "by hand"
    assert knife(["role", "create", "a b", "-d"], {}, server)[0].exit == 100
    for command in ("role create manual", "data bag create users alice"):
        with pytest.raises(CommandNotUnderstood, match="editor"):
            knife(command, {}, server)


def test_data_bags_come_and_go_with_their_items():
    _, server = knife("data bag create users", {})
    knife("data bag from file users alice.json", {"alice.json": b'{"id": "alice"}'}, server)
    assert set(live(server)) == {"data_bag[users]", "data_bag_item[users/alice]"}
    assert knife("data bag create users", {}, server)[0].exit == 0
    assert knife("data bag create role", {}, server)[0].exit == 1
    assert knife("data bag delete users bob -y", {}, server)[0].exit == 100
    assert knife("data bag delete users -y", {}, server)[0].exit == 0
    assert live(server) == {}


def test_entries_are_added_at_the_end_or_behind_an_item(server):
    knife(["role", "run_list", "add", "base", "recipe[c], role[d],", "a"], {}, server)
    assert run_list_of(server, "base") == [
        "recipe[a]",
        "recipe[b]",
        "recipe[c]",
        "role[d]",
    ]  # the answer has no repeats
    knife("role run_list add base x -a recipe[a]", {}, server)
    assert run_list_of(server, "base") == ["recipe[a]", "recipe[x]", "recipe[b]", "recipe[c]", "role[d]"]


def test_an_item_is_removed_replaced_and_the_list_set_and_cleared(server):
    knife("role run_list remove base recipe[a]", {}, server)
    assert run_list_of(server, "base") == ["recipe[b]"]
    knife("role run_list replace base recipe[b] recipe[c]", {}, server)
    assert run_list_of(server, "base") == ["recipe[c]"]
    knife("role run_list set base x,y", {}, server)
    assert run_list_of(server, "base") == ["recipe[x]", "recipe[y]"]
    knife("role run_list clear base", {}, server)
    assert run_list_of(server, "base") == []


def test_an_environment_begins_empty_when_added_to_but_from_the_default_when_removed_from(server):
    knife("role env_run_list add base prod x", {}, server)
    knife("role env_run_list remove base dev recipe[a]", {}, server)
    answer = server.get(("role", "base"))
    assert answer["env_run_lists"] == {"prod": ["recipe[x]"], "dev": ["recipe[b]"]}
    assert answer["run_list"] == ["recipe[a]", "recipe[b]"]


def test_a_bad_entry_changes_nothing(server):
    assert knife("role run_list add base Recipe[x]", {}, server)[0].exit == 100
    assert knife("role run_list add nosuch x", {}, server)[0].exit == 100
    assert run_list_of(server, "base") == ["recipe[a]", "recipe[b]"]


def test_raw_put_of_another_name_is_a_rename(server):
    files = {"x.json": role("other", "z")}
    outcome, _ = knife("raw -m PUT -i x.json /roles/web", files, server)
    assert outcome.exit == 0
    assert set(live(server)) == {"role[base]", "role[other]", "role[web2]"}
    assert knife("raw -m PUT -i x.json /roles/base", files, server)[0].exit == 1  # 409, the name is taken
    assert knife("raw -m PUT -i x.json /roles/nosuch", files, server)[0].exit == 1
    assert knife("raw -m DELETE /roles/other", files, server)[0].exit == 0
    assert knife("raw /search/node", files, server)[0].exit is None
    for other in ("-m POST /roles", "-m DELETE /data/users", "-m PUT /data/users/alice"):
        with pytest.raises(CommandNotUnderstood, match="no role, environment or node"):
            knife(f"raw {other}", files, server)


def test_raw_sends_whatever_the_file_holds(server):
    assert knife("raw -m PUT -i bad.json /roles/web", {"bad.json": b"{,}"}, server)[0].exit == 100
    knife("raw -m PUT -i few.json /roles/web", {"few.json": b'{"run_list": ["x", "x"]}'}, server)
    answer = server.get(("role", "web"))
    assert (answer["name"], answer["run_list"], answer["json_class"]) == ("web", ["recipe[x]"], "Chef::Role")


def test_a_command_follows_every_state_that_an_object_may_be_in():
    server = Server()
    server.set_possible(("role", "a"), [None, Stored({"name": "a", "run_list": ["recipe[x]"]})])
    outcome, _ = knife("role run_list add a recipe[y]", {}, server)
    assert (outcome.exit, outcome.open) == (None, (("role", "a"),))
    assert [state and state.body["run_list"] for state in server.possible(("role", "a"))] == [
        None,
        ["recipe[x]", "recipe[y]"],
    ]
    outcome, _ = knife("role delete a -y", {}, server)
    assert (outcome.exit, server.possible(("role", "a"))) == (None, (None,))


@pytest.mark.parametrize(
    "command", ["role form file x", "spork upload x", "role from file x --frobnicate", "-z upload roles"]
)
def test_what_is_not_known_is_named(command):
    with pytest.raises(CommandNotUnderstood, match=command.split()[-1] if "-" in command else command):
        knife(command, {})


def test_options_may_stand_anywhere_and_together():
    files = {"roles/a.json": role("a")}
    assert live(knife("-c knife.rb role from file -VV roles/a.json -y --key=x", files)[1]) == {
        "role[a]": "roles/a.json"
    }
    assert live(knife("role -yV from file -- roles/a.json", files)[1]) == {"role[a]": "roles/a.json"}


@pytest.mark.parametrize(
    "command",
    [
        "role show base -a run_list",
        "data bag show nosuch",
        "role list -w",
        "cookbook upload x --frobnicate",
        "search node name:x",
    ],
)
def test_what_only_shows_or_concerns_other_things_changes_nothing(server, command):
    before = live(server)
    assert knife(command, {}, server)[0].exit is None
    assert live(server) == before
