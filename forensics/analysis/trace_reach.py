"""Which roles and nodes lead to a role at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.analysis.run_lists import DEFAULT
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.trace_occurrences import ObjectContent, Occurrence


Shape: TypeAlias = "frozenset[frozenset[tuple[str, str | None]]]"
"""What of the contents that an object may hold decides over ways between roles: environments and roles in lists."""


def shape_of(contents: Iterable[ObjectContent]) -> Shape:
    """The shape of what an object may hold; empty if no way leads through it."""
    shapes = (
        frozenset(
            [
                *((key, None) for key in content.lists.by_environment if key != DEFAULT),
                *((key, item.name) for key, item in content.lists.named() if item.type == "role"),
            ]
        )
        for content in contents
    )
    return frozenset(shape for shape in shapes if shape)


_IncludedBy: TypeAlias = "dict[str, list[str]]"
NO_SHAPE: Final[Shape] = frozenset()


def differing_ways(before: Shape, after: Shape, known: set[str] | None) -> set[str] | None:
    """Those known, and the roles to which ways begin or end where a shape takes another's place; None: perhaps all."""
    pairs = frozenset[tuple[str, str | None]]().union(*(before ^ after))
    if known is None or any(key != DEFAULT for key, _ in pairs):
        return None
    if len(before) <= 1 and len(after) <= 1:  # what both name stays as it was
        pairs = frozenset().union(*before) ^ frozenset().union(*after)
    return known.union(role for _, role in pairs if role is not None)


def roles_below(roles: Iterable[str], shapes: Mapping[str, Shape]) -> set[str]:
    """These roles and those that they lead to, through lists of any environment."""
    found = set(roles)
    pending = list(found)
    while pending:
        for content in shapes.get(pending.pop(), ()):
            for _, role in content:
                if role is not None and role not in found:
                    found.add(role)
                    pending.append(role)
    return found


_LISTS = frozenset({"run_list", "env_run_lists"})


@dataclass(frozen=True, slots=True)
class Reached:
    """What one source is to the roles and nodes of one moment."""

    items: tuple[str, ...]
    roles: frozenset[str]
    nodes: frozenset[str]
    environments: frozenset[str]


class RoleWays:
    """The live roles and the nodes of one moment."""

    def __init__(self, shapes: Mapping[str, Shape], nodes: Mapping[str, ObjectContent]) -> None:
        ways = [(name, content) for name, shape in shapes.items() for content in shape]
        special = {key for _, content in ways for key, _ in content} - {DEFAULT}
        in_use = {node.lists.environment for node in nodes.values() if node.lists.environment is not None}
        usual = _included_by(ways, DEFAULT)
        self._included_by = {
            environment: _included_by(ways, environment) if environment in special else usual
            for environment in sorted(special | in_use | {DEFAULT})
        }
        self._nodes = nodes
        self._nodes_of: dict[tuple[str, str], list[str]] = {}
        for name, node in nodes.items():
            for _, item in node.lists.named():
                if item.type == "role" and node.lists.environment is not None:
                    self._nodes_of.setdefault((node.lists.environment, item.name), []).append(name)

    def nodes_in(self, environment: str) -> frozenset[str]:
        """The nodes that are in an environment."""
        return frozenset(name for name, node in self._nodes.items() if node.lists.environment == environment)

    def reach(self, source: ObjectContent, keys: set[str] | None, items: tuple[str, ...]) -> Reached:
        """Who leads to a role whose lists under ``keys`` carry the subject (None: its attributes do, everywhere)."""
        roles: set[str] = set()
        nodes: set[str] = set()
        environments: set[str] = set()
        leading: dict[int, set[str]] = {}
        for environment, included_by in self._included_by.items():
            if keys is not None and source.lists.within(environment)[0] not in keys:
                continue
            through = leading.get(id(included_by)) or _leading_to(source.name, included_by)
            leading[id(included_by)] = through
            roles |= through
            inside = {node for role in through for node in self._nodes_of.get((environment, role), ())}
            nodes |= inside
            if inside or not self._nodes:
                environments.add(environment)
        return Reached(items, frozenset(roles - {source.name}), frozenset(nodes), frozenset(environments))


def _included_by(ways: Iterable[tuple[str, frozenset[tuple[str, str | None]]]], environment: str) -> _IncludedBy:
    """By the name of a role, the roles whose run lists name it in an environment."""
    included_by: _IncludedBy = {}
    for name, content in ways:
        key = environment if environment != DEFAULT and (environment, None) in content else DEFAULT
        for listed, role in content:
            if listed == key and role is not None:
                included_by.setdefault(role, []).append(name)
    return included_by


def _leading_to(name: str, included_by: _IncludedBy) -> set[str]:
    """The roles whose run lists lead to a role, itself among them."""
    found = {name}
    pending = [name]
    while pending:
        for outer in included_by.get(pending.pop(), ()):
            if outer not in found:
                found.add(outer)
                pending.append(outer)
    return found


def reached(kind: Kind, world: RoleWays, content: ObjectContent, occurrences: Sequence[Occurrence]) -> Reached:
    """What a content reaches that carries the subject in these places."""
    items = tuple(dict.fromkeys(told(occurrences)))
    if kind is Kind.ROLE:
        everywhere = any(each.environment is None and each.where not in _LISTS for each in occurrences)
        return world.reach(
            content, None if everywhere else {each.environment or DEFAULT for each in occurrences}, items
        )
    if kind is Kind.ENVIRONMENT:
        return Reached(items, frozenset(), world.nodes_in(content.name), frozenset({content.name}))
    environment = content.lists.environment or DEFAULT
    return Reached(items, frozenset(), frozenset({content.name}), frozenset({environment}))


def told(occurrences: Iterable[Occurrence]) -> Iterator[str]:
    """What in a content carries the subject: the item of a list, or the level of an attribute."""
    return (each.item if each.where in _LISTS else each.where for each in occurrences)
