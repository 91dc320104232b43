"""Where the parts of an expression may stand on lines, and between which of them nothing but blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import RubyRaisedError
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

_EXTRAS = frozenset({"comment", "heredoc_body"})


def refused(message: str, node: Node) -> RubyRaisedError:
    """Ruby's SyntaxError at a node."""
    return RubyRaisedError("SyntaxError", message, node.start_point[0] + 1)


def first_error(root: Node) -> Node:
    """Where the grammar first found a mistake."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return node
        waiting.extend(child for child in reversed(node.children) if child.has_error)
    return root


def check_lines(text: bytes, node: Node, children: list[Node]) -> None:
    """A line may end after what goes on, or before what closes; nowhere else within an expression.

    Raises:
        RubyRaisedError: one ends elsewhere (SyntaxError).
    """
    before: Node | None = None
    broken = False
    end = children[0].start_byte
    for child in children:
        gap = text[end : child.start_byte]
        if b"\n" in gap and gap.replace(b"\\\r\n", b"").replace(b"\\\n", b"").count(b"\n"):
            broken = True
        end = child.end_byte
        if child.type in _EXTRAS:
            broken = broken or child.type == "heredoc_body"
            continue
        if broken and before is not None and not _may_break(node, before, child):
            raise refused("unexpected end of line", child)
        before, broken = child, False


def check_gaps(text: bytes, children: list[Node]) -> None:
    """Between tokens stand white space and continued lines, nothing else; raises as ``check_lines``."""
    end = children[0].end_byte
    for child in children[1:]:
        if child.start_byte > end + 1 and b"\\" in text[end : child.start_byte]:
            gap = text[end : child.start_byte].replace(b"\\\n", b"")
            if b"\\" in gap and child.type != "heredoc_body":
                raise refused("unexpected backslash", child)
        end = child.end_byte


def _may_break(node: Node, before: Node, after: Node) -> bool:
    kind = after.type
    if kind in _CLOSERS or (kind == ":" and node.type == "conditional"):
        return True
    return not before.is_named and before.type not in _NO_BREAK_AFTER


_CLOSERS = frozenset({")", "]", "}", ".", "&.", "end"})
_NO_BREAK_AFTER = frozenset({")", "]", "}", "end", "yield", "return", "super", "break", "next"})
LINE_SENSITIVE = words(
    """
    argument_list array hash pair binary chained_string call element_reference assignment operator_assignment
    conditional range unary right_assignment_list left_assignment_list splat_argument hash_splat_argument
    block_argument scope_resolution return break next yield match_pattern test_pattern
    """
)
"""The nodes whose parts have to stand so."""
