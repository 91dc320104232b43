"""Calls as they are written: arguments, blocks, and calls without a receiver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import Arguments, find, invoke, is_member, missing, run, user_method
from forensics.chef.ruby.failure import BreakFlow, GiveUpError, RubyRaisedError, UncertainError
from forensics.chef.ruby.interpreter import EVALUATORS, evaluates, line_of
from forensics.chef.ruby.kernel import KERNEL
from forensics.chef.ruby.literal_nodes import put_pair, put_splat
from forensics.chef.ruby.names import DANGEROUS, OUTSIDE
from forensics.chef.ruby.procs import block_of, call_method, call_proc
from forensics.chef.ruby.touch import lose, touch_proc
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    BoundMethod,
    RubyArray,
    RubyClass,
    RubyHash,
    RubyProc,
    RubyRange,
    Symbol,
    known,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope

_BLOCKS = frozenset({"block", "do_block"})


@evaluates("call")
def _call(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    method = node.child_by_field_name("method")
    receiver_node = node.child_by_field_name("receiver")
    name = "call" if method is None else interpreter.name_of(method)
    try:
        if receiver_node is None:
            return _without_receiver(interpreter, node, name, scope)
        return _with_receiver(interpreter, node, receiver_node, name, scope)
    except RubyRaisedError as error:
        if error.line is None:
            error.line = line_of(node)
        raise


def _with_receiver(interpreter: Interpreter, node: Node, receiver_node: Node, name: str, scope: Scope) -> Any:
    receiver = interpreter.evaluate(receiver_node, scope)
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type == "&.":
        if isinstance(receiver, Unknown):
            return interpreter.untold(node, scope)
        if receiver is None:
            return None
    arguments = arguments_of(interpreter, node, scope)
    return _breaking(interpreter, arguments, lambda: send(interpreter, receiver, name, arguments, node, scope))


def send(interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node, scope: Scope) -> Any:
    """Call a method with an explicit receiver."""
    if name in {"send", "public_send", "__send__"} and arguments.positional:
        named = known(arguments.positional[0])
        name = named.name if isinstance(named, Symbol) else named.text
        arguments = Arguments(arguments.positional[1:], arguments.keywords, arguments.block)
    if receiver is interpreter.role:
        return self_call(interpreter, name, arguments, node, scope, receiver)
    return invoke(interpreter, receiver, name, arguments, node)


def _breaking(interpreter: Interpreter, arguments: Arguments, make: Any) -> Any:
    """Make a call; ``break`` in its block ends it."""
    if arguments.block is None:
        return make()
    try:
        return make()
    except BreakFlow as flow:
        if flow.target is arguments.block:
            return flow.value
        raise
    except UncertainError as error:
        touch_proc(interpreter, arguments.block, error.unknown)
        raise


def _without_receiver(interpreter: Interpreter, node: Node, name: str, scope: Scope) -> Any:
    if scope.holder(name) is not None and not _NUMBERED.fullmatch(name):
        taken_as_operator = _on_variable(interpreter, node, scope)
        if taken_as_operator is not _NOT_ON_VARIABLE:
            return taken_as_operator
    arguments = arguments_of(interpreter, node, scope)
    return _breaking(
        interpreter,
        arguments,
        lambda: self_call(interpreter, name, arguments, node, scope, scope.frame.self_object),
    )


_NUMBERED = re.compile("_[1-9]")
_NOT_ON_VARIABLE = object()


def _on_variable(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    """``x [1]`` and ``x -1``, where x is a local variable, are an index and a difference; the grammar cannot know."""
    listed = node.child_by_field_name("arguments")
    method = node.child_by_field_name("method")
    if listed is None or method is None or interpreter.text[listed.start_byte : listed.start_byte + 1] == b"(":
        return _NOT_ON_VARIABLE
    first = listed.named_children[0] if listed.named_children else None
    if first is None or first.type not in {"array", "unary", "splat_argument", "block_argument", "regex"}:
        return _NOT_ON_VARIABLE
    variable = interpreter.evaluate(method, scope)
    if listed.named_child_count != 1 or node.child_by_field_name("block") is not None:
        raise GiveUpError(interpreter.unknown(node))
    if first.type == "array":
        indexes = interpreter.evaluate(first, scope)
        return invoke(interpreter, variable, "[]", Arguments(indexes.items), node)
    operand = first.named_children[0]
    operator = interpreter.text[first.start_byte : first.start_byte + 1].decode()
    if first.type == "regex" or operator not in "-*&":
        raise GiveUpError(interpreter.unknown(node))
    return invoke(interpreter, variable, operator, Arguments([interpreter.evaluate(operand, scope)]), node)


def self_call(
    interpreter: Interpreter,
    name: str,
    arguments: Arguments,
    node: Node,
    scope: Scope,
    receiver: Any,
    *,
    bare: bool = False,
) -> Any:
    """A call on self: what the file defines, Chef's DSL, then Ruby's own functions.

    Raises:
        RubyRaisedError: there is no such method (NameError for a ``bare`` word, NoMethodError otherwise).
    """
    if isinstance(receiver, Unknown):
        return invoke(interpreter, receiver, name, arguments, node)
    method = user_method(interpreter, receiver, name)
    if method is not None:
        return call_method(interpreter, receiver, method, arguments)
    if is_member(receiver, name):
        return invoke(interpreter, receiver, name, arguments, node)
    entry = find(receiver, name)
    if entry is not None:
        return run(interpreter, entry, receiver, name, arguments, node)
    if name in KERNEL:
        return KERNEL[name](interpreter, arguments, node, scope)
    if receiver is not interpreter.role and not isinstance(receiver, RubyClass):
        return _missing_on_object(interpreter, receiver, name, arguments, node, bare=bare)
    return _missing_on_role(interpreter, receiver, name, arguments, node, bare=bare)


def _missing_on_object(
    interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node, *, bare: bool
) -> Any:
    if name in OUTSIDE:
        return interpreter.unknown(node)
    try:
        return missing(interpreter, receiver, name, arguments, node)
    except RubyRaisedError as error:
        if bare and error.error_class == "NoMethodError":
            error.error_class = "NameError"
        raise


def _missing_on_role(
    interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node, *, bare: bool
) -> Any:
    if name in DANGEROUS or (isinstance(receiver, RubyClass) and name not in OUTSIDE):
        raise GiveUpError(interpreter.unknown(node))
    if "method_missing" in interpreter.methods:
        raise GiveUpError(interpreter.unknown(node))
    if name in OUTSIDE or interpreter.foreign_code:
        unknown = interpreter.unknown(node)
        if arguments.block is not None:
            touch_proc(interpreter, arguments.block, unknown)
        for argument in arguments.flat():
            if name not in OUTSIDE:
                lose(argument, unknown)
        return unknown
    if bare:
        raise RubyRaisedError("NameError", f"undefined local variable or method `{name}'", line_of(node))
    raise RubyRaisedError("NoMethodError", f"undefined method `{name}'", line_of(node))


@evaluates("identifier")
def _identifier(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    name = interpreter.name_of(node)
    holder = scope.holder(name)
    if holder is not None:
        return holder.variables[name]
    special = EVALUATORS.get(name)
    if special is not None and name.startswith("__"):
        return special(interpreter, node, scope)
    if assigned_before(interpreter, node, name):
        return None
    return self_call(interpreter, name, Arguments(), node, scope, scope.frame.self_object, bare=True)


def assigned_before(interpreter: Interpreter, node: Node, name: str) -> bool:
    """Whether an assignment that was not evaluated stands before this word and makes it a local variable, nil."""
    if name.encode() not in interpreter.text[: node.start_byte]:
        return False
    here = node
    while here.parent is not None:
        here = here.parent
        if here.type in {"method", "singleton_method", "class", "module"}:
            break
    waiting = [here]
    while waiting:
        found = waiting.pop()
        interpreter.spend(16)
        if found.start_byte >= node.end_byte:
            continue
        if found.type in _ASSIGNING and _assigns(interpreter, found, name, node.start_byte):
            return True
        if (
            found.id == here.id
            or found.type not in _OTHER_SCOPES
            or (found.type in _BLOCK_SCOPES and found.start_byte <= node.start_byte < found.end_byte)
        ):
            waiting.extend(found.named_children)
    return False


_ASSIGNING = frozenset({"assignment", "operator_assignment", "for", "exception_variable"})
_BLOCK_SCOPES = frozenset({"block", "do_block", "lambda"})
_OTHER_SCOPES = _BLOCK_SCOPES | {"method", "singleton_method", "class", "module", "singleton_class"}


def _assigns(interpreter: Interpreter, node: Node, name: str, before: int) -> bool:
    left = node.child_by_field_name("left") or node.child_by_field_name("pattern")
    targets = list(node.named_children) if left is None else [left]
    while targets:
        target = targets.pop()
        if target.type == "identifier":
            if target.end_byte <= before and interpreter.name_of(target) == name:
                return True
        elif target.type in {"left_assignment_list", "destructured_left_assignment", "rest_assignment"}:
            targets.extend(target.named_children)
    return False


def arguments_of(interpreter: Interpreter, node: Node, scope: Scope) -> Arguments:
    """Evaluate the arguments and the block of a call."""
    listed = node.child_by_field_name("arguments")
    block_node = node.child_by_field_name("block")
    made = Arguments()
    if listed is not None:
        if interpreter.text[listed.start_byte : listed.start_byte + 1] == b"{":
            # The grammar takes the braces after a word for a hash; Ruby for a block, whose pairs are patterns.
            made.block = RubyProc(body=tuple(listed.named_children[0].named_children), scope=scope, node=listed)
            made.block.body = ()
            if listed.named_children[0].named_child_count:
                made.block.function = _never_run
            return made
        add_arguments(interpreter, listed, scope, made)
    if block_node is not None and block_node.type in _BLOCKS:
        made.block = block_of(interpreter, block_node, scope)
    return made


def _never_run(_values: list[Any]) -> Any:
    raise UncertainError(Unknown("{", 1))


def add_arguments(interpreter: Interpreter, listed: Node, scope: Scope, made: Arguments) -> None:
    """Evaluate the members of an argument list, in order."""
    literal_keys: set[Any] = set()
    for child in listed.named_children:
        kind = child.type
        if kind in {"comment", "heredoc_body"}:
            continue
        if kind == "pair":
            if made.keywords is None:
                made.keywords = RubyHash()
            put_pair(interpreter, child, scope, made.keywords, literal_keys)
        elif kind == "hash_splat_argument":
            if made.keywords is None:
                made.keywords = RubyHash()
            put_splat(interpreter, child, scope, made.keywords)
            literal_keys = set()
        elif kind == "splat_argument":
            made.positional.extend(spread(interpreter, child, scope))
        elif kind == "block_argument":
            made.block = _block_argument(interpreter, child, scope)
        elif kind == "forward_argument":
            raise GiveUpError(interpreter.unknown(child))
        else:
            made.positional.append(interpreter.evaluate(child, scope))
    if made.keywords is not None and not made.keywords.entries and made.keywords.lost is None:
        made.keywords = None


def spread(interpreter: Interpreter, node: Node, scope: Scope) -> list[Any]:
    """The members of what a splat writes down.

    Raises:
        UncertainError: they are not known.
    """
    value = known(interpreter.evaluate(node.named_children[0], scope))
    return array_items(interpreter, value, node)


def array_items(interpreter: Interpreter, value: Any, node: Node) -> list[Any]:
    """What ``to_a`` gives for a splat or ``Array()``: arrays as they are, pairs of a hash, nothing for nil."""
    if value is None:
        return []
    if isinstance(value, RubyArray):
        return list(value.items)
    if isinstance(value, RubyHash | RubyRange) or find(value, "to_a") is not None:
        made = known(invoke(interpreter, value, "to_a", Arguments(), node))
        return list(made.items)
    return [value]


def _block_argument(interpreter: Interpreter, node: Node, scope: Scope) -> RubyProc | None:
    if not node.named_children:
        return scope.frame.block
    value = known(interpreter.evaluate(node.named_children[0], scope))
    if value is None or isinstance(value, RubyProc):
        return value
    if isinstance(value, Symbol):
        return symbol_proc(interpreter, value.name, node)
    if isinstance(value, BoundMethod):
        return bound_proc(interpreter, value, node, scope)
    raise UncertainError(interpreter.unmodelled(node))


def symbol_proc(interpreter: Interpreter, name: str, node: Node) -> RubyProc:
    """``&:name``: a block that calls that method of its first argument."""
    return RubyProc(
        function=lambda values: invoke(interpreter, values[0], name, Arguments(list(values[1:])), node), is_lambda=True
    )


def bound_proc(interpreter: Interpreter, method: BoundMethod, node: Node, scope: Scope) -> RubyProc:
    """``&method(:name)``."""

    def call(values: list[Any]) -> Any:
        if method.receiver is interpreter.role:
            return self_call(interpreter, method.name, Arguments(list(values)), node, scope, method.receiver)
        return invoke(interpreter, method.receiver, method.name, Arguments(list(values)), node)

    return RubyProc(function=call, is_lambda=True)


@evaluates("yield")
def _yield(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    block = scope.frame.block
    made = Arguments()
    for child in node.named_children:
        add_arguments(interpreter, child, scope, made)
    if block is None:
        if scope.frame.method is None:
            raise GiveUpError(interpreter.unknown(node))
        raise RubyRaisedError("LocalJumpError", "no block given (yield)", line_of(node))
    return call_proc(interpreter, block, made.flat())


@evaluates("lambda")
def _lambda(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    body = node.child_by_field_name("body")
    if body is None:
        raise GiveUpError(interpreter.unknown(node))
    made = block_of(interpreter, body, scope, is_lambda=True)
    made.parameters = node.child_by_field_name("parameters") or made.parameters
    if made.parameters is not None:
        made.numbered = 0
    return made
