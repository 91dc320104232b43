"""What one evaluation of one file knows besides its local variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.budget import Budget
from forensics.chef.ruby.unknown import UnknownValue

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.source import RubySource
    from forensics.chef.ruby.values import DslObject, RubyValue


class EvaluationState:
    """One evaluation of one file."""

    def __init__(self, source: RubySource, role: DslObject, *, path: str, chef: str, frozen_literals: bool) -> None:
        self.text = source.text
        self.literals = source.literals
        self.root = source.root
        self.role = role
        self.path = path
        self.chef = chef
        self.frozen_literals = frozen_literals
        self.budget = Budget()
        self.doubt: UnknownValue | None = None
        """The first form of Ruby that is not modelled: Ruby might raise there."""
        self.foreign_code = False
        """Code from outside of the file may have defined more names."""
        self.constants: dict[str, RubyValue] = {}
        self.instance_variables: dict[str, RubyValue] = {}

    def unknown(self, node: Node) -> UnknownValue:
        """What stands for the value of this node."""
        return UnknownValue(self.source_of(node), line_of(node))

    def unmodelled(self, node: Node) -> UnknownValue:
        """What stands for the value of a node whose evaluation is not modelled."""
        unknown = self.unknown(node)
        self.doubt = self.doubt or unknown
        return unknown

    def source_of(self, node: Node) -> str:
        """The source text of a node."""
        return self.slice_of(node).decode("utf-8", "surrogateescape")

    def slice_of(self, node: Node) -> bytes:
        """The bytes of a literal."""
        return self.literals[node.start_byte : node.end_byte]

    def name_of(self, node: Node) -> str:
        """The text of a name."""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")

    def begins_with(self, node: Node, prefix: bytes) -> bool:
        """Whether the text of a node begins so."""
        return self.text.startswith(prefix, node.start_byte)


def line_of(node: Node) -> int:
    """The line (from 1) where a node begins."""
    return node.start_point[0] + 1
