"""The state of one evaluation, and the way from a node to its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.failure import ExhaustedError, UncertainError
from forensics.chef.ruby.scope import Frame, Scope
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from forensics.chef.ruby.source import Source
    from forensics.chef.ruby.values import RubyMethod

    Evaluator = Callable[["Interpreter", Node, Scope], Any]

STEPS = 60_000
"""How many nodes are evaluated before a file counts as a bomb."""
LARGEST = 200_000
"""How many characters a string, or members a collection, may have."""
DEEPEST = 170
"""How deep nodes may nest, over calls: a request body ends at 127 levels."""

EVALUATORS: dict[str, Evaluator] = {}
"""What evaluates each kind of node."""


def evaluates(*types: str) -> Callable[[Evaluator], Evaluator]:
    """Register what evaluates these kinds of node."""

    def register(evaluator: Evaluator) -> Evaluator:
        for name in types:
            EVALUATORS[name] = evaluator
        return evaluator

    return register


class Interpreter:
    """One evaluation of one file."""

    def __init__(self, source: Source, role: Any, *, path: str, chef: str, frozen_literals: bool) -> None:
        self.text = source.text
        self.literals = source.literals
        self.root = source.root
        self.encoding = source.encoding
        self.role = role
        self.path = path
        self.chef = chef
        self.frozen_literals = frozen_literals
        self.steps = STEPS
        self.depth = 0
        self.unknowns = 0
        self.doubt: Unknown | None = None
        """The first call that is not modelled: Ruby might raise there."""
        self.foreign_code = False
        """Code from outside the file may have defined more names."""
        self.globals: dict[str, Any] = {}
        self.constants: dict[str, Any] = {}
        self.methods: dict[str, RubyMethod] = {}
        """What ``def`` gave the role itself."""
        self.heredocs: dict[int, Node] | None = None
        self.at_exit: list[Any] = []
        self.handled: list[Any] = []
        """The exceptions being rescued (``$!``)."""
        self.top = Scope(Frame(role))

    def evaluate(self, node: Node, scope: Scope) -> Any:
        """The value of an expression."""
        self.steps -= 1
        if self.steps < 0 or self.depth > DEEPEST:
            raise ExhaustedError
        evaluator = EVALUATORS.get(node.type)
        if evaluator is None:
            return self.untold(node, scope)
        self.depth += 1
        try:
            return evaluator(self, node, scope)
        except UncertainError:
            if node.type not in _BRANCHING:
                raise
            return self.untold(node, scope)
        finally:
            self.depth -= 1

    def statements(self, nodes: Iterable[Node], scope: Scope) -> Any:
        """Evaluate one statement after the other; the value of the last."""
        value = None
        for node in nodes:
            if node.type not in _SILENT:
                value = self.statement(node, scope)
        return value

    def statement(self, node: Node, scope: Scope) -> Any:
        """Evaluate a statement; if it needs what cannot be known, what it could have changed is unknown afterwards."""
        try:
            return self.evaluate(node, scope)
        except UncertainError:
            return self.untold(node, scope)

    def untold(self, node: Node, scope: Scope) -> Unknown:
        """The value of a node that is not evaluated; whatever it could have changed is unknown from here on."""
        from forensics.chef.ruby.touch import touch  # noqa: PLC0415 - the two need each other

        unknown = self.unmodelled(node) if node.type not in EVALUATORS else self.unknown(node)
        touch(self, node, scope, unknown)
        return unknown

    def unknown(self, node: Node) -> Unknown:
        """What stands for the value of this node."""
        self.unknowns += 1
        return Unknown(self.source_of(node), line_of(node))

    def unmodelled(self, node: Node) -> Unknown:
        """What stands for the value of a node whose evaluation is not modelled."""
        unknown = self.unknown(node)
        self.doubt = self.doubt or unknown
        return unknown

    def source_of(self, node: Node) -> str:
        """The source text of a node."""
        return self.literals[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")

    def name_of(self, node: Node) -> str:
        """The text of a name."""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")

    def spend(self, amount: int) -> None:
        """Count work that is not one node.

        Raises:
            ExhaustedError: the file asks for too much.
        """
        self.steps -= amount >> 4
        if self.steps < 0 or amount > LARGEST:
            raise ExhaustedError


_BRANCHING = words(
    """
    if unless elsif conditional if_modifier unless_modifier case case_match while until while_modifier until_modifier
    for binary
    """
)
"""What may be evaluated in part: as an expression, it is unknown as a whole, and so is what its parts could change."""
_SILENT = frozenset({"comment", "heredoc_body", "empty_statement"})


def line_of(node: Node) -> int:
    """The line (from 1) where a node begins."""
    return node.start_point[0] + 1
