"""Expanding a run list: which recipes and attributes a node gets through its roles.

Mirrors Chef::RunList::RunListExpansion (lib/chef/run_list/run_list_expansion.rb) and VersionedRecipeList.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from forensics.chef import attributes as attribute_merging
from forensics.chef.objects import Problem, Unresolved, Value
from forensics.chef.run_list import ArgumentRefused, RunListItem, item_of_value

ExpandableRole: TypeAlias = Mapping[str, Any]
"""A role as a server answers: name, run_list, env_run_lists, default_attributes, override_attributes."""

RoleLookup: TypeAlias = "Callable[[str], ExpandableRole | Problem | Unresolved | None]"
"""From the name in a run list to the role: None if there is none, a Problem if the client cannot load it."""

TOP_LEVEL = "top level"
"""What Chef calls the run list that is expanded, where it names who included a missing role."""


@dataclass(frozen=True, slots=True)
class ExpansionError:
    """What stops an expansion, and with it the client's run."""

    error_class: str
    message: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a run list expands to.

    ``recipes`` are names in the order of their first mention; an ``Unresolved`` member stands where items of a run
    list are unknown. ``versions`` holds the version that each pinned recipe is fixed to. ``roles`` are the names as
    run lists say them, missing ones included; ``missing_roles`` pairs each missing name with what included it.
    ``completed`` are the roles that were found, in the order in which Chef merges their attributes.
    ``error`` is what stopped the expansion; the other fields then hold what was gathered before.
    The attributes are None unless they were asked for, and ``Unresolved`` if a run list is.
    """

    recipes: tuple[str | Unresolved, ...]
    versions: Mapping[str, str]
    roles: tuple[str, ...]
    missing_roles: tuple[tuple[str, str], ...]
    default_attributes: Value = None
    override_attributes: Value = None
    error: ExpansionError | None = None
    completed: tuple[str, ...] = ()

    @property
    def recipes_with_versions(self) -> tuple[str | Unresolved, ...]:
        """The recipes as ``name`` or ``name@version``, as chef-client logs them."""
        return tuple(
            f"{recipe}@{self.versions[recipe]}" if isinstance(recipe, str) and recipe in self.versions else recipe
            for recipe in self.recipes
        )


def expand(
    run_list: Sequence[Value] | Unresolved,
    environment: str,
    role_of: RoleLookup,
    *,
    attributes: bool = False,
    chef: str = "18",
) -> Expansion:
    """Expand a run list in an environment, depth first, as chef-client does against a server.

    A role counts as applied before it is fetched, so a cycle or a repetition is passed over. Its attributes are
    merged after those of the roles in its own run list, and win over them. Where Chef raises (two versions of one
    cookbook, a malformed item, a role that does not load), the expansion carries the error.
    """
    expander = _Expander(environment, role_of, attributes=attributes, chef=chef)
    error = None
    try:
        expander.take(_members(run_list), TOP_LEVEL)
    except _Stop as stop:
        error = stop.error
    except (ArgumentRefused, attribute_merging.SubtractiveMergeRefused) as refused:
        error = ExpansionError(refused.error_class, str(refused))
    return Expansion(
        tuple(expander.recipes),
        expander.versions,
        tuple(expander.roles),
        tuple(expander.missing_roles),
        expander.attributes_of("default_attributes") if attributes else None,
        expander.attributes_of("override_attributes") if attributes else None,
        error,
        tuple(expander.completed),
    )


def run_list_for(role: ExpandableRole, environment: str) -> Sequence[Value] | Unresolved:
    """Give the run list that a role has in an environment: the environment's own, even if empty, or the default one.

    Mirrors Role.from_hash and Role#run_list_for; a ``_default`` inside env_run_lists takes the place of run_list.
    """
    run_lists = role.get("env_run_lists")
    default = role["run_list"] if "run_list" in role else role.get("recipes")
    if isinstance(run_lists, Unresolved):
        return _members(default) if environment == "_default" else run_lists
    if run_lists is None or run_lists is False:
        return _members(default)
    if not isinstance(run_lists, Mapping):
        raise _Stop(ExpansionError("TypeError", f"no implicit conversion of {type(run_lists).__name__} into Hash"))
    return _members(run_lists[environment] if environment in run_lists else run_lists.get("_default", default))


class _Stop(Exception):  # noqa: N818 - control flow inside this module
    def __init__(self, error: ExpansionError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(slots=True)
class _Expander:
    """The state of one expansion; ``roles`` and ``recipes`` are dicts for their order."""

    environment: str
    role_of: RoleLookup
    attributes: bool
    chef: str
    recipes: dict[str | Unresolved, None] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    roles: dict[str, None] = field(default_factory=dict)
    missing_roles: list[tuple[str, str]] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    merged: dict[str, Value] = field(default_factory=lambda: {"default_attributes": {}, "override_attributes": {}})

    def take(self, run_list: Sequence[Value] | Unresolved, included_by: str) -> None:
        """Expand a run list with a stack of its own: chains of roles may be longer than Python's."""
        pending: list[tuple[list[Value], str, tuple[str, ExpandableRole] | None]]
        pending = [(self._items(run_list), included_by, None)]
        while pending:
            items, included_by, role = pending[-1]
            if not items:
                pending.pop()
                if role is not None:
                    self.completed.append(role[0])
                    self._merge_attributes(role[1])
                continue
            item = items.pop()
            if isinstance(item, Unresolved):
                self.recipes[item] = None
            elif item.type == "recipe":
                self._add_recipe(item)
            elif item.type == "role":
                nested = self._inflate(item.name, included_by)
                if nested is not None:
                    inner = self._items(run_list_for(nested, self.environment))
                    pending.append((inner, f"role[{nested.get('name', item.name)}]", (item.name, nested)))

    def attributes_of(self, key: str) -> Value:
        unknown = next((recipe for recipe in self.recipes if isinstance(recipe, Unresolved)), None)
        return self.merged[key] if unknown is None else unknown

    def _items(self, run_list: Sequence[Value] | Unresolved) -> list[RunListItem | Unresolved]:
        """Read a whole run list before any of it is expanded, as Chef builds it, in reverse for popping."""
        if isinstance(run_list, Unresolved):
            return [run_list]
        items = [item if isinstance(item, Unresolved) else item_of_value(item) for item in run_list]
        items.reverse()
        return items

    def _add_recipe(self, item: RunListItem) -> None:
        known = self.versions.get(item.name)
        if item.version is not None:
            if known is not None and _version(known) != _version(item.version):
                raise _Stop(
                    ExpansionError(
                        "Chef::Exceptions::CookbookVersionConflict",
                        f"Run list requires {item.name} at versions {known} and {item.version}",
                    )
                )
            self.versions[item.name] = item.version
        self.recipes.setdefault(item.name, None)

    def _inflate(self, name: str, included_by: str) -> ExpandableRole | None:
        if name in self.roles:
            return None
        self.roles[name] = None
        role = self.role_of(name)
        if isinstance(role, Problem):
            raise _Stop(ExpansionError(role.error_class, role.message))
        if isinstance(role, Unresolved):
            self.recipes[role] = None
            return None
        if role is None:
            self.missing_roles.append((name, included_by))
        return role

    def _merge_attributes(self, role: ExpandableRole) -> None:
        if self.attributes:
            for key, merged in self.merged.items():
                own = role.get(key)
                self.merged[key] = attribute_merging.merge(merged, {} if own is None else own, chef=self.chef)


def _members(run_list: Value) -> Sequence[Value] | Unresolved:
    """Ruby's ``Array(value)``, as Role#env_run_lists makes of each run list."""
    if isinstance(run_list, (Unresolved, list, tuple)):
        return run_list
    if run_list is None:
        return ()
    if isinstance(run_list, Mapping):
        return [list(pair) for pair in run_list.items()]
    return (run_list,)


def _version(text: str) -> tuple[str, ...]:
    """Read a version as Chef::Version does: two or three numbers of any size, the third 0 if it is not there.

    The numbers stay digits without leading zeros, which are the same where the numbers are.
    """
    match = re.search(r"^([0-9]+)\.([0-9]+)(?:\.([0-9]+))?$", text, re.MULTILINE)
    if match is None:
        raise _Stop(
            ExpansionError("Chef::Exceptions::InvalidCookbookVersion", f"'{text}' does not match 'x.y.z' or 'x.y'")
        )
    return tuple((number or "").lstrip("0") for number in match.groups())
