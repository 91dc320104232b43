"""The semantic difference between two contents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analysis import changes as module
from forensics.analysis.changes import changes
from forensics.analysis.results import ValueChange
from forensics.chef.objects import Unresolved


def run_list_changes(before, after):
    return changes({"run_list": before}, {"run_list": after})


def longest_common_subsequence(one, other):
    """By its definition, without a table."""
    if not one or not other:
        return 0
    if one[0] == other[0]:
        return 1 + longest_common_subsequence(one[1:], other[1:])
    return max(longest_common_subsequence(one[1:], other), longest_common_subsequence(one, other[1:]))


def applied(before, script):
    """Carry out an edit script: removals by the index before, additions by the index after."""
    removed = {int(change.pointer.rpartition("/")[2]) for change in script if change.op == "remove"}
    result = [item for index, item in enumerate(before) if index not in removed]
    for change in script:
        if change.op == "add":
            result.insert(int(change.pointer.rpartition("/")[2]), change.after)
    return result


items = st.lists(st.sampled_from(["recipe[a]", "recipe[b]", "role[c]"]), max_size=7)


@given(items, items)
def test_run_lists_differ_by_a_shortest_script_that_makes_one_the_other(before, after):
    script = run_list_changes(before, after)
    assert applied(before, script) == after
    assert len(script) == len(before) + len(after) - 2 * longest_common_subsequence(before, after)
    for change in script:
        index = int(change.pointer.removeprefix("/run_list/"))
        value, there = (change.before, before) if change.op == "remove" else (change.after, after)
        assert value == there[index]


def test_removals_count_in_the_list_before_and_additions_in_the_list_after():
    assert run_list_changes(["recipe[a]", "recipe[b]", "recipe[c]"], ["recipe[b]", "recipe[d]", "recipe[c]"]) == (
        ValueChange("remove", "/run_list/0", before="recipe[a]"),
        ValueChange("add", "/run_list/1", after="recipe[d]"),
    )


def test_lists_too_long_for_the_table_are_compared_entry_by_entry(monkeypatch):
    monkeypatch.setattr(module, "_LARGEST_TABLE", 3)
    before, after = ["recipe[a]", "recipe[b]", "recipe[c]"], ["recipe[x]", "recipe[b]", "recipe[a]"]
    script = run_list_changes(before, after)
    assert applied(before, script) == after
    assert [(change.op, change.pointer[-1]) for change in script] == [
        ("remove", "0"),
        ("remove", "2"),
        ("add", "0"),
        ("add", "2"),
    ]


def test_run_lists_come_first_and_the_rest_in_its_own_order():
    before = {"name": "a", "description": "x", "run_list": ["recipe[a]"]}
    after = {"name": "a", "description": "y", "run_list": [], "env_run_lists": {"prod": []}}
    assert [change.pointer for change in changes(before, after)] == [
        "/run_list/0",
        "/env_run_lists/prod",
        "/description",
    ]


def test_run_lists_of_environments_are_compared_one_by_one():
    before = {"env_run_lists": {"gone": ["recipe[a]"], "both": ["recipe[a]"]}}
    after = {"env_run_lists": {"both": ["recipe[a]", "recipe[b]"], "new": []}}
    assert changes(before, after) == (
        ValueChange("remove", "/env_run_lists/gone", before=["recipe[a]"]),
        ValueChange("add", "/env_run_lists/both/1", after="recipe[b]"),
        ValueChange("add", "/env_run_lists/new", after=[]),
    )


def test_attributes_differ_key_by_key_and_arrays_as_a_whole():
    before = {"default_attributes": {"same": 1, "gone": 1, "deep": {"x": 1, "list": [1, 2]}}}
    after = {"default_attributes": {"deep": {"list": [1, 2, 3], "x": 2}, "same": 1, "new": None}}
    found = changes(before, after)
    assert set(map(str, found)) == set(
        map(
            str,
            [
                ValueChange("remove", "/default_attributes/gone", before=1),
                ValueChange("add", "/default_attributes/new", after=None),
                ValueChange("replace", "/default_attributes/deep/x", before=1, after=2),
                ValueChange("replace", "/default_attributes/deep/list", before=[1, 2], after=[1, 2, 3]),
            ],
        )
    )


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), (0, False), ("1", 1), (None, False), ({}, [])])
def test_values_of_different_types_differ(one, other):
    assert changes({"a": one}, {"a": other}) == (ValueChange("replace", "/a", before=one, after=other),)


def test_the_order_of_keys_is_no_difference():
    assert changes({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}) == ()


def test_pointers_escape_what_would_end_a_key():
    assert [change.pointer for change in changes({}, {"a/b~c": 1})] == ["/a~1b~0c"]


def test_what_is_unresolved_changes_when_its_source_does():
    one, moved, other = Unresolved("list_of(x)", 1), Unresolved("list_of(x)", 9), Unresolved("list_of(y)", 1)
    assert changes({"a": one}, {"a": moved}) == ()
    assert changes({"a": [1, {"b": one}]}, {"a": [1, {"b": moved}]}) == ()
    assert [change.op for change in changes({"a": one}, {"a": other})] == ["replace"]
    assert [change.op for change in changes({"a": one}, {"a": "list_of(x)"})] == ["replace"]
    assert run_list_changes([one, "recipe[a]"], ["recipe[a]", moved]) != ()
    assert run_list_changes([one, "recipe[a]"], [moved, "recipe[a]"]) == ()
    assert [change.op for change in run_list_changes(one, ["recipe[a]"])] == ["replace"]
