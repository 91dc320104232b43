"""Role files of the plainest kind, read without a parser: nine in ten of real ones, at a tenth of the cost.

The grammar here is a small part of Ruby's, chosen so that a file it accepts has one meaning only: top-level calls of
``name``, ``description``, ``run_list``, ``default_attributes`` and ``override_attributes``, each beginning a line, with
literals without interpolation. Whatever else a file holds leaves the whole file to ``ruby_source``; the tests hold the
two to the same answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from forensics.chef.objects import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

# behind a newline, and not at a line's start: a search for one character is many times faster than one for a place
_STATEMENT: Final = rb"(?=(?:name|description|run_list|default_attributes|override_attributes)[ (])"
_FIRST_STATEMENT: Final = re.compile(_STATEMENT)
_BETWEEN_STATEMENTS: Final = re.compile(rb"\n" + _STATEMENT)
_ONLY_COMMENTS: Final = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\n)*")
_UTF_8: Final = re.compile(rb"\A# (?:-\*- )?(?:en)?coding: utf-8(?: -\*-)?$", re.MULTILINE)
# all but the control characters, which can end a script or a line: deleting is several times faster than searching
_NO_CONTROL: Final = b"\t\n" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))

_TOKEN: Final = re.compile(
    r"""
    [ \t]*
  (?:
    (?P<newline>(?:\#[^\n]*)?\n)
  | (?P<words>%w(?:\[[^\[\]\\]*\]|\([^()\\]*\)))
  | "(?P<double>(?:[^"\\\#]|\#(?![{$@"]))*)"(?!:)
  | "(?P<escaped>(?:[^"\\\#\n]|\\[tn"\\!])*)"(?!:)
  | '(?P<single>[^'\\]*)'(?!:)
  | (?P<arrow>=>)
  | (?P<mark>[(){}\[\],])
  | :"(?P<quoted>[^"\\\#\n]*)"(?!:)
  | :(?P<symbol>[A-Za-z_]\w*)(?![\w?!=:]|[ ]*=[^>])
  | :(?P<symbol_arrow>[A-Za-z_]\w*)(?==>)
  | (?P<label>[a-z_]\w*):(?=[ ])
  | (?P<operator>[*/])(?=[ ]\d)
  | (?P<semicolon>;)(?=[ \t]*\n)
  | (?P<integer>-?(?:0|[1-9][0-9]*))(?![\w.])
  | (?P<float>(?:0|[1-9][0-9]{0,9})\.[0-9]{1,9})(?![\w.])
  | (?P<word>true|false|nil)(?![\w?!.(:])
  )
    """,
    re.VERBOSE | re.ASCII,
)
_NAME: Final = re.compile(r"[-\w]+", re.ASCII)
_ITEM: Final = re.compile(r"(?:recipe|role)\[[-\w:]+\]", re.ASCII)
_BARE_ITEM: Final = re.compile(r"[-\w:]+", re.ASCII)
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "nil": None}
_SYMBOLS: Final = frozenset({"symbol", "quoted", "symbol_arrow", "label"})
_TEXTS: Final = frozenset({"double", "single", "symbol", "quoted"})
_ESCAPE: Final = re.compile(r'\\[tn"\\!]')
_ESCAPED: Final = {"\\t": "\t", "\\n": "\n", '\\"': '"', "\\\\": "\\", "\\!": "!"}
_LONGEST_NUMBER: Final = 30
_LARGEST_BITS: Final = 200
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_DEEPEST: Final = 40
_LONGEST_REMEMBERED: Final = 16_384
_MOST_REMEMBERED: Final = 20_000

# the commonest statements and pairs, each matched as a whole
_TEXT: Final = re.compile(rb'(?P<method>name|description) "(?P<text>[^"\\#\n]*)"\n+')
_STEP: Final = 2
_BLOCK: Final = re.compile(
    rb"(?P<method>(?:default|override)_attributes)\(\n(?P<entries>.*)\n\);?[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*", re.DOTALL
)
_NESTED: Final = re.compile(
    rb'[ ]+(?::(?P<symbol>[A-Za-z_]\w*)|"(?P<string>[^"\\#\n]+)") => '
    rb"\{\n(?P<entries>.*)\n(?P<indent>[ ]*)\}(?P<comma>,?)",
    re.DOTALL,
)
_SIMPLE: Final = re.compile(
    rb'[ ]+(?::(?P<symbol>[A-Za-z_]\w*)|"(?P<string>[^"\\#\n]+)") => '
    rb'(?:"(?P<text>[^"\\#\n]*)"|(?P<integer>0|[1-9][0-9]{0,17}))(?P<comma>,?)'
)

_Token = tuple[str, str]
_Entry: TypeAlias = "tuple[str, Any, bool] | tuple[()] | None"
"""A pair and whether a comma follows it; empty if the lines are no pair by themselves, None if they are not plain."""

_INDENTS: dict[int, re.Pattern[bytes]] = {}
_entry_of: dict[bytes, _Entry] = {}
_remembered: dict[bytes, tuple[str, Any] | None] = {}


def read_role(data: bytes) -> Role | None:
    """The role that ``knife role from file`` makes of a Ruby file, or None if the file is not of the plainest kind.

    What comes back can be encoded and sent as it is: its name is ASCII and valid, its text is valid Unicode, and no
    number is infinite. Values are shared between roles.
    """
    statements = _BETWEEN_STATEMENTS.split(data)
    if not _FIRST_STATEMENT.match(data) and not _is_preamble(statements.pop(0) + b"\n"):
        return None
    fields: dict[str, Any] = {}
    for statement in statements:
        try:
            effect = _remembered[statement]
        except KeyError:
            effect = _remember(statement)
        if effect is None:
            return None
        fields[effect[0]] = effect[1]
    name = fields.get("name")
    if name is None:
        return None
    return Role(
        name,
        fields.get("description", ""),
        fields.get("run_list", ()),
        {},
        fields.get("default_attributes", {}),
        fields.get("override_attributes", {}),
    )


def _is_preamble(text: bytes) -> bool:
    """Whether these are comments only, none of which says that the bytes of the file are anything but UTF-8."""
    comments = _UTF_8.sub(b"", text)
    return bool(_ONLY_COMMENTS.fullmatch(text)) and b"coding" not in comments.lower() and not _has_control(text)


def _has_control(text: bytes) -> bool:
    return bool(text.translate(None, _NO_CONTROL))


def _remember(statement: bytes) -> tuple[str, Any] | None:
    effect: tuple[str, Any] | None = None
    if not _has_control(statement):
        try:
            effect = _effect(statement if statement.endswith(b"\n") else statement + b"\n")
        except (_NotPlain, UnicodeDecodeError):
            effect = None
    if len(statement) <= _LONGEST_REMEMBERED:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[statement] = effect
    return effect


class _NotPlain(Exception):  # noqa: N818 (control flow inside this module)
    """Leave the file to the parser."""


class _Foreign(_NotPlain):
    """Leave it without a second look: it holds what this grammar has no word for."""


def _effect(line: bytes) -> tuple[str, Any]:
    block = _BLOCK.fullmatch(line)
    if block is not None:
        try:
            return block["method"].decode(), _entries(block["entries"], _STEP)
        except _Foreign:
            raise
        except _NotPlain:
            pass  # laid out in some other way: read it as a whole
    text = _TEXT.fullmatch(line)
    if text is not None:
        method_name = text["method"].decode()
        return method_name, _FIELDS[method_name]([text["text"].decode("utf-8")])
    statement = line.decode("utf-8")
    method = re.match(r"\w+", statement)
    if method is None:
        raise _NotPlain
    name = method[0]
    rest = statement[method.end() :]
    tokens = _tokens(rest)
    if not name.endswith("attributes") and any(kind in _SYMBOLS for kind, _ in tokens):
        raise _Foreign  # text is wanted there, and a symbol is none
    reader = _Reader(tokens)
    if rest.startswith("("):
        arguments = reader.arguments(")")
    elif rest.startswith(" ") and not rest.lstrip(" \t").startswith(("(", "{", "[")):
        # before a bracket a blank decides between arguments, an index and a block
        arguments = reader.arguments(None)
    else:
        raise _NotPlain
    reader.end()
    return name, _FIELDS[name](arguments)


def _tokens(text: str) -> list[_Token]:
    """The tokens of a text that ends with a newline."""
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _Foreign
        at = match.end()
        kind = match.lastgroup or ""
        token = match[kind]
        if kind == "escaped":
            kind, token = "double", _ESCAPE.sub(lambda escape: _ESCAPED[escape[0]], token)
        tokens.append((kind, token))
    return tokens


def _entries(lines: bytes, indent: int) -> dict[str, Any]:
    """The pairs of a hash that is laid out one to a line (or block of lines), each remembered by its text.

    A pair that is complete by itself means the same among any others: a file that changes in one line costs one line.
    """
    between = _between_entries(indent)
    if indent > _DEEPEST or not between.match(b"\n" + lines[: indent + 1]):
        raise _NotPlain
    made: dict[str, Any] = {}
    separated = True
    texts = between.split(lines)
    for text in texts:
        try:
            entry = _entry_of[text]
        except KeyError:
            entry = _remember_entry(text, indent)
        if entry is None:
            raise _Foreign
        if not entry or not separated:
            raise _NotPlain
        key, value, separated = entry
        made.pop(key, None)  # a repeated key keeps its last place and value
        made[key] = value
    if len(made) < len(texts):
        _require_one_spelling(texts, indent)
    return made


def _require_one_spelling(texts: list[bytes], indent: int) -> None:
    """Leave pairs to the parser that hold both ``:a`` and ``"a"``: two keys, which only look like one here."""
    spelled: dict[str, bool] = {}
    for text in texts:
        entry = _entry_of.get(text) or _remember_entry(text, indent)
        is_string = text.lstrip().startswith((b'"', b"'"))
        if not entry or spelled.setdefault(entry[0], is_string) is not is_string:
            raise _Foreign


def _remember_entry(text: bytes, indent: int) -> _Entry:
    entry: _Entry
    try:
        entry = _entry(text, indent)
    except (_Foreign, UnicodeDecodeError):
        entry = None
    except _NotPlain:
        entry = ()
    if len(text) <= _LONGEST_REMEMBERED:
        if len(_entry_of) >= _MOST_REMEMBERED:
            _entry_of.clear()
        _entry_of[text] = entry
    return entry


def _entry(lines: bytes, indent: int) -> tuple[str, Any, bool]:
    """One pair: its key, its value, and whether a comma follows."""
    of_one_line = b"\n" not in lines
    simple = _SIMPLE.fullmatch(lines) if of_one_line else None
    if simple is not None:
        symbol, string, text, integer, comma = simple.groups()
        value = int(integer) if text is None else text.decode("utf-8")
        return (symbol or string).decode("utf-8"), value, bool(comma)
    nested = None if of_one_line else _NESTED.fullmatch(lines)
    if nested is not None:
        symbol, string, entries, closing, comma = nested.groups()
        if len(closing) == indent:
            try:
                return (symbol or string).decode("utf-8"), _entries(entries, indent + _STEP), bool(comma)
            except _Foreign:
                raise
            except _NotPlain:
                pass  # laid out in some other way from here on
    return _Reader(_tokens(lines.decode("utf-8") + "\n")).entry()


def _between_entries(indent: int) -> re.Pattern[bytes]:
    """What finds the newline before a line that begins something at this depth."""
    found = _INDENTS.get(indent)
    if found is None:
        found = _INDENTS[indent] = re.compile(rb"\n(?= {%d}[^\s}\])])" % indent)
    return found


class _Reader:
    """Reads literals from tokens; newlines count only where Ruby takes no notice of them."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def arguments(self, closing: str | None) -> list[Any]:
        """The arguments of a call: values, or pairs that make one hash at the end."""
        if closing is not None:
            self._expect("(")
            self._newlines()
        values: list[Any] = []
        pairs: list[tuple[str, Any]] = []
        while True:
            if closing is not None and self._closes(closing):
                break
            key = self._key()
            if key is not None:
                pairs.append((key, self._value(0)))
            elif pairs:
                raise _NotPlain
            else:
                values.append(self._value(0))
            before = self._at
            if closing is not None:
                self._newlines()
            if closing is not None and self._closes(closing):
                break
            if self._peek() != ("mark", ","):
                if closing is None:
                    break
                raise _NotPlain
            if self._at != before:
                raise _NotPlain  # a line that begins with a comma
            self._at += 1
            self._newlines()
        if pairs:
            values.append(_hash(pairs))
        return values

    def entry(self) -> tuple[str, Any, bool]:
        """One pair on lines of its own: key, value, and whether a comma follows."""
        key = self._key()
        if key is None:
            raise _NotPlain
        value = self._value(0)
        comma = self._closes(",")
        if self._peek()[0] == "semicolon":
            raise _NotPlain  # it ends a statement, and a pair is none
        self.end()
        return key, value, comma

    def end(self) -> None:
        """Only the rest of the line, comments and blank lines may follow."""
        if self._peek()[0] == "semicolon":
            self._at += 1
        if self._peek()[0] != "newline":
            raise _NotPlain
        self._newlines()
        if self._at != len(self._tokens):
            raise _NotPlain

    def _value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise _NotPlain
        kind, text = self._peek()
        self._at += 1
        if kind in _TEXTS:
            return text
        if kind == "integer":
            return self._product(text)
        if kind == "words":
            return text[3:-1].split()
        if kind == "float":
            return float(text)
        if kind == "word":
            return _WORDS[text]
        if kind != "mark" or text not in "[{":
            raise _NotPlain
        elements: list[Any] = []
        self._newlines()
        while not self._closes(_CLOSING[text]):
            if text == "{":
                key = self._key()
                if key is None:
                    raise _NotPlain
                elements.append((key, self._value(depth + 1)))
            else:
                elements.append(self._value(depth + 1))
            before = self._at
            self._newlines()
            if self._closes(_CLOSING[text]):
                break
            if self._peek() != ("mark", ",") or self._at != before:
                raise _NotPlain
            self._at += 1
            self._newlines()
        return _hash(elements) if text == "{" else elements

    def _key(self) -> str | None:
        """A hash key with its arrow or colon, or None if no pair begins here."""
        kind, text = self._peek()
        if kind == "label":
            self._at += 1
            return text
        if kind not in _TEXTS and kind != "symbol_arrow":
            return None
        following = self._tokens[self._at + 1][0] if self._at + 1 < len(self._tokens) else ""
        if following != "arrow":
            return None
        self._at += 2
        self._newlines()
        return text

    def _closes(self, mark: str) -> bool:
        if self._peek() == ("mark", mark):
            self._at += 1
            return True
        return False

    def _newlines(self) -> None:
        while self._at < len(self._tokens) and self._tokens[self._at][0] == "newline":
            self._at += 1

    def _peek(self) -> _Token:
        if self._at >= len(self._tokens):
            raise _NotPlain
        return self._tokens[self._at]

    def _expect(self, mark: str) -> None:
        if not self._closes(mark):
            raise _NotPlain

    def _product(self, first: str) -> int:
        """An integer, or several multiplied and divided from left to right; Ruby rounds down, as Python does."""
        if len(first) > _LONGEST_NUMBER:
            raise _NotPlain
        result = int(first)
        while self._at + 1 < len(self._tokens) and self._tokens[self._at][0] == "operator":
            operator = self._tokens[self._at][1]
            kind, text = self._tokens[self._at + 1]
            if kind != "integer" or len(text) > _LONGEST_NUMBER or result.bit_length() > _LARGEST_BITS:
                raise _NotPlain
            operand = int(text)
            if operator == "*":
                result *= operand
            elif operand:
                result //= operand
            else:
                raise _NotPlain
            self._at += 2
        return result


def _hash(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Foreign  # a repeated key: which place and value count depends on how each is spelled
    return made


def _name(arguments: list[Any]) -> str:
    text = _text(arguments)
    if not _NAME.fullmatch(text):
        raise _NotPlain
    return text


def _text(arguments: list[Any]) -> str:
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise _NotPlain
    return arguments[0]


def _run_list(arguments: list[Any]) -> tuple[str, ...]:
    if not arguments:
        raise _NotPlain
    return tuple(dict.fromkeys(_items(arguments)))


def _items(arguments: list[Any]) -> Iterator[str]:
    for item in arguments:
        if isinstance(item, list):
            yield from _items(item)
        elif not isinstance(item, str):
            raise _NotPlain
        elif _ITEM.fullmatch(item):
            yield item
        elif _BARE_ITEM.fullmatch(item):
            yield f"recipe[{item}]"
        else:
            raise _NotPlain


def _attributes(arguments: list[Any]) -> dict[str, Any]:
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise _NotPlain
    return arguments[0]


_FIELDS: Final = {
    "name": _name,
    "description": _text,
    "run_list": _run_list,
    "default_attributes": _attributes,
    "override_attributes": _attributes,
}
