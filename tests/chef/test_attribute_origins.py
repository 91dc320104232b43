"""An attribute's value is traced to the layers that gave it."""

from __future__ import annotations

from forensics.chef.attribute_origins import Layer, origins
from forensics.chef.expansion import expand
from forensics.chef.objects import Unresolved


def sources(layers, path, **options):
    return [layer.source for layer in origins(layers, path, **options)]


BASE = Layer("role_default", "role[base]", {"ntp": {"servers": ["a"], "port": 1}, "motd": "base"})
WEB = Layer("role_default", "role[web]", {"ntp": {"servers": ["b"]}, "motd": "web"})
PROD = Layer("env_override", "environment[prod]", {"motd": "prod", "ntp": {"port": 2}})


def test_the_last_and_strongest_layer_gave_what_is_replaced():
    assert sources([BASE, WEB], ["motd"]) == ["role[web]"]
    assert sources([WEB, BASE], ["motd"]) == ["role[base]"]
    assert sources([PROD, BASE, WEB], ["motd"]) == ["environment[prod]"]


def test_what_is_united_or_merged_has_several():
    assert sources([BASE, WEB], ["ntp", "servers"]) == ["role[base]", "role[web]"]
    assert sources([BASE, WEB, PROD], ["ntp"]) == ["role[base]", "role[web]", "environment[prod]"]
    assert sources([BASE, WEB, PROD], ["ntp", "port"]) == ["environment[prod]"]


def test_an_array_of_another_group_of_levels_replaces():
    override = Layer("override", "node", {"ntp": {"servers": ["c"]}})
    assert sources([BASE, WEB, override], ["ntp", "servers"]) == ["node"]


def test_a_later_nil_gives_nothing_before_16_5():
    layers = [BASE, Layer("role_default", "role[nil]", {"motd": None})]
    assert sources(layers, ["motd"]) == ["role[nil]"]
    assert sources(layers, ["motd"], chef="12") == ["role[base]"]


def test_what_is_not_there_nobody_gave():
    assert sources([BASE], ["nosuch"]) == []
    assert sources([BASE, Layer("override", "node", {"ntp": "off"})], ["ntp", "port"]) == []


def test_below_an_unresolved_value_its_layer_is_named():
    unknown = Layer("role_default", "role[x]", {"ntp": Unresolved("node", 3)})
    assert sources([unknown], ["ntp", "servers"]) == ["role[x]"]


def test_an_expansion_names_its_roles_in_the_order_in_which_they_are_merged():
    roles = {
        "p": {"run_list": ["role[c]", "role[gone]", "role[p]"]},
        "c": {"run_list": ["recipe[a]"]},
    }
    assert expand(["role[p]"], "_default", roles.get).completed == ("c", "p")
