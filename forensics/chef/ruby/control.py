"""Statements, conditions, ``case``, operators and jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.arguments import evaluated
from forensics.chef.ruby.comparison import case_equal
from forensics.chef.ruby.dispatch import invoke
from forensics.chef.ruby.failure import GiveUpError, UncertainError, UnmodelledError
from forensics.chef.ruby.interpreter import evaluates
from forensics.chef.ruby.jumps import BreakFlow, NextFlow, ReturnFlow
from forensics.chef.ruby.methods import Arguments
from forensics.chef.ruby.values import RubyArray, truthy

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.values import RubyValue

_AMBIGUOUS = frozenset({"+", "-", "*", "&", "<<", "/", "%", "**", "::"})


def field_of(node: Node, name: str) -> Node:
    """A part of a node.

    Raises:
        UnmodelledError: it has none.
    """
    child = node.child_by_field_name(name)
    if child is None:
        raise UnmodelledError
    return child


@evaluates("block_body", "body_statement", "then", "else", "parenthesized_statements", "begin")
def _statements(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    children = node.named_children
    if any(child.type == "rescue" for child in children):
        raise UncertainError(interpreter.unknown(node))  # where it raises is not modelled, but Ruby lets it pass
    if any(child.type == "ensure" for child in children):
        raise UnmodelledError
    return interpreter.statements(children, scope)


def _condition(interpreter: Interpreter, node: Node, scope: Scope) -> bool:
    return truthy(interpreter.evaluate(field_of(node, "condition"), scope))


def _part(interpreter: Interpreter, node: Node, name: str, scope: Scope) -> RubyValue:
    child = node.child_by_field_name(name)
    return None if child is None else interpreter.evaluate(child, scope)


@evaluates("if", "elsif", "conditional")
def _if(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    return _part(interpreter, node, "consequence" if _condition(interpreter, node, scope) else "alternative", scope)


@evaluates("unless")
def _unless(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    return _part(interpreter, node, "alternative" if _condition(interpreter, node, scope) else "consequence", scope)


@evaluates("if_modifier")
def _if_modifier(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    return _part(interpreter, node, "body", scope) if _condition(interpreter, node, scope) else None


@evaluates("unless_modifier")
def _unless_modifier(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    return None if _condition(interpreter, node, scope) else _part(interpreter, node, "body", scope)


@evaluates("binary")
def _binary(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    left_node, right_node = field_of(node, "left"), field_of(node, "right")
    operator_node = field_of(node, "operator")
    operator = operator_node.type
    if (
        left_node.type in {"identifier", "call"}
        and operator_node.start_byte > left_node.end_byte
        and operator_node.end_byte == right_node.start_byte
        and operator in _AMBIGUOUS
        and not (left_node.type == "identifier" and scope.holder(interpreter.name_of(left_node)) is not None)
        and left_node.child_by_field_name("arguments") is None
    ):
        raise GiveUpError(interpreter.unknown(node))  # to Ruby, a call with an argument
    left = interpreter.evaluate(left_node, scope)
    if operator in {"&&", "and"}:
        return interpreter.evaluate(right_node, scope) if truthy(left) else left
    if operator in {"||", "or"}:
        return left if truthy(left) else interpreter.evaluate(right_node, scope)
    right = interpreter.evaluate(right_node, scope)
    return invoke(interpreter, left, operator, Arguments([right]), node)


@evaluates("unary")
def _unary(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    operator, operand_node = field_of(node, "operator").type, field_of(node, "operand")
    if operator == "defined?":
        raise UnmodelledError
    operand = interpreter.evaluate(operand_node, scope)
    if operator in {"!", "not"}:
        return not truthy(operand)
    return invoke(interpreter, operand, {"-": "-@", "+": "+@"}.get(operator, operator), Arguments(), node)


@evaluates("case")
def _case(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    value_node = node.child_by_field_name("value")
    value = None if value_node is None else interpreter.evaluate(value_node, scope)
    for child in node.named_children:
        if child.type == "when":
            patterns = [part for pattern in child.children_by_field_name("pattern") for part in pattern.named_children]
            for pattern in patterns:  # those behind one that matches are not evaluated
                for candidate in evaluated(interpreter, [pattern], scope).flat():
                    if truthy(candidate) if value_node is None else case_equal(candidate, value, interpreter.budget):
                        return _part(interpreter, child, "body", scope)
        elif child.type == "else":
            return interpreter.evaluate(child, scope)
    return None


def _jump_value(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    values = [
        value for child in node.named_children for value in evaluated(interpreter, child.named_children, scope).flat()
    ]
    if not values:
        return None
    return values[0] if len(values) == 1 else RubyArray(values)


@evaluates("break")
def _break(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    raise BreakFlow(_jump_value(interpreter, node, scope))


@evaluates("next")
def _next(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    raise NextFlow(_jump_value(interpreter, node, scope))


@evaluates("return")
def _return(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    _jump_value(interpreter, node, scope)
    raise ReturnFlow


@evaluates("self")
def _self(interpreter: Interpreter, _node: Node, _scope: Scope) -> RubyValue:
    return interpreter.role
