"""Equality of values that may be partly unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.chef.compare import equal_in_ruby, same_content
from forensics.chef.objects import Unresolved

UNKNOWN = Unresolved("x", 1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 2.0, 0.5]) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (1, True), (1.0, True), (0, False), (0, None), ("1", 1), ({}, []), ([1], [1, 1]), ({"a": 1}, {"b": 1})],
)
def test_values_of_other_types_or_shapes_differ(one, other):
    assert same_content(one, other) is False
    assert same_content({"a": [one]}, {"a": [other]}) is False


def test_the_order_of_keys_is_irrelevant_and_that_of_items_counts():
    assert same_content({"a": 1, "b": 2}, {"b": 2, "a": 1}) is True
    assert same_content([1, 2], [2, 1]) is False
    assert same_content(("recipe[a]",), ["recipe[a]"]) is True


def test_an_unknown_part_leaves_it_open():
    assert same_content(UNKNOWN, 1) is None
    assert same_content({"a": UNKNOWN}, {"a": UNKNOWN}) is None
    assert same_content({"a": UNKNOWN}, {"a": Unresolved("y", 1)}) is None


def test_a_part_that_surely_differs_decides():
    assert same_content({"a": UNKNOWN, "b": 1}, {"a": 1, "b": 2}) is False
    assert same_content([UNKNOWN, {"b": [1]}], [UNKNOWN, {"b": []}]) is False
    assert same_content({"a": UNKNOWN}, {"a": UNKNOWN, "b": 1}) is False


def test_a27_no_depth_is_too_deep():
    one, other = [1], [1.0]
    for _ in range(100_000):
        one, other = [one], [other]
    assert same_content(one, other) is False
    assert equal_in_ruby(one, other) is True


def test_ruby_takes_one_and_one_point_nought_for_equal_but_not_true():
    assert equal_in_ruby({"a": 1}, {"a": 1.0}) is True
    assert equal_in_ruby([1], [True]) is False
    assert equal_in_ruby(2**53 + 1, float(2**53)) is False


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        ([1], [1, 1], False),
        ([], {}, False),
        ([], "", False),
        ({"a": UNKNOWN}, {"a": 1}, None),
        ([1, UNKNOWN], [2, 1], False),
        ([UNKNOWN], [UNKNOWN, 1], False),
        (True, True, True),
        (True, 1, False),
        (False, 0.0, False),
        (("recipe[a]",), ["recipe[a]"], True),
    ],
)
def test_rubys_equality_looks_at_shapes_and_leaves_open_what_is_unknown(one, other, verdict):
    assert equal_in_ruby(one, other) is verdict
    assert equal_in_ruby(other, one) is verdict


def typed(value):
    """A form of the value in which Python's == is the typed equality."""
    if isinstance(value, dict):
        return {key: typed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [typed(member) for member in value]
    return (type(value).__name__, value)


@given(VALUES, VALUES)
def test_known_values_compare_as_their_typed_forms(one, other):
    assert same_content(one, other) is (typed(one) == typed(other))
    assert same_content(one, one) is True


def numbers_alike(value):
    """A form of the value in which Python's == is Ruby's: of the numbers, only true and false are of another type."""
    if isinstance(value, dict):
        return {key: numbers_alike(member) for key, member in value.items()}
    if isinstance(value, list):
        return [numbers_alike(member) for member in value]
    return (isinstance(value, bool), value)


@given(VALUES, VALUES)
def test_known_values_are_equal_in_ruby_if_their_forms_are(one, other):
    assert equal_in_ruby(one, other) is (numbers_alike(one) == numbers_alike(other))
    assert equal_in_ruby(one, one) is True
