"""knife ... from file takes its arguments in order, by the name inside, and stops at the first that is refused."""

from __future__ import annotations

import pytest
from uploads.knife_support import knife, live, role

from forensics.uploads.knife import CommandNotUnderstood


def test_the_last_file_that_names_a_role_wins():
    files = {"roles/base.json": role("base", "a"), "roles/base-original.json": role("base", "b")}
    _, server = knife("role from file roles/base.json roles/base-original.json", files)
    assert live(server) == {"role[base]": "roles/base-original.json"}
    knife("role from file roles/base-original.json roles/base.json", files, server)
    assert live(server) == {"role[base]": "roles/base.json"}


def test_a49_what_comes_before_a_refused_file_is_live_and_what_comes_after_is_not_sent():
    files = {"roles/a.json": role("a"), "roles/b.json": b"{,}", "roles/c.json": role("c")}
    outcome, server = knife("role from file roles/a.json roles/b.json roles/c.json", files)
    assert live(server) == {"role[a]": "roles/a.json"}
    assert (outcome.exit, outcome.refused, outcome.problem.kind) == (100, "roles/b.json", "json-syntax")


@pytest.mark.parametrize(
    ("cwd", "argument", "found"),
    [
        (".", "roles/base.json", "roles/base.json"),
        (".", "base.json", "base.json"),  # the one in the working directory hides roles/base.json
        (".", "web.json", "roles/web.json"),
        (".", "./roles//base.json", "roles/base.json"),
        (".", "roles/../base.json", "base.json"),
        ("roles", "base.json", "roles/base.json"),
        ("other", "../roles/base.json", "roles/base.json"),
        ("other", "base.json", "other/roles/base.json"),
        (".", "dev/x.json", "roles/dev/x.json"),
    ],
)
def test_a_file_is_looked_for_from_the_working_directory_then_in_its_roles(cwd, argument, found):
    paths = ["base.json", "roles/base.json", "roles/web.json", "other/roles/base.json", "roles/dev/x.json"]
    _, server = knife(f"role from file {argument}", {path: role("r") for path in paths}, cwd=cwd)
    assert live(server) == {"role[r]": found}


def test_nodes_are_taken_from_files_as_roles_are():
    outcome, server = knife("node from file web01.json", {"nodes/web01.json": role("web01", "role[web]")})
    assert (outcome.exit, live(server)) == (0, {"node[web01]": "nodes/web01.json"})


@pytest.mark.parametrize(
    ("argument", "status"),
    [
        ("nosuch.json", 1),
        ("roles/*.json", 1),
        ("roles", 30),
        ("roles/README", 30),
        ("roles/a.JSON", 30),
        ("x.json", 100),
    ],
)
def test_what_is_no_role_file_exits_as_knife_does(argument, status):
    files = {"roles/README": b"", "roles/a.JSON": role("a"), "x.json/file": b""}
    assert knife(f"role from file {argument}", files)[0].exit == status


def test_a_file_outside_the_repository_cannot_be_told_and_nothing_is_done():
    with pytest.raises(CommandNotUnderstood, match="outside the repository"):
        knife("role from file roles/a.json ../other/roles/a.json", {"roles/a.json": role("a")})


def test_an_empty_or_unsendable_name_stops_the_command():
    files = {"roles/a.json": b"{}", "roles/b.json": role("\u00e4")}
    assert knife("role from file roles/a.json", files)[0].problem.kind == "name-missing"
    assert knife("role from file roles/b.json", files)[0].problem.error_class == "URI::InvalidURIError"


def test_without_a_file_roles_do_nothing_and_environments_show_their_use():
    assert knife("role from file", {})[0].exit == 0
    assert knife("environment from file", {})[0].exit == 1
    assert knife("environment from file -a", {})[0].exit == 1


def test_all_environments_go_up_json_first_so_that_ruby_wins():
    files = {"environments/a.rb": b'name "prod"\n', "environments/z.json": role("prod"), "environments/.x.json": b"{"}
    outcome, _ = knife("environment from file -a", files)
    assert [accepted.stored.path for accepted in outcome.accepted][:1] == ["environments/z.json"]


def test_with_a_a_file_of_the_working_directory_hides_the_one_in_environments():
    files = {"environments/prod.json": role("prod"), "prod.json": role("other")}
    assert live(knife("environment from file -a", files)[1]) == {"environment[other]": "prod.json"}


def test_under_the_c_locale_a_ruby_file_that_is_not_ascii_stops_the_command():
    files = {"roles/a.rb": 'name "a"\ndescription "\u00e4"\n'.encode()}
    assert knife("role from file roles/a.rb", files)[0].exit == 0
    outcome, server = knife("role from file roles/a.rb", files, locale="C")
    assert (outcome.exit, outcome.problem.error_class, live(server)) == (100, "SyntaxError", {})


def test_a_file_that_asks_for_its_exit_gets_it():
    outcome, _ = knife("role from file roles/a.rb", {"roles/a.rb": b"exit 3\n"})
    assert outcome.exit in {3, None}  # None while the reader of Ruby cannot tell


def test_items_go_to_the_bag_that_is_named():
    files = {"data_bags/users/bob.json": b'{"id": "bob"}', "data_bags/users/README": b""}
    outcome, server = knife("data bag from file users bob.json", files)
    assert (outcome.exit, outcome.problem.message) == (100, "404 Parent not found: data_bag[users]")
    knife("data bag create users", {}, server)
    knife("data bag create apps", {}, server)
    knife("data bag from file apps data_bags/users/bob.json", files, server)
    knife("data bag from file users data_bags/users", files, server)
    assert {key for key in live(server) if "item" in key} == {
        "data_bag_item[apps/bob]",
        "data_bag_item[users/bob]",
    }


def test_all_items_of_all_bags_go_up_bag_by_bag():
    files = {f"data_bags/{name}.json": b'{"id": "x"}' for name in ("b/2", "b/1", "a/3")}
    _, server = knife("data bag create a", {})
    knife("data bag create b", {}, server)
    outcome, _ = knife("data bag from file -a", files, server)
    paths = [accepted.stored.path for accepted in outcome.accepted]
    assert paths == ["data_bags/a/3.json", "data_bags/b/1.json", "data_bags/b/2.json"]


def test_a_bag_whose_name_has_a_dot_takes_no_items():
    files = {"data_bags/my.bag/x.json": b'{"id": "x"}'}
    _, server = knife("data bag create my.bag", {})
    outcome, _ = knife("data bag from file my.bag x.json", files, server)
    assert (outcome.exit, outcome.problem.kind) == (100, "name-invalid")


def test_encrypted_items_cannot_be_sentence():
    with pytest.raises(CommandNotUnderstood, match="secret"):
        knife("data bag from file users x.json --secret-file key", {})
