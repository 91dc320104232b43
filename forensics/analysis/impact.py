"""What a content would have changed for the nodes: recipes after full expansion, and who reaches the object."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.live_roles import LiveRoles
from forensics.analysis.results import Reach
from forensics.analysis.run_lists import DEFAULT, NONE, run_lists
from forensics.chef.expansion import Expansion, expand
from forensics.chef.objects import Kind, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from forensics.analysis.nodes import NodeRunList
    from forensics.chef.objects import Body, Value


@dataclass(frozen=True, slots=True)
class RolesAndNodes:
    """What surrounds an object on its server at one moment: every live role by name, and the nodes in the repository.

    ``nodes`` is None where the chef-repo keeps no nodes.
    """

    roles: Mapping[str, Body]
    nodes: tuple[NodeRunList, ...] | None

    def with_role(self, name: str, body: Body) -> RolesAndNodes:
        """The same world with another content of one role."""
        return RolesAndNodes(ChainMap({name: body}, self.roles), self.nodes)  # type: ignore[arg-type]  # only read

    def expand(self, run_list: Sequence[Value] | Unresolved, environment: str) -> Expansion:
        """What a run list expands to here."""
        return expand(run_list, environment, self.roles.get)


def recipe_changes(
    world: RolesAndNodes, name: str, before: Body | None, after: Body | None
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """The recipes that role ``name`` gains and loses when its content changes, by environment.

    ``_default`` is always there; another environment only where a run list of its own changes the answer's basis.
    Unknown entries appear as the source text of what is unresolved.
    """
    item = [f"role[{name}]"]
    added: dict[str, tuple[str, ...]] = {}
    removed: dict[str, tuple[str, ...]] = {}
    pending = [DEFAULT]
    while pending:
        environment = pending.pop(0)
        sides = []
        for body in (before, after):
            surrounding = world if body is None else world.with_role(name, body)
            expansion = surrounding.expand([] if body is None else item, environment)
            sides.append(dict.fromkeys(_text(recipe) for recipe in expansion.recipes_with_versions))
            for role in expansion.roles:
                for other in _environments_of(surrounding.roles.get(role)):
                    if other not in added and other not in pending and other != environment:
                        pending.append(other)
        old, new = sides
        added[environment] = tuple(recipe for recipe in new if recipe not in old)
        removed[environment] = tuple(recipe for recipe in old if recipe not in new)
    order = [DEFAULT, *sorted(key for key in added if key != DEFAULT)]
    return {key: added[key] for key in order}, {key: removed[key] for key in order}


def reach(world: RolesAndNodes, kind: Kind, name: str) -> Reach:
    """The roles, nodes and environments that an object touches through run lists."""
    if kind is Kind.ENVIRONMENT:
        in_it = None if world.nodes is None else [node for node in world.nodes if node.environment == name]
        return _reach((), in_it, (name,))
    if kind is Kind.NODE:
        of_node = tuple(sorted({n.environment for n in world.nodes or () if n.name == name}))
        return Reach((), None if world.nodes is None else (name,), of_node)
    if kind is Kind.DATA_BAG_ITEM:
        # recipes look data bags up in Ruby code: no run list tells who reads an item
        return Reach((), None, ())
    including, environments_of_roles = _including_roles(world, name)
    leading = {name, *including}
    nodes_found: list[NodeRunList] = []
    environments = set(environments_of_roles)
    for node in world.nodes or ():
        # an expansion goes through roles that lead here, or it does not come here
        if not leading.isdisjoint(node.roles) and name in world.expand(node.run_list, node.environment).roles:
            nodes_found.append(node)
            environments.add(node.environment)
    return _reach(sorted(including), None if world.nodes is None else nodes_found, sorted(environments))


def _reach(roles: Iterable[str], nodes: Sequence[NodeRunList] | None, environments: Iterable[str]) -> Reach:
    return Reach(
        tuple(roles),
        None if nodes is None else tuple(node.name for node in nodes if node.named),
        tuple(environments),
        tuple(node.name for node in nodes or () if not node.named),
    )


def _including_roles(world: RolesAndNodes, name: str) -> tuple[set[str], set[str]]:
    """The roles that lead to a role, transitively, and the environments in which only they do."""
    found: set[str] = set()
    environments: set[str] = set()
    pending = [name]
    while pending:
        wanted = pending.pop()
        for role in world.roles.naming(wanted) if isinstance(world.roles, LiveRoles) else world.roles:
            body = world.roles.get(role)
            lists = NONE if body is None else run_lists(Kind.ROLE, body)
            through = {key for key, item in lists.named() if item.type == "role" and item.name == wanted}
            environments |= through - {DEFAULT}
            if through and role not in found and role != name:
                found.add(role)
                pending.append(role)
    return found, environments


def _environments_of(body: Body | None) -> Sequence[str]:
    lists = body.get("env_run_lists") if body is not None else None
    return [key for key in lists if key != DEFAULT] if isinstance(lists, dict) else []


def _text(recipe: str | Unresolved) -> str:
    return f"(unresolved: {recipe.source})" if isinstance(recipe, Unresolved) else recipe
