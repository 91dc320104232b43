"""The tokens of JSON as yajl cuts them (src/yajl_lex.c and src/yajl_encode.c), comments allowed."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from forensics.chef.objects import Unresolved

if TYPE_CHECKING:
    from forensics.chef.objects import Value

LONGEST_INTEGER = 4000
"""An integer of more digits is ``Unresolved``: Python reads no more than a little over that."""


class JsonRefused(ValueError):  # noqa: N818 - named as Chef refuses, not as Python errs
    """The bytes are no JSON to Chef: the Ruby class raised, yajl's message, and the line (from 1) where it stopped."""

    def __init__(self, message: str, line: int, error_class: str = "FFI_Yajl::ParseError") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.error_class = error_class


class Token(enum.IntEnum):
    """What the lexer found; punctuation has its byte's value."""

    END = 0
    STRING = 1
    OTHER_VALUE = 2
    COMMA = 0x2C
    COLON = 0x3A
    OPEN_ARRAY = 0x5B
    CLOSE_ARRAY = 0x5D
    OPEN_OBJECT = 0x7B
    CLOSE_OBJECT = 0x7D


# Each expression is possessive: it never goes back, so the time stays linear whatever the input.
_SPACE = re.compile(rb"[ \t\n\v\f\r]*+")
_STRING_BODY = re.compile(
    rb'(?:[^"\\\x00-\x1f\x80-\xff]++'
    rb'|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})'
    rb"|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3})*+"
)
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?+([eE][+-]?[0-9]++)?+")
_ESCAPE = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([0-9a-fA-F]{4})|u([0-9a-fA-F]{4})|([\"\\/bfnrt]))",
)
_SHORT_ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_PUNCTUATION = {int(token): token for token in Token if token > Token.OTHER_VALUE}
_WORDS = {ord("t"): (b"true", True), ord("f"): (b"false", False), ord("n"): (b"null", None)}
_QUOTE, _SLASH, _POINT, _BACKSLASH = b'"/.\\'
_NUMBER_STARTS = frozenset(b"-0123456789")


class Lexer:
    """Hands out the tokens of one file; ``value`` is the value of the last string, number, boolean or null."""

    __slots__ = ("_data", "_position", "_start", "value")

    def __init__(self, data: bytes) -> None:
        # yajl_complete_parse feeds one blank after the last byte: a token that the end of the file cuts short is
        # read once more with it, so that a cut number ends and a cut word does not.
        self._data = data + b" "
        self._position = 0
        self._start = 0
        self.value: Value = None

    def refuse(self, message: str) -> JsonRefused:
        """Build the refusal of the last token."""
        return JsonRefused(message, self.line)

    @property
    def start(self) -> int:
        """Where the last token begins, in bytes."""
        return self._start

    @property
    def line(self) -> int:
        """The line of the last token, counted from 1."""
        return self._data.count(b"\n", 0, self._start) + 1

    def next(self) -> Token:
        """Read one token; ``END`` where the input is used up, perhaps in the middle of a comment or a string.

        Raises:
            JsonRefused: no token begins here.
        """
        data = self._data
        byte = self._skip_blank()
        if byte is None:
            return Token.END
        self._start = self._position
        if byte == _QUOTE:
            return self._string()
        punctuation = _PUNCTUATION.get(byte)
        if punctuation is not None:
            self._position += 1
            return punctuation
        if byte in _NUMBER_STARTS:
            return self._number()
        if byte in _WORDS:
            word, self.value = _WORDS[byte]
            if not data.startswith(word, self._position):
                raise self.refuse("lexical error: invalid string in json text.")
            self._position += len(word)
            return Token.OTHER_VALUE
        raise self.refuse("lexical error: invalid char in json text.")

    def _skip_blank(self) -> int | None:
        """Skip white space and comments; the byte that follows, or ``None`` at the end."""
        data = self._data
        position = self._position
        while True:
            match = _SPACE.match(data, position)
            position = match.end() if match else position
            if position >= len(data):
                self._position = len(data)
                return None
            if data[position] != _SLASH:
                self._position = position
                return data[position]
            if data.startswith(b"//", position):
                end = data.find(b"\n", position)
                position = end + 1
            elif data.startswith(b"/*", position):
                end = data.find(b"*/", position + 2)
                position = end + 2
            else:
                self._start = position
                raise self.refuse("lexical error: invalid char in json text.")
            if end < 0:
                self._position = len(data)
                return None

    def _string(self) -> Token:
        data = self._data
        begin = self._position + 1
        match = _STRING_BODY.match(data, begin)
        end = match.end() if match else begin
        if end >= len(data):
            self._position = len(data)
            return Token.END
        byte = data[end]
        if byte != _QUOTE:
            self._start = end
            raise self.refuse(f"lexical error: {_string_error(byte, data[end + 1 : end + 2])}")
        self._position = end + 1
        body = data[begin:end]
        if b"\\" in body:
            body = _ESCAPE.sub(_unescaped, body)
        self.value = body.decode("utf-8", "surrogateescape")
        return Token.STRING

    def _number(self) -> Token:
        data = self._data
        match = _NUMBER.match(data, self._position)
        if match is None:
            raise self.refuse("lexical error: malformed number, a digit is required after the minus sign.")
        fraction, exponent = match.groups()
        following = data[match.end()]
        if exponent is None:
            if following in b"eE":
                raise self.refuse("lexical error: malformed number, a digit is required after the exponent.")
            if fraction is None and following == _POINT:
                raise self.refuse("lexical error: malformed number, a digit is required after the decimal point.")
        self._position = match.end()
        if fraction is None and exponent is None:
            self.value = self._integer(match[0])
        else:
            self.value = float(match[0])  # beyond the range: infinity, as strtod has it
        return Token.OTHER_VALUE

    def _integer(self, digits: bytes) -> int | Unresolved:
        if len(digits) <= LONGEST_INTEGER:
            return int(digits)
        shown = digits[:60].decode("ascii")
        return Unresolved(f"{shown}... ({len(digits)} digits)", self._data.count(b"\n", 0, self._start) + 1)


def _string_error(byte: int, following: bytes) -> str:
    if byte == _BACKSLASH:
        if following == b"u":
            return "invalid (non-hex) character occurs after '\\u' inside string."
        return "inside a string, '\\' occurs before a character which it may not."
    if byte < 0x20:  # noqa: PLR2004 - the first character that is no control character
        return "invalid character inside string."
    return "invalid bytes in UTF8 string."


def _unescaped(match: re.Match[bytes]) -> bytes:
    high, second, single, short = match.groups()
    if short is not None:
        return _SHORT_ESCAPES.get(short, short)
    if high is not None:
        # Any escape after a high surrogate is taken for its second half.
        first = int(high, 16)
        top = (first >> 6 & 0xF) + 1 << 16
        return chr(top | (first & 0x3F) << 10 | int(second, 16) & 0x3FF).encode()
    codepoint = int(single, 16)
    if codepoint & 0xFC00 == 0xD800:  # noqa: PLR2004 - a high surrogate on its own
        return b"?"
    return chr(codepoint).encode("utf-8", "surrogatepass")
