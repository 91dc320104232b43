"""The bytes of a file as Ruby's reader takes them: byte order mark, line ends, magic comments, end marks, encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.chef.ruby.encodings import is_known, python_codec
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError
from forensics.chef.ruby.grammar import parse
from forensics.chef.ruby.unknown import UnknownValue

if TYPE_CHECKING:
    from tree_sitter import Node

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MENTIONS_CODING = re.compile(rb"[^\n]*(?:\n[^\n]*)?coding", re.IGNORECASE)
_STOP = re.compile(rb"[\x00\x04\x1a]")
_MAGIC_CODING = re.compile(rb"coding\s*[:=]\s*([-\w]*)", re.IGNORECASE)
_ONLY_CODING = re.compile(rb"#[\s'\":;]*(?:en)?coding\s*:\s*(?:\"(?=[^\"]*\"\s*$))?([^\s\";\\]+)\"?\s*", re.IGNORECASE)
"""A comment that says nothing else: there the name goes up to the next blank; in any other, as far as it is a word."""
_END_MARK = re.compile(rb"^__END__(?:\r?\n|\r?\Z)", re.MULTILINE)
_FROZEN = re.compile(rb"frozen[-_]string[-_]literal\s*:\s*true\b", re.IGNORECASE)
_OUTSIDE_WORDS = re.compile(r"[^\x00-\x7f\w]")

STANDS_FOR_BYTES = 0xE000
"""In a file of another encoding than UTF-8, the private use character for byte 0."""


@dataclass(frozen=True, slots=True)
class RubySource:
    """What is parsed, and what literals are read from (the same length; they differ where the grammar needs help)."""

    text: bytes
    literals: bytes
    root: Node
    foreign: bool = False
    """Other bytes than ASCII stand in it, and the magic comment names another encoding than UTF-8."""


def read(data: bytes) -> RubySource:
    """The source of a file, given ``as_lines``.

    Raises:
        RubyRaisedError: the encoding is unknown, or bytes are not valid in it.
    """
    if b"<<" in data and not data.endswith(b"\n"):
        data += b"\n"  # the grammar misses the end of a heredoc at the end of the file
    if data.isascii() and is_usual(data):
        return _with_tree(data)
    data = _blank_returns(data)
    encoding = _declared_encoding(data)
    data = _until_end(data)
    if data.isascii():
        return _with_tree(data)
    if encoding != "UTF-8":
        return _foreign(data, encoding)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        data = _without_bad_comments(data, "UTF-8")
        text = data.decode()
    return _with_tree(data, weird=_OUTSIDE_WORDS.search(text) is not None)


def _blank_returns(data: bytes) -> bytes:
    """A carriage return within a line is a blank to Ruby, but not everywhere; in text it is kept.

    Raises:
        GiveUpError: one stands before something else than blanks, or behind a backslash.
    """
    if b"\r" not in data:
        return data
    found = bytearray(data)
    kept = 0
    leaves_of_text = [leaf for leaf in leaves(parse(data)) if leaf.type in TEXT_KINDS]
    for start, end in [*((leaf.start_byte, leaf.end_byte) for leaf in leaves_of_text), (len(data), len(data))]:
        for position in range(kept, start):
            if data[position] != _RETURN:
                continue
            before = data[data.rfind(b"\n", 0, position) + 1 : position].strip(b" \t\r")
            behind = data[position:].partition(b"\n")[0].strip(b" \t\r")
            if behind or before.endswith(b"\\"):
                raise GiveUpError(UnknownValue("\\r", data[:position].count(b"\n") + 1))
            found[position] = _BLANK
        kept = max(kept, end)
    return bytes(found)


_RETURN, _BLANK = b"\r "


def is_usual(data: bytes) -> bool:
    """Whether nothing about a file's bytes is special: no carriage return, mark of an end, or other encoding."""
    if any(mark in data for mark in _MARKS):
        return False
    mentions = data.startswith((b"#", b" ", b"\t")) and _MENTIONS_CODING.match(data) is not None
    return not mentions or _declared_encoding(data) == "UTF-8"


def as_lines(data: bytes) -> bytes:
    """A file as lines that end in a line feed each, without a byte order mark."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    return data.removeprefix(_BYTE_ORDER_MARK)


_MARKS = (b"\r", b"\x00", b"\x04", b"\x1a", b"__END__")
"""Bytes that make Ruby's reader do something else than read on."""


def frozen_literals(data: bytes) -> bool:
    """Whether a magic comment before the first statement freezes every string literal."""
    if b"frozen" not in data:
        return False
    for line in data.split(b"\n"):
        stripped = line.strip()
        if stripped.startswith(b"#"):
            if _FROZEN.search(stripped):
                return True
        elif stripped:
            return False
    return False


def _with_tree(data: bytes, *, weird: bool = False) -> RubySource:
    text = data
    if any(word in data for word in _CAPITAL_WORDS):
        for word in _CAPITAL_WORDS:
            text = text.replace(word, word.lower())
    root = parse(text)
    if weird:
        text, root = _weird_words(text, root)
    return RubySource(text, data, root)


def _weird_words(data: bytes, root: Node) -> tuple[bytes, Node]:
    """Ruby takes every character beyond ASCII as part of a word; the grammar does not, so letters stand in for them."""
    inside = bytearray(len(data))
    for node in leaves(root):
        if node.type in TEXT_KINDS:
            inside[node.start_byte : node.end_byte] = b"\x01" * (node.end_byte - node.start_byte)
    changed = bytearray()
    position = 0
    for character in data.decode():
        size = len(character.encode())
        if _OUTSIDE_WORDS.match(character) and not inside[position]:
            changed += _LETTERS[size]
        else:
            changed += character.encode()
        position += size
    if changed == data:
        return data, root
    return bytes(changed), parse(bytes(changed))


_CAPITAL_WORDS = (b"__FILE__", b"__LINE__", b"__ENCODING__")
"""The grammar takes these for patterns where they are values; it takes them for words in lower case."""
_LETTERS = {2: "ª".encode(), 3: "ア".encode(), 4: "\U00020000".encode()}  # letters of two, three and four bytes
TEXT_KINDS = frozenset(
    {"string_content", "comment", "heredoc_content", "escape_sequence", "uninterpreted", "heredoc_end"}
)
"""Leaves whose text is not Ruby."""


def leaves(root: Node) -> list[Node]:
    """Every leaf below ``root``, in order."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = node.children
        if children and node.type != "heredoc_end":
            waiting.extend(reversed(children))
        else:
            found.append(node)
    return found


def _declared_encoding(data: bytes) -> str:
    first, _, rest = data.partition(b"\n")
    line = rest.partition(b"\n")[0] if first.startswith(b"#!") else first
    line = line.lstrip()
    if not line.startswith(b"#"):
        return "UTF-8"
    match = _ONLY_CODING.fullmatch(line) or _MAGIC_CODING.search(line)
    if match is None or not line[match.start(1) :].strip():
        return "UTF-8"
    if b"-*-" in line and line[match.end(1) : match.end(1) + 1].strip(b' \t\r\v\f;"'):
        raise GiveUpError(
            UnknownValue(line.decode("utf-8", "replace"), 1)
        )  # an editor's list of settings ends names so
    name = match[1].decode("ascii", "replace")
    if name.lower() != "utf8-mac":
        name = re.sub(r"-(?:unix|dos|mac)$", "", name, flags=re.IGNORECASE)
    if not is_known(name):
        raise RubyRaisedError("ArgumentError", "unknown encoding name in a magic comment", 1)
    return "UTF-8" if name.upper() in {"UTF-8", "CP65001", "LOCALE", "EXTERNAL", "FILESYSTEM"} else name


def _until_end(data: bytes) -> bytes:
    for match in _STOP.finditer(data):
        before = data[: match.start()]
        root = parse(before)
        last = leaves(root)[-1] if root.children else None
        if root.has_error or _unfinished(root) or (last is not None and _is_comment_until(last, match.start(), before)):
            continue
        return before
    for match in _END_MARK.finditer(data):
        before = data[: match.start()]
        if not parse(before).has_error and not _unfinished(parse(before)):
            return before
    return data


def _is_comment_until(leaf: Node, position: int, data: bytes) -> bool:
    return leaf.type == "comment" and not data[leaf.end_byte : position].count(b"\n")


def _unfinished(root: Node) -> bool:
    """Whether text that began goes on: a heredoc without its end, for one."""
    bodies = begun = 0
    for node in leaves(root):
        begun += node.type == "heredoc_beginning"
        bodies += node.type == "heredoc_end" and node.end_byte > node.start_byte
    return begun != bodies


def _without_bad_comments(data: bytes, encoding: str) -> bytes:
    """Bytes that are invalid are let pass in comments only."""
    cleaned = re.sub(rb"[\x80-\xff]", b"?", data)
    result = bytearray(data)
    for node in leaves(parse(cleaned)):
        if node.type == "comment":
            result[node.start_byte : node.end_byte] = cleaned[node.start_byte : node.end_byte]
    try:
        result.decode(python_codec(encoding) or "utf-8")
    except UnicodeDecodeError as error:
        line = result[: error.start].count(b"\n") + 1
        raise RubyRaisedError("SyntaxError", f"invalid multibyte char ({encoding})", line) from None
    return bytes(result)


def _foreign(data: bytes, encoding: str) -> RubySource:
    codec = python_codec(encoding)
    if codec == "ascii":
        data = _without_bad_comments(data, "US-ASCII")
        return _with_tree(data)
    if codec is None:
        raise GiveUpError(UnknownValue(f"# encoding: {encoding}", 1))
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        # refused by Ruby too, unless it stands in a comment or Ruby knows more characters
        raise GiveUpError(UnknownValue(f"# encoding: {encoding}", 1)) from None
    stood_for = bytearray()
    for character in text:
        if character.isascii():
            stood_for += character.encode()
        else:
            for byte in character.encode(codec):
                stood_for += chr(STANDS_FOR_BYTES + byte).encode()
    source = _with_tree(bytes(stood_for))
    return RubySource(source.text, source.literals, source.root, foreign=True)
