"""What stands between parentheses, brackets and braces: arguments, members, pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.dispatch import invoke
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.literals import has_interpolation
from forensics.chef.ruby.methods import Arguments, Block
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyRange,
    RubyString,
    Symbol,
    check_known,
    hash_key,
    lose,
    unknown_part,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.values import RubyValue

_EXTRAS = frozenset({"comment", "heredoc_body"})
_LITERAL_KEYS = frozenset({"string", "hash_key_symbol", "simple_symbol", "delimited_symbol", "integer", "float"})


def evaluated(interpreter: Interpreter, nodes: Iterable[Node], scope: Scope) -> Arguments:
    """Evaluate the members of an argument list or an array, in order.

    Raises:
        UncertainError: it is not known how many there are.
    """
    made = Arguments()
    pairs: list[Node] = []
    for node in nodes:
        kind = node.type
        if kind in _EXTRAS:
            continue
        if kind in {"pair", "hash_splat_argument"}:
            pairs.append(node)
        elif kind == "splat_argument":
            made.positional.extend(spread(interpreter, node, scope))
        elif kind == "block_argument":
            made.block = _block_argument(interpreter, node, scope)
        else:
            made.positional.append(interpreter.evaluate(node, scope))
    if pairs:
        made.keywords = hash_of(interpreter, pairs, scope)
        if not made.keywords.entries and made.keywords.lost is None:
            made.keywords = None
    return made


def spread(interpreter: Interpreter, node: Node, scope: Scope) -> list[RubyValue]:
    """The members of what a splat writes down.

    Raises:
        UncertainError: they are not known.
    """
    value = _operand(interpreter, node, scope)
    check_known(value)
    if value is None:
        return []
    if isinstance(value, RubyArray):
        interpreter.budget.spend_on(len(value.items))
        return list(value.items)
    if isinstance(value, RubyString | Symbol | bool | int | float):
        return [value]
    if isinstance(value, RubyHash):
        interpreter.budget.spend_on(len(value.entries))
        return [RubyArray(list(pair)) for pair in value.pairs()]
    if isinstance(value, RubyRange):
        interpreter.budget.spend_on(len(value.numbers()))
        return value.members()
    raise UnmodelledError


def _operand(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    if not node.named_children:
        raise UnmodelledError  # it passes on what a method was given
    return interpreter.evaluate(node.named_children[0], scope)


def hash_of(interpreter: Interpreter, nodes: Iterable[Node], scope: Scope) -> RubyHash:
    """The hash of these pairs: a key repeated as a literal keeps its last place only."""
    made = RubyHash()
    literal_keys: set[Hashable] = set()
    for node in nodes:
        if node.type == "hash_splat_argument":
            _put_splat(interpreter, node, scope, made)
            literal_keys = set()
        elif node.type == "pair":
            _put_pair(interpreter, node, scope, made, literal_keys)
        elif node.type not in _EXTRAS:
            raise UnmodelledError
    if made.lost is not None:
        lose(made, made.lost)
    return made


def _put_pair(interpreter: Interpreter, node: Node, scope: Scope, made: RubyHash, literal_keys: set[Hashable]) -> None:
    children = [child for child in node.named_children if child.type not in _EXTRAS]
    if len(children) != 2:  # noqa: PLR2004 - a key and a value
        raise UnmodelledError  # {x:}
    key_node, value_node = children
    key = interpreter.evaluate(key_node, scope)
    if isinstance(key, RubyString) and key_node.type == "string" and any(child.type == ":" for child in node.children):
        key = Symbol(key.text)
    value = interpreter.evaluate(value_node, scope)
    try:
        identity = hash_key(key)
    except UncertainError as error:
        made.lost = error.unknown
        lose(value, error.unknown)
        return
    if key_node.type in _LITERAL_KEYS and not has_interpolation(key_node):
        if identity in literal_keys:
            made.entries.pop(identity, None)
        literal_keys.add(identity)
    made.put_under(identity, key, value)


def _put_splat(interpreter: Interpreter, node: Node, scope: Scope, made: RubyHash) -> None:
    value = _operand(interpreter, node, scope)
    unknown = unknown_part(value)
    if unknown is not None:
        made.lost = interpreter.unknown(node)
    elif value is None:
        raise RubyRaisedError("TypeError", "no implicit conversion of nil into Hash")
    elif isinstance(value, RubyHash):
        interpreter.budget.spend_on(len(value.entries))
        for key, item in value.pairs():
            made.put(key, item)
    else:
        raise UnmodelledError


def _block_argument(interpreter: Interpreter, node: Node, scope: Scope) -> Block:
    """``&:name``: a block that calls that method of its first argument."""
    value = interpreter.evaluate(node.named_children[0], scope) if node.named_children else None
    if not isinstance(value, Symbol):
        raise GiveUpError(interpreter.unknown(node))
    name = value.name

    def call(values: list[RubyValue]) -> RubyValue:
        return invoke(interpreter, values[0], name, Arguments(values[1:]), node)

    return Block(call)
