"""The rules about recipes: named and gone, or left to a copy alone."""

from __future__ import annotations

import pytest
from building import Link, examine, role

from forensics.analysis.rules import dangling_recipe, residue
from forensics.analysis.rules.catalogue import ALL

RECIPE = {"cookbooks/base/recipes/users.rb": "", "cookbooks/base/recipes/default.rb": ""}
COOKBOOK = {"cookbooks/base/recipes/default.rb": ""}
NAMES_IT = {"roles/base.json": role("base", "recipe[base::users]")}


def found(tmp_path, rule, *trees, **options):
    examination, ids = examine(tmp_path, *trees, **options)
    return list(rule.find(examination)), ids


def test_both_are_in_the_catalogue():
    assert {dangling_recipe.RULE, residue.RULE} <= set(ALL)
    assert dangling_recipe.RULE.severity == residue.RULE.severity == "warning"


def test_dangling_recipe_tells_who_names_it_and_which_commit_removed_it(tmp_path):
    (finding,), ids = found(tmp_path, dangling_recipe, RECIPE | NAMES_IT, COOKBOOK | NAMES_IT, COOKBOOK | NAMES_IT)
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base.json",), ids[1])
    assert finding.message == (
        f"roles/base.json names recipe[base::users], which was removed on 2014-05-14 ({ids[1][:12]})"
    )


@pytest.mark.parametrize(
    "names_it",
    [
        {"roles/base.json": role("base", env_run_lists={"prod": ["recipe[base::users@1.0.0]"]})},
        {"roles/base.rb": 'name "base"\nrun_list "base::users"\n'},
        {"roles/a.json": role("a"), "nodes/n.json": '{"name": "n", "run_list": ["recipe[base::users]"]}'},
    ],
    ids=["environment", "ruby", "node"],
)
def test_dangling_recipe_in_every_run_list(tmp_path, names_it):
    (finding,), _ = found(tmp_path, dangling_recipe, RECIPE | names_it, COOKBOOK | names_it)
    assert "recipe[base::users]" in finding.message


def test_dangling_recipe_says_that_the_whole_cookbook_went(tmp_path):
    named = {"roles/base.json": role("base", "base")}
    (finding,), _ = found(tmp_path, dangling_recipe, RECIPE | named, named)
    assert ", with all of its cookbook: cookbook base is not in this repository, and no lock file or" in finding.message


@pytest.mark.parametrize(
    ("name", "trees"),
    [
        ("it is there", [RECIPE | NAMES_IT]),
        ("it never was", [COOKBOOK | NAMES_IT]),
        ("nobody names it any more", [RECIPE | NAMES_IT, COOKBOOK | {"roles/base.json": role("base")}]),
        (
            "it moved",
            [RECIPE | NAMES_IT, NAMES_IT | {"vendor/x/recipes/users.rb": "", "vendor/x/metadata.rb": 'name "base"'}],
        ),
        ("it is YAML now", [RECIPE | NAMES_IT, NAMES_IT | {"cookbooks/base/recipes/users.yml": ""}]),
        ("Berkshelf brings it", [RECIPE | NAMES_IT, NAMES_IT | {"Berksfile": 'cookbook "base", "~> 1.0"\n'}]),
        ("a link leads to it", [RECIPE | NAMES_IT, NAMES_IT | {"cookbooks/base": Link("../../base")}]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_dangling_recipe_is_silent_where(tmp_path, name, trees):
    assert found(tmp_path, dangling_recipe, *trees)[0] == [], name


BASE = {"roles/base.json": role("base", "ntp")}
COPY = {"roles/base-original.json": role("base", "ntp", "old", "recipe[base::users]")}


def test_residue_is_what_only_a_copy_names(tmp_path):
    (finding,), ids = found(tmp_path, residue, BASE, BASE | COPY)
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[1])
    assert finding.message == (
        "only roles/base-original.json, a copy that declares role[base], leads to recipe[old::default], "
        "recipe[base::users]"
    )


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("the canonical file names it", {**COPY, "roles/base.json": role("base", "ntp", "old", "recipe[base::users]")}),
        ("another role does", {**COPY, **BASE, "roles/web.json": role("web", "old::default", "recipe[base::users]")}),
        (
            "a node does",
            {**COPY, **BASE, "nodes/n.json": '{"name": "n", "run_list": ["old", "base::users"]}'},
        ),
        (
            "a recipe that another names includes it",
            {
                **COPY,
                **BASE,
                "cookbooks/ntp/recipes/default.rb": "include_recipe 'ntp::more'",
                "cookbooks/ntp/recipes/more.rb": "include_recipe 'old', 'base::users'",
            },
        ),
        ("nobody knows which file is the copy", {"roles/a.json": role("base", "x"), "roles/b.json": role("base", "y")}),
        ("there is no copy", {"roles/base.json": role("base", "old")}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_residue_is_silent_where(tmp_path, name, tree):
    assert found(tmp_path, residue, tree)[0] == [], name


def test_residue_is_about_the_tip(tmp_path):
    assert found(tmp_path, residue, BASE | COPY, BASE)[0] == []


def test_neither_rule_finds_anything_in_a_repository_without_roles(tmp_path):
    tree = {"environments/prod.json": '{"name": "prod"}'}
    assert found(tmp_path / "1", dangling_recipe, tree)[0] == []
    assert found(tmp_path / "2", residue, tree)[0] == []
