"""A cookbook that a lock or a dependency names comes from elsewhere."""

from __future__ import annotations

import pytest
from building import examine, role

from forensics.analysis.rules import dangling_recipe

BEFORE = {"cookbooks/apt/recipes/default.rb": "", "roles/base.json": role("base", "recipe[apt]")}
AFTER = {"roles/base.json": role("base", "recipe[apt]")}
OTHER = "cookbooks/web/recipes/default.rb"
LOCK = "DEPENDENCIES\n  web\n    path: cookbooks/web\n\nGRAPH\n  apt (2.3.4)\n  web (1.0.0)\n    apt (>= 0.0.0)\n"


def messages(tmp_path, *trees):
    examination, _ = examine(tmp_path, *trees)
    return [finding.message for finding in dangling_recipe.find(examination)]


@pytest.mark.parametrize(
    "named",
    [
        {"Berksfile.lock": LOCK},
        {"Berksfile.lock": '{"sources": {"apt": {"locked_version": "2.3.4"}}}'},
        {"Berksfile.lock": '{"dependencies": {"apt": {"locked_version": "2.3.4"}}}'},
        {"Cheffile.lock": "SITE\n  remote: x\n  specs:\n    apt (2.3.4)\n"},
        {"Policyfile.lock.json": '{"cookbook_locks": {"apt": {"version": "2.3.4"}}}'},
        {"policyfiles/web.lock.json": '{"cookbook_locks": {"apt": {"version": "2.3.4"}}}'},
        {"policyfiles/web.rb": 'run_list "web"\ncookbook "apt", "~> 2.0"\n'},
        {"Policyfile.rb": 'cookbook "apt"\n'},
        {OTHER: "", "cookbooks/web/metadata.rb": 'name "web"\ndepends "apt", "~> 2.0"\n'},
        {OTHER: "", "cookbooks/web/metadata.rb": "%w{ yum apt }.each do |each|\n  depends each\nend\n"},
        {OTHER: "", "cookbooks/web/metadata.json": '{"name": "web", "dependencies": {"apt": ">= 0.0.0"}}'},
        {OTHER: "", "cookbooks/web/metadata.json": "{}", "cookbooks/web/metadata.rb": 'depends "apt"\n'},
        {OTHER: "", "cookbooks/web/Berksfile.lock": LOCK},
    ],
)
def test_silent_where_it_is_named(tmp_path, named):
    assert messages(tmp_path, BEFORE | named, AFTER | named) == []


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"Berksfile.lock": LOCK.replace("apt", "apt-cacher")},
        {"Policyfile.lock.json": "{"},
        {OTHER: "", "cookbooks/web/metadata.rb": 'name "web"\ndescription "needs apt"\n'},
        {OTHER: "", "cookbooks/web/metadata.rb": 'name "web"\ndepends "apt-cacher"\n'},
    ],
)
def test_what_nothing_names_is_said_to_be_nowhere(tmp_path, named):
    (message,) = messages(tmp_path, BEFORE | named, AFTER | named)
    assert message.endswith(
        "with all of its cookbook: cookbook apt is not in this repository, and no lock file or dependency here names it"
    )


def test_a_recipe_of_a_cookbook_that_is_here_is_dangling_whoever_names_the_cookbook(tmp_path):
    here = {"cookbooks/apt/recipes/other.rb": "", "Berksfile.lock": LOCK}
    (message,) = messages(tmp_path, BEFORE | here, AFTER | here)
    assert "recipe[apt::default], which was removed on" in message
