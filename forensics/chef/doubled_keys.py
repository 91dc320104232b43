"""Keys that stand twice in one JSON object or Ruby hash, and calls of the DSL that take back an earlier one.

Chef's JSON parser and Ruby keep the last value of a key. ``:a`` and ``"a"`` are two keys to Ruby, and one to whoever
reads the request. A second ``run_list`` or ``default_attributes`` in a Ruby file replaces the first (lib/chef/role.rb).
Values that are written alike are passed over: nothing is lost there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from forensics.chef.json_lexer import JsonRefused, Lexer, Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_SETTERS: Final = (
    "name|description|run_list|recipes|env_run_lists|env_run_list|default_attributes|override_attributes|"
    "cookbook_versions|cookbook"
)
_LONGEST_SETTER: Final = len("override_attributes")
_MOST: Final = 100
"""Doubled keys of one file that are told."""
_CALLS: Final = re.compile(rf"^(?:{_SETTERS})\b".encode(), re.MULTILINE)
_KEYS: Final = re.compile(rb"""(?:"([^"\n]+)"|'([^'\n]+)')(?:\s*=>|:)|:(\w+)\s*=>|\b(\w+):(?=\s)""")
_BEFORE_KEY: Final = frozenset({Token.OPEN_OBJECT, Token.COMMA})
_LITERAL_KEYS: Final = frozenset({"string", "simple_symbol", "hash_key_symbol", "delimited_symbol", "integer"})


class DoubledKey(NamedTuple):
    """A key as a dotted path, the line of the value that counts, and that of the one that is dropped, from 1."""

    key: str
    line: int
    dropped: int


def doubled_keys(path: str, data: bytes) -> tuple[DoubledKey, ...]:
    """What is said twice in a file that Chef can load, in the order of the lines; of very much, a part."""
    found = _in_ruby(data) if path.endswith(".rb") else _in_json(data)
    return tuple(sorted(islice(found, _MOST), key=lambda each: (each.line, each.dropped)))


def _in_json(data: bytes) -> Iterator[DoubledKey]:
    differing = _differing(data)
    if differing is None or any(differing):
        for number, doubled in enumerate(_json_keys(data)):
            if differing is None or number >= len(differing) or differing[number]:
                yield doubled


def _differing(data: bytes) -> list[bool] | None:
    """Whether the values differ, for each key that is there again, objects in the order in which they end.

    None for what only Chef's parser takes.
    """
    found: list[bool] = []

    def closed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: dict[str, Any] = {}
            for key, value in pairs:
                if key in seen:
                    found.append(seen[key] != value)
                seen[key] = value
        return made

    try:
        json.loads(data, object_pairs_hook=closed)
    except (ValueError, RecursionError):
        return None
    return found


def _json_keys(data: bytes) -> Iterator[DoubledKey]:
    """Every key that is there again, objects in the order in which they end."""
    lexer = Lexer(data)
    open_: list[tuple[Token, str, dict[str, int], list[tuple[str, int, int]]]] = []
    before, key = Token.END, ""
    try:
        while (token := lexer.next()) is not Token.END:
            if token in {Token.OPEN_OBJECT, Token.OPEN_ARRAY}:
                kind, where, *_ = open_[-1] if open_ else (Token.OPEN_ARRAY, "")
                open_.append((token, f"{where}{key}." if kind is Token.OPEN_OBJECT else where, {}, []))
            elif token in {Token.CLOSE_OBJECT, Token.CLOSE_ARRAY}:
                for name, start, earlier in open_.pop()[3]:
                    yield DoubledKey(name, data.count(b"\n", 0, start) + 1, data.count(b"\n", 0, earlier) + 1)
            elif token is Token.STRING and before in _BEFORE_KEY and open_[-1][0] is Token.OPEN_OBJECT:
                key = str(lexer.value)
                _, where, seen, doubled = open_[-1]
                if key in seen:
                    doubled.append((where + key, lexer.start, seen[key]))
                seen[key] = lexer.start
            before = token
    except JsonRefused:
        return


def _in_ruby(data: bytes) -> Iterator[DoubledKey]:
    calls = _CALLS.findall(data)
    again = len(set(calls)) < len(calls)
    if not again and not _repeats(data):
        return
    from forensics.chef.ruby.grammar import parse  # noqa: PLC0415 (few files have a word twice)

    root = parse(data)
    if again:
        yield from _doubled_calls(root)
    pending = [root]
    while pending:
        node = pending.pop()
        pending += reversed(node.named_children)
        if node.type in {"hash", "argument_list"}:
            yield from _doubled_pairs(node)


def _repeats(data: bytes) -> bool:
    keys = [b"".join(groups) for groups in _KEYS.findall(data)]
    return len(set(keys)) < len(keys)


def _doubled_pairs(node: Node) -> Iterator[DoubledKey]:
    seen: dict[str, Node] = {}
    for pair in node.named_children:
        key = _key(pair) if pair.type == "pair" else None
        if key is None:
            continue
        earlier = seen.get(key)
        if earlier is not None and _part(earlier, "value") != _part(pair, "value"):
            yield DoubledKey(_where(node) + key, pair.start_point.row + 1, earlier.start_point.row + 1)
        seen[key] = pair


def _key(pair: Node) -> str | None:
    """A literal key as the request has it."""
    key = pair.child_by_field_name("key")
    if (
        key is None
        or key.type not in _LITERAL_KEYS
        or any(part.type != "string_content" for part in key.named_children)
    ):
        return None
    text = (key.text or b"").decode("utf-8", "surrogateescape")
    return None if "\\" in text else text.strip(":").strip("\"'")


def _part(node: Node, field: str) -> str | None:
    """What a part of a node says, None if there is no such part."""
    part = node.child_by_field_name(field)
    return None if part is None else (part.text or b"").decode("utf-8", "surrogateescape")


def _where(node: Node) -> str:
    """The way to a hash: the call that it is given to, and the keys that it lies under, each with a dot behind it."""
    names: list[str] = []
    above: Node | None = node
    while above is not None and above.type in {"hash", "argument_list", "pair", "call"}:
        name = _key(above) if above.type == "pair" else None
        if above.type == "call":
            name = _part(above, "method")
        if name:
            names.append(f"{name}.")
        above = above.parent
    return "".join(reversed(names))


def _doubled_calls(root: Node) -> Iterator[DoubledKey]:
    """The calls at the top level that take back what an earlier one of the same method set.

    Where a file also reads what was set, the earlier call may count, and nothing is said.
    """
    setting: dict[str, list[Node]] = {}
    for node in root.named_children:
        name = _set_by(node)
        if name is not None:
            setting.setdefault(name, []).append(node)
    repeated = {name: calls for name, calls in setting.items() if len(calls) > 1}
    mentioned = _mentions(root) if repeated else Counter()
    for name, calls in setting.items():
        mentioned[name.partition(" ")[0]] -= len(calls)
    for name, calls in repeated.items():
        if not mentioned[name.partition(" ")[0]]:
            for earlier, later in pairwise(calls):
                if _part(earlier, "arguments") != _part(later, "arguments"):
                    yield DoubledKey(name, later.start_point.row + 1, earlier.start_point.row + 1)


def _set_by(node: Node) -> str | None:
    """What a statement sets, if it is a plain call of a method that replaces; a cookbook's name belongs to it."""
    name, arguments = _part(node, "method"), node.child_by_field_name("arguments")
    if node.type != "call" or name is None or arguments is None or not re.fullmatch(_SETTERS, name):
        return None
    if node.child_by_field_name("receiver") is not None or node.child_by_field_name("block") is not None:
        return None
    if name != "cookbook":
        return name if arguments.named_children else None
    first = arguments.named_children[0] if arguments.named_children else None
    return f"cookbook {(first.text or b'').decode('utf-8', 'surrogateescape')}" if first is not None else None


def _mentions(root: Node) -> Counter[str]:
    """How often each method that sets something is named in a file."""
    found: Counter[str] = Counter()
    pending = [root]
    while pending:
        node = pending.pop()
        pending += node.named_children
        if node.type == "identifier" and node.end_byte - node.start_byte <= _LONGEST_SETTER:
            found[(node.text or b"").decode("utf-8", "surrogateescape")] += 1
    return found
