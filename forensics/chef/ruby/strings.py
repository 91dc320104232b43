"""Methods of strings and symbols."""

from __future__ import annotations

import re

from forensics.chef.ruby.escapes import joined
from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method, valid_text
from forensics.chef.ruby.text import is_text, to_s
from forensics.chef.ruby.unknown import UnknownValue
from forensics.chef.ruby.values import RubyArray, RubyHash, RubyString, RubyValue, Symbol, check_frozen, check_known

_STRING = (RubyString,)
_SPACE = " \t\n\v\f\r\0"


@method("+", on=_STRING, least=1, fresh=True)
def _plus(call: Call[RubyString]) -> RubyValue:
    other = call.argument()
    if not isinstance(other, RubyString):
        call.refuse(other, RubyArray, RubyHash)
    return call.made(joined(call.receiver.text, other.text))


@method("*", on=_STRING, least=1, fresh=True)
def _times(call: Call[RubyString]) -> RubyValue:
    count = call.integer()
    if count < 0:
        raise RubyRaisedError("ArgumentError", "argument must not be negative")
    call.state.budget.spend_on(len(call.receiver.text) * count)
    return RubyString(call.receiver.text * count)


_MISSING = UnknownValue("", 1)


@method("%", on=_STRING, least=1, fresh=True)
def _formatted(call: Call[RubyString]) -> RubyValue:
    argument = call.argument()
    if isinstance(argument, RubyHash):
        raise UnmodelledError
    values = iter(argument.items if isinstance(argument, RubyArray) else [argument])

    def written(match: re.Match[str]) -> str:
        directive = match[0]
        if directive == "%%":
            return "%"
        value = next(values, _MISSING)
        check_known(value)
        if directive == "%s":
            return to_s(value)
        if not match["width"] or isinstance(value, bool) or not isinstance(value, int):
            raise UnmodelledError
        return f"{value:{match['width'][:-1]}d}"

    if not is_text(call.receiver.text):
        raise UnmodelledError
    text = re.sub(r"%(?:[%s]|(?P<width>(?:0?[1-9])?d)|.?)", written, call.receiver.text, flags=re.DOTALL)
    return call.made(text)


@method("<<", "concat", on=_STRING, least=1)
def _append(call: Call[RubyString]) -> RubyValue:
    check_frozen(call.receiver)
    call.receiver.text = joined(call.receiver.text, call.text())
    return call.receiver


@method("upcase", "downcase", "capitalize", on=_STRING, fresh=True)
def _cased(call: Call[RubyString]) -> RubyValue:
    text = call.receiver.text
    if not text.isascii():
        raise UnmodelledError  # Ruby's tables may differ from Python's
    if call.name == "capitalize":
        return RubyString(text[:1].upper() + text[1:].lower())
    return RubyString(text.upper() if call.name == "upcase" else text.lower())


@method("strip", "lstrip", "rstrip", on=_STRING, fresh=True)
def _strip(call: Call[RubyString]) -> RubyValue:
    text = valid_text(call.receiver)
    return RubyString(
        {"strip": text.strip(_SPACE), "lstrip": text.lstrip(_SPACE), "rstrip": text.rstrip(_SPACE)}[call.name]
    )


@method("chomp", on=_STRING, fresh=True)
def _chomp(call: Call[RubyString]) -> RubyValue:
    return RubyString(re.sub(r"(?:\r\n|\n|\r)\Z", "", call.receiver.text))


@method("sub", "gsub", on=_STRING, least=2, fresh=True)
def _replaced(call: Call[RubyString]) -> RubyValue:
    sought, replacement = call.text(), call.text(1)
    if not sought or "\\" in replacement or not (is_text(sought) and is_text(replacement)):
        raise UnmodelledError
    text = valid_text(call.receiver)
    count = min(text.count(sought), 1 if call.name == "sub" else len(text))
    call.state.budget.spend_on(len(text) + count * len(replacement))
    return RubyString(text.replace(sought, replacement, count))


@method("split", on=_STRING, most=1, fresh=True)
def _split(call: Call[RubyString]) -> RubyValue:
    text = valid_text(call.receiver)
    separator = " " if not call.arguments else call.text()
    if not separator or not is_text(separator):
        raise UnmodelledError
    # Without a separator, or with a blank as one, white space separates; empty parts at the end are dropped.
    parts = [part for part in re.split(r"[ \t\n\v\f\r]+", text) if part] if separator == " " else text.split(separator)
    while parts and not parts[-1]:
        parts.pop()
    call.state.budget.spend_on(len(parts))
    return RubyArray([RubyString(part) for part in parts])


@method("lines", on=_STRING, fresh=True)
def _lines(call: Call[RubyString]) -> RubyValue:
    return RubyArray([RubyString(line) for line in re.findall(r"[^\n]*\n|[^\n]+", call.receiver.text)])


@method("include?", on=_STRING, least=1, fresh=True)
def _includes(call: Call[RubyString]) -> RubyValue:
    return _valid_argument(call) in valid_text(call.receiver)


def _valid_argument(call: Call[RubyString]) -> str:
    text = call.text()
    if not is_text(text):
        raise UnmodelledError
    return text


@method("start_with?", "end_with?", on=_STRING, least=1, fresh=True)
def _starts_with(call: Call[RubyString]) -> RubyValue:
    text, part = valid_text(call.receiver), _valid_argument(call)
    return text.startswith(part) if call.name == "start_with?" else text.endswith(part)


@method("empty?", on=_STRING, fresh=True)
def _is_empty(call: Call[RubyString]) -> RubyValue:
    return not call.receiver.text


@method("length", "size", on=_STRING, fresh=True)
def _length(call: Call[RubyString]) -> RubyValue:
    return len(valid_text(call.receiver))


@method("[]", on=_STRING, least=1, most=2, fresh=True)
def _index(call: Call[RubyString]) -> RubyValue:
    text, index = valid_text(call.receiver), call.integer()
    if len(call.arguments) == 1:
        return RubyString(text[index]) if -len(text) <= index < len(text) else None
    count = call.integer(1)
    index += len(text) if index < 0 else 0
    return RubyString(text[index : index + count]) if 0 <= index <= len(text) and count >= 0 else None


@method("to_s", "to_str", on=_STRING)
def _to_s(call: Call[RubyString]) -> RubyValue:
    return call.receiver


@method("to_sym", "intern", on=_STRING, fresh=True)
def _to_sym(call: Call[RubyString]) -> RubyValue:
    return Symbol(valid_text(call.receiver))


_INTEGER = re.compile(r"[ \t\n\v\f\r]*([-+]?\d+(?:_\d+)*)", re.ASCII)
_FLOAT = re.compile(
    r"[ \t\n\v\f\r]*([-+]?(?:\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+)?)", re.ASCII
)
_MOST_DIGITS = 1000


@method("to_i", "to_f", on=_STRING, fresh=True)
def _to_number(call: Call[RubyString]) -> RubyValue:
    text = call.receiver.text
    if len(text) > _MOST_DIGITS or re.match(r"\s*[-+]?0[xX]", text):
        raise UnmodelledError
    if call.name == "to_i":
        match = _INTEGER.match(text)
        return int(match[1].replace("_", "")) if match else 0
    match = _FLOAT.match(text)
    return float(match[1].replace("_", "")) if match else 0.0


@method("to_s", on=(Symbol,), fresh=True)
def _symbol_to_s(call: Call[Symbol]) -> RubyValue:
    return RubyString(call.receiver.name)


@method("to_sym", on=(Symbol,), fresh=True)
def _symbol_to_sym(call: Call[Symbol]) -> RubyValue:
    return call.receiver
