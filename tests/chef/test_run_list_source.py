"""Run lists of JSON files."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Unresolved
from forensics.chef.refusals import Refused
from forensics.chef.run_list_source import kept_once, run_list_of_value

UNKNOWN = Unresolved("x", 1)


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (None, ()),
        ([], ()),
        ("a", ("recipe[a]",)),
        (["a", "recipe[a]", "a"], ("recipe[a]", "recipe[a]", "recipe[a]")),
        ([{"type": "role", "name": "web"}], ("role[web]",)),
        ({}, ()),
    ],
)
def test_a_run_list_is_what_rubys_array_makes_of_the_value(value, items):
    assert run_list_of_value(value) == items


@pytest.mark.parametrize("value", [5, False, [None], [["a"]], {"type": "role", "name": "web"}])
def test_a_member_that_is_no_item_is_refused(value):
    with pytest.raises(Refused) as refused:
        run_list_of_value(value)
    assert refused.value.error_class == "ArgumentError"


def test_a_type_that_is_no_valid_text_is_no_symbol():
    with pytest.raises(Refused) as refused:
        run_list_of_value([{"type": "\udcff", "name": "a"}])
    assert refused.value.error_class == "EncodingError"


def test_items_are_kept_once_unless_an_unknown_one_may_be_any_of_them():
    assert kept_once(["a", "b", "a"]) == ("a", "b")
    assert kept_once([UNKNOWN]) == (UNKNOWN,)
    assert kept_once(["a", UNKNOWN]) == UNKNOWN
