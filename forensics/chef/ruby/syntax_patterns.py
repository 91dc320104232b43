"""Braces after a word: Ruby reads ``default_attributes { "a" => 1 }`` as a block with a pattern match in it.

The grammar takes such braces for a hash. Here is decided whether Ruby takes them as a block at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError
from forensics.chef.ruby.unknown import UnknownValue
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_LITERALS = words(
    """
    string integer float nil true false simple_symbol delimited_symbol string_array symbol_array regex constant
    chained_string character rational complex
    """
)


def check_pattern(node: Node, text: bytes) -> None:
    """Check the content of the braces.

    Raises:
        RubyRaisedError: it is no block (SyntaxError).
        GiveUpError: not known.
    """
    if node.type != "hash":
        raise GiveUpError(UnknownValue(text[node.start_byte : node.end_byte].decode("utf-8", "replace"), _line(node)))
    pairs = [child for child in node.named_children if child.type != "comment"]
    if not pairs:
        return
    first = pairs[0]
    if len(pairs) != 1 or first.type != "pair" or not any(child.type == "=>" for child in first.children):
        raise _refused(pairs[-1])
    value = first.child_by_field_name("value")
    if value is None:
        raise _refused(first)
    _pattern(value, text, set())


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def _refused(node: Node) -> RubyRaisedError:
    return RubyRaisedError("SyntaxError", "a hash after a method name needs parentheses", _line(node))


def _pattern(node: Node, text: bytes, names: set[bytes]) -> None:
    kind = node.type
    if kind in _LITERALS or (kind == "unary" and node.named_children[0].type in {"integer", "float"}):
        return
    check = _PATTERNS.get(kind)
    if check is not None:
        check(node, text, names)
    elif kind in _NO_PATTERNS:
        raise _refused(node)
    else:
        raise GiveUpError(UnknownValue(text[node.start_byte : node.end_byte].decode("utf-8", "replace"), _line(node)))


_NO_PATTERNS = frozenset({"call", "element_reference", "conditional", "heredoc_beginning", "assignment", "pair"})


def _variable(node: Node, text: bytes, names: set[bytes]) -> None:
    name = text[node.start_byte : node.end_byte]
    if name in names and not name.startswith(b"_"):
        raise _refused(node)
    names.add(name)


def _members(node: Node, text: bytes, names: set[bytes]) -> None:
    for child in node.named_children:
        if child.type != "comment":
            _pattern(child, text, names)


def _alternatives(node: Node, text: bytes, names: set[bytes]) -> None:
    operator = node.child_by_field_name("operator")
    if operator is None or operator.type != "|":
        raise _refused(node)
    _members(node, text, names)


def _hash_pattern(node: Node, text: bytes, names: set[bytes]) -> None:
    for child in node.named_children:
        if child.type == "comment":
            continue
        if child.type != "pair" or any(part.type == "=>" for part in child.children):
            raise _refused(child)
        value = child.child_by_field_name("value")
        if value is not None:
            _pattern(value, text, names)


_PATTERNS: dict[str, Callable[[Node, bytes, set[bytes]], None]] = {
    "identifier": _variable,
    "array": _members,
    "range": _members,
    "binary": _alternatives,
    "hash": _hash_pattern,
}
