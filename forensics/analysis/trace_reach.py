"""Which roles and nodes lead to a role at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.run_lists import DEFAULT
from forensics.analysis.trace_occurrences import environments_of, including_roles, roles_leading_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.trace_occurrences import ObjectContent


@dataclass(frozen=True, slots=True)
class Reached:
    """What one source is to the roles and nodes of one moment."""

    items: tuple[str, ...]
    roles: frozenset[str]
    nodes: frozenset[str]
    environments: frozenset[str]


class Surroundings:
    """The live roles and the nodes of one moment."""

    def __init__(self, roles: Sequence[ObjectContent], nodes: Mapping[str, ObjectContent]) -> None:
        usual = including_roles(roles, DEFAULT)
        special = {key for role in roles for key in role.lists.by_environment} - {DEFAULT}
        self._included_by = {
            environment: including_roles(roles, environment) if environment in special else usual
            for environment in environments_of([*roles, *nodes.values()])
        }
        self._has_nodes = bool(nodes)
        self._nodes_of: dict[tuple[str, str], list[str]] = {}
        for name, node in nodes.items():
            for _, item in node.lists.named():
                if item.type == "role" and node.lists.environment is not None:
                    self._nodes_of.setdefault((node.lists.environment, item.name), []).append(name)

    def reach(self, source: ObjectContent, keys: set[str] | None, items: tuple[str, ...]) -> Reached:
        """Who leads to a role whose lists under ``keys`` carry the subject (None: its attributes do, everywhere)."""
        roles: set[str] = set()
        nodes: set[str] = set()
        environments: set[str] = set()
        leading: dict[int, set[str]] = {}
        for environment, included_by in self._included_by.items():
            if keys is not None and source.lists.within(environment)[0] not in keys:
                continue
            through = leading.get(id(included_by)) or roles_leading_to(source.name, included_by)
            leading[id(included_by)] = through
            roles |= through
            inside = {node for role in through for node in self._nodes_of.get((environment, role), ())}
            nodes |= inside
            if inside or not self._has_nodes:
                environments.add(environment)
        return Reached(items, frozenset(roles - {source.name}), frozenset(nodes), frozenset(environments))
