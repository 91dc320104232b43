"""The run lists of roles and nodes taken apart: by environment, into items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.chef.objects import Kind, Unresolved
from forensics.chef.run_list import ArgumentRefused, RunListItem, item_of_value
from forensics.chef.wire import content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from forensics.chef.objects import Body, Value

DEFAULT = "_default"


@dataclass(frozen=True, slots=True)
class RunLists:
    """What an object's run lists name.

    ``by_environment`` always holds ``_default``, which counts in every environment without a list of its own.
    ``environment`` is the one that a node is in, None for a role. ``unresolved`` are the parts that nobody can tell.
    Items that Chef refuses are left out.
    """

    by_environment: Mapping[str, tuple[RunListItem, ...]]
    unresolved: tuple[Unresolved, ...] = ()
    environment: str | None = None

    def within(self, environment: str) -> tuple[str, tuple[RunListItem, ...]]:
        """The list that counts in an environment, with its key (Role#run_list_for)."""
        key = environment if environment in self.by_environment else DEFAULT
        return key, self.by_environment[key]

    def named(self) -> Iterator[tuple[str, RunListItem]]:
        """Every item of every list, with the list's environment."""
        for environment, items in self.by_environment.items():
            for item in items:
                yield environment, item


NONE = RunLists({DEFAULT: ()})


def follows_policy(node: Body) -> bool:
    """Whether a policy's lock decides over a node, and no role or environment (PolicyBuilder::Dynamic)."""
    return node.get("policy_name") is not None or node.get("policy_group") is not None


def run_lists(kind: Kind, body: Body) -> RunLists:
    """The run lists that an object's body has; that of a node which follows a policy counts nowhere."""
    if kind not in {Kind.ROLE, Kind.NODE}:
        return NONE
    fields = content(kind, body)
    if kind is Kind.NODE and follows_policy(fields):
        return NONE
    unresolved: list[Unresolved] = []
    lists = {DEFAULT: _items(fields.get("run_list"), unresolved)}
    environment = None
    if kind is Kind.NODE:
        named = fields.get("chef_environment")
        environment = named if isinstance(named, str) else DEFAULT
    else:
        own = fields.get("env_run_lists")
        if isinstance(own, Unresolved):
            unresolved.append(own)
        elif isinstance(own, dict):
            # a `_default` in there, which knife upload keeps, takes the place of the run list
            lists |= {key: _items(value, unresolved) for key, value in own.items()}
    return RunLists(lists, tuple(dict.fromkeys(unresolved)), environment)


def _items(value: Value, unresolved: list[Unresolved]) -> tuple[RunListItem, ...]:
    if isinstance(value, Unresolved):
        unresolved.append(value)
        return ()
    if not isinstance(value, (list, tuple)):
        return ()
    found: list[RunListItem] = []
    for member in value:
        if isinstance(member, Unresolved):
            unresolved.append(member)
            continue
        try:
            item = item_of_value(member)
        except ArgumentRefused:
            continue
        if isinstance(item, Unresolved):
            unresolved.append(item)
        else:
            found.append(item)
    return tuple(dict.fromkeys(found))
