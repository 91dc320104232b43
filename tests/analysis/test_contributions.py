"""Whoever gave an attribute its value is named, and so is everybody who tried."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forensics.analysis.contributions import ABSENT, Layer, explain, merged, readings, value_at
from forensics.chef.attributes import LEVELS
from forensics.chef.objects import Unresolved

UNKNOWN = Unresolved("ENV['NTP']", 4)
BASE = Layer("role_default", "role[base]", {"ntp": {"servers": ["a"], "port": 1}, "motd": "base"})
WEB = Layer("role_default", "role[web]", {"ntp": {"servers": ["a", "b"]}, "motd": "web"})
PROD = Layer("env_default", "environment[prod]", {"ntp": {"servers": ["p"]}, "motd": "prod"})
NODE = Layer("normal", "node[n]", {"ntp": {"port": 7}})


def verdicts(layers, *path, **options):
    return {each.layer.source: each.wins for each in explain(layers, path, **options).contributions}


def test_the_strongest_wins_and_the_others_are_named_too():
    found = explain([BASE, WEB, PROD], ("motd",))
    assert found.value == "web"
    assert [(each.layer.source, each.value, each.wins) for each in found.contributions] == [
        ("environment[prod]", "prod", False),
        ("role[base]", "base", False),
        ("role[web]", "web", True),
    ]


def test_united_arrays_name_everybody_even_who_only_repeats():
    assert explain([BASE, WEB, PROD], ("ntp", "servers")).value == ["p", "a", "b"]
    assert verdicts([BASE, WEB, PROD], "ntp", "servers") == {
        "environment[prod]": True,
        "role[base]": True,
        "role[web]": True,
    }


def test_an_array_of_a_stronger_group_of_levels_replaces():
    override = Layer("env_override", "environment[prod]", {"ntp": {"servers": ["o"]}})
    assert verdicts([BASE, WEB, override], "ntp", "servers") == {
        "role[base]": False,
        "role[web]": False,
        "environment[prod]": True,
    }


def test_who_gives_a_part_of_a_hash_counts_and_who_gives_none_of_it_does_not():
    assert verdicts([BASE, NODE], "ntp") == {"role[base]": True, "node[n]": True}
    assert verdicts([BASE, NODE], "ntp", "port") == {"role[base]": False, "node[n]": True}
    only_port = Layer("env_default", "environment[prod]", {"ntp": {"port": 3}})
    assert verdicts([BASE, only_port, NODE], "ntp")["environment[prod]"] is False


def test_a_plain_value_further_up_that_takes_the_place_is_told():
    off = Layer("override", "node[n]", {"ntp": "off"})
    found = explain([BASE, off], ("ntp", "port"))
    assert found.value is ABSENT
    assert [(each.path, each.value, each.wins) for each in found.contributions] == [
        (("ntp", "port"), 1, False),
        (("ntp",), "off", True),
    ]


@pytest.mark.parametrize(("chef", "wins"), [("18", True), ("12", False)])
def test_a_nil_that_an_older_client_passes_over_does_not_win(chef, wins):
    nil = Layer("role_default", "role[nil]", {"motd": None})
    assert verdicts([BASE, nil], "motd", chef=chef) == {"role[base]": not wins, "role[nil]": wins}


def test_an_unresolved_value_leaves_the_others_open():
    unknown = Layer("role_default", "role[x]", {"ntp": {"servers": UNKNOWN}})
    found = explain([unknown, WEB], ("ntp", "servers"))
    assert found.value == UNKNOWN
    assert [each.wins for each in found.contributions] == [True, None]
    text = Layer("override", "node[n]", {"ntp": {"servers": "none"}})
    assert verdicts([unknown, WEB, text], "ntp", "servers") == {"role[x]": False, "role[web]": False, "node[n]": True}


def test_what_nobody_gives_has_no_contributions():
    assert explain([BASE], ("nosuch",)).contributions == ()


def test_dots_inside_keys_are_understood():
    layers = [Layer("normal", "node[n]", {"sysctl": {"net.core.somaxconn": 1, "net": {"core": 2}}, "a.b": 3})]
    assert readings("sysctl.net.core.somaxconn", layers) == (("sysctl", "net.core.somaxconn"),)
    assert readings("a.b", layers) == (("a.b",),)
    assert readings("no.such", layers) == (("no", "such"),)
    both = [Layer("normal", "node[n]", {"a": {"b": 1}, "a.b": 2})]
    assert readings("a.b", both) == (("a", "b"), ("a.b",))


def test_of_those_who_say_the_same_the_last_wins():
    ones = [Layer(level, level, {"motd": None}) for level in ("role_default", "role_override", "automatic")]
    assert verdicts(ones, "motd") == {"role_default": False, "role_override": False, "automatic": True}


PLAIN = some.sampled_from([1, 2, "x", None, False, True, 1.0])
ARRAYS = some.lists(PLAIN, max_size=3)
HASHES = some.dictionaries(some.sampled_from("ab"), PLAIN | ARRAYS, max_size=2)
LAYERS = some.lists(
    some.tuples(some.sampled_from(LEVELS), some.dictionaries(some.sampled_from("ab"), PLAIN | ARRAYS | HASHES)),
    min_size=1,
    max_size=6,
)


@given(LAYERS, some.sampled_from([("a",), ("a", "b")]), some.sampled_from(["18", "12"]))
def test_the_winners_together_say_what_stands_and_a_plain_value_has_one(drawn, path, chef):
    layers = [Layer(level, f"layer {number}", attributes) for number, (level, attributes) in enumerate(drawn)]
    found = explain(layers, path, chef=chef)
    whole = value_at(merged(sorted(layers, key=lambda layer: LEVELS.index(layer.level)), chef), path)
    assert found.value is ABSENT if whole is ABSENT else text(found.value) == text(whole)
    said = [each.value for each in found.contributions if each.wins and each.path == path]
    if isinstance(whole, list):
        assert {text(member) for value in said for member in value} == {text(member) for member in whole}
    elif isinstance(whole, dict):
        assert said or not whole
    elif whole is not ABSENT:
        assert [text(value) for value in said] == [text(whole)]


def text(value):
    return json.dumps(value)
