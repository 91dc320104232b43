"""What is named at the tip and declared nowhere, and everything that only looks like it."""

from __future__ import annotations

import json

import pytest
from building import Link, examine, new_repository, role, ruby_role, set_main, write_commit

from forensics.analysis.examination import Examination, Options
from forensics.analysis.rules import missing_reference
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations
from forensics.uploads.target import SharedServer


def node(name, *run_list, **others):
    return json.dumps({"name": name, "run_list": list(run_list), **others})


BASE = {"roles/base.json": role("base")}
WEB = {"roles/web.json": role("web", "role[base]")}
NODE = {"nodes/n.json": node("n", "role[web]")}


def found(tmp_path, *trees, **options):
    examination, ids = examine(tmp_path, *trees, **options)
    return list(missing_reference.find(examination)), ids


def messages(tmp_path, *trees, **options):
    return [finding.message for finding in found(tmp_path, *trees, **options)[0]]


def test_a_role_that_was_removed_is_missing_since_then(tmp_path):
    (finding,), ids = found(
        tmp_path, BASE | WEB, BASE | WEB | NODE, WEB | NODE, WEB | NODE | {"roles/z.rb": 'name "z"'}
    )
    assert (finding.severity, finding.object, finding.paths) == ("warning", "role[web]", ("roles/web.json",))
    assert finding.commit == ids[2]
    assert finding.message == (
        f"roles/web.json names role[base], which no file declares since 2014-05-15 ({ids[2][:12]}); until then "
        "roles/base.json did. Once the server has it no more, chef-client fails with MissingRole on node[n]"
    )


def test_a_role_that_is_named_after_it_went_is_missing_since_it_is_named(tmp_path):
    (finding,), ids = found(tmp_path, BASE, {"roles/z.rb": 'name "z"\n'}, WEB)
    assert finding.commit == ids[2]
    assert "which no file declares: chef-client fails with MissingRole on every node that has role[web]" in (
        finding.message
    )


def test_all_who_name_it_are_one_finding_and_all_nodes_that_reach_it_are_told(tmp_path):
    tree = {f"nodes/n{number}.json": node(f"n{number}", "role[web]") for number in range(6)}
    tree |= WEB | {"roles/other.rb": ruby_role("other", "role[base]")}
    (finding,), _ = found(tmp_path, tree)
    assert finding.paths == ("roles/other.rb", "roles/web.json")
    assert finding.object is None
    assert "fails with MissingRole on node[n0], node[n1], node[n2] and 3 more" in finding.message


def test_an_environment_of_its_own_is_told_and_reached_by_its_nodes_only(tmp_path):
    tree = {
        "roles/web.json": role("web", env_run_lists={"prod": ["role[gone]"]}),
        "nodes/a.json": node("a", "role[web]"),
        "nodes/b.json": node("b", "role[web]", chef_environment="prod"),
        "environments/prod.json": '{"name": "prod"}',
    }
    (message,) = messages(tmp_path, tree)
    assert "names role[gone] for environment[prod] since" in message
    assert "on node[b], unless" in message


def test_a_merge_is_compared_with_its_own_parents(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    start = write_commit(repository, BASE | WEB)
    topic = write_commit(repository, WEB, [start], time=1_400_100_000, message="drop base")
    main = write_commit(repository, BASE | WEB | NODE, [start], time=1_400_200_000)
    merge = write_commit(repository, WEB | NODE, [main, topic], time=1_400_300_000)
    set_main(repository, merge)
    history = History(open_evidence(tmp_path / "repository.git", rev=merge))
    (finding,) = missing_reference.find(Examination(history, Declarations(history.blob), Options()))
    assert finding.commit == topic


@pytest.mark.parametrize(
    "tree",
    [
        WEB | BASE,
        NODE,
        {"nodes/n.json": node("n", "role[gone]", policy_name="web", policy_group="prod")} | BASE,
        WEB | {"roles/base.json": "{"},
        WEB | {"roles/other.rb": 'name "base"\nsyntax error('},
        WEB | {"roles/other.rb": 'name ENV["X"]\n'},
        WEB | {"roles/base.json": Link("../../elsewhere.json")},
        WEB | {"other/roles/base.json": role("base")},
        {"roles/web.json": role("web", "Role[gone]", "recipe[gone]")},
    ],
    ids=[
        "it is there",
        "no roles here",
        "the node follows a policy",
        "its file cannot be loaded",
        "a file that cannot be loaded names it",
        "some name is not known",
        "its file is a link out of the repository",
        "another directory has it",
        "no role is named",
    ],
)
def test_silent_where(tmp_path, tree):
    assert messages(tmp_path, tree) == []


def test_what_could_not_be_read_before_leaves_the_beginning_open(tmp_path):
    broken = {"roles/base.json": '{"name": "base",}'}
    (finding,), ids = found(tmp_path, WEB, WEB | broken, WEB, WEB | {"roles/z.rb": 'name "z"\n'})
    assert finding.commit is None
    assert f"at least since 2014-05-15 ({ids[2][:12]})" in finding.message


def test_a_file_that_is_called_so_and_declares_something_else_is_named(tmp_path):
    (message,) = messages(tmp_path, WEB | {"roles/base.json": role("common")})
    assert message.endswith(
        "unless the server has it from elsewhere. roles/base.json declares role[common]; chef-solo and local mode, "
        "which go by the names of files, find it all the same"
    )


def test_of_very_many_only_some_are_asked_about(tmp_path):
    tree = BASE | {"roles/web.json": role("web", *(f"role[gone{number}]" for number in range(60)))}
    told, _ = found(tmp_path, tree)
    assert len(told) == 60
    assert {finding.commit is None for finding in told} == {True, False}
    assert all("which no file declares: chef-client fails" in finding.message for finding in told)


def test_one_server_of_several_directories(tmp_path):
    tree = {"shared/roles/base.json": role("base"), "prod/roles/web.json": role("web", "role[base]", "role[gone]")}
    (message,) = messages(tmp_path, tree, servers=(SharedServer(("shared", "prod")),))
    assert "role[gone]" in message


def test_an_environment_that_no_file_declares(tmp_path):
    tree = {"nodes/n.json": node("n", chef_environment="prod"), "environments/test.json": '{"name": "test"}'}
    prod = {"environments/prod.json": '{"name": "prod"}'}
    (finding,), ids = found(tmp_path, tree | prod, tree)
    assert finding.commit == ids[1]
    assert "nodes/n.json names environment[prod], which no file declares since" in finding.message
    assert finding.message.endswith("chef-client fails on node[n], for which the server finds no environment")


@pytest.mark.parametrize(
    "tree",
    [
        {"nodes/n.json": node("n", chef_environment="prod")},
        {"nodes/n.json": node("n"), "environments/test.json": '{"name": "test"}'},
        {"nodes/n.json": node("n", chef_environment="_default"), "environments/test.json": '{"name": "test"}'},
    ],
    ids=["no environments here", "none said", "the default"],
)
def test_silent_about_environments_where(tmp_path, tree):
    assert messages(tmp_path, tree) == []


RECIPE = "cookbooks/app/recipes/default.rb"
RUNS = {"roles/app.json": role("app", "recipe[app]"), "data_bags/users/dana.json": '{"id": "dana"}'}


def test_a_data_bag_that_a_recipe_asks_for(tmp_path):
    asks = RUNS | {RECIPE: 'package "x"\nkeys = data_bag_item("secrets", "db")\n'}
    (finding,), ids = found(tmp_path, asks | {"data_bags/secrets/db.json": '{"id": "db"}'}, asks)
    assert (finding.paths, finding.line, finding.commit) == ((RECIPE,), 2, ids[1])
    assert finding.message == (
        f"{RECIPE}:2 asks for data bag secrets (data_bag_item), which no data_bags/ holds since 2014-05-14 "
        f"({ids[1][:12]}), and data_bags/ held it until then: chef-client fails on every node that runs "
        "recipe[app::default], unless the server has the data bag from elsewhere"
    )


@pytest.mark.parametrize(
    "tree",
    [
        RUNS | {RECIPE: 'data_bag("users")\n'},
        RUNS | {RECIPE: 'search(:node, "role:x")\nsearch(:role, "*:*")\n'},
        RUNS | {RECIPE: 'if x\n  data_bag("gone")\nend\n'},
        RUNS | {RECIPE: 'begin\n  data_bag("gone")\nrescue\nend\n'},
        RUNS | {RECIPE: "data_bag(name)\n"},
        RUNS | {"cookbooks/other/recipes/default.rb": 'data_bag("gone")\n'},
        RUNS | {RECIPE: 'data_bag("gone")\n', ".gitignore": "data_bags/secrets\n"},
        RUNS | {RECIPE: 'data_bag("gone")\n', "data_bags/prod/gone/a.json": '{"id": "a"}'},
        {"roles/app.json": role("app", "recipe[app]"), RECIPE: 'data_bag("gone")\n'},
        {
            "roles/app.json": role("app", "recipe[app]"),
            RECIPE: 'data_bag("gone")\n',
            "test/data_bags/users/dana.json": '{"id": "dana"}',
        },
    ],
    ids=[
        "it is there",
        "indexes that are no data bags",
        "a condition",
        "a rescue",
        "a name that is computed",
        "no run list leads there",
        "data bags are left out on purpose",
        "each environment has its own",
        "no data bags here",
        "only fixtures are here",
    ],
)
def test_silent_about_data_bags_where(tmp_path, tree):
    assert messages(tmp_path, tree) == []


def pinned(constraint, **others):
    return {"environments/prod.json": json.dumps({"name": "prod", "cookbook_versions": {"app": constraint}})} | others


def app(version):
    return {RECIPE: "", "cookbooks/app/metadata.rb": f'name "app"\nversion "{version}"\n'}


def test_a_pin_that_no_version_of_the_cookbook_ever_met(tmp_path):
    (finding,), ids = found(tmp_path, app("1.0.0"), app("1.1.0") | pinned("= 2.0.0"), app("1.2.0") | pinned("= 2.0.0"))
    assert (finding.object, finding.paths, finding.commit) == ("environment[prod]", ("environments/prod.json",), ids[1])
    assert "what no commit has: app = 2.0.0 (it had 1.0.0, 1.1.0, 1.2.0)" in finding.message


@pytest.mark.parametrize("constraint", ["~> 1.5", "> 1.2.0", "< 1.0", "2.0.0"])
def test_every_kind_of_constraint(tmp_path, constraint):
    assert len(messages(tmp_path, app("1.0.0"), app("1.2.0") | pinned(constraint))) == 1


def test_a_version_in_a_run_list(tmp_path):
    (message,) = messages(tmp_path, app("1.0.0") | {"roles/x.json": role("x", "recipe[app@1.1.0]")})
    assert "roles/x.json pins" in message
    assert "on nodes with role[x]" in message


@pytest.mark.parametrize(
    "trees",
    [
        [app("2.0.0") | pinned("= 2.0.0")],
        [app("2.0.0"), app("2.1.0") | pinned("= 2.0.0")],
        [app("2.0.0") | pinned("~> 1.0") | {"Berksfile": 'cookbook "app"\n'}],
        [pinned("= 2.0.0")],
        [pinned("= 2.0.0") | {RECIPE: "", "cookbooks/app/metadata.rb": 'version IO.read("VERSION")\n'}],
        [pinned("= 2.0.0") | {RECIPE: ""}],
        [app("1.0.0") | pinned("= 2.0.0") | {"cookbooks/app/metadata.json": '{"name": "app", "version": "1.0.0"}'}],
    ],
    ids=[
        "it is there",
        "it was there",
        "a list says that it comes from elsewhere",
        "the cookbook is not here",
        "its version is computed",
        "it has no metadata",
        "it has metadata twice",
    ],
)
def test_silent_about_pins_where(tmp_path, trees):
    assert messages(tmp_path, *trees) == []


def test_a_role_that_was_the_last_file_of_its_directory_is_missing_too(tmp_path):
    node = {"nodes/n.json": '{"name": "n", "run_list": ["role[web]"]}'}
    (finding,), _ = found(tmp_path, node | {"roles/web.json": role("web", "app")}, node)
    assert "role[web]" in finding.message
    assert "MissingRole on node[n]" in finding.message
