"""Regular expressions: the part of Ruby's syntax that means the same in Python."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import TABLES, builtin
from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.text import inspect, regexp_text, to_s
from forensics.chef.ruby.values import Opaque, RubyArray, RubyHash, RubyRegexp, RubyString, Symbol, equal, known

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

REGEXP: Table = {}
_SAME_ESCAPES = frozenset("dwsDWSbBntrfv.*+?()[]{}|^$\\/-\"' #:@,=&;~!%<>`_0123456789A")
_NESTED_REPEAT = re.compile(r"\)[*+{]|[*+}][*+{]")
_QUANTIFIER = re.compile(r"(?<!\\)[*+{]")
_LONGEST = (20_000, 20_000, 2_000, 200)
"""How long a subject may be for an expression with this many quantifiers: backtracking takes its power."""


_PIECE = re.compile(
    r"\\(?P<escape>[\s\S]?)|\(\?(?P<group>:|=|!|<=|<!|<(?P<name>[A-Za-z_]\w*)>)|(?P<odd>\(\?|[*+?}]\+|\[\^?\])"
    r"|(?P<anchor>[$^])|\[(?P<members>(?:\\[\s\S]|[^]\\])*)\]|(?P<other>[\s\S])"
)
_ANCHORS = {"$": r"(?=\n|\Z)", "^": r"(?:(?<=\n)(?!\Z)|\A)"}
_FLAGS = {"i": re.IGNORECASE, "x": re.VERBOSE, "m": re.DOTALL}


@functools.lru_cache(maxsize=512)
def _translated(source: str, options: str) -> re.Pattern[str]:
    if not source.isascii() or _NESTED_REPEAT.search(source) or "[[:" in source or "&&" in source:
        raise UnmodelledError
    pattern = _PIECE.sub(_translated_piece, source)
    if re.search(r"\((?!\?)", pattern) and "(?P<" in pattern:
        raise UnmodelledError  # Ruby ignores plain groups where there are named ones
    flags = re.ASCII
    for option in options:
        flags |= _FLAGS[option]
    try:
        return re.compile(pattern, flags)
    except (re.error, OverflowError):
        raise UnmodelledError from None


def _translated_piece(match: re.Match[str]) -> str:
    if match["odd"] is not None:
        raise UnmodelledError
    if match["escape"] is not None:
        return _escape(match["escape"], in_class=False)
    if match["group"] is not None:
        return f"(?P<{match['name']}>" if match["name"] else match[0]
    if match["anchor"] is not None:
        return _ANCHORS[match["anchor"]]
    members = match["members"]
    if members is None:
        if match[0] in "[]":
            raise UnmodelledError
        return match[0]
    if "[" in re.sub(r"\\.", "", members):
        raise UnmodelledError
    return "[" + re.sub(r"\\([\s\S])", lambda escaped: _escape(escaped[1], in_class=True), members) + "]"


def _escape(escaped: str, *, in_class: bool) -> str:
    if escaped == "z":
        return r"\Z"
    if escaped == "Z":
        return r"(?=\n?\Z)"
    if escaped == "h":
        return "0-9a-fA-F" if in_class else "[0-9a-fA-F]"
    if escaped == "s":
        return r" \t\n\r\f\v" if in_class else r"[ \t\n\r\f\v]"
    if escaped not in _SAME_ESCAPES or (escaped == "A" and in_class) or (escaped.isdigit() and in_class):
        raise UnmodelledError
    if escaped in "/\"'#:@,=&;~!%<>`_ -":
        return re.escape(escaped)
    return "\\" + escaped


def compiled(pattern: RubyRegexp) -> re.Pattern[str]:
    """Python's expression that matches the same text.

    Raises:
        UnmodelledError: it may not.
    """
    return _translated(pattern.source, "".join(sorted(pattern.options)))


def subject(pattern: RubyRegexp, value: Any) -> str:
    """The text to match, if it is short enough for the expression."""
    text = to_s(known(value))
    quantifiers = len(_QUANTIFIER.findall(pattern.source))
    longest = _LONGEST[quantifiers] if quantifiers < len(_LONGEST) else 60
    if len(text) > longest or any("\udc80" <= character <= "\udcff" for character in text):
        raise UnmodelledError
    return text


def match_data(match: re.Match[str] | None) -> Any:
    """What ``match`` gives."""
    if match is None:
        return None
    return Opaque("MatchData", match[0], match[0], match)


_EMPTY_MATCHES = frozenset({"^", "$", r"\A", r"\z"})


def replaced(call: Call, *, everywhere: bool) -> str:
    """``sub`` and ``gsub`` with a text, a hash or a block."""
    pattern = call.known_argument()
    text = subject(pattern if isinstance(pattern, RubyRegexp) else RubyRegexp(""), call.receiver)
    if isinstance(pattern, RubyString):
        expression = re.compile(re.escape(pattern.text))
        if not pattern.text:
            raise UnmodelledError
    elif isinstance(pattern, RubyRegexp):
        expression = compiled(pattern)
        if everywhere and expression.match("") is not None and pattern.source not in _EMPTY_MATCHES:
            raise UnmodelledError  # Ruby and Python differ on empty matches beside others
    else:
        raise RubyRaisedError("TypeError", "wrong argument type (expected Regexp)")
    if len(call.arguments) > 1:
        replacement = call.known_argument(1)
        if isinstance(replacement, RubyHash):
            return expression.sub(
                lambda match: to_s(replacement.get(RubyString(match[0]))), text, 0 if everywhere else 1
            )
        if not isinstance(replacement, RubyString):
            raise RubyRaisedError("TypeError", "no implicit conversion into String")
        template = replacement.text
        return expression.sub(lambda match: _expanded(template, match), text, count=0 if everywhere else 1)
    if call.block is None or (call.block.node is not None and b"$" in _source(call)):
        raise UnmodelledError
    return expression.sub(lambda match: to_s(call.give(RubyString(match[0]))), text, count=0 if everywhere else 1)


def _source(call: Call) -> bytes:
    node = call.node
    return call.interpreter.text[node.start_byte : node.end_byte]


def _expanded(template: str, match: re.Match[str]) -> str:
    def reference(found: re.Match[str]) -> str:
        if found["name"]:
            return match[found["name"]] or ""
        escaped = found["one"]
        if escaped.isdigit():
            group = int(escaped)
            return (match[group] or "") if group <= match.re.groups else ""
        if escaped in "\\&":
            return match[0] if escaped == "&" else escaped
        raise UnmodelledError

    return re.sub(r"\\(?:(?P<one>[0-9&\\`'])|k<(?P<name>\w+)>)", reference, template)


def split(text: str, separator: Any, limit: int) -> list[str]:
    """``String#split``."""
    if limit == 1:
        return [text] if text else []
    if separator is None or (isinstance(separator, RubyString) and separator.text == " "):
        stripped = text.lstrip(" \t\n\v\f\r\0")
        if limit > 1:
            parts = re.split(r"[ \t\n\v\f\r\0]+", stripped, maxsplit=limit - 1)
            return parts if text else []
        parts = [part for part in re.split(r"[ \t\n\v\f\r\0]+", stripped) if part]
        if limit < 0 and stripped != stripped.rstrip(" \t\n\v\f\r\0"):
            parts.append("")
        return parts
    if isinstance(separator, RubyString):
        if not separator.text:
            parts = list(text)
            return parts if not limit else _rejoined(text, limit)
        parts = text.split(separator.text, limit - 1) if limit > 1 else text.split(separator.text)
    elif isinstance(known(separator), RubyRegexp):
        expression = compiled(separator)
        if expression.match("") is not None:
            if expression.pattern:
                raise UnmodelledError
            parts = list(text)
            return parts if not limit else _rejoined(text, limit)
        if expression.groups:
            raise UnmodelledError
        parts = expression.split(text, maxsplit=max(0, limit - 1))
    else:
        raise RubyRaisedError("TypeError", "wrong argument type (expected Regexp)")
    if not text:
        return []
    if limit == 0:
        while parts and not parts[-1]:
            parts.pop()
    return parts


def _rejoined(text: str, limit: int) -> list[str]:
    if limit < 0:
        return [*text, ""]
    return [*text[: limit - 1], text[limit - 1 :]]


@builtin(REGEXP, "match?", least=1)
def _is_match(call: Call) -> Any:
    value = call.known_argument()
    return value is not None and compiled(call.receiver).search(subject(call.receiver, value)) is not None


@builtin(REGEXP, "===", least=1)
def _case_equal(call: Call) -> Any:
    value = call.known_argument()
    return (
        isinstance(value, RubyString | Symbol)
        and compiled(call.receiver).search(subject(call.receiver, value)) is not None
    )


@builtin(REGEXP, "=~", least=1)
def _matches(call: Call) -> Any:
    value = call.known_argument()
    match = None if value is None else compiled(call.receiver).search(subject(call.receiver, value))
    return None if match is None else match.start()


@builtin(REGEXP, "match", least=1)
def _match(call: Call) -> Any:
    value = call.known_argument()
    return None if value is None else match_data(compiled(call.receiver).search(subject(call.receiver, value)))


@builtin(REGEXP, "source")
def _source_of(call: Call) -> Any:
    return RubyString(call.receiver.source)


@builtin(REGEXP, "to_s")
def _to_s(call: Call) -> Any:
    return RubyString(regexp_text(call.receiver))


@builtin(REGEXP, "inspect")
def _inspect(call: Call) -> Any:
    return RubyString(inspect(call.receiver))


@builtin(REGEXP, "==", "eql?", least=1)
def _equals(call: Call) -> Any:
    return equal(call.receiver, call.arguments[0])


TABLES[RubyRegexp] = (REGEXP, OBJECT)

MATCH: Table = {}
"""Methods of MatchData."""


@builtin(MATCH, "[]", least=1)
def _group(call: Call) -> Any:
    index = call.known_argument()
    match = call.receiver.value
    name = index if type(index) is int else to_s(index)
    if type(name) is int and not 0 <= name <= match.re.groups:
        return None
    found = match[name]
    return None if found is None else RubyString(found)


@builtin(MATCH, "to_s")
def _match_to_s(call: Call) -> Any:
    return RubyString(call.receiver.value[0])


@builtin(MATCH, "captures", "to_a")
def _captures(call: Call) -> Any:
    match = call.receiver.value
    groups = [None if group is None else RubyString(group) for group in match.groups()]
    return RubyArray(groups if call.name == "captures" else [RubyString(match[0]), *groups])


@builtin(MATCH, "pre_match", "post_match")
def _around(call: Call) -> Any:
    match = call.receiver.value
    return RubyString(match.string[: match.start()] if call.name == "pre_match" else match.string[match.end() :])
