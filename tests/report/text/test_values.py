"""Contents and their differences in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inert import obeyed

from forensics.analysis.results import ValueChange
from forensics.chef.objects import Unresolved
from forensics.report.text.values import change_text, value_text

any_text = st.text(st.characters(exclude_categories=()))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.builds(Unresolved, any_text, st.just(1)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (ValueChange("add", "/run_list/3", after="recipe[a]"), "+ run list: recipe[a]"),
        (ValueChange("remove", "/run_list/0", before="role[b]"), "- run list: role[b]"),
        (ValueChange("add", "/env_run_lists/prod/0", after="recipe[a]"), "+ run list in prod: recipe[a]"),
        (ValueChange("replace", "/description", before="", after="x"), '~ description: "" -> "x"'),
        (ValueChange("add", "/default_attributes/a~1b/c~0d", after=1), "+ default_attributes.a/b.c~d: 1"),
        (ValueChange("remove", "/override_attributes/x", before={"y": [1.0]}), '- override_attributes.x: {"y": [1.0]}'),
        (ValueChange("replace", "/x", before=1, after=1.0), "~ x: 1 -> 1.0"),
        (ValueChange("add", "/run_list/0", after=Unresolved("ENV['R']", 4)), "+ run list: \"(line 4: ENV['R'])\""),
        (ValueChange("add", "/x", after="plain"), '+ x: "plain"'),
    ],
)  # fmt: skip
def test_a_change_is_said_in_one_line(change, said):
    assert change_text(change) == said


def test_long_values_are_cut_where_wanted():
    assert len(value_text("x" * 500)) == 70
    assert value_text("x" * 500).endswith("…")
    assert len(value_text("x" * 500, 1000)) == 502


@given(json_values)
def test_a35_values_are_inert_and_on_one_line(value):
    assert not obeyed(value_text(value, 10_000))


@given(st.sampled_from(["add", "remove", "replace"]), any_text, json_values, json_values)
def test_a35_changes_are_inert_and_on_one_line(op, key, before, after):
    for pointer in (f"/{key}", f"/run_list/{key}", f"/env_run_lists/{key}/0", f"/default_attributes/{key}/{key}"):
        assert not obeyed(change_text(ValueChange(op, pointer, before, after)))
