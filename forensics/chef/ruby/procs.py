"""Calling blocks, lambdas and methods that the file defines: how arguments meet parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.failure import (
    BreakFlow,
    NextFlow,
    ReturnFlow,
    RubyRaisedError,
    UncertainError,
    UnmodelledError,
)
from forensics.chef.ruby.scope import Frame, Scope
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyArray, RubyHash, RubyProc, Symbol, known

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.dispatch import Arguments
    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.values import RubyMethod

_NUMBERED = re.compile(rb"(?<![\w@$])_([1-9])(?!\w)")
_POSITIONAL = frozenset({"identifier", "optional_parameter", "splat_parameter", "destructured_parameter"})


def block_of(interpreter: Interpreter, node: Node, scope: Scope, *, is_lambda: bool = False) -> RubyProc:
    """The block that a node writes down."""
    body = [child for child in node.named_children if child.type in {"block_body", "body_statement"}]
    parameters = node.child_by_field_name("parameters")
    numbered = 0
    if parameters is None:
        text = interpreter.text[node.start_byte : node.end_byte]
        numbered = max((int(digit) for digit in _NUMBERED.findall(text)), default=0)
    return RubyProc(parameters, tuple(body), scope, node, is_lambda=is_lambda, numbered=numbered)


def call_proc(
    interpreter: Interpreter,
    proc: RubyProc,
    values: list[Any],
    *,
    keywords: RubyHash | None = None,
    block: RubyProc | None = None,
) -> Any:
    """Call a block, proc or lambda."""
    if proc.function is not None:
        return proc.function(values)
    if proc.scope is None:
        raise UnmodelledError
    frame = proc.scope.frame
    if proc.has_self:
        frame = Frame(
            proc.self_object, frame.nesting, frame.method, frame.block, frame.arguments, definee=frame.definee
        )
    scope = Scope(frame, proc.scope)
    if proc.numbered:
        _bind_numbered(scope, proc.numbered, values)
    elif proc.parameters is not None:
        if not proc.is_lambda:
            values = _spread(proc.parameters, values)
        bind(interpreter, proc.parameters, scope, values, keywords, block, strict=proc.is_lambda)
    elif proc.is_lambda and values:
        raise RubyRaisedError("ArgumentError", f"wrong number of arguments (given {len(values)}, expected 0)")
    try:
        return interpreter.statements(proc.body, scope)
    except NextFlow as flow:
        return flow.value
    except BreakFlow as flow:
        if proc.is_lambda:
            return flow.value
        if flow.target is None:
            flow.target = proc
        raise
    except ReturnFlow as flow:
        if proc.is_lambda and flow.target is frame:
            return flow.value
        raise


def _bind_numbered(scope: Scope, highest: int, values: list[Any]) -> None:
    if highest > 1 and len(values) == 1 and isinstance(values[0], RubyArray):
        values = known(values[0]).items
    for number in range(1, highest + 1):
        scope.variables[f"_{number}"] = values[number - 1] if number <= len(values) else None


def _spread(parameters: Node, values: list[Any]) -> list[Any]:
    """A block with several parameters takes one array apart."""
    if len(values) != 1:
        return values
    positional = [child for child in parameters.named_children if child.type in _POSITIONAL]
    trailing_comma = any(child.type == "," for child in parameters.children) and len(positional) == 1
    single_splat = len(positional) == 1 and positional[0].type == "splat_parameter"
    keyword = any(child.type in {"keyword_parameter", "hash_splat_parameter"} for child in parameters.named_children)
    if len(positional) < 2 and not (trailing_comma or (keyword and positional and not single_splat)):  # noqa: PLR2004
        return values
    value = values[0]
    if isinstance(value, Unknown):
        raise UncertainError(value)
    return list(known(value).items) if isinstance(value, RubyArray) else values


def call_method(interpreter: Interpreter, receiver: Any, method: RubyMethod, arguments: Arguments) -> Any:
    """Call a method that the file defines."""
    if method.reader is not None:
        return receiver.instance_variables.get(method.reader)
    if method.writer is not None:
        receiver.instance_variables[method.writer] = arguments.positional[0]
        return arguments.positional[0]
    if method.block is not None:
        made = method.block
        proc = RubyProc(
            made.parameters, made.body, made.scope, made.node, is_lambda=True, self_object=receiver, has_self=True
        )
        return call_proc(interpreter, proc, arguments.positional, keywords=arguments.keywords, block=arguments.block)
    frame = Frame(
        receiver,
        method.scope.frame.nesting,
        method,
        arguments.block,
        arguments.flat(),
        definee=method.scope.frame.definee,
    )
    scope = Scope(frame)
    if method.parameters is not None:
        bind(
            interpreter,
            method.parameters,
            scope,
            list(arguments.positional),
            arguments.keywords,
            arguments.block,
            strict=True,
        )
    elif arguments.flat():
        raise RubyRaisedError("ArgumentError", f"wrong number of arguments (given {len(arguments.flat())}, expected 0)")
    try:
        return interpreter.statements(method.body, scope)
    except ReturnFlow as flow:
        if flow.target is frame:
            return flow.value
        raise


def bind(
    interpreter: Interpreter,
    parameters: Node,
    scope: Scope,
    values: list[Any],
    keywords: RubyHash | None,
    block: RubyProc | None,
    *,
    strict: bool,
) -> None:
    """Give parameters their values.

    Raises:
        RubyRaisedError: a method or lambda gets another number of arguments than it takes (ArgumentError).
    """
    listed = parameters.named_children
    takes_keywords = any(child.type in {"keyword_parameter", "hash_splat_parameter"} for child in listed)
    if keywords is not None and not takes_keywords:
        values = [*values, RubyHash(dict(keywords.entries), lost=keywords.lost)]
        keywords = None
    positional = [child for child in listed if child.type in _POSITIONAL]
    required = sum(child.type in {"identifier", "destructured_parameter"} for child in positional)
    optional = sum(child.type == "optional_parameter" for child in positional)
    rest = any(child.type == "splat_parameter" for child in positional)
    if strict and (len(values) < required or (not rest and len(values) > required + optional)):
        raise RubyRaisedError(
            "ArgumentError",
            f"wrong number of arguments (given {len(values)}, expected {required}{'+' if rest else ''})",
        )
    _bind_positional(interpreter, positional, scope, values, required)
    for child in listed:
        kind = child.type
        if kind == "keyword_parameter":
            _bind_keyword(interpreter, child, scope, keywords)
        elif kind == "hash_splat_parameter":
            named = child.child_by_field_name("name")
            if named is not None:
                taken = {interpreter.name_of(_name(other)) for other in listed if other.type == "keyword_parameter"}
                pairs = [] if keywords is None else known(keywords).pairs()
                scope.variables[interpreter.name_of(named)] = RubyHash.of(
                    (key, value) for key, value in pairs if not (isinstance(key, Symbol) and key.name in taken)
                )
        elif kind == "block_parameter":
            named = child.child_by_field_name("name")
            if named is not None:
                scope.variables[interpreter.name_of(named)] = block
        elif kind not in _POSITIONAL and kind != "comment":
            raise UnmodelledError
    _refuse_keywords(interpreter, listed, keywords, strict=strict)


def _refuse_keywords(interpreter: Interpreter, listed: list[Node], keywords: RubyHash | None, *, strict: bool) -> None:
    if keywords is None or any(child.type == "hash_splat_parameter" for child in listed) or not strict:
        return
    taken = {interpreter.name_of(_name(child)) for child in listed if child.type == "keyword_parameter"}
    for key, _ in known(keywords).pairs():
        if not (isinstance(key, Symbol) and key.name in taken):
            raise RubyRaisedError("ArgumentError", "unknown keyword")


def _name(node: Node) -> Node:
    named = node.child_by_field_name("name")
    if named is None:
        raise UnmodelledError
    return named


def _bind_positional(
    interpreter: Interpreter, positional: list[Node], scope: Scope, values: list[Any], required: int
) -> None:
    spare = max(0, len(values) - required)
    index = 0
    for place, child in enumerate(positional):
        kind = child.type
        if kind == "splat_parameter":
            after = sum(other.type in {"identifier", "destructured_parameter"} for other in positional[place + 1 :])
            end = max(index, len(values) - after)
            named = child.child_by_field_name("name")
            if named is not None:
                scope.variables[interpreter.name_of(named)] = RubyArray(values[index:end])
            index = end
        elif kind == "optional_parameter":
            name = interpreter.name_of(_name(child))
            if spare > 0:
                scope.variables[name] = values[index]
                index, spare = index + 1, spare - 1
            else:
                default = child.child_by_field_name("value")
                scope.variables[name] = None if default is None else interpreter.evaluate(default, scope)
        else:
            value = values[index] if index < len(values) else None
            index += 1
            if kind == "identifier":
                scope.variables[interpreter.name_of(child)] = value
            else:
                _destructure(interpreter, child, scope, value)


def _destructure(interpreter: Interpreter, node: Node, scope: Scope, value: Any) -> None:
    values = list(known(value).items) if isinstance(value, RubyArray) else [known(value)]
    positional = [child for child in node.named_children if child.type in _POSITIONAL]
    required = sum(child.type in {"identifier", "destructured_parameter"} for child in positional)
    _bind_positional(interpreter, positional, scope, values, required)


def _bind_keyword(interpreter: Interpreter, node: Node, scope: Scope, keywords: RubyHash | None) -> None:
    name = interpreter.name_of(_name(node))
    if keywords is not None:
        found = known(keywords).entries.get(Symbol(name))
        if found is not None:
            scope.variables[name] = found[1]
            return
    default = node.child_by_field_name("value")
    if default is None:
        raise RubyRaisedError("ArgumentError", f"missing keyword: :{name}")
    scope.variables[name] = interpreter.evaluate(default, scope)
