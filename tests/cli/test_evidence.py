"""``forensics evidence``: what logs prove, as text, JSON, frames and for Timesketch; what it says of wrong files."""

from __future__ import annotations

import gzip
import json

import pytest
from building import DAY, START, new_repository, role, write_line
from commandline import command
from contracts import contract
from schemas import failures_of
from server_logs import CLIENT, line, log, sha1

import forensics
from forensics.chef.wire import encode
from forensics.cli import exits
from forensics.evidence.reading import read
from forensics.frames.catalogue import SCHEMAS

ESCAPE = "\x1b[2J\x1b]0;owned\x07"
SENT = sha1(
    encode(
        {
            "name": "base",
            "description": "",
            "json_class": "Chef::Role",
            "default_attributes": {},
            "override_attributes": {},
            "chef_type": "role",
            "run_list": ["recipe[b]"],
            "env_run_lists": {},
        }
    )
)


@pytest.fixture
def place(tmp_path):
    base = {"roles/base.json": role("base", "a")}
    write_line(new_repository(tmp_path / "r.git"), [base, {**base, "roles/base-original.json": role("base", "b")}])
    at = START + 3 * DAY
    log(
        tmp_path / "access.log.1",
        line("PUT /roles/base", time=at, content_hash=SENT),
        line(f"PUT /roles/{ESCAPE}", time=at + 1, user=f"mallory{ESCAPE}"),
        f"rubbish {ESCAPE}",
        line("PUT /nodes/web01", time=at + 2, user="web01", agent=CLIENT),
        line("DELETE /roles/base", time=at + 3),
    )
    log(tmp_path / "access.log", line("POST /roles", time=at + DAY, content_hash=sha1(b"x"))[:230].encode())
    return tmp_path


def asked(place, *options):
    return command("evidence", place / "access.log", place / "access.log.1", "-C", place / "r.git", *options)


def test_the_text_names_the_file_its_commits_and_the_line_that_proves_it(place):
    text = asked(place).text
    assert "PUT role[base]" in text
    assert "roles/base-original.json" in text
    assert "access.log.1:1" in text
    assert "matches nothing in this repository" in text
    assert "No log covers" in text
    assert "access.log ends within line 1" in text
    assert "access.log.1:3 holds no request" in text
    assert "1 save of a node by its own client" in text


def test_a_directory_stands_for_the_logs_in_it(place):
    (place / "install.log").write_text("dear diary\n")
    given = command("evidence", place / "access.log", place / "access.log.1", "-C", place / "r.git", "--format", "json")
    done = command("evidence", place, "-C", place / "r.git", "--format", "json")
    assert [each["time"] for each in done.document["uploads"]] == [each["time"] for each in given.document["uploads"]]
    directory, *logs = done.document["sources"]
    assert directory["gaps"] == ["holds install.log, which is in no format that is known"]
    assert [each["file"] for each in logs] == [str(place / "access.log"), str(place / "access.log.1")]


def test_nothing_of_a_log_moves_the_cursor(place):
    for options in ((), ("--verbose",), ("--format", "timesketch"), ("--format", "json")):
        assert b"\x1b" not in asked(place, *options).output


def test_the_document_fits_its_schema_and_has_everything(place):
    document = asked(place, "--format", "json").document
    assert not failures_of("evidence", document)
    first = document["uploads"][0]
    assert (first["action"], first["object"], first["proof"], first["user"]) == ("put", "role[base]", "hash", "alice")
    assert first["source"] == {"file": str(place / "access.log.1"), "line": 1}
    assert {match["path"] for match in first["matches"]} == {"roles/base-original.json"}
    assert [each["bad_lines"] for each in document["sources"]] == [0, 1]
    assert document["commands"] == document["runs"] == document["observations"] == document["snapshots"] == []


def test_frames_keep_their_contracts(place):
    answer = forensics.open(place / "r.git").evidence(str(place / "access.log"), str(place / "access.log.1"))
    for name in answer.frames:
        contract(SCHEMAS[name]).validate(answer.to_frame(name), lazy=True)
    assert len(answer.to_frame("uploads")) == len(answer.uploads) == 4
    assert "4 requests" in repr(answer)


def test_what_was_written_for_timesketch_is_read_again(place):
    written = asked(place, "--format", "timesketch").text
    events = [json.loads(each) for each in written.splitlines()]
    assert all({"message", "datetime", "timestamp_desc"} <= event.keys() for event in events)
    (place / "timeline.jsonl").write_text(written, "utf-8")
    found = read([str(place / "timeline.jsonl")]).requests
    assert [(each.action.value, each.name) for each in found][:1] == [("put", "base")]


def test_clock_skew_decides_what_was_there_by_then(place):
    early = log(place / "early.log", line("PUT /roles/base", time=START + DAY - 200, content_hash=SENT))

    def matches(*options):
        return command("evidence", early, "-C", place / "r.git", "--format", "json", *options).document["uploads"][0]

    assert not matches()["matches"]
    assert matches()["committed_later"]
    assert matches("--clock-skew", "300")["matches"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.log", None, "there is no such file"),
        ("notes.txt", b"dear diary\n", "in no format that is known"),
        ("bomb.gz", gzip.compress(b"\0" * (1 << 20)), "in no format that is known"),
    ],
)
def test_a_file_that_says_nothing_is_an_error_in_one_line(place, name, content, said):
    if content is not None:
        (place / name).write_bytes(content)
    done = command("evidence", place / name, "-C", place / "r.git")
    assert done.code == exits.USAGE
    assert said in done.error_line


def test_a_zone_that_is_none_is_an_error(place):
    done = command("evidence", f"{place / 'access.log'}@Nowhere/City", "-C", place / "r.git")
    assert "is neither a time zone nor a date" in done.error_line


def test_an_organization_is_that_of_the_server_that_the_configuration_says(place):
    file = place / "forensics.toml"
    file.write_text('[[server]]\ndirectories = ["elsewhere"]\norganization = "acme"\n', "utf-8")
    sent = log(place / "acme.log", line("PUT /organizations/acme/roles/base", time=START + DAY, content_hash=SENT))
    options = ["evidence", sent, "-C", place / "r.git", "--format", "json"]
    assert command(*options).document["uploads"][0]["matches"]
    assert not command(*options, "--config", file).document["uploads"][0]["matches"]
    file.write_text('[[server]]\ndirectories = ["roles"]\norganization = 7\n', "utf-8")
    assert 'organization = "acme"' in command(*options, "--config", file).error_line
