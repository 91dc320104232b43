"""A run list names a recipe that is gone."""

from __future__ import annotations

import pytest
from building import Link, role
from rule_findings import found

RECIPE = {"cookbooks/base/recipes/users.rb": "", "cookbooks/base/recipes/default.rb": ""}
COOKBOOK = {"cookbooks/base/recipes/default.rb": ""}
NAMES_IT = {"roles/base.json": role("base", "recipe[base::users]")}


def test_it_tells_who_names_it_and_which_commit_removed_it(tmp_path):
    (finding,), ids = found(tmp_path, "dangling-recipe", RECIPE | NAMES_IT, COOKBOOK | NAMES_IT, COOKBOOK | NAMES_IT)
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
def test_it_reads_every_run_list(tmp_path, names_it):
    (finding,), _ = found(tmp_path, "dangling-recipe", RECIPE | names_it, COOKBOOK | names_it)
    assert "recipe[base::users]" in finding.message


def test_it_says_that_the_whole_cookbook_went(tmp_path):
    named = {"roles/base.json": role("base", "base")}
    (finding,), _ = found(tmp_path, "dangling-recipe", RECIPE | named, named)
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
def test_it_is_silent_where(tmp_path, name, trees):
    assert found(tmp_path, "dangling-recipe", *trees)[0] == [], name


def test_it_is_silent_in_a_repository_without_roles(tmp_path):
    assert found(tmp_path, "dangling-recipe", {"environments/prod.json": '{"name": "prod"}'})[0] == []
