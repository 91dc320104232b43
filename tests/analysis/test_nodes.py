"""Which nodes surround an object, and what a node file says that has no name inside."""

from __future__ import annotations

import json

import pytest
from building import examine, examine_at, new_repository, role, set_main, write_commit
from commandline import command

from forensics.analysis.objects import parse_object, show
from forensics.analysis.trace import trace
from forensics.analysis.trace_subject import parse_subject
from forensics.errors import UsageError
from forensics.uploads.given_nodes import read
from forensics.uploads.target import SharedServer

NAMELESS = {
    "roles/db.json": role("db", "recipe[pg]"),
    "roles/db-copy.json": role("db", "recipe[mysql]"),
    "nodes/web1.json": '{"run_list": ["role[db]"], "db": {"port": 5432}}',
}
NODE = '{"name": "n9", "run_list": ["role[db]"]}'
POLICY = '{"name": "p", "policy_name": "base", "policy_group": "prod", "run_list": ["role[db]"]}'


def nodes_beside(examination, container, commit=0):
    state = examination.history.state(commit)
    near = next(each for each in examination.targets if each.label.path == container)
    return examination.nodes.run_lists(state, near)


def led(found):
    return {each.node for each in found.nodes if each.until_commit is None}


def test_a_node_without_a_name_inside_is_called_after_its_file_everywhere(tmp_path):
    examination, _ = examine(tmp_path, NAMELESS)
    assert [each.name for each in nodes_beside(examination, "roles")] == ["web1"]
    assert led(trace(examination, parse_subject("recipe[pg]"))) == {"web1"}
    assert {(each.reach.nodes, each.reach.node_files) for each in examination.divergences} == {((), ("web1",))}
    states = {each.scenario: each for each in show(examination, parse_object("node[web1]"), 0)}
    assert states["glob"].content is None  # knife node from file is refused
    for scenario in ("chef-solo", "chef-solo-legacy"):
        assert states[scenario].content["normal"] == {"db": {"port": 5432}}
        assert states[scenario].expanded["attributes"]["db"] == {"port": 5432}
    assert states["knife-upload"].content["db"] == {"port": 5432}  # which is sent as it is, and is no attribute


@pytest.mark.parametrize(
    ("inside", "normal"),
    [
        ({"a": 1, "chef_environment": "qa", "recipes": ["x"]}, {"a": 1}),
        ({"a": 1, "json_class": "Chef::Node"}, {}),
        ({"a": 1, "normal": {"b": 2}}, {"b": 2}),
    ],
    ids=["for chef-solo -j", "a node object", "with attributes by level"],
)
def test_what_stands_beside_the_run_list_is_an_attribute_unless_it_is_a_node_object(tmp_path, inside, normal):
    text = json.dumps({**inside, "run_list": []})
    examination, _ = examine(tmp_path, {"nodes/n.json": text, "roles/r.json": role("r")})
    state = examination.history.state(0)
    (node,) = examination.nodes.found(state, examination.targets[0]).values()
    assert (node.body["name"], node.body["normal"], node.named) == ("n", normal, False)


def test_a_file_further_down_that_only_chef_solo_takes_is_no_node_called_after_its_stem(tmp_path):
    nested = {f"nodes/{name}/node.json": '{"run_list": ["role[db]"]}' for name in ("compile", "githost")}
    examination, _ = examine(tmp_path / "r", NAMELESS | nested | {"nodes/n9.json": NODE})
    reached = {(each.reach.nodes, each.reach.node_files) for each in examination.divergences}
    assert reached == {(("n9",), ("compile/node", "githost/node", "web1"))}
    found = trace(examination, parse_subject("recipe[pg]"))
    assert {each.object for each in found.carriers if each.path in nested} == {
        "node[compile/node]",
        "node[githost/node]",
    }
    assert led(found) == {"n9", "web1", "compile/node", "githost/node"}
    told = " ".join(command("scan", tmp_path / "r" / "repository.git").text.split())
    assert "felt by 1 node: n9 3 node files with no name inside (for chef-solo -j; no server's by itself): " in told
    for form in ("markdown", "html"):
        text = command("report", tmp_path / "r" / "repository.git", "--format", form).text
        assert "3 node files with no name inside" in text
    alone, _ = examine(tmp_path / "alone", {**NAMELESS, **nested})
    assert all(each.reach.nodes == () for each in alone.divergences)
    assert "no node of the repository" not in command("scan", tmp_path / "alone" / "repository.git").text


def test_a_missing_name_is_said_as_that(tmp_path):
    examination, _ = examine(tmp_path, NAMELESS)
    (problem,) = examination.problems()
    assert problem.path == "nodes/web1.json"
    assert problem.message.endswith(": the file has no name inside")


def test_nodes_of_any_directory_of_a_server_feel_it(tmp_path):
    tree = {
        "a/roles/db.json": role("db", "recipe[pg]"),
        "b/nodes/n.json": '{"name": "n", "run_list": ["role[db]"]}',
        "c/nodes/other.json": '{"name": "other", "run_list": ["role[db]"]}',
    }
    examination, ids = examine(tmp_path, tree, servers=(SharedServer(("a", "b")),))
    assert [each.name for each in nodes_beside(examination, "a/roles")] == ["n"]
    found = trace(examination, parse_subject("recipe[pg]"))
    assert led(found) == {"n"}
    assert [each.object for each in found.carriers] == ["role[db]", "node[n]"]
    apart = examine_at(new_repository(tmp_path / "repository.git"), ids[0])
    assert nodes_beside(apart, "a/roles") is None


def test_a_node_that_follows_a_policy_is_led_nowhere_by_roles(tmp_path):
    tree = {"roles/db.json": role("db", "recipe[pg]"), "roles/x.json": role("db"), "nodes/p.json": POLICY}
    examination, _ = examine(tmp_path, tree)
    assert nodes_beside(examination, "roles") == ()
    assert all(each.reach.nodes == () for each in examination.divergences)
    assert led(trace(examination, parse_subject("recipe[pg]"))) == set()


def test_node_objects_from_outside_take_the_place_of_those_of_commits(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "one.json").write_text('{"name": "one", "run_list": ["role[db]"]}', encoding="utf-8")
    (outside / "two.json").write_text('{"run_list": ["role[db]"], "chef_environment": "qa"}', encoding="utf-8")
    (outside / "broken.json").write_text("{", encoding="utf-8")
    (outside / "notes.txt").write_text("none", encoding="utf-8")
    given = read(outside)
    assert (list(given.bodies), given.refused) == (["one", "two"], ("broken.json",))
    examination, _ = examine(tmp_path / "r", NAMELESS, nodes=given)
    assert led(trace(examination, parse_subject("recipe[pg]"))) == {"one", "two"}
    assert {(each.reach.nodes, each.reach.node_files) for each in examination.divergences} == {(("one",), ("two",))}

    repository = new_repository(tmp_path / "bare.git")
    commit = write_commit(repository, {"roles/db.json": role("db", "recipe[pg]")})
    set_main(repository, commit)
    told = command("trace", "recipe[pg]", "-C", tmp_path / "bare.git", "--nodes", outside)
    assert "nodes       at the tip 2: one, two" in told.text
    objects = "1 node object and 1 node file with no name inside (two)"
    assert f"nodes from {outside}: {objects}, taken for those" in " ".join(told.text.split())
    document = command("scan", tmp_path / "bare.git", "--nodes", outside, "--format", "json").document
    assert any(note.startswith(f"nodes from {outside}: ") for note in document["evidence"]["notes"])
    assert command("report", tmp_path / "bare.git", "--nodes", outside).text.count("Asked for: --nodes") == 1


@pytest.fixture
def outside(tmp_path):
    directory = tmp_path / "outside"
    directory.mkdir()
    node = {"name": "one", "chef_environment": "qa", "run_list": ["role[db]", "role[gone]", "recipe[own]"]}
    (directory / "one.json").write_text(json.dumps(node), encoding="utf-8")
    return directory


@pytest.fixture
def kept(tmp_path):
    """A repository with nodes of its own."""
    repository = new_repository(tmp_path / "kept.git")
    tree = {
        "roles/db.json": role("db", "recipe[pg]"),
        "environments/prod.json": '{"name": "prod"}',
        "nodes/web1.json": '{"name": "web1", "run_list": ["role[lost]", "recipe[own]"]}',
    }
    set_main(repository, write_commit(repository, tree))
    return tmp_path / "kept.git"


def test_show_has_the_nodes_that_are_given_with_the_roles_of_the_repository(kept, outside):
    document = command("show", "node[one]", "-C", kept, "--nodes", outside, "--format", "json").document
    states = document["states"]
    assert {each["basis"] for each in states} == {"given"}
    assert {tuple(each["expanded"]["recipes"]) for each in states} == {("pg", "own")}
    assert len({each["scenario"] for each in states}) == len(states) == 11
    told = command("show", "node[one]", "-C", kept, "--nodes", outside).text
    assert "the nodes of --nodes, taken for those of every commit" in told
    refused = command("show", "node[web1]", "-C", kept, "--nodes", outside)
    assert refused.code == 2
    assert "has no node[web1], and takes the place of the repository's nodes" in refused.error_line
    assert command("show", "node[web1]", "-C", kept).code == 0


def test_what_given_nodes_name_may_be_missing_and_what_those_of_the_repository_name_is_not_asked(kept, outside):
    def missing(*options):
        findings = command("scan", kept, *options, "--format", "json").document["findings"]
        return [(each["message"], each["paths"]) for each in findings if each["rule"] == "missing-reference"]

    ((role_, paths), (environment, _)) = missing("--nodes", outside)
    assert role_ == (
        "node[one] of --nodes names role[gone], which no file declares: chef-client fails with MissingRole on "
        "node[one], unless the server has it from elsewhere"
    )
    assert environment.startswith("node[one] of --nodes names environment[qa], which no file declares")
    assert paths == []
    ((own, _),) = missing()
    assert own.startswith("nodes/web1.json names role[lost]")


def test_trace_follows_the_run_lists_of_given_nodes_and_of_no_others(kept, outside):
    document = command("trace", "recipe[own]", "-C", kept, "--nodes", outside, "--format", "json").document
    assert {each["object"] for each in document["live"]} == {"node[one]"}
    assert {each["node"] for each in document["nodes"]} == {"one"}


def test_a_directory_without_node_objects_is_wrong_usage(tmp_path):
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    for directory in (tmp_path, tmp_path / "nosuch"):
        with pytest.raises(UsageError, match=r"--nodes .* (cannot be read|is a node object)"):
            read(directory)
