"""Whatever the attributes, they merge as the obvious recursion does, and an unknown part never makes them wrong."""

from __future__ import annotations

import naive_merge
from hypothesis import given
from hypothesis import strategies as st
from naive_merge import KnockoutRefusedError, written
from trying import examples

from forensics.chef.attributes import LEVELS, SubtractiveMergeRefused, merge, node_merged
from forensics.chef.objects import Unresolved

UNKNOWN = Unresolved("node_count", 3)
VERSIONS = ("11", "12", "16.4", "16", "18")
WORDS = st.sampled_from(["", "x", "y"])
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, -0.0, 1.0, 2.5]) | WORDS


def values(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    )


def hashes(leaves=LEAVES):
    return st.dictionaries(st.sampled_from("abc"), values(leaves), max_size=3)


def outcome(refusal, merging, *operands, **options):
    try:
        return written(merging(*operands, **options))
    except refusal:
        return "refused"


def hidden(value, random):
    """The value with some parts unknown."""
    if random.random() < 0.15:
        return UNKNOWN
    if isinstance(value, dict):
        return {key: hidden(member, random) for key, member in value.items()}
    if isinstance(value, list):
        return [hidden(member, random) for member in value]
    return value


def may_be(partly_unknown, value):
    """Whether the known parts are those of the value."""
    if isinstance(partly_unknown, Unresolved):
        return True
    if isinstance(partly_unknown, dict) and isinstance(value, dict):
        return list(partly_unknown) == list(value) and all(may_be(partly_unknown[key], value[key]) for key in value)
    if isinstance(partly_unknown, list) and isinstance(value, list):
        return len(partly_unknown) == len(value) and all(map(may_be, partly_unknown, value))
    return type(partly_unknown) is type(value) and partly_unknown == value


@examples(125)
@given(hashes(), hashes(), st.sampled_from(VERSIONS))
def test_two_roles_merge_as_the_obvious_recursion_does(first, second, chef):
    before = written([first, second])
    assert written(merge(first, second, chef=chef)) == written(naive_merge.merge_roles(first, second, chef))
    assert written([first, second]) == before


@examples(50)
@given(*(hashes(WORDS | st.just("!merge:x") | st.none() | st.booleans()) for _ in range(2)))
def test_chef_11_refuses_a_subtraction_just_where_the_obvious_recursion_meets_one(first, second):
    expected = outcome(KnockoutRefusedError, naive_merge.merge_roles, first, second, "11")
    assert outcome(SubtractiveMergeRefused, merge, first, second, chef="11.16.4") == expected


@examples(125)
@given(st.dictionaries(st.sampled_from(LEVELS), hashes(), max_size=6), st.sampled_from(VERSIONS))
def test_the_whole_ladder_of_precedence_is_the_obvious_one(levels, chef):
    before = written(levels)
    assert written(node_merged(levels, chef=chef)) == written(naive_merge.merge_node(levels, chef))
    assert written(levels) == before


@examples(125)
@given(hashes(), hashes(), st.randoms(use_true_random=False), st.sampled_from(VERSIONS))
def test_what_unknown_parts_leave_known_is_what_chef_gives_whatever_they_are(first, second, random, chef):
    partly_unknown = merge(hidden(first, random), hidden(second, random), chef=chef)
    assert may_be(partly_unknown, merge(first, second, chef=chef))


@examples(75)
@given(
    st.dictionaries(st.sampled_from(LEVELS), hashes(), max_size=5),
    st.randoms(use_true_random=False),
    st.sampled_from(VERSIONS),
)
def test_a_ladder_with_unknown_parts_is_never_wrong(levels, random, chef):
    partly_unknown = {level: hidden(attributes, random) for level, attributes in levels.items()}
    assert may_be(node_merged(partly_unknown, chef=chef), node_merged(levels, chef=chef))
