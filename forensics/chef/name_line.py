"""Where in a file an object's name stands: what people are pointed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.json_lexer import JsonRefused, Lexer, Token
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from tree_sitter import Node

_OPENS = frozenset({Token.OPEN_OBJECT, Token.OPEN_ARRAY})
_CLOSES = frozenset({Token.CLOSE_OBJECT, Token.CLOSE_ARRAY})
_BEFORE_KEY = frozenset({Token.OPEN_OBJECT, Token.COMMA})


def name_line(kind: Kind, path: str, data: bytes) -> int | None:
    """The line, counted from 1, on which a file gives its object the name; None where that is not plain to see.

    Of several, the last, which counts: the key of a JSON object, or the call of ``name`` in the body of a Ruby file.
    """
    if path.endswith(".rb"):
        return _ruby(data)
    return _json(data, "id" if kind is Kind.DATA_BAG_ITEM else "name")


def _json(data: bytes, wanted: str) -> int | None:
    lexer = Lexer(data)
    found = None
    depth = 0
    before = Token.END
    try:
        while (token := lexer.next()) is not Token.END:
            if token is Token.STRING and depth == 1 and before in _BEFORE_KEY and lexer.value == wanted:
                found = lexer.line
            depth += (token in _OPENS) - (token in _CLOSES)
            before = token
    except JsonRefused:
        return None
    return found


def _ruby(data: bytes) -> int | None:
    from forensics.chef.ruby.grammar import parse  # noqa: PLC0415 (a repository of JSON never needs it)

    calls = [node for node in parse(data).children if _names(node)]
    return calls[-1].start_point[0] + 1 if calls else None


def _names(node: Node) -> bool:
    """Whether a statement is ``name "..."``."""
    method = node.child_by_field_name("method")
    return (
        node.type == "call"
        and method is not None
        and method.text == b"name"
        and node.child_by_field_name("receiver") is None
        and node.child_by_field_name("arguments") is not None
    )
