"""What people asked of histories: which commit changed an object, and what a merge made of it."""

from __future__ import annotations

from case_repositories import case, document
from commandline import command


def logged(repository, name, *options):
    return document("log", name, "-C", repository, *options)["log"]


def test_a_merge_that_lost_what_one_parent_had(tmp_path):
    repository = case("11", tmp_path)
    *_, merge = logged(repository, "environment[production]")
    shop, openssl = sorted(merge["changes"], key=lambda each: each["op"], reverse=True)
    assert (shop["op"], shop["after"], openssl["op"]) == ("replace", "= 2.1.0", "remove")
    (brought,) = merge["brought_by"]
    assert (brought["author"], brought["subject"]) == ("Ana Reyes", "promote shop 2.1.0")
    (lost,) = merge["merge"]
    assert (lost["did"], lost["change"]["pointer"]) == ("dropped", "/cookbook_versions/openssl")
    assert lost["origin"]["subject"] == "pin openssl"

    start, shop, openssl, last = logged(repository, "environment[production]", "--history", "full")
    assert [each["event"] for each in (start, shop, openssl, last)] == ["added", "changed", "changed", "merged"]
    assert [each["op"] for each in (*shop["changes"], *openssl["changes"])] == ["replace", "add"]
    assert (last["changes"], last["merge"]) == ([], merge["merge"])


def test_a_merge_whose_first_parent_is_the_own_branch(tmp_path):
    repository = case("12", tmp_path)
    for options in ((), ("--history", "full")):
        *_, merge = logged(repository, "role[web]", *options)
        (lost,) = merge["merge"]
        assert (merge["event"], merge["changes"], lost["did"]) == ("merged", [], "dropped")
        assert (lost["change"]["before"], lost["origin"]["author"]) == ("recipe[fail2ban]", "Ana Reyes")
    told = command("log", "role[web]", "-C", repository).text
    assert (
        "this merge drops what a parent had:\n      - run list: recipe[fail2ban]  (of 458f8fc8cfd2 (2015-03-05" in told
    )


def test_the_default_list_that_takes_the_place_of_the_run_list(tmp_path):
    repository = case("13", tmp_path)
    _, last = logged(repository, "role[app]")
    assert (last["changes"], last["default_list"]) == ([], "env_run_lists._default")
    assert [(each["op"], each["after"]) for each in last["overridden"]] == [("add", "recipe[backup]")]
    told = command("log", "role[app]", "-C", repository).text
    assert "its run_list counts nowhere, since env_run_lists._default takes its place:" in told


def test_moves_of_a_directory_and_of_a_file(tmp_path):
    repository = case("26", tmp_path)
    start, directory, file = logged(repository, "role[base]")
    assert [each["event"] for each in (start, directory, file)] == ["added", "moved", "moved"]
    assert (directory["path"], directory["moved_from"]) == ("chef/roles/base.rb", "roles/base.rb")
    assert (file["path"], file["moved_from"], file["changes"]) == (
        "chef/roles/base-linux.rb",
        "chef/roles/base.rb",
        [],
    )
    assert "moved from roles/base.rb, unchanged" in command("log", "role[base]", "-C", repository).text


def test_a_file_in_place_of_an_object(tmp_path):
    repository = case("26", tmp_path)
    for text in ("base-linux", "chef/roles/base-linux.rb", "./roles/base.rb"):
        found = document("log", text, "-C", repository)
        assert (found["object"], len(found["log"])) == ("role[base]", 3)
    assert found["file"] == "roles/base.rb"
    told = command("log", "base-linux", "-C", repository).text
    assert told.startswith("chef/roles/base-linux.rb declares role[base]. ")
    assert "file" not in document("log", "base", "-C", repository)
    assert document("show", "roles/web.rb", "-C", repository)["object"] == "role[web]"


def test_an_entry_of_the_run_list_that_moved(tmp_path):
    repository = case("36", tmp_path)
    told = command("log", "role[app]", "-C", repository).text
    assert "~ run list: recipe[monit] moved from place 3 to 1\n" in told
