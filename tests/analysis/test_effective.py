"""What a node comes to is what real Chef made of the same roles, environment and node."""

from __future__ import annotations

import json

from building import examine, role
from support import json_lines, vectors

from forensics.analysis.objects import ObjectName, show
from forensics.chef.objects import Kind, Unresolved
from forensics.uploads.scenario import choose
from forensics.uploads.target import SharedServer

FORCED = {"force_default", "force_override"}


def environment(name, **others):
    return json.dumps({"name": name, **others})


def node(name, *run_list, **others):
    return json.dumps({"name": name, "run_list": list(run_list), **others})


TREE = {
    "roles/web.json": role("web", "role[base]", "recipe[nginx]", default_attributes={"motd": "web", "list": [2]}),
    "roles/base.json": role("base", "recipe[ntp]", default_attributes={"motd": "base", "list": [1]}),
    "environments/prod.json": environment(
        "prod", default_attributes={"motd": "prod", "only": True}, override_attributes={"port": 2}
    ),
    "nodes/n.json": node("n", "role[web]", chef_environment="prod", normal={"port": 1}, automatic={"os": "linux"}),
}


def states(tmp_path, *trees, kind=Kind.NODE, name="n", commit=None, scenarios=("glob",), explained=(), **options):
    examination, _ = examine(tmp_path, *trees, scenarios=choose(list(scenarios)), **options)
    wanted = ObjectName(kind, name)
    at = examination.head_commit if commit is None else commit
    return show(examination, wanted, at, explained=explained)


def state(*arguments, **options):
    (only,) = states(*arguments, **options)
    return only


def recorded():
    for path in sorted((vectors() / "expand").glob("*.jsonl")):
        for case in json_lines(path):
            if "node_merged" in case["expect"] and not FORCED & set(case["node"]):
                yield case


def tree_of(case, top):
    roles = {f"{top}/roles/{name}.json": json.dumps(body) for name, body in case["roles"].items()}
    environments = {
        f"{top}/environments/{name}.json": json.dumps(body)
        for name, body in case["environments"].items()
        if name != "_default"
    }
    body = {"name": top, "chef_environment": case["environment"], "run_list": case["run_list"], **case["node"]}
    return {**roles, **environments, f"{top}/nodes/{top}.json": json.dumps(body)}


def test_every_recorded_node_is_reproduced_and_explained(tmp_path):
    cases = {f"n{number}": case for number, case in enumerate(recorded())}
    files = {path: text for top, case in cases.items() for path, text in tree_of(case, top).items()}
    examination, _ = examine(tmp_path, files, scenarios=choose(["glob"]))
    failures = []
    for top, case in cases.items():
        expected = case["expect"]
        paths = [".".join(path) for path in leaves(expected["node_merged"])]
        shown = show(examination, ObjectName(Kind.NODE, top), examination.head_commit, explained=paths)
        (found,) = [each for each in shown if each.content is not None]
        expanded = found.expanded
        came = {
            "recipes_versions": expanded["recipes"],
            "roles": expanded["roles"],
            "node_merged": expanded["attributes"],
            "default_attributes": expanded["default_attributes"],
        }
        failures += [
            f"{case['id']} {key}: {value} instead of {expected[key]}"
            for key, value in came.items()
            if expected["error"] is None and text(value) != text(expected[key])
        ]
        failures += [f"{case['id']} {each.path}: {each}" for each in found.why if not is_explained(each)]
    assert len(cases) > 20
    assert not failures, "\n".join(failures)


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from leaves(member, (*path, key))
    elif path:
        yield path


def text(value):
    return json.dumps(value, sort_keys=True)


def is_explained(answer):
    """Whether the winners together say what stands, and a plain value has one of them."""
    said = [each.value for each in answer.contributions if each.wins]
    if isinstance(answer.value, list):
        return {text(member) for value in said for member in value} == {text(member) for member in answer.value}
    return text(said[-1]) == text(answer.value) and (len(said) == 1 or isinstance(answer.value, dict))


def test_a_node_has_what_its_roles_and_its_environment_give(tmp_path):
    found = state(tmp_path, TREE)
    assert found.expanded["environment"] == "prod"
    assert found.expanded["recipes"] == ["ntp", "nginx"]
    assert found.expanded["attributes"] == {
        "motd": "web",
        "list": [1, 2],
        "only": True,
        "port": 2,
        "os": "linux",
    }
    assert found.without_automatic == {key: v for key, v in found.expanded["attributes"].items() if key != "os"}
    assert [(each.object, each.source.path) for each in found.expanded["sources"]] == [
        ("node[n]", "nodes/n.json"),
        ("role[web]", "roles/web.json"),
        ("role[base]", "roles/base.json"),
        ("environment[prod]", "environments/prod.json"),
    ]
    assert (found.certainty, found.expanded["certainty"], found.notes) == ("exact", "exact", ())


def test_a_shadow_that_is_live_changes_the_node(tmp_path):
    shadow = {"roles/base-original.json": role("base", "recipe[old]", default_attributes={"motd": "o", "old": 1})}
    one, other = states(tmp_path, TREE | shadow, scenarios=["glob", "glob-sh"], explained=["old"])
    assert (one.expanded["recipes"], one.expanded["attributes"]["old"]) == (["old", "nginx"], 1)
    assert one.why[0].contributions[0].source.path == "roles/base-original.json"
    assert (other.expanded["recipes"], other.why[0].found) == (["ntp", "nginx"], False)


def test_the_moment_decides(tmp_path):
    later = TREE | {"roles/base.json": role("base", "recipe[chrony]")}
    assert state(tmp_path / "1", TREE, later, commit=0).expanded["recipes"] == ["ntp", "nginx"]
    assert state(tmp_path / "2", TREE, later).expanded["recipes"] == ["chrony", "nginx"]


def test_run_lists_of_the_environment_are_followed_and_another_may_be_asked_for(tmp_path):
    roles = {"roles/base.json": role("base", "recipe[a]", env_run_lists={"prod": ["recipe[p]"]})}
    tree = roles | {
        "nodes/n.json": node("n", "role[base]", chef_environment="prod"),
        "environments/prod.json": environment("prod"),
    }
    examination, _ = examine(tmp_path, tree, scenarios=choose(["glob"]))
    wanted = ObjectName(Kind.NODE, "n")
    for asked, recipes in ((None, ["p"]), ("_default", ["a"])):
        (found,) = show(examination, wanted, examination.head_commit, environment=asked)
        assert found.expanded["recipes"] == recipes


def test_a_scenario_that_uploads_no_nodes_shows_the_file_and_says_so(tmp_path):
    found = state(tmp_path, TREE, scenarios=["grocery-delivery"])
    assert (found.basis, found.source.path) == ("tree", "nodes/n.json")
    assert found.notes == ("grocery-delivery uploads no nodes: this is the file in the commit's tree",)
    assert found.expanded["attributes"]["motd"] == "web"
    assert {each.object: each.basis for each in found.expanded["sources"]} == {
        "node[n]": "tree",
        "role[web]": "live",
        "role[base]": "live",
        "environment[prod]": "tree",
    }


def test_of_several_files_the_canonical_stands_in_and_else_none(tmp_path):
    copy = {"nodes/a.json": node("n", "recipe[copy]")}
    assert state(tmp_path / "1", TREE | copy, scenarios=["grocery-delivery"]).source.path == "nodes/n.json"
    others = {"nodes/a.json": copy["nodes/a.json"], "nodes/b.json": node("n")}
    found = state(tmp_path / "2", others, scenarios=["grocery-delivery"])
    assert found.content is None
    assert "nodes/a.json, nodes/b.json" in found.notes[0]


def test_a_missing_role_is_named_and_the_rest_is_merged(tmp_path):
    tree = {path: text for path, text in TREE.items() if path != "roles/base.json"}
    found = state(tmp_path, tree)
    assert found.expanded["missing_roles"] == ["base"]
    assert found.expanded["attributes"]["list"] == [2]


def test_an_environment_that_is_not_live_stops_the_client(tmp_path):
    found = state(tmp_path, TREE | {"environments/prod.json": environment("other")})
    assert (found.expanded["attributes"], found.expanded["error"]) == (None, "Net::HTTPClientException")
    assert found.notes == ("environment[prod] is not live: the client fails to load it",)


def test_where_no_environments_are_kept_nothing_is_claimed_of_them(tmp_path):
    tree = {path: text for path, text in TREE.items() if not path.startswith("environments/")}
    found = state(tmp_path, tree)
    assert found.expanded["attributes"]["port"] == 1
    assert "without environment[prod]" in found.notes[0]
    alone = state(tmp_path / "alone", {"nodes/n.json": TREE["nodes/n.json"]})
    assert "no roles are kept" in alone.notes[0]


def test_a_policy_takes_the_place_of_run_lists(tmp_path):
    found = state(tmp_path, {"nodes/n.json": node("n", policy_name="p", policy_group="prod")})
    assert found.expanded is None
    assert "policy" in found.notes[0]


def test_what_a_client_run_empties_is_noted(tmp_path):
    found = state(tmp_path, TREE | {"nodes/n.json": node("n", default={"motd": "own"}, override={"x": 1})})
    assert found.expanded["attributes"] == {"motd": "own", "x": 1}
    assert "begins by emptying them" in found.notes[-1]


def test_unresolved_parts_stay_unresolved(tmp_path):
    ruby = 'name "base"\ndefault_attributes "motd" => ENV["MOTD"], "list" => [1]\n'
    tree = {path: text for path, text in TREE.items() if path != "roles/base.json"} | {"roles/base.rb": ruby}
    found = state(tmp_path / "1", tree, explained=["motd"])
    assert found.expanded["attributes"]["motd"] == "web"
    tree |= {"roles/web.json": role("web", "role[base]")}
    found = state(tmp_path / "2", tree, explained=["motd"])
    assert isinstance(found.expanded["attributes"]["motd"], Unresolved)
    assert found.expanded["attributes"]["list"] == [1]
    assert {each.object: each.wins for each in found.why[0].contributions} == {
        "environment[prod]": None,
        "role[base]": True,
    }


def test_an_unresolved_run_list_leaves_all_attributes_open(tmp_path):
    ruby = 'name "base"\nrun_list ENV["LIST"]\n'
    tree = {path: text for path, text in TREE.items() if path != "roles/base.json"} | {"roles/base.rb": ruby}
    found = state(tmp_path, tree, explained=["motd"])
    assert isinstance(found.expanded["attributes"], Unresolved)
    assert {each.object for each in found.why[0].contributions if each.wins} == {"a run list that is not resolved"}


def test_a_role_is_explained_by_the_roles_in_it(tmp_path):
    found = state(tmp_path, TREE, kind=Kind.ROLE, name="web", explained=["motd", "list", "nosuch"])
    motd, together, nothing = found.why
    assert {each.object: each.wins for each in motd.contributions} == {"role[base]": False, "role[web]": True}
    assert {each.object: each.wins for each in together.contributions} == {"role[base]": True, "role[web]": True}
    assert (nothing.found, nothing.contributions) == (False, ())
    assert "attributes" not in found.expanded


def test_an_environment_is_explained_by_its_levels(tmp_path):
    found = state(tmp_path, TREE, kind=Kind.ENVIRONMENT, name="prod", explained=["port"])
    assert [(each.level, each.value) for each in found.why[0].contributions] == [("env_override", 2)]
    nothing = state(tmp_path / "2", TREE, kind=Kind.ENVIRONMENT, name="prod", scenarios=["grocery-delivery"])
    assert (nothing.content, nothing.notes) == (None, ("grocery-delivery uploads no environments",))


def test_an_aborted_upload_leaves_the_expansion_open(tmp_path):
    broken = {"roles/x.json": '{"name": "x", "run_list": null}', "roles/base.json": role("base", "recipe[new]")}
    found = state(tmp_path, TREE, TREE | broken, scenarios=["knife-upload"])
    assert (found.certainty, found.expanded["certainty"]) == ("exact", "race")


def test_roles_are_found_even_where_the_options_narrow_to_nodes(tmp_path):
    found = state(tmp_path, TREE, containers=("nodes",))
    assert found.expanded["recipes"] == ["ntp", "nginx"]


def test_chef_repos_that_share_a_server_share_their_roles(tmp_path):
    tree = {f"{'a' if path.startswith('nodes') else 'b'}/{path}": text for path, text in TREE.items()}
    assert state(tmp_path / "1", tree).expanded["missing_roles"] == ["web"]
    assert state(tmp_path / "2", tree, servers=(SharedServer(("a", "b")),)).expanded["recipes"] == ["ntp", "nginx"]
