"""What the name of a file says."""

from __future__ import annotations

import pytest

from forensics.chef.layout import basename, extension, is_direct_child, is_hidden, may_declare, stem
from forensics.chef.objects import Kind


@pytest.mark.parametrize(
    ("path", "its_stem", "its_extension"),
    [
        ("roles/base.json", "base", ".json"),
        ("base.rb", "base", ".rb"),
        ("roles/base.bak.json", "base.bak", ".json"),
        ("roles/v1.2/base", "base", ""),
        ("roles/a.", "a", "."),
        ("roles/.json", ".json", ""),  # as Ruby's File.extname: a name that begins with its only dot has none
        ("roles/.base.json", ".base", ".json"),
        ("roles/x.b", "x", ".b"),
    ],
)
def test_a_name_ends_where_its_last_dot_stands(path, its_stem, its_extension):
    assert (stem(path), extension(path)) == (its_stem, its_extension)
    assert basename(path).startswith(its_stem)


@pytest.mark.parametrize("kind", [Kind.ROLE, Kind.ENVIRONMENT, Kind.NODE])
def test_extensions_are_those_of_the_kind_in_lower_case(kind):
    assert [may_declare(kind, f"roles/a{ending}") for ending in (".json", ".rb", ".js", ".JSON", ".jsonx", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert may_declare(Kind.DATA_BAG_ITEM, "data_bags/users/a.json")
    assert not may_declare(Kind.DATA_BAG_ITEM, "data_bags/users/a.rb")


def test_the_metadata_of_a_cookbook_declares_no_object():
    assert not may_declare(Kind.ROLE, "roles/x/metadata.rb")
    assert not may_declare(Kind.ROLE, "roles/x/metadata.json")
    assert may_declare(Kind.ROLE, "roles/x/my-metadata.rb")


def test_what_configures_a_program_is_no_node():
    assert not may_declare(Kind.NODE, "nodes/web/solo.rb")
    assert may_declare(Kind.NODE, "nodes/web/solo.json")
    assert may_declare(Kind.ROLE, "roles/solo.rb")


def test_a_child_is_what_lies_in_the_container_itself():
    assert is_direct_child("roles", "roles/base.json")
    assert not is_direct_child("roles", "roles/sub/base.json")
    assert is_direct_child("chef/roles", "chef/roles/b")


def test_a_name_that_begins_with_a_dot_is_hidden_whatever_its_directory_is_called():
    assert is_hidden("roles/.base.json")
    assert not is_hidden(".chef/roles/base.json")
