"""Attributes merge as Chef merges them, of the version asked for."""

from __future__ import annotations

import pytest

from forensics.chef.attributes import LEVELS, SubtractiveMergeRefused, merge, node_merged
from forensics.chef.objects import Unresolved

UNKNOWN = Unresolved("Time.now.to_s", 3)


def test_hashes_merge_by_key_arrays_unite_and_the_rest_is_replaced():
    first = {"a": {"b": 1, "c": 2}, "list": [1, 2], "text": "old", "shape": {"x": 1}}
    second = {"a": {"c": 3}, "list": [2, 3], "text": "new", "shape": ["y"]}
    assert merge(first, second) == {"a": {"b": 1, "c": 3}, "list": [1, 2, 3], "text": "new", "shape": ["y"]}


def test_a_key_keeps_its_first_place():
    assert list(merge({"z": 1, "y": 1}, {"a": 1, "y": 2})) == ["z", "y", "a"]


def test_nothing_that_is_merged_is_altered():
    first, second = {"a": {"b": [1]}}, {"a": {"b": [2], "c": {}}}
    merge(first, second)
    assert (first, second) == ({"a": {"b": [1]}}, {"a": {"b": [2], "c": {}}})


def test_a_union_tells_one_from_one_point_zero_and_true():
    merged = merge({"v": [1, 1]}, {"v": [1.0, True, {"a": 1}, {"a": 1.0}, {"a": 1}]})["v"]
    assert [repr(member) for member in merged] == ["1", "1.0", "True", "{'a': 1}", "{'a': 1.0}"]


def test_an_array_on_one_side_alone_keeps_its_duplicates():
    assert merge({"v": [1, 1]}, {"w": [2, 2]}) == {"v": [1, 1], "w": [2, 2]}


@pytest.mark.parametrize(("chef", "value"), [("18", None), ("16", None), ("16.5", None), ("16.4", 1), ("12", 1)])
def test_a_later_nil_replaces_since_16_5(chef, value):
    assert merge({"v": 1}, {"v": None}, chef=chef) == {"v": value}


def test_false_gave_way_to_nil_even_before_16_5():
    assert merge({"v": False}, {"v": None}, chef="12") == {"v": None}
    assert node_merged({"default": {"v": False}, "role_default": {"v": None}}, chef="12") == {"v": False}
    assert node_merged({"default": {"v": False}, "role_default": {"v": None}}, chef="11") == {"v": None}


def test_chef_11_refuses_subtractive_merges():
    with pytest.raises(SubtractiveMergeRefused):
        merge({"v": ["a"]}, {"v": ["!merge:a"]}, chef="11.16.4")
    assert merge({"v": ["a"]}, {"v": ["!merge:a"]}, chef="12") == {"v": ["a", "!merge:a"]}


def test_each_level_beats_the_weaker_ones():
    for strength, level in enumerate(LEVELS):
        assert node_merged({weaker: {"v": weaker} for weaker in LEVELS[: strength + 1]}) == {"v": level}


def test_arrays_unite_within_a_group_of_levels_and_replace_across():
    assert node_merged({"default": {"v": [1]}, "role_default": {"v": [2]}}) == {"v": [1, 2]}
    assert node_merged({"default": {"v": [1]}, "override": {"v": [2]}}) == {"v": [2]}


def test_unresolved_stays_where_it_decides_and_nowhere_else():
    assert merge({"v": {"a": 1}, "w": 1}, {"v": UNKNOWN}) == {"v": UNKNOWN, "w": 1}
    assert merge({"v": UNKNOWN}, {"v": {"a": 1}}) == {"v": UNKNOWN}
    assert merge({"v": UNKNOWN}, {"v": "known"}) == {"v": "known"}
    assert merge({"v": UNKNOWN}, {"v": None}, chef="12") == {"v": UNKNOWN}
    assert merge({"v": UNKNOWN}, {"v": "known"}, chef="12") == {"v": "known"}
    assert merge({"v": {"name": UNKNOWN}}, {"v": {"port": 1}}) == {"v": {"name": UNKNOWN, "port": 1}}


def test_a_union_is_unresolved_only_if_a_member_might_repeat_another():
    assert merge({"v": [1]}, {"v": [UNKNOWN]}) == {"v": UNKNOWN}
    assert merge({"v": [{"id": 1, "at": UNKNOWN}]}, {"v": [{"id": 2, "at": 5}]}) == {
        "v": [{"id": 1, "at": UNKNOWN}, {"id": 2, "at": 5}]
    }
    assert merge({"v": []}, {"v": [UNKNOWN]}) == {"v": [UNKNOWN]}
    assert merge({"v": [UNKNOWN]}, {"v": [1]}) == {"v": UNKNOWN}
    assert merge({"v": [[1]]}, {"v": [[1, UNKNOWN], [2]]}) == {"v": [[1], [1, UNKNOWN], [2]]}
