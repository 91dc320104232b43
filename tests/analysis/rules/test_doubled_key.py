"""Files that say something twice."""

from __future__ import annotations

import pytest
from building import examine, role

from forensics.analysis.rules import doubled_key

DOUBLED = '{"name": "app",\n "run_list": ["recipe[a]"],\n "run_list": ["recipe[b]"]}'


def found(tmp_path, *trees):
    examination, ids = examine(tmp_path, *trees)
    return list(doubled_key.find(examination)), ids


def test_the_key_the_lines_and_the_commit_that_doubled_it(tmp_path):
    tree = {"roles/app.json": DOUBLED}
    (finding,), ids = found(
        tmp_path, {"roles/app.json": role("app", "a")}, tree, {"roles/app.json": DOUBLED + "\n"}, tree
    )
    assert (finding.severity, finding.paths, finding.commit, finding.line) == (
        "warning",
        ("roles/app.json",),
        ids[1],
        3,
    )
    assert finding.message == (
        "roles/app.json sets run_list twice (lines 2 and 3): the last counts, and what stands first is dropped, "
        f"since 2014-05-14 ({ids[1][:12]})"
    )


def test_no_value_is_told(tmp_path):
    item = '{"id": "db", "password": "first-secret", "password": "second-secret"}'
    (finding,), _ = found(tmp_path, {"data_bags/secrets/db.json": item})
    assert "sets password twice" in finding.message
    assert "secret" not in finding.message.replace("data_bags/secrets", "")


def test_many_are_one_finding(tmp_path):
    keys = ", ".join(f'"k{number}": 1, "k{number}": 2' for number in range(8))
    (finding,), _ = found(tmp_path, {"data_bags/b/a.json": f'{{"id": "a", {keys}}}'})
    assert "k4 twice (line 1) and 3 more:" in finding.message


@pytest.mark.parametrize(
    "trees",
    [
        [{"roles/app.json": DOUBLED}, {"roles/app.json": role("app", "b")}],
        [{"roles/app.json": DOUBLED + "}"}],
        [{"roles/app.json": '{"name": "app", "run_list": [], "run_list": []}'}],
        [{"roles/app.rb": 'name "app"\nrun_list "a"\nrun_list "a"\n'}],
    ],
    ids=["mended", "not loaded", "said alike", "said alike in Ruby"],
)
def test_silent_where_nothing_is_lost(tmp_path, trees):
    assert found(tmp_path, *trees)[0] == []
