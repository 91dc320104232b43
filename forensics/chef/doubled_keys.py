"""Keys that stand twice in one JSON object or Ruby hash, and calls of the DSL that take back an earlier one.

Chef's JSON parser and Ruby keep the last value of a key. ``:a`` and ``"a"`` are two keys to Ruby, and one to whoever
reads the request. A second ``run_list`` or ``default_attributes`` in a Ruby file replaces the first (lib/chef/role.rb).
Values that are written alike are passed over: nothing is lost there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from forensics.chef.json_lexer import JsonRefused, Lexer, Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
_RUN_LISTS: Final = frozenset({"run_list", "recipes", "env_run_lists", "env_run_list"})
"""Each of these calls replaces the run list of ``_default`` (Role#run_list, Role#env_run_lists)."""


class DoubledKey(NamedTuple):
    """A key as a dotted path, the line of the value that counts, and that of the one that is dropped, from 1."""

    key: str
    line: int
    dropped: int


class Replaced(NamedTuple):
    """Text that stands in a file and is replaced by what stands elsewhere in it.

    ``key`` is what it gives (a dotted path), ``by`` and ``by_line`` what replaces it and on which line (from 1). The
    text is the bytes from ``start`` to ``end``; ``without`` is the file without what replaces it, line for line.
    """

    key: str
    by: str
    by_line: int
    start: int
    end: int
    without: bytes


@dataclass(slots=True)
class _Pair:
    """A key with its value: where the comma before it stands, where it begins, and where it ends."""

    key: str
    comma: int | None
    start: int
    end: int = 0


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
    for where, pairs in _json_objects(data):
        seen: dict[str, _Pair] = {}
        for pair in pairs:
            if pair.key in seen:
                yield DoubledKey(where + pair.key, _line(data, pair.start), _line(data, seen[pair.key].start))
            seen[pair.key] = pair


def _json_objects(data: bytes) -> Iterator[tuple[str, list[_Pair]]]:
    """Every object, in the order in which they end: the way to it, with a dot behind each key, and what it holds."""
    lexer = Lexer(data)
    open_: list[tuple[Token, str, list[_Pair]]] = []
    before, comma = Token.END, None
    try:
        while (token := lexer.next()) is not Token.END:
            kind, where, pairs = open_[-1] if open_ else (Token.OPEN_ARRAY, "", [])
            if token in {Token.OPEN_OBJECT, Token.OPEN_ARRAY}:
                open_.append((token, f"{where}{pairs[-1].key}." if kind is Token.OPEN_OBJECT else where, []))
            elif token in {Token.COMMA, Token.CLOSE_OBJECT, Token.CLOSE_ARRAY}:
                if kind is Token.OPEN_OBJECT and pairs:
                    pairs[-1].end = comma = lexer.start
                if token is not Token.COMMA:
                    open_.pop()
                    yield where, pairs
            elif token is Token.STRING and before in _BEFORE_KEY and kind is Token.OPEN_OBJECT:
                pairs.append(_Pair(str(lexer.value), comma if pairs else None, lexer.start))
            before = token
    except JsonRefused:
        return


def _line(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def replaced(path: str, data: bytes) -> Iterator[Replaced]:
    """Everything in a file that Chef can load which has no effect for what stands elsewhere in the file.

    Beside doubled keys that is a role's run list where ``env_run_lists`` has one of ``_default``
    (Chef::Role.from_hash). Of very much, a part.
    """
    yield from islice(_replaced_in_ruby(data) if path.endswith(".rb") else _replaced_in_json(data), _MOST)


def _replaced_in_json(data: bytes) -> Iterator[Replaced]:
    default: _Pair | None = None
    rest: list[_Pair] = []
    for where, pairs in _json_objects(data):
        for key, several in _alike((pair.key, pair) for pair in pairs):
            last = several[-1]
            for number, pair in enumerate(several[:-1]):
                text = _blanked(data, ((each.comma or each.start, each.end) for each in several[number + 1 :]))
                yield Replaced(where + key, where + key, _line(data, last.start), pair.start, pair.end, text)
        if where == "env_run_lists.":
            default = next((pair for pair in reversed(pairs) if pair.key == "_default"), None)
            rest = pairs
        own = next((pair for pair in reversed(pairs) if pair.key == "run_list"), None) if not where else None
        if default is not None and own is not None:
            end = default.end if default.comma is not None else default.end + (len(rest) > 1)
            text = _blanked(data, [(default.start if default.comma is None else default.comma, end)])
            yield Replaced("run_list", "env_run_lists._default", _line(data, default.start), own.start, own.end, text)


_Named = TypeVar("_Named")


def _alike(named: Iterable[tuple[str, _Named]]) -> Iterator[tuple[str, list[_Named]]]:
    """What has the same name, where that are several."""
    found: dict[str, list[_Named]] = {}
    for name, each in named:
        found.setdefault(name, []).append(each)
    return ((name, several) for name, several in found.items() if len(several) > 1)


def _blanked(data: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """A text with blanks in place of some parts; lines stay what they are."""
    text = bytearray(data)
    for start, end in spans:
        text[start:end] = bytes(each if each in b"\r\n" else 32 for each in text[start:end])
    return bytes(text)


def _in_ruby(data: bytes) -> Iterator[DoubledKey]:
    calls = _CALLS.findall(data)
    again = len(set(calls)) < len(calls)
    if not again and not _repeats(data):
        return
    from forensics.chef.ruby.grammar import parse  # noqa: PLC0415 (few files have a word twice)

    root = parse(data)
    if again:
        yield from _doubled_calls(root)
    for node in _hashes(root):
        yield from _doubled_pairs(node)


def _repeats(data: bytes) -> bool:
    keys = [b"".join(groups) for groups in _KEYS.findall(data)]
    return len(set(keys)) < len(keys)


def _replaced_in_ruby(data: bytes) -> Iterator[Replaced]:
    from forensics.chef.ruby.grammar import parse  # noqa: PLC0415 (few files have a word twice)

    root = parse(data)
    calls = [(name, node) for node in root.named_children if (name := _set_by(node)) is not None]
    mentioned = _mentions(root)
    mentioned.subtract(name.partition(" ")[0] for name, _ in calls)
    read = {name for name, count in mentioned.items() if count > 0}
    for _, several in _alike(("run_list" if name in _RUN_LISTS else name, (name, node)) for name, node in calls):
        if read.isdisjoint(_RUN_LISTS if several[0][0] in _RUN_LISTS else {several[0][0].partition(" ")[0]}):
            by, last = several[-1]
            for number, (name, node) in enumerate(several[:-1]):
                text = _blanked(data, ((each.start_byte, each.end_byte) for _, each in several[number + 1 :]))
                yield Replaced(name, by, last.start_point.row + 1, node.start_byte, node.end_byte, text)
    for node in _hashes(root):
        for key, pairs in _alike(_pairs(node)):
            for number, pair in enumerate(pairs[:-1]):
                text = _blanked(data, (_with_comma(each) for each in pairs[number + 1 :]))
                way, line = _where(node) + key, pairs[-1].start_point.row + 1
                yield Replaced(way, way, line, pair.start_byte, pair.end_byte, text)


def _with_comma(pair: Node) -> tuple[int, int]:
    before = pair.prev_sibling
    return pair.start_byte if before is None or before.type != "," else before.start_byte, pair.end_byte


def _hashes(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        pending += reversed(node.named_children)
        if node.type in {"hash", "argument_list"}:
            yield node


def _pairs(node: Node) -> Iterator[tuple[str, Node]]:
    """The pairs of a hash whose keys are literal."""
    for pair in node.named_children:
        key = _key(pair) if pair.type == "pair" else None
        if key is not None:
            yield key, pair


def _doubled_pairs(node: Node) -> Iterator[DoubledKey]:
    seen: dict[str, Node] = {}
    for key, pair in _pairs(node):
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
