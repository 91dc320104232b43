"""The run lists of policies."""

from __future__ import annotations

import json

import pytest

from forensics.chef.policy_source import policy_items

RUBY = """\
name "base"
run_list "a", [
  "recipe[b::x]"
]
named_run_list :update, "c@1.2.0"
cookbook "d"
run_list(*EVERYTHING, "e#{1}")
"""
LOCK = {"name": "base", "run_list": ["recipe[a::default]"], "named_run_lists": {"update": ["recipe[c]"]}}


def items(path, text):
    return [(each.where, str(each.item), each.line) for each in policy_items(path, text.encode())]


def test_a_policy_names_recipes_in_its_run_lists():
    assert items("Policyfile.rb", RUBY) == [
        ("run_list", "recipe[a]", 2),
        ("run_list", "recipe[b::x]", 3),
        ("named_run_list :update", "recipe[c@1.2.0]", 5),
    ]


def test_the_lock_of_a_policy():
    assert items("Policyfile.lock.json", json.dumps(LOCK, indent=1)) == [
        ("run_list", "recipe[a::default]", 4),
        ("named_run_lists.update", "recipe[c]", 8),
    ]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"run_list": 1}', '{"run_list": [1, null], "named_run_lists": []}'])
def test_what_is_no_lock(text):
    assert items("Policyfile.lock.json", text) == []
