"""What a content would have changed for the nodes."""

from __future__ import annotations

import pytest
from building import examine, role

from forensics.analysis.impact import RolesAndNodes, reach, recipe_changes
from forensics.analysis.nodes import NodeRunList
from forensics.analysis.results import Reach
from forensics.chef.objects import Kind, Unresolved


def body(*run_list, **env_run_lists):
    return {"run_list": list(run_list), "env_run_lists": env_run_lists}


def test_recipes_are_gained_and_lost_after_full_expansion():
    world = RolesAndNodes({"users": body("recipe[login]"), "base": body()}, None)
    before = body("recipe[ntp]", "recipe[sudo]")
    after = body("recipe[ntp]", "role[users]")
    added, removed = recipe_changes(world, "base", before, after)
    assert (added, removed) == ({"_default": ("login",)}, {"_default": ("sudo",)})


def test_without_a_content_before_every_recipe_is_gained():
    added, removed = recipe_changes(RolesAndNodes({}, None), "base", None, body("recipe[a]", "recipe[b@1.0]"))
    assert (added, removed) == ({"_default": ("a", "b@1.0")}, {"_default": ()})


def test_the_changed_role_counts_wherever_the_expansion_meets_it():
    # web leads back to base: the content in question is expanded there too, and a cycle ends
    world = RolesAndNodes({"web": body("role[base]", "recipe[web]"), "base": body("recipe[live]")}, None)
    added, removed = recipe_changes(world, "base", body("role[web]"), body("role[web]", "recipe[new]"))
    assert (added, removed) == ({"_default": ("new",)}, {"_default": ()})


def test_environments_with_run_lists_of_their_own_are_answered_beside_default():
    before = body("recipe[a]", prod=["recipe[a]", "recipe[p]"])
    after = body("recipe[a]")
    added, removed = recipe_changes(RolesAndNodes({}, None), "base", before, after)
    assert added == {"_default": (), "prod": ()}
    assert removed == {"_default": (), "prod": ("p",)}


def test_an_environment_of_a_role_below_counts_too_and_they_are_sorted():
    world = RolesAndNodes({"users": body("recipe[u]", qa=["recipe[q]"], dev=[])}, None)
    added, _ = recipe_changes(world, "base", body(), body("role[users]"))
    assert added == {"_default": ("u",), "dev": (), "qa": ("q",)}
    assert list(added) == ["_default", "dev", "qa"]


def test_an_unresolved_entry_appears_as_its_source():
    added, _ = recipe_changes(RolesAndNodes({}, None), "base", body(), body(Unresolved("ENV['x']", 3)))
    assert added["_default"] == ("(unresolved: ENV['x'])",)


ROLES = {
    "base": body("recipe[ntp]"),
    "web": body("role[base]"),
    "shop": body("role[web]"),
    "prod-only": body("recipe[x]", prod=["role[base]"]),
    "other": body("recipe[base]"),
}
NODES = (
    NodeRunList("direct", "_default", ["role[base]"]),
    NodeRunList("nested", "qa", ["role[shop]"]),
    NodeRunList("prod1", "prod", ["role[prod-only]"]),
    NodeRunList("unaffected", "qa2", ["role[prod-only]", "role[other]"]),
)


def test_reach_goes_through_nested_roles_and_each_nodes_own_environment():
    found = reach(RolesAndNodes(ROLES, NODES), Kind.ROLE, "base")
    assert found == Reach(("prod-only", "shop", "web"), ("direct", "nested", "prod1"), ("_default", "prod", "qa"))


def test_without_nodes_in_the_repository_nobody_knows_which_nodes():
    assert reach(RolesAndNodes(ROLES, None), Kind.ROLE, "base").nodes is None
    assert reach(RolesAndNodes(ROLES, ()), Kind.ROLE, "base").nodes == ()


def test_a_role_that_leads_to_itself_is_not_in_its_own_reach():
    assert reach(
        RolesAndNodes({"a": body("role[a]", "role[b]"), "b": body("role[a]")}, None), Kind.ROLE, "a"
    ).roles == ("b",)


def test_an_environment_reaches_the_nodes_in_it():
    found = reach(RolesAndNodes({}, NODES), Kind.ENVIRONMENT, "prod")
    assert found == Reach((), ("prod1",), ("prod",))


def test_a_node_reaches_itself_and_a_data_bag_item_nobody_knows_whom():
    assert reach(RolesAndNodes({}, NODES), Kind.NODE, "nested") == Reach((), ("nested",), ("qa",))
    assert reach(RolesAndNodes({}, NODES), Kind.DATA_BAG_ITEM, "alice") == Reach((), None, ())


@pytest.mark.parametrize(("near", "names"), [("a/roles", ("one", "two")), ("b/roles", None)])
def test_the_nodes_are_those_of_the_same_chef_repo(tmp_path, near, names):
    tree = {
        "a/roles/r.json": role("r"),
        "b/roles/r.json": role("r"),
        "a/nodes/2.json": '{"name": "two", "chef_environment": "qa", "run_list": ["role[r]"]}',
        "a/nodes/1.json": '{"name": "one"}',
        "a/nodes/broken.json": "{",
        "c/nodes/3.json": '{"name": "three"}',
    }
    examination, _ = examine(tmp_path, tree)
    history = examination.history
    target = next(each for each in examination.targets if each.label.path == near)
    found = examination.nodes.run_lists(history.state(0), target)
    assert (None if found is None else tuple(node.name for node in found)) == names
    if found:
        assert [(node.environment, list(node.run_list)) for node in found] == [("_default", []), ("qa", ["role[r]"])]


def test_an_environment_in_which_only_a_role_leads_here_is_reached_without_any_node():
    assert reach(RolesAndNodes(ROLES, None), Kind.ROLE, "base").environments == ("prod",)
