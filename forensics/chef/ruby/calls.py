"""Calls as they are written, and their blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.chef.ruby.arguments import evaluated
from forensics.chef.ruby.dispatch import call_function, invoke
from forensics.chef.ruby.effects import assigned_names
from forensics.chef.ruby.failure import GiveUpError, UnmodelledError
from forensics.chef.ruby.interpreter import evaluates
from forensics.chef.ruby.jumps import BreakFlow, NextFlow
from forensics.chef.ruby.methods import Arguments, Block
from forensics.chef.ruby.scope import Scope
from forensics.chef.ruby.state import line_of
from forensics.chef.ruby.unknown import OwnPath
from forensics.chef.ruby.values import RubyArray, check_known

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.values import RubyValue

_READ_AS_OPERATORS = frozenset({"array", "unary", "splat_argument", "block_argument", "regex"})
_NUMBERED = re.compile(rb"(?<![\w@$])_[1-9](?!\w)")
_FRAMES = 4
"""How many levels deeper a block counts: to call it takes more of Python's stack than a node does."""


@evaluates("call")
def _call(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    method, receiver_node = node.child_by_field_name("method"), node.child_by_field_name("receiver")
    if method is None:
        raise UnmodelledError  # x.(1)
    name = interpreter.name_of(method)
    if receiver_node is None:
        if scope.holder(name) is not None and _is_read_as_operator(interpreter, node):
            raise GiveUpError(interpreter.unknown(node))
        arguments = _arguments_of(interpreter, node, scope)
        return _until_break(arguments.block, lambda: call_function(interpreter, name, arguments, node))
    receiver = interpreter.evaluate(receiver_node, scope)
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type == "&.":
        check_known(receiver)
        if receiver is None:
            return None
    arguments = _arguments_of(interpreter, node, scope)
    return _until_break(arguments.block, lambda: invoke(interpreter, receiver, name, arguments, node))


def _is_read_as_operator(interpreter: Interpreter, node: Node) -> bool:
    """``x [1]`` and ``x -1``, where x is a local variable, are an index and a difference; the grammar cannot know."""
    listed = node.child_by_field_name("arguments")
    if listed is None or interpreter.begins_with(listed, b"(") or not listed.named_children:
        return False
    return listed.named_children[0].type in _READ_AS_OPERATORS


def _until_break(block: Block | None, make: Callable[[], RubyValue]) -> RubyValue:
    """Make a call; ``break`` in its block ends it."""
    try:
        return make()
    except BreakFlow as flow:
        if block is not None and flow.block is block:
            return flow.value
        raise


def _arguments_of(interpreter: Interpreter, node: Node, scope: Scope) -> Arguments:
    listed, block_node = node.child_by_field_name("arguments"), node.child_by_field_name("block")
    if listed is not None and interpreter.begins_with(listed, b"{"):
        # The grammar takes the braces after a word for a hash; Ruby for a block, whose pairs are patterns.
        return Arguments(block=Block(_pattern_block, (listed,), scope))
    made = Arguments() if listed is None else evaluated(interpreter, listed.named_children, scope)
    if block_node is not None and block_node.type in {"block", "do_block"}:
        made.block = _block_of(interpreter, block_node, scope)
    return made


def _pattern_block(_values: list[RubyValue]) -> RubyValue:
    raise UnmodelledError


def _block_of(interpreter: Interpreter, node: Node, scope: Scope) -> Block:
    """The block that a node writes down."""
    parameters = node.child_by_field_name("parameters")
    bodies = tuple(child for child in node.named_children if child.type in {"block_body", "body_statement"})
    numbered = parameters is None and _NUMBERED.findall(interpreter.text, node.start_byte, node.end_byte)

    def call(values: list[RubyValue]) -> RubyValue:
        inner = Scope(scope)
        if parameters is not None:
            _bind(interpreter, parameters, inner, values)
        elif numbered:
            if set(numbered) != {b"_1"} or len(values) != 1:
                raise UnmodelledError
            inner.variables["_1"] = values[0]
        interpreter.depth += _FRAMES
        try:
            return interpreter.statements(bodies, inner)
        except NextFlow as flow:
            return flow.value
        except BreakFlow as flow:
            flow.block = flow.block or block
            raise
        finally:
            interpreter.depth -= _FRAMES

    block = Block(call, (node,), scope)
    return block


def _bind(interpreter: Interpreter, parameters: Node, scope: Scope, values: list[RubyValue]) -> None:
    """Give parameters their values; a block with several of them takes one array apart."""
    named = [child for child in parameters.named_children if child.type != "comment"]
    commas = sum(child.type == "," for child in parameters.children)
    if commas != max(0, len(named) - 1) or any(child.type == ";" for child in parameters.children):
        raise UnmodelledError
    if len(named) > 1 and len(values) == 1:
        check_known(values[0])
        if isinstance(values[0], RubyArray):
            values = values[0].items
    for index, child in enumerate(named):
        value = values[index] if index < len(values) else None
        if child.type == "identifier":
            scope.variables[interpreter.name_of(child)] = value
        elif child.type == "destructured_parameter":
            check_known(value)
            _bind(interpreter, child, scope, value.items if isinstance(value, RubyArray) else [value])
        else:
            raise UnmodelledError


@evaluates("identifier")
def _identifier(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    name = interpreter.name_of(node)
    holder = scope.holder(name)
    if holder is not None:
        return holder.variables[name]
    if name == "__file__":
        file_name = interpreter.path.rpartition("/")[2]
        return OwnPath("__FILE__", line_of(node), file_name) if file_name else interpreter.unknown(node)
    if name == "__line__":
        return line_of(node)
    if interpreter.assigned is None:
        interpreter.assigned = assigned_names(interpreter)
    if name in interpreter.assigned or name == "__encoding__" or _NUMBERED.fullmatch(name.encode()):
        raise UnmodelledError
    return call_function(interpreter, name, Arguments(), node, bare=True)
