"""Plain files, piece by piece: what was read before is remembered by its text.

In the history of a repository, most statements of a file's version, and most parts of its long lists of attributes,
stood in the version before. What is remembered is shared between results and never mutated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forensics.chef.objects import Kind
from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.grammar import parse
from forensics.chef.ruby.plain import (
    CALL,
    COMMENT,
    HASH,
    ODD,
    SUSPICIOUS,
    NotPlainError,
    effect_of,
    is_odd,
    listed_pairs,
    mapping_of,
)
from forensics.chef.run_list import ArgumentRefused

if TYPE_CHECKING:
    from forensics.chef.ruby.plain import Pairs

_MOST_REMEMBERED = 32 << 20  # bytes of source


def fields_of(data: bytes, kind: Kind) -> dict[str, Any] | None:
    """What a file sets that is nothing but plain statements, or None if it is not.

    The file is cut where a line begins with a word. Where each piece by itself is whole statements, the file is those
    statements one after the other: no string, bracket or argument list is open at a cut, or the piece before it would
    not be whole.
    """
    fields: dict[str, Any] = {}
    if not data.isascii() and not _is_utf_8(data):
        return None
    for piece in _CUT.split(data):
        for name, value in _remembered.effects(piece, kind):
            if name is None:
                return None
            fields[name] = value
            if name == "env_run_lists":
                fields["run_list"] = value["_default"]
    return fields


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


_CUT = re.compile(rb"\n(?=[a-z_])")
_NOT_PLAIN: tuple[tuple[str | None, Any], ...] = ((None, None),)


class _Memory:
    """The effects of pieces seen before, up to a number of bytes of source."""

    def __init__(self) -> None:
        self.known: dict[Kind, dict[bytes, tuple[tuple[str | None, Any], ...]]] = {Kind.ROLE: {}, Kind.ENVIRONMENT: {}}
        self.parts: dict[bytes, tuple[Pairs, bool] | None] = {}
        self.spent = 0

    def effects(self, piece: bytes, kind: Kind) -> tuple[tuple[str | None, Any], ...]:
        """What a piece sets: names of fields and values."""
        memory = self.known[kind]
        try:
            return memory[piece]
        except KeyError:
            pass
        try:
            effects = _effects(piece, kind)
        except (NotPlainError, RubyRaisedError, UnmodelledError, ExhaustedError, ArgumentRefused):
            effects = _NOT_PLAIN
        self._spend(piece)
        memory[piece] = effects
        return effects

    def part(self, part: bytes) -> tuple[Pairs, bool] | None:
        """The pairs of a part of a list of attributes, and whether a comma follows; None if it is not plain."""
        try:
            return self.parts[part]
        except KeyError:
            pass
        try:
            found = _read_part(part)
        except (NotPlainError, RubyRaisedError, UnmodelledError, ExhaustedError):
            found = None
        self._spend(part)
        self.parts[part] = found
        return found

    def _spend(self, text: bytes) -> None:
        self.spent += len(text)
        if self.spent > _MOST_REMEMBERED:
            self.forget()
            self.spent = len(text)

    def forget(self) -> None:
        """Start anew."""
        self.parts.clear()
        for memory in self.known.values():
            memory.clear()
        self.spent = 0


_remembered = _Memory()


def _effects(piece: bytes, kind: Kind) -> tuple[tuple[str | None, Any], ...]:
    attributes = _SPREAD_ATTRIBUTES.match(piece)
    if attributes is not None:
        pairs = _pairs_by_part(attributes["body"])
        if pairs is not None:
            return ((attributes["name"].decode(), mapping_of(pairs)),)
    root = parse(piece)
    if root.has_error or SUSPICIOUS.search(piece):
        raise NotPlainError
    found = []
    end = 0
    if root.children and ODD.search(piece, 0, root.children[0].start_byte):
        raise NotPlainError
    for node in root.children:
        if node.kind_id == COMMENT:
            continue
        if node.kind_id == CALL:
            found.append(effect_of(node, piece, kind))
        elif node.type != ";":
            raise NotPlainError
        end = node.end_byte
    if (b"\\" in piece or not piece.isascii()) and (ODD.search(piece, end) or is_odd(root, piece)):
        raise NotPlainError
    return tuple(found)


_SPREAD_ATTRIBUTES = re.compile(
    rb"(?P<name>default_attributes|override_attributes)\(\n(?P<body>  .*)\n\)\s*\Z", re.DOTALL
)
_STEP = 2
_CUTS = {depth: re.compile(rb"\n(?=" + rb" " * depth + rb"[:\"'A-Za-z])") for depth in range(_STEP, 24, _STEP)}
_NESTED = re.compile(
    rb'(?P<indent> +)(?::(?P<symbol>[A-Za-z_]\w*)|"(?P<text>[^"\\#\n]*)") => \{\n'
    rb"(?P<body>.*)\n(?P=indent)\}(?P<comma>,?)\Z",
    re.DOTALL,
)


def _pairs_by_part(body: bytes, depth: int = _STEP) -> Pairs | None:
    """The pairs of a long list of attributes, cut where a line of its own depth begins; the same holds as for files.

    A history changes few lines at a time: most parts of the list were there before.
    """
    pairs: Pairs = []
    cut = _CUTS.get(depth)
    parts = [body] if cut is None else cut.split(body)
    for index, part in enumerate(parts):
        found = _remembered.part(part)
        if found is None or not (found[1] or index == len(parts) - 1):
            return None
        pairs.extend(found[0])
    return pairs


def _read_part(part: bytes) -> tuple[Pairs, bool] | None:
    """The pairs of a part, and whether a comma follows the last of them."""
    nested = _NESTED.match(part)
    if nested is not None and part.isascii():
        pairs = _pairs_by_part(nested["body"], len(nested["indent"]) + _STEP)
        if pairs is not None:
            key = nested["symbol"] or nested["text"] or b""
            return [(key.decode(), nested["symbol"] is None, mapping_of(pairs))], bool(nested["comma"])
    source = b"x({\n" + part + b"\n})"
    root = parse(source)
    if root.has_error or SUSPICIOUS.search(source) or len(root.children) != 1:
        raise NotPlainError
    call = root.children[0]
    arguments = call.children[-1].named_children if call.kind_id == CALL else []
    if len(arguments) != 1 or arguments[0].kind_id != HASH or arguments[0].end_byte != len(source) - 1:
        raise NotPlainError
    if (b"\\" in source or not source.isascii()) and is_odd(root, source):
        raise NotPlainError
    members = [child for child in arguments[0].children if child.kind_id != COMMENT]
    return listed_pairs(arguments[0].named_children, source, 0), members[-2].type == ","
