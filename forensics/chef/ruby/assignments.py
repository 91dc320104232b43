"""Local variables, elements and constants: reading and assigning them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.arguments import evaluated, spread
from forensics.chef.ruby.control import field_of
from forensics.chef.ruby.dispatch import invoke
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.interpreter import evaluates
from forensics.chef.ruby.jumps import BreakFlow, NextFlow
from forensics.chef.ruby.methods import Arguments
from forensics.chef.ruby.names import CONSTANTS, EXCEPTIONS
from forensics.chef.ruby.state import line_of
from forensics.chef.ruby.unknown import OutsideConstant, UnknownValue
from forensics.chef.ruby.values import RubyArray, check_known, truthy
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.values import RubyValue


@evaluates("assignment")
def _assignment(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    left, right = field_of(node, "left"), field_of(node, "right")
    several = left.type == "left_assignment_list"
    targets = left.named_children if several else [left]
    if any(target.type not in _PLACES for target in targets):
        raise UnmodelledError
    for target in targets:
        if target.type == "identifier" and scope.holder(interpreter.name_of(target)) is None:
            scope.variables[interpreter.name_of(target)] = None  # x = x is nil
    if right.type == "splat_argument":
        value: RubyValue = RubyArray(spread(interpreter, right, scope))
    else:
        value = interpreter.evaluate(right, scope)
    _assign(interpreter, left, value, scope)
    return value


def _assign(interpreter: Interpreter, left: Node, value: RubyValue, scope: Scope) -> None:
    """Give what stands to the left its value: a list of places takes an array apart."""
    if left.type != "left_assignment_list":
        place = _PLACES.get(left.type)
        if place is None:
            raise UnmodelledError
        place(interpreter, left, scope)[1](value)
        return
    check_known(value)
    items = value.items if isinstance(value, RubyArray) else [value]
    for index, target in enumerate(left.named_children):
        if target.type not in _PLACES:
            raise UnmodelledError
        _assign(interpreter, target, items[index] if index < len(items) else None, scope)


@evaluates("for")
def _for(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    pattern, body = field_of(node, "pattern"), node.child_by_field_name("body")
    for item in spread(interpreter, field_of(node, "value"), scope):
        _assign(interpreter, pattern, item, scope)
        try:
            interpreter.statements([] if body is None else body.named_children, scope)
        except NextFlow:
            continue
        except BreakFlow as flow:
            if flow.block is not None:
                raise
            break
    return interpreter.unknown(node)


@evaluates("operator_assignment")
def _operator_assignment(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    left, right = field_of(node, "left"), field_of(node, "right")
    operator = field_of(node, "operator").type[:-1]
    place = _PLACES.get(left.type)
    if place is None:
        raise UnmodelledError
    read, write = place(interpreter, left, scope)
    current = read()
    if operator in {"||", "&&"}:
        if truthy(current) == (operator == "||"):
            return current
        value = interpreter.evaluate(right, scope)
    else:
        value = invoke(interpreter, current, operator, Arguments([interpreter.evaluate(right, scope)]), node)
    write(value)
    return value


def _local(
    interpreter: Interpreter, node: Node, scope: Scope
) -> tuple[Callable[[], RubyValue], Callable[[RubyValue], None]]:
    name = interpreter.name_of(node)
    if scope.holder(name) is None:
        scope.variables[name] = None
    return lambda: interpreter.evaluate(node, scope), lambda value: scope.assign(name, value)


def _constant_place(
    interpreter: Interpreter, node: Node, _scope: Scope
) -> tuple[Callable[[], RubyValue], Callable[[RubyValue], None]]:
    name = interpreter.name_of(node)

    def write(value: RubyValue) -> None:
        interpreter.constants[name] = value

    return lambda: _constant_named(interpreter, name, node), write


def _element(
    interpreter: Interpreter, node: Node, scope: Scope
) -> tuple[Callable[[], RubyValue], Callable[[RubyValue], None]]:
    receiver, arguments = _receiver_and_indexes(interpreter, node, scope)

    def write(value: RubyValue) -> None:
        invoke(interpreter, receiver, "[]=", Arguments([*arguments, value]), node)

    return lambda: invoke(interpreter, receiver, "[]", Arguments(list(arguments)), node), write


def _instance_variable_place(
    interpreter: Interpreter, node: Node, scope: Scope
) -> tuple[Callable[[], RubyValue], Callable[[RubyValue], None]]:
    name = interpreter.name_of(node)

    if name in _CHEFS_OWN:
        raise GiveUpError(interpreter.unknown(node))

    def write(value: RubyValue) -> None:
        interpreter.instance_variables[name] = value

    return lambda: _instance_variable(interpreter, node, scope), write


@evaluates("instance_variable")
def _instance_variable(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    name = interpreter.name_of(node)
    if name in _CHEFS_OWN:
        raise GiveUpError(interpreter.unknown(node))
    return interpreter.instance_variables.get(name)


_CHEFS_OWN = words(
    """
    @name @description @default_attributes @override_attributes @env_run_lists @run_list @cookbook_versions
    @chef_server_rest @source_file
    """
)


def _attribute_place(
    interpreter: Interpreter, node: Node, scope: Scope
) -> tuple[Callable[[], RubyValue], Callable[[RubyValue], None]]:
    receiver = interpreter.evaluate(field_of(node, "receiver"), scope)
    name = interpreter.name_of(field_of(node, "method"))
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type == "&.":
        raise UnmodelledError

    def write(value: RubyValue) -> None:
        invoke(interpreter, receiver, f"{name}=", Arguments([value]), node)

    return lambda: invoke(interpreter, receiver, name, Arguments(), node), write


_PLACES = {
    "identifier": _local,
    "constant": _constant_place,
    "instance_variable": _instance_variable_place,
    "element_reference": _element,
    "call": _attribute_place,
}
"""How to read and how to write what stands to the left; its own parts are evaluated once."""


def _receiver_and_indexes(interpreter: Interpreter, node: Node, scope: Scope) -> tuple[RubyValue, list[RubyValue]]:
    target = field_of(node, "object")
    if node.child_by_field_name("block") is not None:
        raise UnmodelledError
    apart = interpreter.text[target.end_byte : target.end_byte + 1] != b"["
    if target.type == "identifier" and apart and scope.holder(interpreter.name_of(target)) is None:
        raise GiveUpError(interpreter.unknown(node))  # to Ruby, a call with an array as its argument
    receiver = interpreter.evaluate(target, scope)
    indexes = [child for child in node.named_children if child.id != target.id]
    return receiver, evaluated(interpreter, indexes, scope).flat()


@evaluates("element_reference")
def _element_reference(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    receiver, arguments = _receiver_and_indexes(interpreter, node, scope)
    return invoke(interpreter, receiver, "[]", Arguments(arguments), node)


def _constant_named(interpreter: Interpreter, name: str, node: Node) -> RubyValue:
    """A constant; None if there is none."""
    if name in interpreter.constants:
        return interpreter.constants[name]
    if name in CONSTANTS or name in EXCEPTIONS:
        return OutsideConstant(interpreter.source_of(node), line_of(node), name)
    return interpreter.unknown(node) if interpreter.foreign_code else None


@evaluates("constant")
def _constant(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    name = interpreter.name_of(node)
    value = _constant_named(interpreter, name, node)
    if value is None and name not in interpreter.constants:
        raise RubyRaisedError("NameError", f"uninitialized constant {name}")
    return value


@evaluates("scope_resolution")
def _scope_resolution(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    outer = node.child_by_field_name("scope")
    name = interpreter.name_of(field_of(node, "name"))
    if outer is None:
        if name in CONSTANTS or name in EXCEPTIONS:
            return OutsideConstant(interpreter.source_of(node), line_of(node), name)
        raise UnmodelledError
    module = interpreter.evaluate(outer, scope)
    if isinstance(module, UnknownValue) and not (isinstance(module, OutsideConstant) and module.name in _WITH_VALUES):
        return interpreter.unknown(node)
    raise UnmodelledError


_WITH_VALUES = frozenset({"Float", "Integer", "Math"})
"""What their constants hold could be known, and what is made of these values could go wrong."""
