"""The nodes that surround an object on its server: those of a commit's tree, or those that were given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.analysis.run_lists import DEFAULT, follows_policy, run_lists
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from forensics.chef.objects import Body
    from forensics.history.model import Container, Version
    from forensics.history.states import State
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.given_nodes import GivenNodes


class NodeFile(NamedTuple):
    """What a file says of a node; ``named`` is whether it says whose it is, too, as every node object of a server."""

    body: Body
    named: bool = True


@dataclass(frozen=True)
class NodeRunList:
    """What a node file says that decides which roles the node gets; ``named`` as ``NodeFile`` has it."""

    name: str
    environment: str
    run_list: Any
    named: bool = True

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that it names itself."""
        named = run_lists(Kind.NODE, {"run_list": self.run_list}).named()
        return frozenset(item.name for _, item in named if item.type == "role")


class Nodes:
    """The nodes of every server at any commit; those that are given take the place of all that trees hold."""

    def __init__(self, history: History, declarations: Declarations, given: GivenNodes | None = None) -> None:
        self._history = history
        self._declarations = declarations
        self.given = given
        self._run_lists: dict[tuple[tuple[Container, Version], ...], tuple[NodeRunList, ...] | None] = {}

    def versions(self, state: State, near: Target) -> tuple[tuple[Container, Version], ...]:
        """What decides over the nodes beside a target in a commit's state."""
        return () if self.given is not None else tuple(self._containers(state, near))

    def found(self, state: State, near: Target) -> dict[str, NodeFile] | None:
        """The nodes on the server of a target, by name; None where no tree keeps any and none are given."""
        if self.given is not None:
            return {name: NodeFile(body, name not in self.given.unnamed) for name, body in self.given.bodies.items()}
        found: dict[str, NodeFile] = {}
        present = False
        for container, version in self._containers(state, near):
            present = True
            for path, file in self._history.files(container, version).items():
                declared = self._declarations.in_tree(Target(container, (container,)), path, file)
                if declared.name is not None and declared.body is not None:
                    found[declared.name] = NodeFile(declared.body, not declared.unnamed)
        return dict(sorted(found.items())) if present else None

    def run_lists(self, state: State, near: Target) -> tuple[NodeRunList, ...] | None:
        """The run lists of a target's nodes in one commit's state, by name; None where no nodes are kept.

        Those that follow a policy are left out: no role and no environment gives them anything.
        """
        key = self.versions(state, near)
        if key not in self._run_lists:
            found = self.found(state, near)
            self._run_lists[key] = None if found is None else tuple(_run_lists(found))
        return self._run_lists[key]

    def _containers(self, state: State, near: Target) -> Iterator[tuple[Container, Version]]:
        for container, version in state.items():
            if container.kind is Kind.NODE and near.is_beside(container):
                yield container, version


def _run_lists(found: Mapping[str, NodeFile]) -> Iterator[NodeRunList]:
    for name, node in found.items():
        body = content(Kind.NODE, node.body)
        if not follows_policy(body):
            environment = body.get("chef_environment")
            environment = environment if isinstance(environment, str) else DEFAULT
            yield NodeRunList(name, environment, body.get("run_list", ()), node.named)
