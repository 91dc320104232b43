"""Run-list items are read exactly as Chef reads them."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Unresolved
from forensics.chef.run_list import ArgumentRefused, RunListItem, item_of_value, parse_item


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("recipe[a]", "recipe[a]"),
        ("recipe[a@1.0]", "recipe[a@1.0]"),
        ("recipe[a@1.0.2]", "recipe[a@1.0.2]"),
        ("role[a@1.0.0]", "role[a@1.0.0]"),
        ("role[a b]", "role[a b]"),
        ("a", "recipe[a]"),
        ("a::b", "recipe[a::b]"),
        ("a@1.0", "recipe[a@1.0]"),
        ("a@1", "recipe[a@1]"),
        ("a@1.2.3.4", "recipe[a@1.2.3.4]"),
        ("@1.0", "recipe[@1.0]"),
        (" a ", "recipe[ a ]"),
        ("", "recipe[]"),
        ("recipe[a\nb]", "recipe[a\nb]"),
    ],
)
def test_an_item_is_written_in_its_normalised_form(text, normalised):
    assert str(parse_item(text)) == normalised


@pytest.mark.parametrize(
    "text",
    [
        "Recipe[x]",
        " recipe[x]",
        "recipe[x] ",
        "recipe[x]\t",
        "recipe[]",
        "recipe[x@1]",
        "recipe[x@]",
        "recipe[a],recipe[b]",
        "role[recipe[a]]",
        "cookbook[a]",
        "recipe[a",
        "a]",
    ],
)
def test_brackets_that_form_no_item_are_refused(text):
    with pytest.raises(ArgumentRefused, match="must be recipe"):
        parse_item(text)


def test_the_expressions_anchor_at_lines_not_at_the_ends_of_the_text():
    assert parse_item("recipe[a]\njunk[") == RunListItem("recipe", "a")
    assert parse_item("junk[\nrole[b]") == RunListItem("role", "b")


def test_the_version_is_apart_from_the_name_only_where_chef_recognises_it():
    assert parse_item("recipe[a@1.0]") == RunListItem("recipe", "a", "1.0")
    assert parse_item("a@1.0") == RunListItem("recipe", "a", "1.0")
    assert parse_item("a@1") == RunListItem("recipe", "a@1")
    assert parse_item("role[a@1.0]") == RunListItem("role", "a@1.0")


def test_text_that_is_not_valid_unicode_cannot_be_matched():
    with pytest.raises(ArgumentRefused, match="invalid byte sequence"):
        parse_item("recipe[\udcff]")


def test_a_hash_with_type_and_name_is_an_item():
    assert item_of_value({"type": "role", "name": "web"}) == RunListItem("role", "web")
    assert str(item_of_value({"type": "recipe", "name": "a", "version": "1.0"})) == "recipe[a@1.0]"
    assert str(item_of_value({"type": "recipe", "name": 5, "version": None})) == "recipe[5]"


@pytest.mark.parametrize("value", [None, True, 0, 1.5, ["a"], {"name": "a"}, {"type": "role"}])
def test_other_values_are_no_items(value):
    with pytest.raises(ArgumentRefused) as refused:
        item_of_value(value)
    assert refused.value.error_class == "ArgumentError"


def test_a_name_that_ruby_versions_write_differently_is_unresolved():
    assert isinstance(item_of_value({"type": "recipe", "name": ["ä"]}), Unresolved)
    assert isinstance(item_of_value({"type": "recipe", "name": "a", "version": ["ä"]}), Unresolved)


def test_a_type_that_is_no_string_has_no_symbol():
    with pytest.raises(ArgumentRefused) as refused:
        item_of_value({"type": None, "name": "a"})
    assert refused.value.error_class == "NoMethodError"


def test_a_recipe_and_its_default_recipe_are_two_items():
    items = [parse_item(text) for text in ("x", "recipe[x]", "x::default", "x")]
    assert [str(item) for item in dict.fromkeys(items)] == ["recipe[x]", "recipe[x::default]"]
