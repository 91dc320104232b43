r"""JSON as Chef reads it: FFI_Yajl::Parser, which is yajl with comments allowed.

What it takes beyond JSON: ``//`` and ``/* */`` comments, vertical tab and form feed as white space, byte sequences in
strings that are UTF-8 in form only (overlong, surrogates, beyond U+10FFFF), lone ``\u`` surrogates, and an
unterminated comment or string after the value. A repeated key keeps its first place and takes its last value.

Mirrors yajl 2.1 (src/yajl_parser.c) and ffi-yajl (ext/ffi_yajl/ext/parser/parser.c).
"""

from __future__ import annotations

import enum
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from forensics.chef.json_lexer import JsonRefused, Lexer, Token

if TYPE_CHECKING:
    from forensics.chef.objects import Value

__all__ = ["KEPT_DEPTH", "JsonRefused", "parse", "parse_exactly"]

KEPT_DEPTH = 1000
"""Arrays and objects nested deeper than this are checked but left out: what is nested deeper than 127 levels can
never be sent, and no reader of the result shall run out of stack."""


def parse(data: bytes) -> Value:
    """Parse a whole file as ``FFI_Yajl::Parser.parse`` does; an empty file is ``None``, as Ruby's nil.

    An integer of more than some 4,000 digits is ``Unresolved``.

    Raises:
        JsonRefused: Chef raises FFI_Yajl::ParseError.
    """
    if not _SURROGATE_ESCAPE.search(data):
        try:
            # Whatever this takes, yajl takes and reads in the same way: valid UTF-8 without surrogate escapes leaves
            # no room for the differences. What it refuses, or cannot hold, goes through the exact reader.
            return _DECODER.decode(data.decode("utf-8"))
        except (ValueError, RecursionError):
            pass
    return parse_exactly(data)


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_not_json)
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class _State(enum.IntEnum):
    """What yajl's parser expects next; the states of arrays and objects that are still open wait on a stack."""

    VALUE = 0
    COMPLETE = enum.auto()
    ARRAY_START = enum.auto()
    ARRAY_NEED_VALUE = enum.auto()
    ARRAY_GOT_VALUE = enum.auto()
    OBJECT_START = enum.auto()
    OBJECT_NEED_KEY = enum.auto()
    OBJECT_SEPARATOR = enum.auto()
    OBJECT_NEED_VALUE = enum.auto()
    OBJECT_GOT_VALUE = enum.auto()


_STATES = tuple(_State)
_AFTER_VALUE = {
    _State.VALUE: _State.COMPLETE,
    _State.ARRAY_START: _State.ARRAY_GOT_VALUE,
    _State.ARRAY_NEED_VALUE: _State.ARRAY_GOT_VALUE,
    _State.OBJECT_NEED_VALUE: _State.OBJECT_GOT_VALUE,
}
_BETWEEN_VALUES = {
    (_State.ARRAY_GOT_VALUE, Token.COMMA): _State.ARRAY_NEED_VALUE,
    (_State.OBJECT_START, Token.STRING): _State.OBJECT_SEPARATOR,
    (_State.OBJECT_NEED_KEY, Token.STRING): _State.OBJECT_SEPARATOR,
    (_State.OBJECT_SEPARATOR, Token.COLON): _State.OBJECT_NEED_VALUE,
    (_State.OBJECT_GOT_VALUE, Token.COMMA): _State.OBJECT_NEED_KEY,
}
_CLOSED_BY = {
    _State.ARRAY_START: Token.CLOSE_ARRAY,
    _State.ARRAY_GOT_VALUE: Token.CLOSE_ARRAY,
    _State.OBJECT_START: Token.CLOSE_OBJECT,
    _State.OBJECT_GOT_VALUE: Token.CLOSE_OBJECT,
}
_UNEXPECTED = {
    _State.ARRAY_GOT_VALUE: "parse error: after array element, I expect ',' or ']'",
    _State.OBJECT_START: "parse error: invalid object key (must be a string)",
    _State.OBJECT_NEED_KEY: "parse error: invalid object key (must be a string)",
    _State.OBJECT_SEPARATOR: "parse error: object key and value must be separated by a colon (':')",
    _State.OBJECT_GOT_VALUE: "parse error: after key and value, inside map, I expect ',' or '}'",
}


def parse_exactly(data: bytes) -> Value:
    """Parse token by token, without the fast path and without recursion: no depth is too deep.

    Raises:
        JsonRefused: Chef raises FFI_Yajl::ParseError.
    """
    if not data:
        return None
    lexer = Lexer(data)
    top: list[Value] = []
    container: Any = top  # what is being filled: a list, a dict, or None where it is too deep to be kept
    key: str | None = None
    state = _State.VALUE
    waiting = bytearray()  # the states of what is still open around the container
    parents: list[Any] = []  # and what of it is kept
    while True:
        if state is _State.COMPLETE:
            _check_end(lexer)
            return top[0]
        token = lexer.next()
        if token is Token.END:
            raise lexer.refuse("parse error: premature EOF")
        if token is _CLOSED_BY.get(state):
            state = _STATES[waiting.pop()]
            if container is not None or len(waiting) == KEPT_DEPTH:
                container = parents.pop()
        elif state in _AFTER_VALUE and token in _VALUE_TOKENS:
            value = lexer.value
            if token is Token.OPEN_ARRAY or token is Token.OPEN_OBJECT:
                value = [] if token is Token.OPEN_ARRAY else {}
            if type(container) is dict:
                container[key] = value
            elif container is not None:
                container.append(value)
            state = _AFTER_VALUE[state]
            if token is Token.OPEN_ARRAY or token is Token.OPEN_OBJECT:
                waiting.append(state)
                if container is not None:
                    parents.append(container)
                    container = value if len(waiting) <= KEPT_DEPTH else None
                state = _State.ARRAY_START if token is Token.OPEN_ARRAY else _State.OBJECT_START
        elif (state, token) in _BETWEEN_VALUES:
            key = lexer.value if token is Token.STRING else key
            state = _BETWEEN_VALUES[state, token]
        else:
            raise lexer.refuse(_UNEXPECTED.get(state, "parse error: unallowed token at this point in JSON text"))


def _check_end(lexer: Lexer) -> None:
    """Refuse whatever follows the value; to yajl that is garbage, whether it is a token or not."""
    try:
        token = lexer.next()
    except JsonRefused:
        token = Token.OTHER_VALUE
    if token is not Token.END:
        raise lexer.refuse("parse error: trailing garbage")


_VALUE_TOKENS = frozenset((Token.STRING, Token.OTHER_VALUE, Token.OPEN_ARRAY, Token.OPEN_OBJECT))
