"""Role and environment files that are plain literals, which nine in ten are, read without a parser.

A file is taken apart where a line begins with a word of Chef's, and a long list of attributes where a line is indented
as its first one is. Each piece is read by itself, and remembered by its text: in the history of a repository, most
pieces of a file's version stood in the version before. Where every piece is a whole statement, or whole pairs, no
string, bracket or argument list was open at a cut, and the file is those pieces one after the other. Whatever is
anything else leaves the whole file to ``evaluation``; the tests hold the two to the same answers.

What is remembered is shared between results and never mutated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypedDict

from forensics.chef.objects import Environment, Kind, Role
from forensics.chef.ruby.plain_literals import LiteralReader, NotPlainError, mapping_of
from forensics.chef.run_list import ArgumentRefused, parse_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from forensics.chef.objects import RunList
    from forensics.chef.ruby.plain_literals import Literal, Pair

    _Setter: TypeAlias = Callable[["list[Literal]"], "_Fields"]
    _Pairs: TypeAlias = tuple[list[Pair], bool]
    """Pairs, and whether another one may follow."""


class PlainFile(NamedTuple):
    """What a plain file declares.

    ``acceptable`` is whether nothing in it can be refused, and every command sends it as it is: its name is ASCII and
    valid, its text is valid Unicode, no number is infinite, no hash has a key both as a symbol and as a string, and no
    run list an item twice.
    """

    declared: Role | Environment
    acceptable: bool


class _Fields(TypedDict, total=False):
    """What a statement sets; one that only asks for a value sets nothing."""

    name: str
    description: str
    run_list: RunList
    env_run_lists: dict[str, RunList]
    default_attributes: dict[str, Literal]
    override_attributes: dict[str, Literal]
    cookbook_versions: dict[str, Literal]
    cookbook: tuple[str, str]
    odd: bool
    """Some run-list item is of no usual form, or stands twice in a list, so that a command may change the list."""


def read(kind: Kind, data: bytes) -> PlainFile | None:
    """What ``knife role|environment from file`` makes of a Ruby file, or None if it is not plain."""
    if b"\r" in data or data.startswith(b"\xef"):
        from forensics.chef.ruby.source import as_lines  # noqa: PLC0415 - few files need it, and it brings the parser

        data = as_lines(data)
    statements = _BETWEEN_STATEMENTS.split(data)
    if not _STATEMENT.match(data) and not _is_preamble(statements.pop(0)):
        return None
    known = _memory.statements[kind]
    fields = _Fields()
    for statement in statements:
        effect = known.get(statement)
        if effect is None and statement not in known:
            effect = known[statement] = _effect(statement, kind)
            _memory.spend(statement)
        if effect is None:
            return None
        fields.update(effect)
        if "cookbook" in effect:
            cookbook, version = effect["cookbook"]
            fields["cookbook_versions"] = {**fields.get("cookbook_versions", {}), cookbook: version}
    return (_role if kind is Kind.ROLE else _environment)(fields)


def _role(fields: _Fields) -> PlainFile:
    name = fields.get("name", "")
    role = Role(
        name,
        fields.get("description", ""),
        fields.get("run_list", ()),
        fields.get("env_run_lists", {}),
        fields.get("default_attributes", {}),
        fields.get("override_attributes", {}),
    )
    return PlainFile(role, name != "" and "odd" not in fields)


def _environment(fields: _Fields) -> PlainFile:
    name = fields.get("name", "")
    environment = Environment(
        name,
        fields.get("description", ""),
        fields.get("cookbook_versions", {}),
        fields.get("default_attributes", {}),
        fields.get("override_attributes", {}),
    )
    return PlainFile(environment, name not in {"", "_default"})


_WORDS: Final = (
    rb"(?:name|description|run_list|recipes|env_run_lists?|(?:default|override)_attributes|cookbook(?:_versions)?)[ ({]"
)
_STATEMENT: Final = re.compile(_WORDS)
# behind a newline, and not at a line's start: a search for one character is many times faster than one for a place
_BETWEEN_STATEMENTS: Final = re.compile(rb"\n(?=" + _WORDS + rb")")
_COMMENTS: Final = rb"[ \t]*(?:#[^\n]*)?(?:\n[ \t]*(?:#[^\n]*)?)*"
_ONLY_COMMENTS: Final = re.compile(_COMMENTS)
_FIRST_TWO_LINES: Final = re.compile(rb"[^\n]*\n?[^\n]*")
_UTF_8: Final = re.compile(rb"^# (?:-\*- )?(?:en)?coding: utf-8(?: -\*-)?$", re.MULTILINE | re.IGNORECASE)
# all but the control characters, which can end a script or a line: deleting is several times faster than searching
_NO_CONTROL: Final = b"\t\n" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_TEXT: Final = re.compile(rb"(?P<method>name|description) \"(?P<text>[^\"\\#\n]*)\"\n*")
_BLOCK: Final = re.compile(
    rb"(?P<method>(?:default|override)_attributes)\((?P<brace>\{)?\n(?P<pairs>.*)\n[ \t]*(?(brace)\}\)|\));?"
    + _COMMENTS,
    re.DOTALL,
)
_KEY: Final = rb"(?::(?P<symbol>[A-Za-z_]\w*)|(?P<quote>[\"'])(?P<string>[^\"'\\#\n]*)(?P=quote))[ ]*=>[ ]*"
_SIMPLE: Final = re.compile(rb"[ ]+" + _KEY + rb"(?:\"([^\"\\#\n]*)\"|(0|[1-9][0-9]{0,17}))(,?)")
_NESTED: Final = re.compile(
    rb"(?P<indent>[ ]+)" + _KEY + rb"\{\n"
    rb"(?P<pairs>.*)\n(?P=indent)\}(?P<comma>,?)" + _COMMENTS,
    re.DOTALL,
)
# each level has a depth of its own: together with those of LiteralReader, they are fewer than every encoder takes
_INDENT: Final = re.compile(rb" {1,30}(?=\S)")


def _is_preamble(text: bytes) -> bool:
    """Whether these are comments only, none of which says that the bytes of the file are anything but UTF-8."""
    if _has_control(text) or not _ONLY_COMMENTS.fullmatch(text):
        return False
    first = _FIRST_TWO_LINES.match(text)
    return first is None or b"coding" not in _UTF_8.sub(b"", first[0]).lower()


def _has_control(text: bytes) -> bool:
    return bool(text.translate(None, _NO_CONTROL))


class _Memory:
    """What pieces of files are, as long as they are no more than a number of bytes of source."""

    MOST = 32 << 20

    def __init__(self) -> None:
        self.statements: dict[Kind, dict[bytes, _Fields | None]] = {Kind.ROLE: {}, Kind.ENVIRONMENT: {}}
        self.parts: dict[bytes, _Pairs | None] = {}
        self.spent = 0

    def spend(self, text: bytes) -> None:
        """Note that a piece is remembered; all are forgotten where they would be too many."""
        self.spent += len(text)
        if self.spent > self.MOST:
            self.parts.clear()
            for known in self.statements.values():
                known.clear()
            self.spent = 0


_memory = _Memory()


def _effect(statement: bytes, kind: Kind) -> _Fields | None:
    """What a statement sets, or None if it is not plain."""
    if _has_control(statement):
        return None
    try:
        text = _TEXT.fullmatch(statement)
        if text is not None:
            return _COMMON[text["method"].decode()]([text["text"].decode()])
        block = _BLOCK.fullmatch(statement)
        pairs = None if block is None else _pairs(block["pairs"])
        if block is not None and pairs is not None:
            return _ATTRIBUTES[block["method"].decode()]([mapping_of(pairs)])
        return _call(statement.decode(), _METHODS[kind])
    except (NotPlainError, ArgumentRefused, UnicodeDecodeError):
        return None


def _call(statement: str, methods: dict[str, _Setter]) -> _Fields:
    call = _CALL.match(statement)
    if call is None or call[1] not in methods:
        raise NotPlainError
    method = call[1]
    reader = LiteralReader(statement[call.end() :] + "\n")
    if method not in _ATTRIBUTES and reader.has_symbols():
        raise NotPlainError
    arguments = reader.arguments()
    reader.end()
    return methods[method](arguments) if arguments or method == "cookbook" else {}


# with a blank before it, what follows a parenthesis decides whether it opens the list of arguments
_CALL: Final = re.compile(r"(\w+)(?:(?=\()|[ \t]*(?=\{)|[ \t]+(?![ \t({]))", re.ASCII)


def _pairs(lines: bytes) -> list[Pair] | None:
    """The pairs of a list, read from its parts; None if it is laid out in some other way."""
    indent = _INDENT.match(lines)
    if indent is None:
        return None
    between = _between_parts(indent.end())
    known = _memory.parts
    pairs: list[Pair] = []
    separated = True
    for text in between.split(lines):
        part = known.get(text)
        if part is None and text not in known:
            part = known[text] = _part(text)
            _memory.spend(text)
        if part is None or not separated:
            return None
        found, separated = part
        pairs += found
    return pairs


def _part(text: bytes) -> _Pairs | None:
    simple = _SIMPLE.fullmatch(text)
    if simple is not None and text.isascii():
        symbol, _, string, value, integer, comma = simple.groups()
        literal = int(integer) if value is None else value.decode()
        return [((symbol or string).decode(), string is None, literal)], comma == b","
    try:
        nested = _NESTED.fullmatch(text)
        pairs = None if nested is None else _pairs(nested["pairs"])
        if nested is not None and pairs is not None:
            _, symbol, _, string, _, comma = nested.groups()
            return [((symbol or string).decode(), string is None, mapping_of(pairs))], comma == b","
        return LiteralReader(text.decode() + "\n").pairs()
    except (NotPlainError, UnicodeDecodeError):
        return None


def _between_parts(indent: int) -> re.Pattern[bytes]:
    """What finds the newline before a line that begins something at this depth."""
    found = _INDENTS.get(indent)
    if found is None:
        found = _INDENTS[indent] = re.compile(rb"\n(?= {%d}[^\s}\])#])" % indent)
    return found


_INDENTS: Final[dict[int, re.Pattern[bytes]]] = {}


def _name(arguments: list[Literal]) -> _Fields:
    name = _text(arguments)
    if not _VALID_NAME.fullmatch(name):
        raise NotPlainError
    return {"name": name}


def _description(arguments: list[Literal]) -> _Fields:
    return {"description": _text(arguments)}


def _text(arguments: list[Literal]) -> str:
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise NotPlainError
    return arguments[0]


def _hash(arguments: list[Literal]) -> dict[str, Literal]:
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise NotPlainError
    return arguments[0]


def _default_attributes(arguments: list[Literal]) -> _Fields:
    return {"default_attributes": _hash(arguments)}


def _override_attributes(arguments: list[Literal]) -> _Fields:
    return {"override_attributes": _hash(arguments)}


def _run_list(arguments: list[Literal]) -> _Fields:
    items = tuple(dict.fromkeys(_items(_flat(arguments))))
    return _flagged({"run_list": items}, [items])


def _env_run_lists(arguments: list[Literal]) -> _Fields:
    """Unlike ``run_list``, nothing is flattened or dropped; a list of ``_default`` has to be there."""
    lists = {
        name: tuple(_items(items if isinstance(items, list) else [items])) for name, items in _hash(arguments).items()
    }
    if "_default" not in lists:
        raise NotPlainError
    others: dict[str, RunList] = {name: items for name, items in lists.items() if name != "_default"}
    return _flagged({"run_list": lists["_default"], "env_run_lists": others}, lists.values())


def _flagged(fields: _Fields, lists: Iterable[tuple[str, ...]]) -> _Fields:
    usual = all(len(set(items)) == len(items) and all(map(_USUAL_ITEM.fullmatch, items)) for items in lists)
    return fields if usual else {**fields, "odd": True}


def _flat(arguments: Iterable[Literal]) -> Iterable[Literal]:
    for item in arguments:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def _items(items: Iterable[Literal]) -> Iterable[str]:
    for item in items:
        if not isinstance(item, str):
            raise NotPlainError
        yield str(parse_item(item))


def _cookbook_versions(arguments: list[Literal]) -> _Fields:
    versions = _hash(arguments)
    for version in versions.values():
        _constraint(version)
    return {"cookbook_versions": versions}


def _cookbook(arguments: list[Literal]) -> _Fields:
    if len(arguments) != 2 or not isinstance(arguments[0], str):  # noqa: PLR2004 - a cookbook and its version
        raise NotPlainError
    return {"cookbook": (arguments[0], _constraint(arguments[1]))}


def _constraint(version: Literal) -> str:
    if not isinstance(version, str) or not _CONSTRAINT.fullmatch(version):
        raise NotPlainError
    return version


_VALID_NAME: Final = re.compile(r"[-\w]+", re.ASCII)
_USUAL_ITEM: Final = re.compile(r"(?:recipe|role)\[[-.\w:@]+\]", re.ASCII)
_CONSTRAINT: Final = re.compile(r"(?:(?:<|>|=|<=|>=|~>) *)?[0-9]+\.[0-9]+(?:\.[0-9]+)?")
_ATTRIBUTES: Final[dict[str, _Setter]] = {
    "default_attributes": _default_attributes,
    "override_attributes": _override_attributes,
}
_COMMON: Final = {"name": _name, "description": _description, **_ATTRIBUTES}
_METHODS: Final[dict[Kind, dict[str, _Setter]]] = {
    Kind.ROLE: {
        **_COMMON,
        "run_list": _run_list,
        "recipes": _run_list,
        "env_run_lists": _env_run_lists,
        "env_run_list": _env_run_lists,
    },
    Kind.ENVIRONMENT: {**_COMMON, "cookbook": _cookbook, "cookbook_versions": _cookbook_versions},
}
