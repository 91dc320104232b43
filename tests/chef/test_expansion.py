"""Run lists expand as they do in real Chef."""

from __future__ import annotations

import json

from support import json_lines, vectors

from forensics.chef.attributes import node_merged
from forensics.chef.expansion import expand
from forensics.chef.objects import Problem, Unresolved

UNKNOWN = Unresolved("list_of(ENV)", 7)


def expand_with(roles, run_list, environment="_default", **options):
    return expand(run_list, environment, roles.get, **options)


def fully_qualified(expansion):
    """As a node's expanded_run_list has them."""
    names = {recipe: recipe if "::" in recipe else f"{recipe}::default" for recipe in expansion.recipes}
    versions = expansion.versions
    return tuple(f"{name}@{versions[recipe]}" if recipe in versions else name for recipe, name in names.items())


def complete(expansion):
    return expansion.error is None and not any(isinstance(recipe, Unresolved) for recipe in expansion.recipes)


def computed(case, chef):
    environment = case["environment"]
    expansion = expand(case["run_list"], environment, case["roles"].get, attributes=True, chef=chef)
    if expansion.error is not None:
        return {"error": {"class": expansion.error.error_class}}
    result = {
        "recipes": expansion.recipes,
        "recipes_fq": fully_qualified(expansion),
        "recipes_versions": expansion.recipes_with_versions,
        "roles": expansion.roles,
        "missing_roles": expansion.missing_roles,
        "default_attributes": expansion.default_attributes,
        "override_attributes": expansion.override_attributes,
        "error": None,
    }
    if "node_merged" in case["expect"]:
        levels = dict(case.get("node") or {})
        of_environment = (case.get("environments") or {}).get(environment, {})
        levels["env_default"] = of_environment.get("default_attributes", {})
        levels["env_override"] = of_environment.get("override_attributes", {})
        levels["role_default"] = expansion.default_attributes
        levels["role_override"] = expansion.override_attributes
        result["node_merged"] = node_merged(levels, chef=chef)
    return result


def text(value):
    """JSON tells 1, 1.0 and true apart; the order of keys is compared as well."""
    return json.dumps(value)


def test_every_recorded_expansion_is_reproduced_for_every_version():
    compared, failures = 0, []
    for path in sorted((vectors() / "expand").glob("*.jsonl")):
        for case in json_lines(path):
            expected_by_version = {"18.11.21": case["expect"], **case.get("expect_by_version", {})}
            for chef in ("12.22.6", "16.18.43", "18.11.21"):
                expected = expected_by_version.get(chef, case["expect"])
                compared += 1
                result = computed(case, chef)
                if text(result) != text(expected):
                    failures.append(f"{case['id']} ({chef}): {text(result)} instead of {text(expected)}")
    assert not failures, f"{len(failures)} of {compared}\n" + "\n".join(failures[:20])
    assert compared > 600


def test_an_unresolved_item_is_carried_and_the_expansion_is_not_complete():
    expansion = expand_with({"web": {"name": "web", "run_list": ["recipe[a]", UNKNOWN, "recipe[b]"]}}, ["role[web]"])
    assert expansion.recipes == ("a", UNKNOWN, "b")
    assert not complete(expansion)


def test_attributes_are_unresolved_if_a_run_list_might_name_another_role():
    role = {"name": "web", "run_list": UNKNOWN, "default_attributes": {"a": 1}}
    assert expand_with({"web": role}, ["role[web]"], attributes=True).default_attributes == UNKNOWN


def test_attributes_are_left_out_unless_asked_for():
    expansion = expand_with({"web": {"name": "web", "default_attributes": {"a": 1}}}, ["role[web]"])
    assert (expansion.default_attributes, expansion.override_attributes) == (None, None)
    assert complete(expansion)


def test_unresolved_environment_run_lists_leave_the_default_environment_known():
    role = {"name": "web", "run_list": ["recipe[a]"], "env_run_lists": UNKNOWN}
    assert expand_with({"web": role}, ["role[web]"]).recipes == ("a",)
    assert expand_with({"web": role}, ["role[web]"], "prod").recipes == (UNKNOWN,)


def test_environment_run_lists_of_another_type_are_none_if_false_and_an_error_if_not():
    def role(run_lists):
        return {"web": {"name": "web", "run_list": ["recipe[a]"], "env_run_lists": run_lists}}

    assert expand_with(role(run_lists=False), ["role[web]"], "prod").recipes == ("a",)
    assert expand_with(role(run_lists=[]), ["role[web]"]).error.error_class == "TypeError"
    assert expand_with(role(run_lists=True), ["role[web]"]).error.error_class == "TypeError"


def test_a_subtraction_that_chef_11_refuses_stops_the_expansion():
    roles = {name: {"name": name, "default_attributes": {"v": ["!merge:a"]}} for name in ("web", "db")}
    expansion = expand_with(roles, ["role[web]", "role[db]"], attributes=True, chef="11.16.4")
    assert expansion.error.error_class == "Chef::Mixin::DeepMerge::InvalidSubtractiveMerge"
    assert expand_with(roles, ["role[web]", "role[db]"], attributes=True, chef="12").error is None


def test_what_was_gathered_before_an_error_is_kept():
    expansion = expand_with({}, ["recipe[a@1.0]", "recipe[b]", "recipe[a@2.0]"])
    assert expansion.recipes == ("a", "b")
    assert expansion.error.error_class == "Chef::Exceptions::CookbookVersionConflict"
    assert not complete(expansion)


def test_versions_are_numbers_of_any_size_in_ascii_digits():
    long = "9" * 5000
    assert expand_with({}, [f"a@{long}.1", f"a@0{long}.1.0"]).error is None
    other = expand_with({}, [f"a@{long}.1", f"a@{long}.2"])
    assert other.error.error_class == "Chef::Exceptions::CookbookVersionConflict"
    foreign = {"type": "recipe", "name": "a", "version": "\u0661.0"}
    refused = expand_with({}, ["a@1.0", foreign])
    assert refused.error.error_class == "Chef::Exceptions::InvalidCookbookVersion"


def test_a_whole_run_list_is_read_before_any_of_it_is_expanded():
    expansion = expand_with({}, ["recipe[a]", "recipe[b"])
    assert expansion.recipes == ()
    assert expansion.error.error_class == "ArgumentError"


def test_a_name_that_knife_accepts_bare_cannot_be_read_back():
    # knife keeps "x@1" as a recipe of that name and sends "recipe[x@1]", which Chef then refuses.
    expansion = expand_with({"web": {"name": "web", "run_list": ["recipe[x@1]"]}}, ["role[web]"])
    assert expansion.error.error_class == "ArgumentError"


def test_a_role_that_does_not_load_stops_the_expansion():
    problem = Problem("name-invalid", "bad name", "Chef::Exceptions::ValidationFailed")
    expansion = expand(["role[dot.ted]"], "_default", lambda _: problem)
    assert expansion.error.error_class == "Chef::Exceptions::ValidationFailed"


def test_a_chain_of_roles_longer_than_the_stack_expands():
    roles = {f"r{depth}": {"run_list": [f"role[r{depth + 1}]"]} for depth in range(5000)}
    roles["r5000"] = {"run_list": ["recipe[end]"]}
    assert expand_with(roles, ["role[r0]"]).recipes == ("end",)


def test_completed_roles_stand_in_the_order_in_which_their_attributes_are_merged():
    roles = {"p": {"run_list": ["role[c]", "role[gone]", "role[p]"]}, "c": {"run_list": ["recipe[a]"]}}
    assert expand(["role[p]"], "_default", roles.get).completed == ("c", "p")
