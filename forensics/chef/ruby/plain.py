"""Statements that are plain literals, which nearly all statements of role files are, without an interpreter.

A DSL call whose arguments are literals means the same wherever it stands, so its effect is remembered by its text: in
the history of a repository, most statements of a file's version stood in the version before. Effects are shared
between results and never mutated. What is not plain raises ``NotPlainError``: the interpreter reads it.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from forensics.chef.objects import Kind, RepeatedKeys
from forensics.chef.ruby.grammar import kind_of
from forensics.chef.ruby.literals import has_interpolation, string_text, word_list
from forensics.chef.ruby.numbers import floating, integer
from forensics.chef.run_list import parse_item

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    Effect = tuple[str, Any]
    Pairs = list[tuple[str, bool, Any]]  # keys, whether each is a string rather than a symbol, values

CALL, _IDENTIFIER, COMMENT, _PAIR, _STRING = map(kind_of, ("call", "identifier", "comment", "pair", "string"))
HASH, _KEY, _SYMBOL, _INTEGER, _ARRAY, _WORDS = map(
    kind_of, ("hash", "hash_key_symbol", "simple_symbol", "integer", "array", "string_array")
)

_DEEPEST = 60
_MOST_ITEMS = 50_000
# A line that begins with a comma or an arrow continues nothing in Ruby, though the grammar takes it.
SUSPICIOUS = re.compile(rb"\n[ \t]*(?:,|=>|=begin|=end)")
_NAME = re.compile(r"^[-\w]+$", re.ASCII | re.MULTILINE)


class NotPlainError(Exception):
    """The interpreter has to read this."""


def effect_of(node: Node, source: bytes, kind: Kind) -> Effect:
    """What a call at the top of a file does: the field that it sets and the value.

    Raises:
        NotPlainError: it is no plain call.
    """
    children = node.children
    if len(children) != 2 or children[0].kind_id != _IDENTIFIER:  # noqa: PLR2004 - the method and its arguments
        raise NotPlainError
    method, listed = children
    name = source[method.start_byte : method.end_byte].decode()
    read = _METHODS[kind].get(name)
    if read is None or listed.type != "argument_list":
        raise NotPlainError
    arguments = [child for child in listed.named_children if child.kind_id != COMMENT]
    first = source[listed.start_byte]
    gap = source[method.end_byte : listed.start_byte]
    if (
        not arguments
        or first == _BRACE
        or (first == _PARENTHESIS if gap else first not in _OPENINGS)
        or gap.strip(b" \t")
    ):
        raise NotPlainError
    return read(arguments, source)


def is_odd(root: Node, source: bytes) -> bool:
    """Whether something else than white space stands between tokens, which the grammar may take for it."""
    waiting = [root]
    while waiting:
        children = waiting.pop().children
        for child, following in itertools.pairwise(children):
            if ODD.search(source, child.end_byte, following.start_byte):
                return True
        waiting.extend(child for child in children if child.kind_id not in _TEXTS)
    return False


ODD = re.compile(rb"[\\\x80-\xff]")
_TEXTS = frozenset({_STRING, _WORDS, COMMENT})
_BRACE, _PARENTHESIS, _LINE_END = ord("{"), ord("("), ord("\n")
_OPENINGS = b"(\"'"


def _only_string(arguments: list[Node], source: bytes) -> str:
    if len(arguments) != 1 or arguments[0].kind_id != _STRING:
        raise NotPlainError
    return _string(arguments[0], source, 0)


def _name(arguments: list[Node], source: bytes) -> Effect:
    name = _only_string(arguments, source)
    if not _NAME.search(name):
        raise NotPlainError
    return "name", name


def _description(arguments: list[Node], source: bytes) -> Effect:
    return "description", _only_string(arguments, source)


def _default_attributes(arguments: list[Node], source: bytes) -> Effect:
    return "default_attributes", _hash_argument(arguments, source)


def _override_attributes(arguments: list[Node], source: bytes) -> Effect:
    return "override_attributes", _hash_argument(arguments, source)


def _run_list(arguments: list[Node], source: bytes) -> Effect:
    items: dict[str, None] = {}
    for text in _strings(arguments, source, 0):
        items[_item(text)] = None
    return "run_list", tuple(items)


def _env_run_lists(arguments: list[Node], source: bytes) -> Effect:
    if len(arguments) == 1 and arguments[0].kind_id == HASH:
        arguments = arguments[0].named_children
    lists: dict[str, tuple[str, ...]] = {}
    for pair in arguments:
        if pair.kind_id == COMMENT:
            continue
        if pair.kind_id != _PAIR or len(pair.children) != 3 or pair.children[1].type != "=>":  # noqa: PLR2004
            raise NotPlainError
        key, _, value = pair.children
        if key.kind_id != _STRING:
            raise NotPlainError
        environment = _string(key, source, 0)
        if environment in lists:
            raise NotPlainError
        lists[environment] = tuple(_item(text) for text in _flat_strings(value, source))
    if "_default" not in lists:
        raise NotPlainError
    return "env_run_lists", lists


def _flat_strings(value: Node, source: bytes) -> list[str]:
    """The members of an environment's run list: unlike ``run_list``, nested arrays are not flattened."""
    if value.kind_id == _ARRAY and any(member.kind_id in {_ARRAY, _WORDS} for member in value.named_children):
        raise NotPlainError
    return _strings([value], source, 0)


def _strings(nodes: list[Node], source: bytes, depth: int) -> list[str]:
    if depth > _DEEPEST:
        raise NotPlainError
    texts: list[str] = []
    for node in nodes:
        kind = node.kind_id
        if kind == _STRING:
            texts.append(_string(node, source, depth))
        elif kind == _WORDS:
            texts.extend(_word_list(node, source, depth))
        elif kind == _ARRAY:
            texts.extend(_strings(node.named_children, source, depth + 1))
        elif kind != COMMENT:
            raise NotPlainError
    return texts


def _item(text: str) -> str:
    known = _items.get(text)
    if known is None:
        if len(_items) >= _MOST_ITEMS:
            _items.clear()
        known = _items[text] = str(parse_item(text))
    return known


_items: dict[str, str] = {}


def _hash_argument(arguments: list[Node], source: bytes) -> dict[str, Any]:
    if len(arguments) == 1 and arguments[0].kind_id == HASH:
        arguments = arguments[0].named_children
    return _pairs(arguments, source, 0)


def _pairs(nodes: list[Node], source: bytes, depth: int) -> dict[str, Any]:
    return mapping_of(listed_pairs(nodes, source, depth))


def listed_pairs(nodes: list[Node], source: bytes, depth: int) -> Pairs:
    """The pairs that these nodes write down.

    Raises:
        NotPlainError: one is not plain.
    """
    pairs: Pairs = []
    for node in nodes:
        if node.kind_id != _PAIR:
            if node.kind_id == COMMENT:
                continue
            raise NotPlainError
        children = node.named_children
        if len(children) != 2:  # noqa: PLR2004 - a key and a value
            raise NotPlainError
        key_node, value_node = children
        key, is_text = _key(key_node, node, source)
        value = _READERS.get(value_node.kind_id, _refuse)(value_node, source, depth + 1)
        pairs.append((key, is_text, value))
    return pairs


def mapping_of(pairs: Pairs) -> dict[str, Any]:
    """The hash of these pairs: a key repeated in the same spelling keeps its last place; ``:a`` and ``"a"`` stay."""
    found = {key: value for key, _, value in pairs}
    if len(found) == len(pairs):
        return found
    last: dict[tuple[str, bool], Any] = {}
    for key, is_text, value in pairs:
        last.pop((key, is_text), None)
        last[key, is_text] = value
    kept = [(key, value) for (key, _), value in last.items()]
    mapping = dict(kept)
    return mapping if len(mapping) == len(kept) else RepeatedKeys(kept)


def _key(node: Node, pair: Node, source: bytes) -> tuple[str, bool]:
    kind = node.kind_id
    if kind == _STRING:
        return _string(node, source, 0), pair.children[1].type == "=>"
    if kind == _KEY:
        return source[node.start_byte : node.end_byte].decode(), False
    if kind == _SYMBOL:
        return _symbol(node, source, 0), False
    raise NotPlainError


def _refuse(_node: Node, _source: bytes, _depth: int) -> Any:
    raise NotPlainError


def _string(node: Node, source: bytes, _depth: int) -> str:
    slice_ = source[node.start_byte : node.end_byte]
    quote = slice_[:1]
    if b"#" in slice_ and quote != b"'" and has_interpolation(node):
        raise NotPlainError
    if b"\\" not in slice_ and quote in b"\"'":
        return slice_[1:-1].decode()
    text = string_text(slice_)
    if _RAW.search(text):
        raise NotPlainError
    return text


_RAW = re.compile("[\udc80-\udcff]")


def _symbol(node: Node, source: bytes, _depth: int) -> str:
    name = source[node.start_byte + 1 : node.end_byte].decode()
    if not name.isidentifier():
        raise NotPlainError
    return name


def _integer(node: Node, source: bytes, _depth: int) -> int:
    return integer(source[node.start_byte : node.end_byte].decode())


def _float(node: Node, source: bytes, _depth: int) -> float:
    number = floating(source[node.start_byte : node.end_byte].decode())
    if number == _INFINITE:
        raise NotPlainError
    return number


_INFINITE = float("inf")


def _array(node: Node, source: bytes, depth: int) -> list[Any]:
    if depth > _DEEPEST:
        raise NotPlainError
    members = []
    for child in node.named_children:
        kind = child.kind_id
        if kind != COMMENT:
            members.append(_READERS.get(kind, _refuse)(child, source, depth + 1))
    return members


def _hash(node: Node, source: bytes, depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        raise NotPlainError
    return _pairs(node.named_children, source, depth)


def _word_list(node: Node, source: bytes, _depth: int) -> list[str]:
    slice_ = source[node.start_byte : node.end_byte]
    if b"\\" in slice_ or slice_[1:2] not in b"wi" or slice_[2:3].isspace():
        raise NotPlainError
    return word_list(slice_)


def _negative(node: Node, source: bytes, depth: int) -> int | float:
    if len(node.children) != 2:  # noqa: PLR2004 - the operator and what it negates: no comment between them
        raise NotPlainError
    operator, operand = node.children
    if operator.type != "-" or operator.end_byte != operand.start_byte or operand.kind_id not in {_INTEGER, _FLOAT}:
        raise NotPlainError
    return -(_integer if operand.kind_id == _INTEGER else _float)(operand, source, depth)


def _arithmetic(node: Node, source: bytes, depth: int) -> int:
    """Sums, differences, products and quotients of integers."""
    if len(node.children) != 3 or depth > _DEEPEST:  # noqa: PLR2004 - two operands and the operator
        raise NotPlainError
    left_node, operator, right_node = node.children
    operate = _OPERATORS.get(operator.type)
    if operate is None or _LINE_END in source[left_node.end_byte : operator.start_byte]:
        raise NotPlainError
    left, right = (
        _NUMBERS.get(operand.kind_id, _refuse)(operand, source, depth + 1) for operand in (left_node, right_node)
    )
    if type(left) is not int or type(right) is not int or (operator.type == "/" and right == 0):
        raise NotPlainError
    return operate(left, right)


_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
    "/": int.__floordiv__,
}
_FLOAT, _BINARY, _UNARY = map(kind_of, ("float", "binary", "unary"))
_NUMBERS: dict[int, Callable[[Node, bytes, int], Any]] = {_INTEGER: _integer, _BINARY: _arithmetic}
_READERS: dict[int, Callable[[Node, bytes, int], Any]] = {
    _STRING: _string,
    _INTEGER: _integer,
    _FLOAT: _float,
    _SYMBOL: _symbol,
    _ARRAY: _array,
    HASH: _hash,
    _WORDS: _word_list,
    kind_of("symbol_array"): _word_list,
    kind_of("true"): lambda _node, _source, _depth: True,
    kind_of("false"): lambda _node, _source, _depth: False,
    kind_of("nil"): lambda _node, _source, _depth: None,
    _UNARY: _negative,
    _BINARY: _arithmetic,
}
_ATTRIBUTES: dict[str, Callable[[list[Node], bytes], Effect]] = {
    "name": _name,
    "description": _description,
    "default_attributes": _default_attributes,
    "override_attributes": _override_attributes,
}
_METHODS = {
    Kind.ROLE: {
        **_ATTRIBUTES,
        "run_list": _run_list,
        "recipes": _run_list,
        "env_run_lists": _env_run_lists,
        "env_run_list": _env_run_lists,
    },
    Kind.ENVIRONMENT: _ATTRIBUTES,
}
