"""Where nobody knows how a locale sorts a file's name, the answer says so; and only there."""

from __future__ import annotations

import pytest
from building import Link, examine, new_repository, role, ruby_role, write_line

import forensics
from forensics.analysis import objects
from forensics.analysis.objects import ObjectName
from forensics.analysis.scanning import scan, scan_shadows
from forensics.chef.objects import Kind
from forensics.uploads.scenario import SHIPPED

ODD = "roles/ጤና.json"  # Ethiopic, which the table of glibc's collation does not cover
BASE = {"roles/base.json": role("base", "ntp"), "roles/web.json": role("web")}
SHADOW = BASE | {ODD: role("base", "old")}


def gaps(tmp_path, *trees, scenarios=None, **options):
    chosen = SHIPPED if scenarios is None else tuple(each for each in SHIPPED if each.name in scenarios)
    examination, ids = examine(tmp_path, *trees, scenarios=chosen, **options)
    found = scan(examination)
    assert found.evidence.complete == (not found.evidence.gaps)
    assert [f.message for f in found.findings if f.rule == "evidence-gap"] == [
        f"{gap.kind}: {gap.path}: {gap.detail}" for gap in found.evidence.gaps
    ]
    return [(gap.kind, gap.path, ids.index(gap.commit), gap.detail) for gap in found.evidence.gaps]


def test_a_file_whose_place_decides_what_is_live_is_a_gap_from_the_first_commit_of_its_shadow(tmp_path):
    ((kind, path, commit, detail),) = gaps(tmp_path, BASE, SHADOW, BASE)
    assert (kind, path, commit) == ("collation", ODD, 1)
    assert "what glob, changed-locale made live is not certain: role[base]" in detail


@pytest.mark.parametrize(
    "trees",
    [
        [BASE | {"roles/größe-日本.json": role("base", "old")}],  # the table has these
        [BASE | {ODD: role("health")}],  # the only file of its object
        [BASE | {"roles/.ጤና.json": role("base", "old")}],  # nobody names it on a command line
        [BASE | {"roles/z.json": role("base", "old")}, {ODD: role("health")}],  # not at the same time
        [BASE | {ODD: role("health")}, BASE, BASE | {"roles/a.json": "{"}],  # gone when something stops the upload
        [BASE | {"environments/ጤና.json": "{"}],  # the only file of its command
    ],
)
def test_a_name_that_decides_nothing_is_none(tmp_path, trees):
    assert gaps(tmp_path, *trees) == []


def test_scenarios_that_go_by_another_order_are_certain(tmp_path):
    assert gaps(tmp_path, SHADOW, scenarios=["glob-sh", "changed", "knife-upload"]) == []


def test_an_object_without_a_canonical_file_depends_on_what_every_scenario_made_live(tmp_path):
    trees = [{ODD: role("base", "old"), "roles/x.json": role("base", "new")}]
    ((kind, path, _, _),) = gaps(tmp_path, *trees, scenarios=["glob-sh", "changed"])
    assert (kind, path) == ("collation", ODD)


def test_a_file_that_may_stand_on_either_side_of_one_that_stops_the_upload_is_a_gap(tmp_path):
    ((_, path, commit, detail),) = gaps(
        tmp_path, BASE | {ODD: role("health")}, BASE | {ODD: role("health"), "roles/m.rb": "("}
    )
    assert (path, commit) == (ODD, 1)
    assert "the upload stops at roles/m.rb" in detail


def test_so_is_the_file_itself_that_stops_the_upload(tmp_path):
    ((_, path, _, detail),) = gaps(tmp_path, BASE, BASE | {ODD: "{"}, scenarios=["glob"])
    assert path == ODD
    assert f"the upload stops at {ODD}" in detail


def test_a_shadow_on_a_side_branch_matters_where_side_branches_are_replayed(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    side = write_line(repository, [BASE, SHADOW])[-1]
    tree = repository[write_line(repository, [BASE])[-1]].tree.id
    author = repository[side].author
    parents = [repository[side].parents[0].id, side]
    merge = repository.create_commit(None, author, author, "merge", tree, parents)
    repository.references.create("refs/heads/main", merge, force=True)
    assert forensics.open(tmp_path / "r.git").scan().evidence.gaps == ()
    assert [gap.path for gap in forensics.open(tmp_path / "r.git").scan(history="full").evidence.gaps] == [ODD]


def test_shadows_are_certain_whatever_the_order(tmp_path):
    examination, _ = examine(tmp_path, SHADOW)
    assert scan_shadows(examination).evidence.complete


def test_an_answer_about_a_moment_says_under_which_scenarios_it_is_not_certain(tmp_path):
    examination, _ = examine(tmp_path, SHADOW)
    states = objects.show(examination, ObjectName(Kind.ROLE, "base"), examination.head_commit)
    assert {state.scenario for state in states if any(ODD in note for note in state.notes)} == {
        "glob",
        "changed-locale",
    }


def test_other_gaps_stay_beside_it(tmp_path):
    kinds = [
        kind for kind, *_ in gaps(tmp_path, SHADOW | {"roles/x.rb": Link("/etc/x.rb"), "roles/y.rb": ruby_role("y")})
    ]
    assert sorted(kinds) == ["collation", "outside-symlink"]
