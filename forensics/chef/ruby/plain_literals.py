"""Ruby literals without interpolation, read from tokens.

The grammar here is a small part of Ruby's, chosen so that text which it accepts has one meaning only. It takes notice
of newlines just where Ruby does, and raises ``NotPlainError`` for whatever it has no word for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.literals import string_text, word_list
from forensics.chef.ruby.numbers import floating, integer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Literal: TypeAlias = "str | int | float | bool | list[Literal] | dict[str, Literal] | None"
"""The value of a literal, a symbol being its text."""
Pair: TypeAlias = tuple[str, bool, Literal]
"""A key, whether it is a symbol, and its value."""

_TOKEN: Final = re.compile(
    r"""
    [ \t]*
  (?:
    (?P<newline>(?:\#[^\n]*)?\n)
  | (?P<text>"[^"\\\#]*(?:(?:\\.|\#(?![{$@]))[^"\\\#]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')(?P<colon>:(?=[ ]))?(?!:)
  | (?P<arrow>=>)
  | (?P<mark>[(){}\[\],])
  | :(?P<symbol>[A-Za-z_]\w*)(?:(?==>)|(?![\w?!=:]|[ ]*=[^>]))
  | :(?P<quoted>"[^"\\\#\n]*"|'[^'\\\n]*')(?!:)
  | (?P<label>[A-Za-z_]\w*):(?=[ ])
  | (?P<operator>[*/])(?=[ ]?\d)
  | (?P<integer>-?\d\w*)(?![\w.])
  | (?P<float>-?\d+\.\d+)(?![\w.])
  | (?P<words>%w(?:\[[^\[\]\\]*\]|\([^()\\]*\)|\{[^{}\\]*\}))
  | (?P<constant>true|false|nil)(?![\w?!.(:])
  | (?P<semicolon>;)
  | (?P<continued>\\\n)
  )
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_CONSTANTS: Final = {"true": True, "false": False, "nil": None}
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_RAW: Final = re.compile("[\udc80-\udcff]")
_LONGEST_NUMBER: Final = 30
_LARGEST_BITS: Final = 200
_DEEPEST: Final = 40

_Number = TypeVar("_Number", int, float)
_Token: TypeAlias = tuple[str, str]
_END: Final = ("end", "")


class NotPlainError(Exception):
    """This is no literal that has one meaning to Ruby and to this grammar."""


def mapping_of(pairs: Sequence[Pair]) -> dict[str, Literal]:
    """The hash of these pairs: a key repeated in the same spelling keeps its last place and value.

    Raises:
        NotPlainError: it holds both ``:a`` and ``"a"``, two keys that become one.
    """
    found = {key: value for key, _, value in pairs}
    if len(found) == len(pairs):
        return found
    if len({(key, symbol) for key, symbol, _ in pairs}) != len(found):
        raise NotPlainError
    found.clear()
    for key, _, value in pairs:
        found.pop(key, None)
        found[key] = value
    return found


class LiteralReader:
    """Reads what stands in lines of Ruby, each of which ends with a newline, from the left to the right.

    Every method raises ``NotPlainError`` for what is not plain.
    """

    def __init__(self, lines: str) -> None:
        self._tokens = _tokens(lines)
        self._at = 0

    def has_symbols(self) -> bool:
        """Whether some text is a symbol, where it matters."""
        return any(kind in _SYMBOLS for kind, _ in self._tokens)

    def arguments(self) -> list[Literal]:
        """The arguments of a call, in parentheses or without: values, or pairs that make one hash at the end."""
        closing = _CLOSING["("] if self._takes("(") else None
        if closing is None and self._takes("{"):
            self._expect("}")  # an empty block
            return []
        values: list[Literal] = []
        pairs: list[Pair] = []
        if closing is not None:
            self._newlines()
        while closing is None or not self._takes(closing):
            key = self._key()
            if key is not None:
                pairs.append((*key, self._value(0)))
            elif pairs:
                raise NotPlainError
            else:
                values.append(self._value(0))
            separated = self._takes(",")
            if closing is None and not separated:
                break
            self._newlines()
            if closing is not None and not separated:
                self._expect(closing)
                break
        return [*values, mapping_of(pairs)] if pairs else values

    def pairs(self) -> tuple[list[Pair], bool]:
        """All pairs that stand here, and whether another one may follow."""
        found: list[Pair] = []
        separated = True
        self._newlines()
        while self._peek() is not _END:
            key = self._key()
            if key is None or not separated:
                raise NotPlainError
            found.append((*key, self._value(0)))
            separated = self._takes(",")
            self._newlines()
        return found, separated

    def end(self) -> None:
        """Only the end of the statement, comments and blank lines may follow."""
        if self._peek()[0] == "semicolon":
            self._at += 1
        if self._peek()[0] != "newline":
            raise NotPlainError
        self._newlines()
        if self._peek() is not _END:
            raise NotPlainError

    def _value(self, depth: int) -> Literal:
        kind, text = self._peek()
        self._at += 1
        match kind:
            case "text":
                return self._joined(text)
            case "integer":
                return self._product(text)
            case "symbol" | "quoted":
                return text
            case "constant":
                return _CONSTANTS[text]
            case "float":
                return _number(text, floating)
            case "words":
                return [*word_list(text.encode())]
            case "mark" if text in "[{" and depth < _DEEPEST:
                return self._collection(text, depth + 1)
        raise NotPlainError

    def _collection(self, opening: str, depth: int) -> Literal:
        members: list[Literal] = []
        pairs: list[Pair] = []
        separated = True
        self._newlines()
        while not self._takes(_CLOSING[opening]):
            if not separated:
                raise NotPlainError
            if opening == "[":
                members.append(self._value(depth))
            else:
                key = self._key()
                if key is None:
                    raise NotPlainError
                pairs.append((*key, self._value(depth)))
            separated = self._takes(",")
            self._newlines()
        return members if opening == "[" else mapping_of(pairs)

    def _key(self) -> tuple[str, bool] | None:
        """A hash key with its arrow or colon, and whether it is a symbol; None if no pair begins here."""
        kind, text = self._peek()
        if kind == "label":
            self._at += 1
            return text, True
        if kind not in _KEYS or self._tokens[self._at + 1][0] != "arrow":
            return None
        self._at += 2
        self._newlines()
        return text, kind != "text"

    def _joined(self, text: str) -> str:
        """A string and those that follow it without a comma, on the same line or on a continued one: they are one."""
        while self._peek()[0] in {"text", "continued"}:
            continued = self._peek()[0] == "continued"
            self._at += continued
            kind, more = self._peek()
            if kind != "text":
                raise NotPlainError
            text += more
            self._at += 1
        return text

    def _product(self, first: str) -> int:
        """An integer, or several multiplied and divided from left to right; Ruby rounds down, as Python does."""
        result = _number(first, integer)
        while self._peek()[0] == "operator":
            operator = self._tokens[self._at][1]
            self._at += 1
            kind, text = self._peek()
            if kind != "integer" or result.bit_length() > _LARGEST_BITS:
                raise NotPlainError
            operand = _number(text, integer)
            if operator == "/" and not operand:
                raise NotPlainError
            result = result * operand if operator == "*" else result // operand
            self._at += 1
        return result

    def _takes(self, mark: str) -> bool:
        found = self._peek() == ("mark", mark)
        self._at += found
        return found

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            raise NotPlainError

    def _newlines(self) -> None:
        while self._tokens[self._at][0] == "newline":
            self._at += 1

    def _peek(self) -> _Token:
        return self._tokens[self._at]


_SYMBOLS: Final = frozenset({"symbol", "quoted", "label"})
_KEYS: Final = frozenset({"text", "symbol", "quoted"})


def _tokens(lines: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    for match in _TOKEN.finditer(lines):
        if match.start() != at:
            raise NotPlainError
        at = match.end()
        kind = match.lastgroup or ""
        token = match[kind]
        if kind == "text":
            token = _text(token)
        elif kind == "colon":
            kind, token = "label", _text(match["text"])
        elif kind == "quoted":
            token = token[1:-1]
        tokens.append((kind, token))
    if at != len(lines):
        raise NotPlainError
    tokens.append(_END)
    return tokens


def _text(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted[1:-1]
    try:
        text = string_text(quoted.encode())
    except (RubyRaisedError, UnmodelledError):
        raise NotPlainError from None
    if _RAW.search(text):
        raise NotPlainError
    return text


def _number(text: str, read: Callable[[str], _Number]) -> _Number:
    if len(text) > _LONGEST_NUMBER:
        raise NotPlainError
    try:
        number = read(text.removeprefix("-"))
    except RubyRaisedError:
        raise NotPlainError from None
    return -number if text.startswith("-") else number
