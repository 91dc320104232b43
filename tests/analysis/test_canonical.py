"""Which file stands for an object where several may, and what is said and advised where none does."""

from __future__ import annotations

import pytest
from building import examine, role, ruby_role

from forensics.analysis.scanning import scan
from forensics.chef.compare import same_run
from forensics.chef.objects import Unresolved
from forensics.chef.run_list import as_run
from forensics.report.cases import cases as told
from forensics.uploads.target import SharedServer

NODE = {"nodes/n.json": '{"name": "n", "run_list": ["role[base]"]}'}


def the_case(tmp_path, *trees, **options):
    (found,) = told(scan(examine(tmp_path, *trees, **options)[0]))
    return found


@pytest.mark.parametrize(
    ("paths", "order", "canonical"),
    [
        (["roles/web.rb", "roles/web.json"], [], "roles/web.rb"),
        (["roles/east/web.rb", "roles/west/web.rb"], [], None),
        (["roles/web.json", "roles/old/web.json"], [], None),
        (["shared/roles/web.json", "production/roles/web.json"], [], None),
        (["shared/roles/web.json", "production/roles/x.json"], [], "shared/roles/web.json"),
        (["shared/roles/x.json", "production/roles/y.json"], ["shared"], None),
        (["roles/east/web.rb", "roles/west/web.rb"], ["roles/west", "roles/east"], "roles/west/web.rb"),
        (["shared/roles/web.json", "production/roles/web.json"], ["production", "shared"], "production/roles/web.json"),
        (["shared/roles/web.json", "production/roles/x.json"], ["production", "shared"], "shared/roles/web.json"),
        (["roles/web.json", "roles/old/web.json"], ["roles"], "roles/web.json"),
        (["shared/roles/a/web.json", "shared/roles/b/web.json", "roles/web.rb"], ["shared"], None),
    ],
)
def test_the_canonical_file_is_the_only_one_of_its_stem_or_the_configured_one(tmp_path, paths, order, canonical):
    server = SharedServer((".",), tuple(order))
    tree = {path: role("web") if path.endswith(".json") else ruby_role("web") for path in paths}
    (shadow,) = examine(tmp_path, tree, servers=(server,))[0].shadows
    assert shadow.canonical == canonical


@pytest.mark.parametrize(
    "files",
    [
        {"roles/hr-db-master.json": role("hr-db", "recipe[m]"), "roles/hr-db-slave.json": role("hr-db", "recipe[s]")},
        {"roles/east/web.json": role("web", "recipe[e]"), "roles/west/web.json": role("web", "recipe[w]")},
    ],
)
def test_where_no_file_is_canonical_none_is_removed_and_none_goes_up(tmp_path, files):
    found = the_case(tmp_path, files)
    assert found.canonical is None
    advice = found.advice
    assert (advice.do, advice.remove, advice.avoid) == (None, None, ())
    assert "keep that one" in advice.decide


def test_the_canonical_file_of_the_past_saves_none_of_the_copies_of_today(tmp_path):
    first = {"roles/base.json": role("base", "recipe[a]"), "roles/copy.json": role("base", "recipe[b]")}
    second = {"roles/copy.json": first["roles/copy.json"], "roles/other.json": role("base", "recipe[c]")}
    assert the_case(tmp_path, first, second).advice.remove is None


def test_only_what_the_replay_shows_to_do_harm_is_to_be_avoided(tmp_path):
    good = {"roles/base.json": role("base", "recipe[a]")}
    # the copy stands before the canonical file: only its own upload makes it live
    before = the_case(tmp_path / "1", good, good | {"roles/a-copy.json": role("base", "recipe[b]")})
    assert "glob" not in before.scenarios
    assert before.advice.avoid == ("knife role from file roles/a-copy.json",)
    behind = the_case(tmp_path / "2", good | {"roles/z-copy.json": role("base", "recipe[b]")})
    assert "glob" in behind.open_scenarios
    assert behind.advice.avoid == ("knife role from file roles/z-copy.json", "knife role from file roles/*")
    same = the_case(tmp_path / "3", good | {"roles/z-copy.json": role("base", "recipe[a]")})
    assert same.advice.avoid == ()


def test_the_nodes_beside_any_directory_of_a_server_feel_it(tmp_path):
    tree = {"prod/" + path: text for path, text in NODE.items()}
    tree |= {"backup/roles/base.json": role("base", "recipe[a]"), "backup/roles/z.json": role("base", "recipe[b]")}
    assert the_case(tmp_path / "1", tree).nodes is None
    assert the_case(tmp_path / "2", tree, servers=(SharedServer(("backup", "prod")),)).nodes == ["n"]
    # and its roles decide over them, whichever directory they are in
    tree["prod/nodes/n.json"] = '{"name": "n", "run_list": ["role[web]"]}'
    tree["prod/roles/web.json"] = role("web", "role[base]")
    assert the_case(tmp_path / "3", tree, servers=(SharedServer(("backup", "prod")),)).nodes == ["n"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["recipe[n]"], ["recipe[n::default]"], True),
        (["n"], ["recipe[n]"], True),
        (["recipe[n]", "role[r]", "recipe[n::default]", "role[r]"], ["n", "role[r]"], True),
        (["recipe[n@1.0]"], ["recipe[n::default@1.0]"], True),
        (["recipe[n@1.0]"], ["recipe[n]"], False),
        (["recipe[a]", "recipe[b]"], ["recipe[b]", "recipe[a]"], False),
        (["role[n]"], ["recipe[n]"], False),
        (["recipe[n]"], [], False),
        ([Unresolved("x", 1)], ["recipe[n]"], None),
        (["recipe[n"], ["recipe[n"], True),
        ("recipe[n]", "recipe[n]", True),
    ],
)
def test_run_lists_are_compared_as_the_client_runs_them(one, other, same):
    assert same_run({"run_list": one}, {"run_list": other}) is same
    assert same_run({"env_run_lists": {"p": one}}, {"env_run_lists": {"p": other}}) is same
    assert same_run({"run_list": one, "description": "a"}, {"run_list": other, "description": "b"}) is False


def test_two_unknown_items_may_be_different_ones():
    assert len(as_run([Unresolved("x", 1), Unresolved("x", 1)])) == 2


def test_contents_that_run_the_same_are_a_shadow_and_no_exposure(tmp_path):
    tree = {"roles/w.json": role("w", "recipe[n]"), "roles/w.rb": ruby_role("w", "recipe[n::default]")}
    tree |= {"roles/w-copy.json": role("w", "recipe[n]", "recipe[n]")}
    found = the_case(tmp_path / "1", tree)
    assert found.at_head
    assert found.divergences == ()
    assert found.shadows[0].contents_differ
    tree["roles/w.json"] = role("w", "recipe[n]", "recipe[m]")
    assert the_case(tmp_path / "2", tree).divergences


def test_data_bag_items_have_no_run_lists(tmp_path):
    item = '{{"id": "a", "run_list": ["recipe[n{}]"]}}'.format
    tree = {"data_bags/b/a.json": item(""), "data_bags/b/z.json": item("::default")}
    assert the_case(tmp_path, tree).divergences
