"""Evaluating literals: strings with what is interpolated, arrays, hashes, ranges, symbols, numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.chef.ruby.arguments import evaluated, hash_of
from forensics.chef.ruby.escapes import dedent, double_quoted, interpolated_words, text_of
from forensics.chef.ruby.failure import UncertainError, UnmodelledError
from forensics.chef.ruby.interpreter import evaluates
from forensics.chef.ruby.literals import (
    character_text,
    has_interpolation,
    opening_of,
    string_text,
    symbol_text,
    word_list,
)
from forensics.chef.ruby.numbers import floating, integer
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.values import RubyArray, RubyHash, RubyRange, RubyRegexp, RubyString, Symbol, check_known

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.values import RubyValue


def _made(interpreter: Interpreter, text: str) -> RubyString:
    return RubyString(text, frozen=interpreter.frozen_literals)


@evaluates("string")
def _string(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    slice_ = interpreter.slice_of(node)
    if slice_[:1] != b"'" and has_interpolation(node):
        first, last = node.children[0].end_byte, node.children[-1].start_byte
        return RubyString(_interpolated(interpreter, node, scope, first, last))
    return _made(interpreter, string_text(slice_))


def _parts(interpreter: Interpreter, node: Node, first: int, last: int) -> tuple[list[bytes | None], list[Node]]:
    """Raw text between two places, with None for each interpolation."""
    parts: list[bytes | None] = []
    nodes: list[Node] = []
    position = first
    for child in node.named_children:
        if child.type == "interpolation":
            parts.append(interpreter.literals[position : child.start_byte])
            parts.append(None)
            nodes.append(child)
            position = child.end_byte
    parts.append(interpreter.literals[position:last])
    return parts, nodes


def _interpolated(interpreter: Interpreter, node: Node, scope: Scope, first: int, last: int) -> str:
    return _joined(interpreter, *_parts(interpreter, node, first, last), scope)


def _joined(interpreter: Interpreter, parts: list[bytes | None], nodes: list[Node], scope: Scope) -> str:
    """The text of parts and interpolations; all of these are evaluated, even if one of them is unknown."""
    interpreter.depth += 1  # texts within texts take more of Python's stack than other nodes
    try:
        values = [interpreter.statements(node.named_children, scope) for node in nodes]
    finally:
        interpreter.depth -= 1
    texts = iter([to_s(value) for value in values])
    return _text_of(interpreter, [next(texts) if part is None else double_quoted(part) for part in parts])


def _text_of(interpreter: Interpreter, pieces: list[str]) -> str:
    """Texts one after the other: raw bytes at a seam may become a character."""
    text = "".join(pieces)
    interpreter.budget.spend_on(len(text))
    return text if text.isascii() else text_of(text.encode("utf-8", "surrogateescape"))


@evaluates("chained_string")
def _chained(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    values = [interpreter.evaluate(child, scope) for child in node.named_children if child.type != "comment"]
    return _made(interpreter, _text_of(interpreter, [to_s(value) for value in values]))


@evaluates("character")
def _character(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    return _made(interpreter, character_text(interpreter.slice_of(node)))


@evaluates("simple_symbol")
def _simple_symbol(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    return Symbol(interpreter.slice_of(node)[1:].decode())


@evaluates("delimited_symbol")
def _delimited_symbol(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    slice_ = interpreter.slice_of(node)
    if slice_[:2] == b':"' and has_interpolation(node):
        return Symbol(_interpolated(interpreter, node, scope, node.start_byte + 2, node.end_byte - 1))
    return Symbol(symbol_text(slice_))


@evaluates("hash_key_symbol")
def _hash_key_symbol(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    return Symbol(interpreter.slice_of(node).decode())


@evaluates("string_array", "symbol_array")
def _word_array(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    slice_ = interpreter.slice_of(node)
    if opening_of(slice_)[0] in b"wi":
        texts = word_list(slice_)
    else:
        texts = []
        for word in node.named_children:
            if has_interpolation(word):
                texts.append(_interpolated(interpreter, word, scope, word.start_byte, word.end_byte))
            else:
                texts.extend(interpolated_words(interpreter.slice_of(word)))
    symbols = node.type == "symbol_array"
    return RubyArray([Symbol(text) if symbols else _made(interpreter, text) for text in texts])


@evaluates("heredoc_beginning")
def _heredoc(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    if interpreter.heredocs is None:
        interpreter.heredocs = _heredoc_bodies(interpreter.root)
    body = interpreter.heredocs.get(node.start_byte)
    beginning = interpreter.slice_of(node)
    if body is None or b"`" in beginning:
        raise UncertainError(interpreter.unknown(node))
    first = interpreter.literals.index(b"\n", body.start_byte) + 1
    last = body.named_children[-1].start_byte
    last = max(first, interpreter.literals.rfind(b"\n", 0, last) + 1)
    squiggly = beginning.startswith(b"<<~")
    if b"'" in beginning:
        raw = interpreter.literals[first:last]
        if squiggly:
            raw = dedent([raw.replace(b"\\\n", b"\\\0\n")])[0] or b""
            raw = raw.replace(b"\\\0\n", b"\\\n")
        return _made(interpreter, text_of(raw))
    parts, nodes = _parts(interpreter, body, first, last)
    if squiggly:
        parts = dedent(parts)
    text = _joined(interpreter, parts, nodes, scope)
    return RubyString(text, frozen=interpreter.frozen_literals and not nodes)


def _heredoc_bodies(root: Node) -> dict[int, Node]:
    """The body of each heredoc, by where its beginning stands: bodies follow in the order of the beginnings."""
    beginnings: list[Node] = []
    bodies: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "heredoc_beginning":
            beginnings.append(node)
        elif node.type == "heredoc_body":
            bodies.append(node)
        waiting.extend(reversed(node.children))
    beginnings.sort(key=lambda node: node.start_byte)
    bodies.sort(key=lambda node: node.start_byte)
    return {beginning.start_byte: body for beginning, body in zip(beginnings, bodies, strict=False)}


@evaluates("integer")
def _integer(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    return integer(interpreter.slice_of(node).decode())


@evaluates("float")
def _float(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    return floating(interpreter.slice_of(node).decode())


@evaluates("true")
def _true(_interpreter: Interpreter, _node: Node, _scope: Scope) -> RubyValue:
    return True


@evaluates("false")
def _false(_interpreter: Interpreter, _node: Node, _scope: Scope) -> RubyValue:
    return False


@evaluates("nil")
def _nil(_interpreter: Interpreter, _node: Node, _scope: Scope) -> RubyValue:
    return None


@evaluates("array", "right_assignment_list")
def _array(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    return RubyArray(list(evaluated(interpreter, node.named_children, scope).flat()))


@evaluates("hash")
def _hash(interpreter: Interpreter, node: Node, scope: Scope) -> RubyHash:
    return hash_of(interpreter, node.named_children, scope)


@evaluates("range")
def _range(interpreter: Interpreter, node: Node, scope: Scope) -> RubyValue:
    ends: list[int | str] = []
    for name in ("begin", "end"):
        end_node = node.child_by_field_name(name)
        end = None if end_node is None else interpreter.evaluate(end_node, scope)
        check_known(end)
        if isinstance(end, int) and not isinstance(end, bool):
            ends.append(end)
        elif isinstance(end, RubyString) and len(end.text) == 1 and end.text.isascii():
            ends.append(end.text)
        else:
            raise UnmodelledError
    if type(ends[0]) is not type(ends[1]):
        raise UnmodelledError
    operator = node.child_by_field_name("operator")
    return RubyRange(ends[0], ends[1], exclusive=operator is not None and operator.type == "...")


@evaluates("regex")
def _regex(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    options = re.search(r"[a-z]*\Z", interpreter.source_of(node))
    letters = "" if options is None else options[0]
    if set(letters) - set("mix") or has_interpolation(node):
        raise UnmodelledError
    first, last = node.children[0].end_byte, node.children[-1].start_byte
    source = interpreter.literals[first:last]
    if interpreter.begins_with(node, b"/"):
        source = source.replace(b"\\/", b"/")  # the delimiter needs no backslash in the source of the expression
    return RubyRegexp(text_of(source), "".join(letter for letter in "mix" if letter in letters))


@evaluates("subshell", "global_variable", "lambda", "rescue_modifier")
def _outside(interpreter: Interpreter, node: Node, _scope: Scope) -> RubyValue:
    """What Ruby lets pass, but nobody can tell the value of.

    Raises:
        UncertainError: always.
    """
    raise UncertainError(interpreter.unknown(node))
