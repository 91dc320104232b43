"""Literals that Ruby refuses when it reads the file: escapes, digits, regular expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.chef.ruby.escapes import double_quoted
from forensics.chef.ruby.failure import RubyRaisedError
from forensics.chef.ruby.literals import character_text, opening_of
from forensics.chef.ruby.numbers import floating, integer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node


def check_literal(node: Node, source: bytes) -> None:
    """Check one literal.

    Raises:
        RubyRaisedError: Ruby refuses it (SyntaxError).
        UnmodelledError: whether Ruby takes it is not known.
    """
    slice_ = source[node.start_byte : node.end_byte]
    check = _CHECKS[node.type]
    check(node, slice_, source)


def _raw_parts(node: Node, source: bytes, first: int, last: int) -> list[bytes]:
    parts = []
    position = first
    for child in node.named_children:
        if child.type == "interpolation":
            parts.append(source[position : child.start_byte])
            position = child.end_byte
    parts.append(source[position:last])
    return parts


def _quoted(node: Node, slice_: bytes, source: bytes) -> None:
    if b"\\" not in slice_:
        if slice_.startswith(b"%"):
            _percent(slice_)
        return
    if slice_.startswith((b"'", b":'", b"%q", b"%s", b"%w", b"%i")):
        return
    children = node.children
    for part in _raw_parts(node, source, children[0].end_byte, children[-1].start_byte):
        double_quoted(part)


def _percent(slice_: bytes) -> None:
    letter, _ = opening_of(slice_)
    if letter and letter not in b"qQwWiIrsx":
        raise RubyRaisedError("SyntaxError", "unknown type of %string")


def _integer(_node: Node, slice_: bytes, _source: bytes) -> None:
    integer(slice_.decode())


def _float(_node: Node, slice_: bytes, _source: bytes) -> None:
    floating(slice_.decode())


def _number(_node: Node, slice_: bytes, _source: bytes) -> None:
    if re.search(rb"__|_[ri]|[eE].*r", slice_):
        raise RubyRaisedError("SyntaxError", "malformed number")


def _character(_node: Node, slice_: bytes, _source: bytes) -> None:
    if len(character_text(slice_)) != 1:
        raise RubyRaisedError("SyntaxError", "Multiple codepoints at single character literal")


def _heredoc(node: Node, _slice: bytes, source: bytes) -> None:
    children = node.named_children
    if not children or not any(child.type == "escape_sequence" for child in children):
        return
    for part in _raw_parts(node, source, node.start_byte, children[-1].start_byte):
        double_quoted(part)


_UNREPEATABLE = re.compile(rb"(?:\A|[(|])[*+?]")


def _regex(node: Node, _slice: bytes, source: bytes) -> None:
    children = node.children
    if any(child.type == "interpolation" for child in children):
        return
    body = source[children[0].end_byte : children[-1].start_byte]
    _check_expression(body)


_CLASS = re.compile(rb"\[\^?\]?[^][]*\]")


def _check_expression(body: bytes) -> None:
    """The mistakes that Onigmo reports: nothing to repeat, brackets that do not close."""
    bare = re.sub(rb"\\[\s\S]", b"a", body)
    while (shorter := _CLASS.sub(b"a", bare)) != bare:
        bare = shorter
    bare = re.sub(rb"\(\?[^)]", b"(a", bare)
    depth = 0
    for parenthesis in re.findall(rb"[()]", bare):
        depth += 1 if parenthesis == b"(" else -1
        if depth < 0:
            break
    if depth or b"[" in bare or bare.endswith(b"\\"):
        raise RubyRaisedError("SyntaxError", "premature end of regular expression")
    if _UNREPEATABLE.search(bare):
        raise RubyRaisedError("SyntaxError", "target of repeat operator is not specified")


_CHECKS: dict[str, Callable[[Node, bytes, bytes], None]] = {
    "string": _quoted,
    "subshell": _quoted,
    "delimited_symbol": _quoted,
    "string_array": _quoted,
    "symbol_array": _quoted,
    "integer": _integer,
    "float": _float,
    "rational": _number,
    "complex": _number,
    "character": _character,
    "heredoc_body": _heredoc,
    "regex": _regex,
}
