"""Evaluating literals: strings with what is interpolated, arrays, hashes, ranges, symbols, numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import Arguments, invoke, user_method
from forensics.chef.ruby.escapes import dedent, double_quoted, interpolated_words, joined, text_of
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.interpreter import evaluates, line_of
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
from forensics.chef.ruby.unknown import OwnPath, Unknown
from forensics.chef.ruby.values import (
    RubyArray,
    RubyComplex,
    RubyHash,
    RubyObject,
    RubyRange,
    RubyRegexp,
    RubyString,
    Symbol,
    hash_key,
    known,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope


def _slice(interpreter: Interpreter, node: Node) -> bytes:
    return interpreter.literals[node.start_byte : node.end_byte]


def _made(interpreter: Interpreter, text: str) -> RubyString:
    return RubyString(text, frozen=interpreter.frozen_literals)


@evaluates("string")
def _string(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    slice_ = _slice(interpreter, node)
    if slice_[:1] != b"'" and has_interpolation(node):
        first, last = node.children[0].end_byte, node.children[-1].start_byte
        text = _interpolated(interpreter, node, scope, first, last)
        return text if isinstance(text, Unknown) else RubyString(text)
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


def _interpolated(interpreter: Interpreter, node: Node, scope: Scope, first: int, last: int) -> str | Unknown:
    parts, nodes = _parts(interpreter, node, first, last)
    return _joined_parts(interpreter, parts, nodes, node, scope)


def _joined_parts(
    interpreter: Interpreter, parts: list[bytes | None], nodes: list[Node], node: Node, scope: Scope
) -> str | Unknown:
    text = ""
    uncertain = False
    waiting = iter(nodes)
    for part in parts:
        if part is not None:
            text = joined(text, double_quoted(part))
            continue
        value = interpolation(interpreter, next(waiting), scope)
        if isinstance(value, Unknown):
            uncertain = True
        else:
            text = joined(text, value)
            interpreter.spend(len(text))
    return interpreter.unknown(node) if uncertain else text


def interpolation(interpreter: Interpreter, node: Node, scope: Scope) -> str | Unknown:
    """The text that ``#{...}`` stands for."""
    value = interpreter.statements(node.named_children, scope)
    return text_for(interpreter, value, node)


def text_for(interpreter: Interpreter, value: Any, node: Node) -> str | Unknown:
    """What ``to_s`` gives, also where the file defines it."""
    try:
        if isinstance(value, Unknown):
            return value
        if user_method(interpreter, value, "to_s") is not None:
            value = invoke(interpreter, value, "to_s", Arguments(), node)
        elif isinstance(value, RubyObject):
            return interpreter.unknown(node)
        return to_s(known(value))
    except (UncertainError, UnmodelledError):
        return interpreter.unknown(node)


@evaluates("chained_string")
def _chained(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    text = ""
    uncertain = False
    for child in node.named_children:
        if child.type == "comment":
            continue
        part = interpreter.evaluate(child, scope)
        if isinstance(part, Unknown):
            uncertain = True
        else:
            text = joined(text, part.text)
    return interpreter.unknown(node) if uncertain else _made(interpreter, text)


@evaluates("character")
def _character(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return _made(interpreter, character_text(_slice(interpreter, node)))


@evaluates("simple_symbol")
def _simple_symbol(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return Symbol(_slice(interpreter, node)[1:].decode())


@evaluates("delimited_symbol")
def _delimited_symbol(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    slice_ = _slice(interpreter, node)
    if slice_[:2] == b':"' and has_interpolation(node):
        text = _interpolated(interpreter, node, scope, node.start_byte + 2, node.end_byte - 1)
        return text if isinstance(text, Unknown) else Symbol(text)
    return Symbol(symbol_text(slice_))


@evaluates("hash_key_symbol")
def _hash_key_symbol(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return Symbol(_slice(interpreter, node).decode())


@evaluates("string_array", "symbol_array")
def _word_array(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    slice_ = _slice(interpreter, node)
    letter, _ = opening_of(slice_)
    symbols = node.type == "symbol_array"
    if letter in b"wi":
        texts: list[Any] = list(word_list(slice_))
    else:
        texts = []
        for word in node.named_children:
            if has_interpolation(word):
                texts.append(_interpolated(interpreter, word, scope, word.start_byte, word.end_byte))
            else:
                texts.extend(interpolated_words(_slice(interpreter, word)))
    return RubyArray(
        [
            text if isinstance(text, Unknown) else (Symbol(text) if symbols else _made(interpreter, text))
            for text in texts
        ]
    )


@evaluates("heredoc_beginning")
def _heredoc(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    if interpreter.heredocs is None:
        interpreter.heredocs = heredoc_bodies(interpreter.root)
    body = interpreter.heredocs.get(node.start_byte)
    beginning = _slice(interpreter, node)
    if body is None or (beginning.startswith(b"<<") and b"`" in beginning):
        return interpreter.unknown(node)
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
        try:
            parts = dedent(parts)
        except UnmodelledError:
            return interpreter.unknown(node)
    text = _joined_parts(interpreter, parts, nodes, node, scope)
    return text if isinstance(text, Unknown) else RubyString(text, frozen=interpreter.frozen_literals and not nodes)


def heredoc_bodies(root: Node) -> dict[int, Node]:
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
def _integer(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return integer(_slice(interpreter, node).decode())


@evaluates("float")
def _float(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return floating(_slice(interpreter, node).decode())


@evaluates("rational")
def _rational(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    text = _slice(interpreter, node).decode().rstrip("ri").replace("_", "")
    return Fraction(integer(text) if text.isdecimal() or (text[:1] == "0" and "." not in text) else text)


@evaluates("complex")
def _complex(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    inner = node.named_children
    if inner:
        number = interpreter.evaluate(inner[0], scope)
        if _slice(interpreter, node).endswith(b"ri") and inner[0].type != "rational":
            number = Fraction(number)
        elif inner[0].type == "rational":
            number = Fraction(_slice(interpreter, node).decode().rstrip("ri").replace("_", ""))
        return RubyComplex(0, number)
    raise UncertainError(interpreter.unmodelled(node))


@evaluates("true")
def _true(_interpreter: Interpreter, _node: Node, _scope: Scope) -> Any:
    return True


@evaluates("false")
def _false(_interpreter: Interpreter, _node: Node, _scope: Scope) -> Any:
    return False


@evaluates("nil")
def _nil(_interpreter: Interpreter, _node: Node, _scope: Scope) -> Any:
    return None


@evaluates("array", "right_assignment_list")
def _array(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    from forensics.chef.ruby.calls import add_arguments  # noqa: PLC0415 - the two need each other

    made = Arguments()
    add_arguments(interpreter, node, scope, made)
    return RubyArray(list(made.flat()))


@evaluates("hash")
def _hash(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    made = RubyHash()
    literal_keys: set[Any] = set()
    for child in node.named_children:
        if child.type == "pair":
            put_pair(interpreter, child, scope, made, literal_keys)
        elif child.type == "hash_splat_argument":
            put_splat(interpreter, child, scope, made)
            literal_keys = set()
        elif child.type not in {"comment", "heredoc_body"}:
            raise UncertainError(interpreter.unmodelled(node))
    return made


_LITERAL_KEYS = frozenset({"string", "hash_key_symbol", "simple_symbol", "delimited_symbol", "integer", "float"})


def put_pair(interpreter: Interpreter, node: Node, scope: Scope, made: RubyHash, literal_keys: set[Any]) -> None:
    """Put one written pair into a hash: a key repeated as a literal keeps its last place only."""
    children = [child for child in node.named_children if child.type not in {"comment", "heredoc_body"}]
    key_node = children[0]
    key = interpreter.evaluate(key_node, scope)
    if key_node.type == "string" and any(child.type == ":" for child in node.children) and not isinstance(key, Unknown):
        key = Symbol(key.text)
    value = (
        _shorthand(interpreter, key, node, scope) if len(children) == 1 else interpreter.evaluate(children[1], scope)
    )
    try:
        identity = hash_key(key)
    except UncertainError as error:
        made.lost = error.unknown
        return
    if key_node.type in _LITERAL_KEYS and not has_interpolation(key_node):
        if identity in literal_keys:
            made.entries.pop(identity, None)
        literal_keys.add(identity)
    made.put(key, value)


def _shorthand(interpreter: Interpreter, key: Any, node: Node, scope: Scope) -> Any:
    """``{x:}``."""
    from forensics.chef.ruby.calls import self_call  # noqa: PLC0415 - the two need each other

    holder = scope.holder(key.name)
    if holder is not None:
        return holder.variables[key.name]
    return self_call(interpreter, key.name, Arguments(), node, scope, scope.frame.self_object, bare=True)


def put_splat(interpreter: Interpreter, node: Node, scope: Scope, made: RubyHash) -> None:
    """Put what ``**`` stands before into a hash."""
    value = interpreter.evaluate(node.named_children[0], scope)
    if isinstance(value, Unknown) or getattr(value, "lost", None) is not None:
        made.lost = interpreter.unknown(node)
        return
    if not isinstance(value, RubyHash):
        if value is None:
            raise RubyRaisedError("TypeError", "no implicit conversion of nil into Hash", line_of(node))
        raise UncertainError(interpreter.unmodelled(node))
    for key, item in value.pairs():
        made.put(key, item)


@evaluates("range")
def _range(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    first_node, last_node = node.child_by_field_name("begin"), node.child_by_field_name("end")
    operator = node.child_by_field_name("operator")
    first = None if first_node is None else known(interpreter.evaluate(first_node, scope))
    last = None if last_node is None else known(interpreter.evaluate(last_node, scope))
    numbers = (int, float, Fraction)
    comparable = (
        first is None
        or last is None
        or (isinstance(first, numbers) and isinstance(last, numbers) and bool not in {type(first), type(last)})
        or (type(first) is type(last) and isinstance(first, RubyString | Symbol | RubyArray))
    )
    if not comparable:
        if isinstance(first, (*numbers, RubyString)) and isinstance(last, (*numbers, RubyString)):
            raise RubyRaisedError("ArgumentError", "bad value for range", line_of(node))
        raise UncertainError(interpreter.unmodelled(node))
    return RubyRange(first, last, exclusive=operator is not None and operator.type == "...")


@evaluates("regex")
def _regex(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    slice_ = _slice(interpreter, node)
    options = re.search(rb"[a-z]*\Z", slice_)
    letters = "" if options is None else options[0].decode()
    if set(letters) - set("mix"):
        if set(letters) - set("mixounse"):
            raise RubyRaisedError("SyntaxError", "unknown regexp option", line_of(node))
        if set(letters) - set("mixou"):
            return interpreter.unknown(node)
        letters = "".join(letter for letter in letters if letter in "mix")
    first = node.children[0].end_byte
    last = node.children[-1].start_byte
    delimiter = interpreter.literals[first - 1 : first]
    parts, nodes = _parts(interpreter, node, first, last)
    source = ""
    waiting = iter(nodes)
    for part in parts:
        if part is not None:
            # The delimiter needs no backslash in the source of the expression.
            text = text_of(part.replace(b"\\/", b"/") if delimiter == b"/" else part)
            source += text
            continue
        value = _regexp_part(interpreter, next(waiting), scope)
        if isinstance(value, Unknown):
            return interpreter.unknown(node)
        source += value
    return RubyRegexp(source, letters)


def _regexp_part(interpreter: Interpreter, node: Node, scope: Scope) -> str | Unknown:
    value = interpreter.statements(node.named_children, scope)
    return text_for(interpreter, value, node)


@evaluates("subshell")
def _subshell(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    for child in node.named_children:
        if child.type == "interpolation":
            interpolation(interpreter, child, scope)
    return interpreter.unknown(node)


@evaluates("__file__")
def _file(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    interpreter.unknowns += 1
    name = interpreter.path.rpartition("/")[2]
    return OwnPath("__FILE__", line_of(node), name) if name else interpreter.unknown(node)


@evaluates("__line__")
def _line(_interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return line_of(node)


@evaluates("__encoding__")
def _encoding(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    from forensics.chef.ruby.values import Opaque  # noqa: PLC0415

    if interpreter.encoding != "UTF-8":
        return interpreter.unknown(node)
    return Opaque("Encoding", "UTF-8", "UTF-8")


@evaluates("__method__")
def _method(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    method = scope.frame.method
    if method is not None:
        return Symbol(method.name)
    return Symbol("from_file") if scope.frame.self_object is interpreter.role else interpreter.unknown(node)


@evaluates("__dir__")
def _dir(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    return interpreter.unknown(node)
