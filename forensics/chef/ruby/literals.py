"""Literal nodes without interpolation: their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.escapes import double_quoted, interpolated_words, single_quoted, words
from forensics.chef.ruby.failure import RubyRaisedError

if TYPE_CHECKING:
    from tree_sitter import Node


def opening_of(slice_: bytes) -> tuple[bytes, bytes]:
    """How a percent literal begins: its letter (or nothing) and its delimiter."""
    if slice_[1:2].isalpha():
        return slice_[1:2], slice_[2:3]
    return b"", slice_[1:2]


def string_text(slice_: bytes) -> str:
    """The text of a whole string literal in any quotes, where nothing is interpolated."""
    first = slice_[:1]
    if first == b'"':
        return double_quoted(slice_[1:-1])
    if first == b"'":
        return single_quoted(slice_[1:-1])
    letter, delimiter = opening_of(slice_)
    content = slice_[len(letter) + 2 : -1]
    return single_quoted(content, delimiter) if letter == b"q" else double_quoted(content)


def word_list(slice_: bytes) -> list[str]:
    """The members of ``%w[]``, ``%W[]``, ``%i[]`` or ``%I[]``, where nothing is interpolated."""
    letter, delimiter = opening_of(slice_)
    content = slice_[3:-1]
    return words(content, delimiter) if letter in b"wi" else interpolated_words(content)


def symbol_text(slice_: bytes) -> str:
    """The name of a quoted symbol: ``:"a b"``, ``:'a'`` or ``%s(a)``."""
    if slice_.startswith(b"%"):
        return single_quoted(slice_[3:-1], slice_[2:3])
    text = double_quoted(slice_[2:-1]) if slice_[1:2] == b'"' else single_quoted(slice_[2:-1])
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise RubyRaisedError("EncodingError", "invalid symbol in encoding UTF-8")
    return text


def character_text(slice_: bytes) -> str:
    """The text of ``?a``."""
    return double_quoted(slice_[1:])


def has_interpolation(node: Node) -> bool:
    """Whether some of the literal's text is computed."""
    return any(child.type == "interpolation" for child in node.named_children)
