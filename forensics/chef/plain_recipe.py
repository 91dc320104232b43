"""What a recipe includes, as far as its text alone says it: nearly all need no parser for that.

So little of Ruby is accepted that what is has one meaning; of the rest nothing is said.
"""

from __future__ import annotations

import re
from typing import Final

INCLUDE: Final = b"include_recipe"
LARGEST: Final = 1 << 20
"""Bytes: nobody's recipe is larger, and the time to read one stays bounded."""

# a call with one plain name behind which nothing can belong to its arguments
_CALL: Final = (
    rb"""include_recipe[ \t]*\(?[ \t]*(?P<quote>["'])(?P<name>[^"'\\#\n]*)(?P=quote)[ \t]*\)?"""
    rb"""[ \t]*(?:(?:if|unless)[ (][^\n]*|#[^\n]*)?\r?(?:\n|\Z)(?!(?:\s|#[^\n]*\n)*[.&])"""
)
_PLAIN_CALL: Final = re.compile(_CALL)
_COMMENT: Final = re.compile(rb"^[ \t]*#(?!\{)[^\n]*", re.MULTILINE)
_PLAIN_STRING: Final = rb"""(?:"[^"\\#\n]*"|'[^'\\\n]*')"""
_STRING: Final = rb"""(?:"(?:[^"\\#\n]|#\{(?:[^{}"'\\\n]|%b)*\}|#(?!\{))*"|'[^'\\\n]*')""" % _PLAIN_STRING
# Ruby in which nothing but a string and a comment can hide a call, and none of them goes beyond its line
_CODE: Final = re.compile(
    rb"""(?:[\w \t\r\n.,:()\[\]{}|&!;+*@>-]+|#[^\n]*|%b|(?<=[^\n])=|<(?!<)|(?<=\w)\?(?=[ \t).,\n])|\?(?=[ \t]))*+"""
    % _STRING
)
_TOKEN: Final = re.compile(
    rb"(?P<call>^[ \t]*%b)|(?P<other>include_recipe)|(?P<comment>#[^\n]*)|%b" % (_CALL, _STRING), re.MULTILINE
)
# behind these, a line is no statement of its own
_OPEN: Final = re.compile(rb"(?:[^\w\s\"')\]}|;{]|\|\||\b(?:def|alias|undef))\s*\Z")


def perhaps_included(data: bytes) -> frozenset[str] | None:
    """The names that an ``include_recipe`` of a recipe may have, all of them plain; None if only parsing tells."""
    if INCLUDE not in data or len(data) > LARGEST:
        return frozenset()
    calls = _PLAIN_CALL.findall(data)
    if len(calls) != data.count(INCLUDE):
        data = _COMMENT.sub(b"", data)
        calls = _PLAIN_CALL.findall(data)
        if len(calls) != data.count(INCLUDE):
            return None
    return frozenset(_text(name) for _, name in calls)


def plainly_included(source: bytes) -> list[str] | None:
    """The names of the calls of ``include_recipe`` in a recipe, in their order; None if only parsing tells."""
    code = _CODE.match(source)
    if code is None or code.end() <= source.rfind(INCLUDE):
        return None
    found: list[str] = []
    behind, between = 0, b""
    for token in _TOKEN.finditer(source, 0, code.end()):
        between += source[behind : token.start()]
        behind = token.end()
        if token["comment"] is not None:
            continue
        if token["other"] is not None or (token["call"] is not None and _OPEN.search(between)):
            return None
        if token["call"] is not None:
            found.append(_text(token["name"]))
        between = b""
    return found


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
