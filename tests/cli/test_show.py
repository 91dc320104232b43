"""``forensics show``: what a node comes to, and why an attribute has its value, for people and for programs."""

from __future__ import annotations

import json

import pytest
from building import new_repository, role, write_line
from commandline import command
from inert import obeyed
from jsonschema import Draft202012Validator

from forensics.report.schemas import schema_of

WEB = {"motd": "web", "servers": ["b"], "db": {"password": "hunter2"}}
TREE = {
    "roles/web.json": role("web", "role[base]", "role[gone]", default_attributes=WEB),
    "roles/base.json": role("base", "recipe[ntp]", default_attributes={"motd": "base", "servers": ["a"]}),
    "environments/prod.json": json.dumps(
        {"name": "prod", "cookbook_versions": {"ntp": "= 1.0.0"}, "override_attributes": {"port": 2}}
    ),
    "nodes/n.json": json.dumps(
        {
            "name": "n",
            "chef_environment": "prod",
            "run_list": ["role[web]"],
            "normal": {"port": 1, "tags": []},
            "automatic": {"kernel": {"release": "3.2"}},
        }
    ),
    "data_bags/users/dana.json": '{"id": "dana"}',
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    path = tmp_path_factory.mktemp("show") / "repository.git"
    write_line(new_repository(path), [TREE])
    return path


def shown(repository, *words):
    return command("show", *words, "-C", repository, "--scenario", "glob").text


def document(repository, *words):
    found = command("show", *words, "-C", repository, "--scenario", "glob", "--format", "json").document
    Draft202012Validator(schema_of("forensics.show/1")).validate(found)
    return found["states"][0]


def test_a_node_is_told_with_all_that_it_is_made_of(repository):
    text = shown(repository, "node[n]")
    for line in (
        "   expands to           recipe[ntp]\n",
        "   with                 role[web] from roles/web.json, uploaded at ",
        "environment[prod] from environments/prod.json, uploaded at ",
        "   missing roles        gone\n   the client fails     Chef::Exceptions::MissingRole\n",
        '   attributes\n      db.password = "hunter2"\n      motd = "web"\n',
        '      port = 2\n      servers = ["a", "b"]\n',
        "      and 1 automatic ones (--verbose lists them)\n",
    ):
        assert line in text
    assert "kernel" not in text
    assert 'kernel.release = "3.2"' in shown(repository, "node[n]", "--verbose")


def test_a_node_says_the_same_to_programs(repository):
    state = document(repository, "node[n]", "--why", "servers")
    expanded = state["expanded"]
    assert (state["basis"], expanded["environment"], expanded["missing_roles"]) == ("live", "prod", ["gone"])
    assert expanded["attributes"]["kernel"] == {"release": "3.2"}
    assert [(each["object"], each["path"]) for each in expanded["sources"]] == [
        ("node[n]", "nodes/n.json"),
        ("role[web]", "roles/web.json"),
        ("role[base]", "roles/base.json"),
        ("environment[prod]", "environments/prod.json"),
    ]
    (why,) = state["why"]
    assert (why["path"], why["found"], why["value"]) == (["servers"], True, ["a", "b"])
    assert [(each["level"], each["object"], each["value"], each["wins"]) for each in why["contributions"]] == [
        ("role_default", "role[base]", ["a"], True),
        ("role_default", "role[web]", ["b"], True),
    ]
    assert why["contributions"][0]["source"]["path"] == "roles/base.json"


def test_why_is_only_there_where_it_was_asked_for(repository):
    assert "why" not in document(repository, "node[n]")
    assert "why" not in shown(repository, "node[n]")


def test_why_reads_like_sentences(repository):
    text = " ".join(shown(repository, "node[n]", "--why", "servers", "--why", "port", "--why", "no.such").split())
    commit = document(repository, "node[n]")["commit"][:12]
    for sentence in (
        'servers is ["a", "b"], united from the arrays that role[base] and role[web] give.',
        f'role[base] gives ["a"] as a role\'s default (roles/base.json, {commit}).',
        "port is 2 because environment[prod] says so.",
        f"node[n] gives 1 as the node's normal attribute (nodes/n.json, {commit}), which something stronger replaces.",
        "no.such is not set: no role, no environment and no level of the node gives it a value.",
    ):
        assert sentence in text


def test_why_works_for_roles_and_environments(repository):
    alone = " ".join(shown(repository, "web", "--why", "db.password").split())
    assert 'db.password is "hunter2" because role[web] says so, as a role\'s default (roles/web.json,' in alone
    assert "port is 2 because environment[prod] says so" in shown(repository, "environment[prod]", "--why", "port")


def test_a_data_bag_item_has_no_attributes_to_explain(repository):
    refused = command("show", "data_bag_item[users/dana]", "-C", repository, "--why", "id")
    assert (refused.code, "a data bag item has none" in refused.error_line) == (2, True)


def test_an_environment_shows_its_cookbook_versions_and_attributes(repository):
    text = shown(repository, "environment[prod]")
    assert '{"ntp": "= 1.0.0"}' in text
    assert '{"port": 2}' in text


def test_secrets_are_hashed_wherever_they_come_up(repository):
    words = ["node[n]", "--redact", "--why", "db", "--why", "db.password", "--verbose"]
    for output in (shown(repository, *words), json.dumps(document(repository, *words))):
        assert "hunter2" not in output
        assert output.count("sha256:") >= 3
    assert "hunter2" in shown(repository, "node[n]")


def test_nothing_in_attributes_or_their_keys_harms_a_terminal(tmp_path):
    evil = "\x1b[2J\u202e\x9b a.b"
    tree = {
        "roles/web.json": role("web", default_attributes={evil: {evil: evil}}),
        "nodes/n.json": json.dumps({"name": "n", "run_list": ["role[web]"], "normal": {evil: {"x": evil}}}),
    }
    write_line(new_repository(tmp_path / "r.git"), [tree])
    for words in (["node[n]", "--why", evil], ["node[n]", "--why", f"{evil}.{evil}", "--verbose"]):
        assert obeyed(command("show", *words, "-C", tmp_path / "r.git").text) == {"\n"}


def test_what_a_scenario_does_not_upload_is_said(repository):
    text = command("show", "node[n]", "-C", repository, "--scenario", "grocery-delivery").text
    assert "grocery-delivery uploads no nodes: this is the file in the commit's tree" in text
    assert "nodes/n.json, in the tree of " in text
    nothing = command("show", "environment[prod]", "-C", repository, "--scenario", "grocery-delivery").text
    assert "grocery-delivery uploads no environments" in nothing


def test_merged_attributes_that_are_not_to_be_had_are_not_made_up(tmp_path):
    tree = TREE | {"environments/prod.json": json.dumps({"name": "other"})}
    write_line(new_repository(tmp_path / "r.git"), [tree])
    text = shown(tmp_path / "r.git", "node[n]", "--why", "port")
    assert "environment[prod] is not live: the client fails to load it" in text
    assert "the client fails     Net::HTTPClientException" in text
    assert "it cannot be told: there are no merged attributes" in text
