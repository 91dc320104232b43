"""Every error is one line on stderr, nothing on stdout, and an exit code that tells what kind it is."""

from __future__ import annotations

import json

import pygit2
import pytest
from building import new_repository, role, write_line
from commandline import command, process

REPLAYED = ("scan", "report", "timeline", "show", "log")
EVERY_COMMAND = ("scan", "report", "shadows", "timeline", "show", "log")
OBJECT = {"show": ["base"], "log": ["base"]}


def of(name, repository, *options):
    """A command with what it cannot do without."""
    return command(name, *OBJECT.get(name, []), "-C", repository, *options)


def assert_fails(done, code, *words):
    line = done.error_line
    assert done.code == code, line
    for word in words:
        assert str(word) in line


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_a_path_without_a_repository_is_unreadable_evidence(name, incident, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert_fails(of(name, tmp_path / "missing"), 3, tmp_path / "missing", "does not exist")
    assert_fails(of(name, file), 3, file, "not a git repository")
    assert_fails(of(name, empty), 3, empty, "not a git repository")
    assert_fails(of(name, incident / ".git" / "objects"), 3, "not a git repository")


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_where_there_is_nothing_to_examine(name, tmp_path):
    new_repository(tmp_path / "empty.git")
    other = new_repository(tmp_path / "other.git")
    write_line(other, [{"README.md": "nothing of Chef"}])
    assert_fails(of(name, tmp_path / "empty.git"), 4, "no commit yet")
    assert_fails(of(name, tmp_path / "other.git"), 4, "roles/")


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_names_that_nothing_bears(name, incident):
    assert_fails(of(name, incident, "--rev", "nowhere"), 2, "'nowhere'", "commit")
    assert_fails(of(name, incident, "--rev", ""), 2, "commit")
    assert_fails(of(name, incident, "--rev", "HEAD:roles"), 2, "'HEAD:roles'", "commit")
    assert_fails(of(name, incident, "--container", "nowhere"), 4, "nowhere")
    assert_fails(of(name, incident, "--nonsense"), 2, "--nonsense", f"see forensics {name} --help")
    assert_fails(of(name, incident, "--format", "yaml"), 2, "yaml", "--help")
    assert_fails(of(name, incident, "--chef-version", "9"), 2, "9", "18")
    assert_fails(of(name, incident, "--config", incident / "no.toml"), 2, "no.toml", "cannot be read")


@pytest.mark.parametrize("name", REPLAYED)
def test_unknown_scenarios_lines_and_starts(name, incident):
    if name != "log":
        assert_fails(of(name, incident, "--scenario", "nonsense"), 2, "'nonsense'", "glob", "knife-upload")
        assert_fails(of(name, incident, "--scenario", "commands"), 2, "'commands'")
        assert_fails(of(name, incident, "--replay-from", "nowhere"), 2, "'nowhere'")
    assert_fails(of(name, incident, "--history", "sideways"), 2, "sideways")


@pytest.mark.parametrize("name", ["timeline", "show", "log"])
def test_an_object_that_no_commit_declares(name, story):
    repository = story("environment-and-data-bag")
    assert_fails(command(name, "role[nobody]", "-C", repository), 2, "role[nobody]")
    assert_fails(command(name, "nobody", "-C", repository), 2, "role[nobody]")
    assert_fails(command(name, "data_bag_item[users/nobody]", "-C", repository), 2, "data_bag_item[users/nobody]")
    assert_fails(command(name, "data_bag_item[dana]", "-C", repository), 2, "data_bag_item[BAG/ITEM]")


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("name", ["scan", "shadows", "timeline", "log"])
def test_dates_that_are_none(name, option, incident):
    for date in ("yesterday", "2014-13-01", "31.08.2014", "", "0000-00-00", "2014-08-31T25:00"):
        assert_fails(of(name, incident, option, date), 2, "no date")


@pytest.mark.parametrize(
    "date", ["9999-12-31", "0001-01-01", "99999999999999999999 years ago", "9999-12-31T23:59:59-14:00"]
)
def test_dates_far_away_are_dates(date, incident):
    # before the history there is nothing to examine
    assert of("scan", incident, "--until", date).code in ({0, 1} if date.startswith("9999-12-31") else {4})
    assert of("scan", incident, "--since", date).code in {0, 1}


@pytest.mark.parametrize("name", ["scan", "report", "shadows", "timeline", "log"])
def test_times_in_which_nothing_can_have_been(name, incident):
    assert_fails(of(name, incident, "--until", "1999-01-01"), 4, "--until 1999-01-01", "begins later")
    asked = ["--since", "2014-09-02", "--until", "2014-09-01"]
    assert_fails(of(name, incident, *asked), 2, "2014-09-01 lies before --since 2014-09-02")


def test_moments_that_show_cannot_find(incident):
    assert_fails(of("show", incident, "--at", "1999-01-01"), 2, "1999-01-01", "begins later, on 2013-02-")
    assert_fails(of("show", incident, "--at", "nonsense"), 2, "nonsense", "neither a date nor a commit", "2014-08-31")


def test_a_kind_that_is_none_is_not_taken_for_a_role(incident):
    assert_fails(command("log", "rol[base]", "-C", incident), 2, "'rol[base]' is of no kind", "did you mean 'role'?")
    assert_fails(of("show", incident, "--at", ""), 2, "neither a date nor a commit")


def test_a_command_that_is_none_and_one_word_too_many(incident):
    assert_fails(command("explode"), 2, "explode", "forensics --help")
    assert_fails(command("scan", incident, incident), 2, "--help")
    assert_fails(command("show"), 2, "OBJECT", "forensics show --help")
    assert_fails(command("--nonsense"), 2, "--nonsense")


def test_without_a_word_there_is_help():
    done = command()
    assert done.code == 0
    assert done.errors == b""
    assert "Usage: forensics" in done.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no command"),
        ("{", ":1 is no JSON"),
        ("[]", ":1 is no object"),
        ('{"commit": 1, "argv": ["role"]}', "must be text"),
        ('{"commit": "HEAD", "argv": "role"}', "list of words"),
        ('{"commit": "HEAD", "argv": []}', "list of words"),
        ('\n{"commit": "0000000", "argv": ["role", "from", "file", "x"]}', ":2: '0000000' names no commit"),
        ('{"commit": "' + "9" * 5000 + '", "argv": ["role"]}', "names no commit"),
        ("[" * 100_000, ":1 is no JSON"),
    ],
)
def test_a_list_of_commands_that_cannot_be_used(text, said, incident, tmp_path):
    file = tmp_path / "commands.jsonl"
    file.write_text(text)
    assert_fails(of("timeline", incident, "--commands", file), 2, file, said)


def test_a_command_that_is_not_understood(incident, tmp_path):
    file = tmp_path / "commands.jsonl"
    head = str(pygit2.Repository(str(incident)).head.target)
    file.write_text(json.dumps({"commit": head, "argv": ["knife", "explode"]}) + "\n")
    assert_fails(of("timeline", incident, "--commands", file), 2, f"{file}:1")
    assert_fails(of("timeline", incident, "--commands", tmp_path / "missing"), 2, "missing", "cannot be read")
    assert_fails(of("timeline", incident, "--commands", tmp_path), 2, tmp_path, "cannot be read")
    file.write_bytes(b"\xff\xfe")
    assert_fails(of("timeline", incident, "--commands", file), 2, file, "UTF-8")


def test_a_directory_whose_name_is_no_text(tmp_path):
    directory = tmp_path / "x\udcff"
    done = command("scan", directory)
    assert_fails(done, 3, "x\\xff")


def test_what_nobody_expected_is_one_line_too(incident, monkeypatch):
    def explode(*_, **__):
        raise ZeroDivisionError("with\nline breaks")

    monkeypatch.setattr("forensics.api.questions.scan.ask", explode)
    assert_fails(of("scan", incident), 70, "defect", "ZeroDivisionError", r"with\x0aline breaks")


def test_an_unreadable_configuration_of_git_is_not_quoted(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    write_line(repository, [{"roles/base.json": role("base")}])
    config = tmp_path / "repository.git" / "config"
    config.write_text(config.read_text() + "[canary secret\n")
    done = command("scan", tmp_path / "repository.git")
    assert_fails(done, 3, "config")
    assert b"canary" not in done.errors


def test_errors_of_a_process_of_its_own_are_the_same(tmp_path):
    done = process("scan", tmp_path)
    assert_fails(done, 3, "not a git repository")
