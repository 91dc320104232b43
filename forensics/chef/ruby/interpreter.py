"""The way from a node to its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from forensics.chef.ruby.effects import spoil
from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.scope import Scope
from forensics.chef.ruby.state import EvaluationState, line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from forensics.chef.ruby.source import RubySource
    from forensics.chef.ruby.values import DslObject, RubyValue

    Evaluator: TypeAlias = "Callable[[Interpreter, Node, Scope], RubyValue]"

_DEEPEST = 170
"""How deep nodes may nest, over blocks: a request body ends at 127 levels."""
_SILENT = frozenset({"comment", "heredoc_body", "empty_statement", "uninterpreted"})
EVALUATORS: dict[str, Evaluator] = {}
"""What evaluates each kind of node; any other kind is unknown."""


def evaluates(*kinds: str) -> Callable[[Evaluator], Evaluator]:
    """Register what evaluates these kinds of node."""

    def register(evaluator: Evaluator) -> Evaluator:
        for kind in kinds:
            EVALUATORS[kind] = evaluator
        return evaluator

    return register


class Interpreter(EvaluationState):
    """One evaluation of one file."""

    def __init__(self, source: RubySource, role: DslObject, *, path: str, chef: str, frozen_literals: bool) -> None:
        super().__init__(source, role, path=path, chef=chef, frozen_literals=frozen_literals)
        self.depth = 0
        self.top = Scope()
        self.heredocs: dict[int, Node] | None = None
        """The bodies of heredocs by where their beginnings stand, once they are asked for."""
        self.assigned: frozenset[str] | None = None
        """Every name that the file assigns a local variable of, once it is asked for."""

    def evaluate(self, node: Node, scope: Scope) -> RubyValue:
        """The value of an expression; if it needs what cannot be known, it is unknown, and so is what it could change.

        Raises:
            RubyRaisedError: Ruby refuses it.
            GiveUpError: it could change anything.
        """
        self.budget.spend()
        if self.depth > _DEEPEST:
            raise ExhaustedError
        evaluator = EVALUATORS.get(node.type)
        self.depth += 1
        try:
            if evaluator is not None:
                return evaluator(self, node, scope)
            unknown = self.unmodelled(node)
        except UncertainError:
            unknown = self.unknown(node)
        except UnmodelledError:
            unknown = self.unmodelled(node)
        except RubyRaisedError as error:
            if error.line is None:
                error.line = line_of(node)
            raise
        finally:
            self.depth -= 1
        spoil(self, (node,), scope, unknown)
        return unknown

    def statements(self, nodes: Iterable[Node], scope: Scope) -> RubyValue:
        """Evaluate one statement after the other; the value of the last."""
        value: RubyValue = None
        for node in nodes:
            if node.type not in _SILENT:
                value = self.evaluate(node, scope)
        return value
