"""knife upload goes by the file's stem, writes what differs, and may leave open what it wrote."""

from __future__ import annotations

import pytest
from uploads.knife_support import knife, live, role

from forensics.uploads.knife import CommandNotUnderstood
from forensics.uploads.server import Stored

FILES = {"roles/base.json": role("base", "a"), "roles/web.json": role("web", "b")}


def test_a_file_whose_name_is_not_its_stem_is_skipped_and_the_rest_goes_up():
    outcome, server = knife("upload roles", {**FILES, "roles/base-original.json": role("base")})
    assert set(live(server)) == {"role[base]", "role[web]"}
    assert (outcome.exit, outcome.refused, outcome.problem.kind) == (1, "roles/base-original.json", "name-mismatch")


def test_what_is_the_same_is_not_written_unless_forced():
    _, server = knife("upload roles", FILES)
    assert knife("upload roles", FILES, server)[0].accepted == ()
    assert len(knife("upload roles --force", FILES, server)[0].accepted) == 2
    changed = {**FILES, "roles/base.json": role("base", "c"), "roles/new.json": role("new")}
    assert len(knife("upload roles --no-diff", changed, server)[0].accepted) == 1
    assert len(knife("upload roles -n", {**changed, "roles/x.json": b"{"}, server)[0].accepted) == 0
    assert len(knife("upload roles", changed, server)[0].accepted) == 1


def test_purge_deletes_what_has_no_file():
    _, server = knife("upload roles", FILES)
    del_base = {"roles/web.json": FILES["roles/web.json"]}
    knife("upload roles --purge -n", del_base, server)
    knife("upload roles", del_base, server)
    assert set(live(server)) == {"role[base]", "role[web]"}
    knife("upload roles --purge", del_base, server)
    assert set(live(server)) == {"role[web]"}


@pytest.mark.parametrize(
    ("pattern", "cwd", "names"),
    [
        ("roles/base.json", ".", {"base"}),
        ("roles/b*", ".", {"base"}),
        ("roles/*", ".", {"base", "web"}),
        ("roles/", ".", {"base", "web"}),
        ("./roles/./web.json", ".", {"web"}),
        (".", ".", {"base", "web"}),
        ("/roles/base.json", "roles", {"base"}),
        ("web.json", "roles", {"web"}),
        ("roles/nosuch.json", ".", set()),
        ("**", ".", {"base", "web"}),
        ("roles/[a-b]ase.json", ".", {"base"}),
    ],
)
def test_patterns_are_seen_from_the_working_directory(pattern, cwd, names):
    outcome, server = knife(f"upload {pattern}", FILES, cwd=cwd)
    assert outcome.exit == 0
    assert {name for _, name in server.objects()} == names


def test_outside_the_directories_of_the_repository_knife_gives_up():
    assert knife("upload roles", {**FILES, "other/x": b""}, cwd="other")[0].exit == 1


def test_of_a_ruby_and_a_json_file_ruby_goes_up_even_where_json_is_named():
    files = {"roles/web.rb": b'name "web"\nrun_list "r"\n', "roles/web.json": role("web", "j")}
    assert live(knife("upload roles", files)[1]) == {"role[web]": "roles/web.rb"}
    assert live(knife("upload roles/web.json", files)[1]) == {"role[web]": "roles/web.rb"}
    assert live(knife("upload roles/*.json", files)[1]) == {}  # the repository has but web.rb, the server nothing


def test_nested_and_hidden_files_and_other_extensions_are_not_seen():
    files = {f"roles/{name}": role("x") for name in ("dev/x.json", ".x.json", "x.js", "x.json.bak")}
    outcome, server = knife("upload roles", files)
    assert (outcome.exit, live(server)) == (0, {})


def test_an_upload_that_aborts_leaves_open_what_it_would_have_written():
    _, server = knife("upload roles/base.json", FILES)
    changed = {**FILES, "roles/base.json": role("base", "c"), "roles/db copy.json": role("db copy")}
    outcome, _ = knife("upload roles", changed, server)
    assert (outcome.exit, outcome.problem.error_class) == (100, "URI::InvalidURIError")
    assert set(outcome.open) == {("role", "base"), ("role", "web")}
    assert [state and state.body["run_list"] for state in server.possible(("role", "base"))] == [
        ["recipe[a]"],
        ["recipe[c]"],
    ]
    assert [state and state.path for state in server.possible(("role", "web"))] == [None, "roles/web.json"]


def test_a_later_upload_settles_what_was_open():
    bad = {"roles/bad.json": b'{"run_list": null}'}
    _, server = knife("upload roles", {**FILES, **bad})
    assert len(server.unsettled()) == 2
    knife("upload roles/base.json", FILES, server)
    knife("role from file roles/web.json", FILES, server)
    assert server.unsettled() == []
    assert live(server) == {"role[base]": "roles/base.json", "role[web]": "roles/web.json"}


def test_the_default_environment_is_left_alone():
    outcome, server = knife("upload environments --purge", {"environments/_default.json": b'{"description": "x"}'})
    assert (outcome.exit, live(server)) == (0, {})


def test_a_data_bag_is_created_for_its_items():
    files = {"data_bags/users/bob.json": b'{"id": "bob"}', "data_bags/users/old.json": b'{"id": "bob"}'}
    outcome, server = knife("upload data_bags/users/bob.json", files)
    assert (outcome.exit, set(live(server))) == (0, {"data_bag[users]", "data_bag_item[users/bob]"})
    assert knife("upload data_bags", files)[0].exit == 1
    knife("upload data_bags --purge", {"data_bags/apps/x.json": b'{"id": "x"}'}, server)
    assert set(live(server)) == {"data_bag[apps]", "data_bag_item[apps/x]"}


def test_diff_writes_nothing():
    outcome, server = knife("diff roles", {**FILES, "roles/bad.json": b"{"})
    assert (outcome.exit, live(server)) == (0, {})
    assert knife("diff", {**FILES, "roles/a b.json": b"{}"})[0].exit == 100


@pytest.mark.parametrize(
    ("pattern", "status", "left"),
    [
        ("roles/base.json", 0, {"role[web]", "role[dot.ted]"}),
        ("roles/nosuch.json", 1, {"role[base]", "role[web]", "role[dot.ted]"}),
        ("roles/*.json", 0, {"role[dot.ted]"}),  # a role with a dot in its name has no .json in its path
        ("roles/dot.ted.json", 0, {"role[base]", "role[web]", "role[dot.ted]"}),
        ("roles", 1, {"role[base]", "role[web]", "role[dot.ted]"}),
        ("environments/_default.json", 1, {"role[base]", "role[web]", "role[dot.ted]"}),
    ],
)
def test_delete_goes_by_the_paths_of_the_server(pattern, status, left):
    _, server = knife("upload roles", {**FILES, "roles/dot.ted.json": role("dot.ted")})
    assert knife(f"delete {pattern}", FILES, server)[0].exit == status
    assert set(live(server)) == left


def test_a_data_bag_is_deleted_only_recursively():
    _, server = knife("upload data_bags", {"data_bags/users/bob.json": b'{"id": "bob"}'})
    assert knife("delete data_bags/users", {}, server)[0].exit == 1
    assert knife("delete -r data_bags/users", {}, server)[0].exit == 0
    assert live(server) == {}


def test_unknown_contents_are_taken_to_differ():
    _, server = knife("upload roles", FILES)
    server.write(("role", "base"), Stored({"name": "base", "run_list": ["recipe[z]"]}))
    assert len(knife("upload roles", FILES, server)[0].accepted) == 1


@pytest.mark.parametrize("pattern", ["roles/[z-a]*", "roles/**/..", "roles/[[:alpha:]]*", "roles/" + "*a" * 20 + "b"])
def test_a_pattern_that_cannot_be_read_is_not_guessed(pattern):
    with pytest.raises(CommandNotUnderstood, match="pattern"):
        knife(f"upload {pattern}", FILES)
