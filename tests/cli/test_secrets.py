"""No command prints what a data bag holds, in whatever state its files are, unless somebody asks for it."""

from __future__ import annotations

import json

import pytest
from building import new_repository, role, write_line
from commandline import command

from forensics.cli.options import ReportFormat

CANARY = "canary"
"""Part of every secret below; a report that holds it has given one away."""

WELL = {"id": "db", "password": f"{CANARY}-1", "nested": {"deep": [f"{CANARY}-2", {"x": f"{CANARY}-3"}]}}
BROKEN = {
    "cut": b'{"id": "cut", "password": "canary-4',
    "comma": b'{"id": "comma", "password": "canary-5" canary}',
    "word": b'{"id": "word", "password": canary-6}',
    "conflict": b'<<<<<<< HEAD\n{"id": "conflict", "canary-7": 1}\n=======\n',
    "text": b'"canary-8"',
    "list": b'["canary-9"]',
    "float": b"77355608.25",
    "noid": b'{"password": "canary-10"}',
    "badid": b'{"id": "canary 11!", "password": "canary-12"}',
    "list-id": b'{"id": ["canary-13"], "x": "canary-14"}',
    "bytes": b'{"id": "bytes", "x": "canary-15 \xff"}',
    "infinite": b'{"id": "infinite", "x": 1e999, "y": "canary-16"}',
    "deep": b'{"id": "deep", "x": ' + b"[" * 200 + b'"canary-17"' + b"]" * 200 + b"}",
    "twice": b'{"id": "twice", "x": "canary-18", "x": "canary-19"}',
    "other": b'{"id": "another", "x": "canary-20"}',
    "wrapped": json.dumps(
        {"json_class": "Chef::DataBagItem", "raw_data": {"id": "wrapped", "x": "canary-21"}}
    ).encode(),
    "hollow": json.dumps({"json_class": "Chef::DataBagItem", "id": "hollow", "raw_data": "canary-22"}).encode(),
    "number": b'{"id": "number", "x": ' + b"7" * 30_000 + b"}",
}
ROLE = role(
    "app", default_attributes={"db": {"password": f"{CANARY}-23", "host": "db01"}, "apiTokens": [f"{CANARY}-24"]}
)
OTHER = role("app", default_attributes={"db": {"password": f"{CANARY}-25", "host": "db02"}})
UNKNOWN = b"name 'unknown'\ndefault_attributes 'token' => ENV['canary-26']\n"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    path = tmp_path_factory.mktemp("secrets") / "repository.git"
    bag = {f"data_bags/secrets/{name}.json": data for name, data in BROKEN.items()}
    first = {
        "data_bags/secrets/db.json": json.dumps(WELL),
        "data_bags/secrets/db-copy.json": json.dumps({**WELL, "password": f"{CANARY}-27", "new": f"{CANARY}-28"}),
        **bag,
    }
    second = {**first, "data_bags/secrets/db.json": json.dumps({**WELL, "password": f"{CANARY}-29"})}
    write_line(new_repository(path), [first, second])
    return path


@pytest.fixture(scope="module")
def roles(tmp_path_factory):
    path = tmp_path_factory.mktemp("secrets") / "roles.git"
    first = {"roles/app.json": ROLE, "roles/app-copy.json": OTHER, "roles/unknown.rb": UNKNOWN}
    write_line(new_repository(path), [first, {**first, "roles/app.json": OTHER}])
    return path


def every_output(path, objects, *options):
    """Everything that every command says, in every format; with its words, for messages."""
    lines = [["scan"], ["scan", "--verbose"], ["shadows"], ["timeline"], ["timeline", "--verbose"]]
    lines += [["fingerprint", "--verbose"], ["fingerprint", "--lookup", "A" * 27 + "="]]
    lines += [["trace", what, "--verbose"] for what in ("role[app]", "attribute[db.password]", "attribute[token]")]
    lines += [[name, each, "--verbose"] for name in ("show", "log") for each in objects]
    for words in lines:
        for form in ("text", "json"):
            asked = options if words != ["shadows"] else ()  # which shows no values at all
            done = command(*words, "-C", path, "--format", form, *asked)
            unknown = words[0] == "trace" and b" no such " in done.errors
            assert unknown or done.code in {0, 1}, (words, done.errors)
            yield words, done.output + done.errors
    for form in ReportFormat:
        file = path.parent / "report.out"
        done = command("report", path, "--format", form.value, "--output", file, "--overwrite", *options)
        assert done.code in {0, 1}, (form, done.errors)
        yield ["report", form.value], file.read_bytes() + done.errors


BAG_OBJECTS = [f"data_bag_item[secrets/{name}]" for name in ("db", "twice", "another", "wrapped", "hollow", "number")]


def test_a34_no_command_shows_what_a_data_bag_holds(repository):
    for words, said in every_output(repository, BAG_OBJECTS):
        assert CANARY.encode() not in said, (words, said)
        assert b"77355608" not in said, words
        assert b"7777777777" not in said, words


def test_a34_keys_and_hashes_are_shown(repository):
    done = command("show", "data_bag_item[secrets/db]", "-C", repository)
    assert "password" in done.text
    assert "sha256:" in done.text
    assert '"db"' in done.text


def test_a34_it_is_shown_on_demand(repository):
    found = {
        word
        for _, said in every_output(repository, BAG_OBJECTS, "--no-redact")
        for word in (b"canary-1", b"canary-29")
        if word in said
    }
    assert found == {b"canary-1", b"canary-29"}


def test_a34_attributes_that_name_a_secret_are_hashed_on_demand(roles):
    objects = ["role[app]", "role[unknown]"]
    for words, said in every_output(roles, objects, "--redact"):
        assert CANARY.encode() not in said, (words, said)
        if words[:2] == ["show", "role[app]"]:
            assert b"db02" in said
    clear = b"".join(said for _, said in every_output(roles, objects))
    assert b"canary-25" in clear
    assert b"canary-26" in clear
