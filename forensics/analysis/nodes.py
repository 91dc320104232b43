"""The nodes that surround an object on its server: those of a commit's tree, or those that were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forensics.chef.objects import Kind
from forensics.uploads.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class Nodes:
    """The nodes of every server at any commit; those that are given take the place of all that trees hold."""

    def __init__(self, history: History, declarations: Declarations, given: GivenNodes | None = None) -> None:
        self._history = history
        self._declarations = declarations
        self.given = given

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

    def _containers(self, state: State, near: Target) -> Iterator[tuple[Container, Version]]:
        for container, version in state.items():
            if container.kind is Kind.NODE and near.is_beside(container):
                yield container, version
