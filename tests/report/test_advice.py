"""Commands to copy do what they say, whatever the files are called."""

from __future__ import annotations

import shlex

import pytest

from forensics.report.advice import argument, from_file, glob, safe_command


def test_there_is_a_command_for_every_kind():
    assert from_file("role", "roles", ["roles/base.json"]) == "knife role from file roles/base.json"
    assert from_file("environment", "environments", ["e.json"]) == "knife environment from file e.json"
    assert from_file("node", "nodes", ["nodes/a.json"]) == "knife node from file nodes/a.json"
    bag = from_file("data_bag_item", "chef/data_bags/users", ["chef/data_bags/users/a.json"])
    assert bag == "knife data bag from file users chef/data_bags/users/a.json"


def test_the_canonical_file_goes_up_alone():
    assert safe_command("role", "roles/base.json") == "knife role from file roles/base.json"
    assert glob("role", "roles") == "knife role from file roles/*"
    assert (
        safe_command("data_bag_item", "data_bags/users/a.json")
        == "knife data bag from file users data_bags/users/a.json"
    )


@pytest.mark.parametrize(
    "path", ["roles/a b.json", "roles/$(reboot).json", "roles/a;b.json", "roles/it's.json", "-rf/x.json"]
)
def test_a_shell_takes_a_path_for_one_word(path):
    (word,) = shlex.split(argument(path))
    assert word in {path, f"./{path}"}
    assert not word.startswith("-")


def test_a_bag_with_a_hostile_name_is_quoted():
    words = shlex.split(from_file("data_bag_item", "data_bags/x; reboot", ["data_bags/x; reboot/a.json"]))
    assert words == ["knife", "data", "bag", "from", "file", "x; reboot", "data_bags/x; reboot/a.json"]


def test_a35_no_path_moves_the_cursor():
    bag = safe_command("data_bag_item", "data_bags/\x1b/a.json")
    for line in (
        bag,
        safe_command("role", "roles/\x1b[2J.json"),
        glob("role", "ro\x1bles/\u202ea"),
    ):
        assert line.isprintable()
        assert line.isascii()
