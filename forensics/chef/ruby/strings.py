"""Methods of String."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.arrays import range_slice
from forensics.chef.ruby.comparison import spaceship
from forensics.chef.ruby.dispatch import ANY, TABLES, builtin
from forensics.chef.ruby.enumeration import waits
from forensics.chef.ruby.escapes import joined
from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.formatting import formatted
from forensics.chef.ruby.object_methods import COMPARABLE, OBJECT
from forensics.chef.ruby.regexps import compiled, match_data, replaced, split, subject
from forensics.chef.ruby.successors import string_range, successor
from forensics.chef.ruby.text import inspect_text, to_s
from forensics.chef.ruby.values import (
    Opaque,
    RubyArray,
    RubyRange,
    RubyRegexp,
    RubyString,
    Symbol,
    check_frozen,
    equal,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.chef.ruby.dispatch import Call, Table

STRING: Table = {}
_SPACE = " \t\n\v\f\r\0"
_LEADING_SPACE = " \t\n\v\f\r\0"
_RAW = re.compile("[\udc80-\udcff]")


def _text(call: Call, index: int = 0) -> str:
    """An argument that has to be a string."""
    value = call.known_argument(index)
    if not isinstance(value, RubyString):
        raise RubyRaisedError("TypeError", "no implicit conversion into String")
    return value.text


def _integer(call: Call, index: int = 0) -> int:
    value = call.known_argument(index)
    if type(value) is int:
        return value
    if isinstance(value, float):
        return int(value)
    raise RubyRaisedError("TypeError", "no implicit conversion into Integer")


def _made(call: Call, text: str) -> RubyString:
    call.interpreter.spend(len(text))
    return RubyString(text)


def _valid(call: Call) -> str:
    """The text, where raw bytes would change what a method does."""
    text: str = call.receiver.text
    if _RAW.search(text):
        raise UnmodelledError
    return text


def _changed(name: str, change: Callable[[Call], str], *, least: int = 0, most: int = 0) -> None:
    """Register a method that gives another text, and the one with ``!`` that changes the string (or gives nil)."""

    @builtin(STRING, name, least=least, most=most)
    def give(call: Call) -> Any:
        return _made(call, change(call))

    @builtin(STRING, f"{name}!", least=least, most=most)
    def change_in_place(call: Call) -> Any:
        check_frozen(call.receiver)
        text = change(call)
        if text == call.receiver.text and name not in {"reverse", "succ", "next"}:
            return None
        call.receiver.text = text
        return call.receiver


def _ascii(call: Call) -> str:
    """Text whose case is changed: beyond ASCII, Ruby's tables may differ from Python's."""
    text = _valid(call)
    if not text.isascii():
        raise UnmodelledError
    return text


_changed("upcase", lambda call: _cased(call, str.upper))
_changed("downcase", lambda call: _cased(call, str.lower))
_changed("capitalize", lambda call: _ascii(call)[:1].upper() + _ascii(call)[1:].lower())
_changed("swapcase", lambda call: _ascii(call).swapcase())
_changed("reverse", lambda call: _valid(call)[::-1])
_changed("strip", lambda call: _valid(call).lstrip(_LEADING_SPACE).rstrip(_SPACE))
_changed("lstrip", lambda call: _valid(call).lstrip(_LEADING_SPACE))
_changed("rstrip", lambda call: _valid(call).rstrip(_SPACE))
_changed("chop", lambda call: _valid(call)[:-2] if _valid(call).endswith("\r\n") else _valid(call)[:-1])
_changed("succ", lambda call: successor(call.receiver.text))
_changed("next", lambda call: successor(call.receiver.text))
_changed("delete_prefix", lambda call: call.receiver.text.removeprefix(_text(call)), least=1, most=1)
_changed("delete_suffix", lambda call: call.receiver.text.removesuffix(_text(call)), least=1, most=1)


def _cased(call: Call, change: Callable[[str], str]) -> str:
    text = _valid(call)
    if not text.isascii() and any(len(change(character)) != 1 or character in _ODD_CASE for character in text):
        raise UnmodelledError
    return change(text)


_ODD_CASE = "\u0130\u0131\u01c4\u01c5\u01c6\u01c7\u01c8\u01c9\u01ca\u01cb\u01cc\u01f1\u01f2\u01f3\u03a3\u03c3\u03c2"


def _chomped(call: Call) -> str:
    text: str = call.receiver.text
    if call.arguments:
        if call.arguments[0] is None:
            return text
        ending = _text(call)
        if ending == "":
            return re.sub(r"(?:\r?\n)+\Z", "", text)
        if ending == "\n":
            return re.sub(r"(?:\r\n|\n|\r)\Z", "", text)
        return text.removesuffix(ending)
    return re.sub(r"(?:\r\n|\n|\r)\Z", "", text)


_changed("chomp", _chomped, most=1)


def _set(specification: str) -> str:
    """The characters that ``tr``, ``delete``, ``count`` and ``squeeze`` mean, without a leading ``^``."""
    if "\\" in specification:
        raise UnmodelledError
    found: list[str] = []
    index = 0
    while index < len(specification):
        if index + 2 < len(specification) and specification[index + 1] == "-":
            first, last = specification[index], specification[index + 2]
            if first > last:
                raise RubyRaisedError("ArgumentError", "invalid range in string transliteration")
            found.extend(chr(code) for code in range(ord(first), ord(last) + 1))
            index += 3
        else:
            found.append(specification[index])
            index += 1
    return "".join(found)


def _member_of(specifications: list[str]) -> Callable[[str], bool]:
    tests = []
    for specification in specifications:
        negative = len(specification) > 1 and specification.startswith("^")
        tests.append((negative, set(_set(specification[1:] if negative else specification))))
    return lambda character: all((character in members) is not negative for negative, members in tests)


def _translated(call: Call) -> str:
    text, source, target = _valid(call), _text(call), _text(call, 1)
    negative = len(source) > 1 and source.startswith("^")
    members = _set(source[1:] if negative else source)
    replacements = _set(target)
    if not replacements:
        return "".join(character for character in text if (character in members) is negative)
    if negative:
        return "".join(character if character in members else replacements[-1] for character in text)
    padded = replacements.ljust(len(members), replacements[-1])
    table: dict[str, str] = {}
    for member, replacement in zip(members, padded, strict=False):
        table.setdefault(member, replacement)
    return "".join(table.get(character, character) for character in text)


_changed("tr", _translated, least=2, most=2)


def _without(call: Call) -> str:
    gone = _member_of([_text(call, index) for index in range(len(call.arguments))])
    return "".join(character for character in _valid(call) if not gone(character))


_changed("delete", _without, least=1, most=ANY)


def _squeezed(call: Call) -> str:
    squeezable = _member_of([_text(call, index) for index in range(len(call.arguments))])
    kept: list[str] = []
    for character in _valid(call):
        if not (kept and kept[-1] == character and squeezable(character)):
            kept.append(character)
    return "".join(kept)


_changed("squeeze", _squeezed, most=ANY)
_changed("sub", lambda call: replaced(call, everywhere=False), least=1, most=2)
_changed("gsub", lambda call: replaced(call, everywhere=True), least=1, most=2)


@builtin(STRING, "count", least=1, most=ANY)
def _count(call: Call) -> Any:
    counted = _member_of([_text(call, index) for index in range(len(call.arguments))])
    return sum(map(counted, _valid(call)))


@builtin(STRING, "+", least=1)
def _plus(call: Call) -> Any:
    return _made(call, joined(call.receiver.text, _text(call)))


@builtin(STRING, "*", least=1)
def _times(call: Call) -> Any:
    count = _integer(call)
    if count < 0:
        raise RubyRaisedError("ArgumentError", "argument must not be negative")
    call.interpreter.spend(len(call.receiver.text) * count)
    return _made(call, call.receiver.text * count)


@builtin(STRING, "%", least=1)
def _percent(call: Call) -> Any:
    value = call.known_argument()
    return _made(call, formatted(call.receiver.text, value.items if isinstance(value, RubyArray) else [value]))


@builtin(STRING, "<<", least=1)
def _append(call: Call) -> Any:
    check_frozen(call.receiver)
    value = call.known_argument()
    added = chr(value) if type(value) is int else _text(call)
    call.receiver.text = joined(call.receiver.text, added)
    call.interpreter.spend(len(call.receiver.text))
    return call.receiver


@builtin(STRING, "concat", most=ANY)
def _concat(call: Call) -> Any:
    check_frozen(call.receiver)
    for index in range(len(call.arguments)):
        call.receiver.text = joined(call.receiver.text, _text(call, index))
    call.interpreter.spend(len(call.receiver.text))
    return call.receiver


@builtin(STRING, "prepend", most=ANY)
def _prepend(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.text = "".join(_text(call, index) for index in range(len(call.arguments))) + call.receiver.text
    call.interpreter.spend(len(call.receiver.text))
    return call.receiver


@builtin(STRING, "insert", least=2)
def _insert(call: Call) -> Any:
    check_frozen(call.receiver)
    text, index = _valid(call), _integer(call)
    if not -len(text) - 1 <= index <= len(text):
        raise RubyRaisedError("IndexError", "index out of string")
    if index < 0:
        index += len(text) + 1
    call.receiver.text = text[:index] + _text(call, 1) + text[index:]
    return call.receiver


@builtin(STRING, "replace", least=1)
def _replace(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.text = _text(call)
    return call.receiver


@builtin(STRING, "clear")
def _clear(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.text = ""
    return call.receiver


@builtin(STRING, "to_s", "to_str")
def _to_s(call: Call) -> Any:
    return call.receiver


@builtin(STRING, "inspect", "dump")
def _inspect(call: Call) -> Any:
    if call.name == "dump" and not call.receiver.text.isascii():
        raise UnmodelledError
    return RubyString(inspect_text(call.receiver.text))


@builtin(STRING, "to_sym", "intern")
def _to_sym(call: Call) -> Any:
    return Symbol(_valid(call))


@builtin(STRING, "+@")
def _unfrozen(call: Call) -> Any:
    return RubyString(call.receiver.text) if call.receiver.frozen else call.receiver


@builtin(STRING, "-@", "dedup")
def _frozen(call: Call) -> Any:
    return call.receiver if call.receiver.frozen else RubyString(call.receiver.text, frozen=True)


_LEADING_INTEGER = re.compile(r"[ \t\n\v\f\r]*([-+]?\d+(?:_\d+)*)")
_LEADING_FLOAT = re.compile(r"[ \t\n\v\f\r]*([-+]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][-+]?\d+)?)")
_DECIMAL, _HEXADECIMAL, _OCTAL, _BINARY = 10, 16, 8, 2


@builtin(STRING, "to_i", most=1)
def _to_i(call: Call) -> Any:
    base = call.argument(0, _DECIMAL)
    text: str = call.receiver.text
    if base == _DECIMAL:
        match = _LEADING_INTEGER.match(text)
        return int(match[1].replace("_", "")) if match else 0
    return _in_base(text, base)


def _in_base(text: str, base: int) -> int:
    prefix = {_HEXADECIMAL: "0[xX]", _OCTAL: "0[oO]?", _BINARY: "0[bB]"}.get(base)
    if type(base) is not int or not _BINARY <= base <= 36:  # noqa: PLR2004 - digits and letters
        raise UnmodelledError
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"[:base]
    match = re.match(rf"\s*([-+]?)(?:{prefix or '(?!)'})?([{alphabet}]+(?:_[{alphabet}]+)*)", text, re.IGNORECASE)
    if match is None:
        return 0
    number = int(match[2].replace("_", ""), base)
    return -number if match[1] == "-" else number


@builtin(STRING, "hex")
def _hex(call: Call) -> Any:
    return _in_base(call.receiver.text, _HEXADECIMAL)


@builtin(STRING, "oct")
def _oct(call: Call) -> Any:
    if re.match(r"\s*[-+]?0[xXbBdD]", call.receiver.text):
        raise UnmodelledError
    return _in_base(call.receiver.text, _OCTAL)


@builtin(STRING, "to_f")
def _to_f(call: Call) -> Any:
    match = _LEADING_FLOAT.match(call.receiver.text)
    if re.match(r"\s*[-+]?0[xX]", call.receiver.text):
        raise UnmodelledError
    return float(match[1].replace("_", "")) if match else 0.0


@builtin(STRING, "to_r", "to_c")
def _to_r(_call: Call) -> Any:
    raise UnmodelledError


@builtin(STRING, "length", "size")
def _length(call: Call) -> Any:
    return len(_valid(call))


@builtin(STRING, "bytesize")
def _bytesize(call: Call) -> Any:
    return len(call.receiver.text.encode("utf-8", "surrogateescape"))


@builtin(STRING, "bytes")
def _bytes(call: Call) -> Any:
    return RubyArray(list(call.receiver.text.encode("utf-8", "surrogateescape")))


@builtin(STRING, "ord")
def _ord(call: Call) -> Any:
    if not call.receiver.text:
        raise RubyRaisedError("ArgumentError", "empty string")
    return ord(_valid(call)[0])


@builtin(STRING, "sum", "hash", "crypt", "unpack", "unpack1", "encode", "unicode_normalize", most=ANY)
def _beyond(_call: Call) -> Any:
    raise UnmodelledError


@builtin(STRING, "force_encoding", "encode", "scrub", most=2)
def _encoded(call: Call) -> Any:
    value = call.argument(0)
    if len(call.arguments) == 1 and isinstance(value, RubyString) and value.text.upper() == "UTF-8" and _valid(call):
        return call.receiver if call.name == "force_encoding" else RubyString(call.receiver.text)
    raise UnmodelledError


@builtin(STRING, "valid_encoding?")
def _is_valid(call: Call) -> Any:
    return _RAW.search(call.receiver.text) is None


@builtin(STRING, "ascii_only?")
def _is_ascii(call: Call) -> Any:
    return call.receiver.text.isascii()


@builtin(STRING, "empty?")
def _is_empty(call: Call) -> Any:
    return not call.receiver.text


@builtin(STRING, "==", "===", "eql?", "equal?", least=1)
def _equals(call: Call) -> Any:
    if call.name == "equal?":
        return call.receiver is call.known_argument()
    return equal(call.receiver, call.arguments[0])


@builtin(STRING, "<=>", least=1)
def _spaceship(call: Call) -> Any:
    return spaceship(call.receiver, call.arguments[0])


@builtin(STRING, "casecmp", "casecmp?", least=1)
def _casecmp(call: Call) -> Any:
    mine, other = _ascii(call).lower(), _text(call).lower()
    if not other.isascii():
        raise UnmodelledError
    return mine == other if call.name == "casecmp?" else (mine > other) - (mine < other)


@builtin(STRING, "=~", least=1)
def _matches(call: Call) -> Any:
    pattern = call.known_argument()
    if not isinstance(pattern, RubyRegexp):
        raise UnmodelledError
    match = compiled(pattern).search(subject(pattern, call.receiver))
    return None if match is None else match.start()


@builtin(STRING, "match?", least=1)
def _is_match(call: Call) -> Any:
    pattern = _pattern(call)
    return compiled(pattern).search(subject(pattern, call.receiver)) is not None


def _pattern(call: Call) -> RubyRegexp:
    pattern = call.known_argument()
    return pattern if isinstance(pattern, RubyRegexp) else RubyRegexp(_text(call))


@builtin(STRING, "match", least=1)
def _match(call: Call) -> Any:
    pattern = _pattern(call)
    return match_data(compiled(pattern).search(subject(pattern, call.receiver)))


@builtin(STRING, "scan", least=1)
def _scan(call: Call) -> Any:
    pattern = call.known_argument()
    expression = compiled(pattern if isinstance(pattern, RubyRegexp) else RubyRegexp(re.escape(_text(call))))
    found = []
    for match in expression.finditer(
        subject(pattern, call.receiver) if isinstance(pattern, RubyRegexp) else _valid(call)
    ):
        groups = [None if group is None else RubyString(group) for group in match.groups()]
        found.append(RubyArray(groups) if expression.groups else RubyString(match[0]))
    if call.block is None:
        return RubyArray(found)
    raise UnmodelledError


@builtin(STRING, "split", most=2)
def _split(call: Call) -> Any:
    if call.block is not None:
        raise UnmodelledError
    limit = _integer(call, 1) if len(call.arguments) > 1 else 0
    return RubyArray([RubyString(text) for text in split(_valid(call), call.argument(0), limit)])


@builtin(STRING, "lines")
def _lines(call: Call) -> Any:
    return RubyArray([RubyString(line) for line in _text_lines(call.receiver.text)])


def _text_lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


@builtin(STRING, "each_line")
def _each_line(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    for line in _text_lines(call.receiver.text):
        call.give(RubyString(line))
    return call.receiver


@builtin(STRING, "chars")
def _chars(call: Call) -> Any:
    return RubyArray([RubyString(character) for character in _valid(call)])


@builtin(STRING, "each_char")
def _each_char(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    for character in _valid(call):
        call.give(RubyString(character))
    return call.receiver


@builtin(STRING, "codepoints")
def _codepoints(call: Call) -> Any:
    return RubyArray([ord(character) for character in _valid(call)])


@builtin(STRING, "start_with?", most=ANY)
def _starts_with(call: Call) -> Any:
    if any(isinstance(known(argument), RubyRegexp) for argument in call.arguments):
        return any(
            compiled(argument).match(_valid(call)) is not None
            if isinstance(argument, RubyRegexp)
            else call.receiver.text.startswith(_text(call, index))
            for index, argument in enumerate(call.arguments)
        )
    return any(call.receiver.text.startswith(_text(call, index)) for index in range(len(call.arguments)))


@builtin(STRING, "end_with?", most=ANY)
def _ends_with(call: Call) -> Any:
    return any(call.receiver.text.endswith(_text(call, index)) for index in range(len(call.arguments)))


@builtin(STRING, "include?", least=1)
def _includes(call: Call) -> Any:
    return _text(call) in call.receiver.text


@builtin(STRING, "index", "rindex", least=1, most=2)
def _index(call: Call) -> Any:
    pattern = call.known_argument()
    text = _valid(call)
    start = _integer(call, 1) if len(call.arguments) > 1 else None
    if isinstance(pattern, RubyRegexp):
        if call.name == "rindex" or start is not None:
            raise UnmodelledError
        match = compiled(pattern).search(subject(pattern, call.receiver))
        return None if match is None else match.start()
    if start is not None and start < 0:
        raise UnmodelledError
    sought = _text(call)
    if call.name == "index":
        place = text.find(sought, start or 0)
    else:
        place = text.rfind(sought) if start is None else text.rfind(sought, 0, start + len(sought))
    return None if place < 0 else place


@builtin(STRING, "[]", "slice", least=1, most=2)
def _slice(call: Call) -> Any:
    text, first = _valid(call), call.known_argument()
    if len(call.arguments) == 2:  # noqa: PLR2004 - a start and a count, or an expression and a group
        return _second_form(call, text, first)
    if isinstance(first, RubyRange):
        part = range_slice(len(text), first)
        return None if part is None else RubyString(text[part])
    if isinstance(first, RubyString):
        return RubyString(first.text) if first.text in text else None
    if isinstance(first, RubyRegexp):
        match = compiled(first).search(subject(first, call.receiver))
        return None if match is None else RubyString(match[0])
    index = _integer(call)
    return RubyString(text[index]) if -len(text) <= index < len(text) else None


def _second_form(call: Call, text: str, first: Any) -> Any:
    if isinstance(first, RubyRegexp):
        match = compiled(first).search(subject(first, call.receiver))
        group = call.known_argument(1)
        if match is None:
            return None
        name = group if type(group) is int else to_s(group)
        found = match[name]
        return None if found is None else RubyString(found)
    start, count = _integer(call), _integer(call, 1)
    if start < 0:
        start += len(text)
    if start < 0 or start > len(text) or count < 0:
        return None
    return RubyString(text[start : start + count])


@builtin(STRING, "[]=", least=2, most=3)
def _set_slice(call: Call) -> Any:
    check_frozen(call.receiver)
    first = call.known_argument()
    if len(call.arguments) == 2 and isinstance(first, RubyString):  # noqa: PLR2004
        if first.text not in call.receiver.text:
            raise RubyRaisedError("IndexError", "string not matched")
        call.receiver.text = call.receiver.text.replace(first.text, _text(call, 1), 1)
        return call.arguments[1]
    raise UnmodelledError


@builtin(STRING, "partition", "rpartition", least=1)
def _partition(call: Call) -> Any:
    pattern = call.known_argument()
    text = _valid(call)
    if isinstance(pattern, RubyRegexp):
        match = compiled(pattern).search(subject(pattern, call.receiver))
        if call.name == "rpartition":
            raise UnmodelledError
        parts = (text, "", "") if match is None else (text[: match.start()], match[0], text[match.end() :])
    else:
        parts = text.partition(_text(call)) if call.name == "partition" else text.rpartition(_text(call))
    return RubyArray([RubyString(part) for part in parts])


@builtin(STRING, "ljust", "rjust", "center", least=1, most=2)
def _justified(call: Call) -> Any:
    text, width = _valid(call), _integer(call)
    padding = _text(call, 1) if len(call.arguments) > 1 else " "
    missing = max(0, width - len(text))
    call.interpreter.spend(missing)
    if not padding:
        raise RubyRaisedError("ArgumentError", "zero width padding")
    left = {"ljust": 0, "rjust": missing, "center": missing // 2}[call.name]
    right = missing - left
    before = (padding * (left // len(padding) + 1))[:left]
    after = (padding * (right // len(padding) + 1))[:right]
    return _made(call, before + text + after)


@builtin(STRING, "upto", least=1, most=2)
def _upto(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    for text in string_range(call.receiver.text, _text(call), exclusive=bool(call.argument(1))):
        call.give(RubyString(text))
    return call.receiver


@builtin(STRING, "unpack1", "to_json", most=ANY)
def _to_json(_call: Call) -> Any:
    raise UnmodelledError


@builtin(STRING, "encoding")
def _encoding(call: Call) -> Any:
    if call.interpreter.encoding != "UTF-8" or not _valid(call):
        raise UnmodelledError
    return Opaque("Encoding", "UTF-8", "UTF-8")


@builtin(STRING, "tr_s", "each_byte", "each_with_index", most=ANY)
def _rare(_call: Call) -> Any:
    raise UnmodelledError


TABLES[RubyString] = (STRING, COMPARABLE, OBJECT)
