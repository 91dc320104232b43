"""A recipe that only a copy still leads to."""

from __future__ import annotations

import pytest
from building import role
from rule_findings import BASE, found

COPY = {"roles/base-original.json": role("base", "ntp", "old", "recipe[base::users]")}


def test_it_is_what_only_a_copy_names(tmp_path):
    (finding,), ids = found(tmp_path, "residue", BASE, BASE | COPY)
    assert (finding.object, finding.paths, finding.commit) == ("role[base]", ("roles/base-original.json",), ids[1])
    assert finding.message == (
        "only roles/base-original.json, a copy that declares role[base], leads to recipe[old::default], "
        "recipe[base::users]"
    )


def test_what_a_run_list_that_nobody_can_tell_may_lead_to_is_left_open(tmp_path):
    unknown = {"roles/u.rb": 'require "x"\nname "u"\nrun_list X\n'}
    (finding,), _ = found(tmp_path, "residue", BASE | COPY | unknown)
    assert finding.message.endswith("recipe[base::users]; whether roles/u.rb does, too, could not be told")


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
def test_it_is_silent_where(tmp_path, name, tree):
    assert found(tmp_path, "residue", tree)[0] == [], name


def test_it_is_about_the_tip(tmp_path):
    assert found(tmp_path, "residue", BASE | COPY, BASE)[0] == []


def test_it_is_silent_in_a_repository_without_roles(tmp_path):
    assert found(tmp_path, "residue", {"environments/prod.json": '{"name": "prod"}'})[0] == []
