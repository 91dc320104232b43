"""Which containers share a server."""

from __future__ import annotations

import pytest
from building import examine, role

from forensics.uploads.target import SharedServer, chosen, targets_of

TREE = {
    "production/roles/base.json": role("base"),
    "production/environments/prod.json": '{"name": "prod"}',
    "staging/roles/base.json": role("base", "other"),
    "production/data_bags/users/a.json": '{"id": "a"}',
    "staging/data_bags/users/a.json": '{"id": "a"}',
    "staging/data_bags/keys/a.json": '{"id": "a"}',
}


@pytest.fixture
def history(tmp_path):
    return examine(tmp_path, TREE)[0].history


def members(targets):
    return [[member.path for member in target.members] for target in targets]


def test_every_container_is_a_server_of_its_own(history):
    assert members(targets_of(history.containers)) == [
        ["production/data_bags/users"],
        ["production/environments"],
        ["production/roles"],
        ["staging/data_bags/keys"],
        ["staging/data_bags/users"],
        ["staging/roles"],
    ]


def test_containers_of_one_kind_below_the_directories_of_a_server_share_it(history):
    assert members(targets_of(history.containers, [SharedServer(("production", "staging"))])) == [
        ["production/data_bags/users", "staging/data_bags/users"],  # one bag
        ["production/environments"],
        ["production/roles", "staging/roles"],
        ["staging/data_bags/keys"],
    ]


def test_a_directory_whose_name_only_begins_alike_is_another(history):
    assert members(targets_of(history.containers, [SharedServer(("prod", "stag"))])) == members(
        targets_of(history.containers)
    )


def test_targets_are_chosen_by_paths_at_or_above_a_container(history):
    targets = targets_of(history.containers)
    assert chosen(targets, []) == targets
    assert members(chosen(targets, ["staging/"])) == members(targets)[3:]
    assert members(chosen(targets, ["production/roles"])) == [["production/roles"]]
    assert members(chosen(targets, ["."])) == members(targets)
    assert chosen(targets, ["production/role"]) == ()


def test_the_files_of_a_shared_server_are_those_of_all_its_containers(history):
    (target,) = chosen(
        targets_of(history.containers, [SharedServer(("production/roles", "staging/roles"))]), ["staging/roles"]
    )
    version = target.version(history.state(0))
    assert sorted(target.files(history, version)) == ["production/roles/base.json", "staging/roles/base.json"]
    assert [change.path for change in target.changes(history, target.absent(), version)] == sorted(
        target.files(history, version)
    )
    assert target.container_of("staging/roles/base.json").path == "staging/roles"
    assert target.container_of("staging/rolesbase.json") is None
