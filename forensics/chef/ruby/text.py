"""``to_s`` and ``inspect``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.failure import UnmodelledError
from forensics.chef.ruby.numbers import float_text
from forensics.chef.ruby.values import (
    Opaque,
    RubyArray,
    RubyClass,
    RubyComplex,
    RubyException,
    RubyHash,
    RubyRange,
    RubyRegexp,
    RubySet,
    RubyString,
    RunListObject,
    StructObject,
    Symbol,
    known,
)
from forensics.chef.run_list import RunListItem

if TYPE_CHECKING:
    from collections.abc import Callable


def to_s(value: Any) -> str:
    """What ``to_s`` gives.

    Raises:
        UncertainError: it cannot be known.
        UnmodelledError: it holds an address, or is not modelled.
    """
    kind = type(value)
    if kind is RubyString:
        return known(value).text  # type: ignore[no-any-return]
    if kind is Symbol:
        return value.name  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if value is None:
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return float_text(value)
    writer = _TEXTS.get(kind)
    if writer is None:
        known(value)
        raise UnmodelledError
    return writer(known(value))


def inspect(value: Any) -> str:
    """What ``inspect`` gives; raises as ``to_s``."""
    kind = type(value)
    if kind is RubyString:
        return inspect_text(known(value).text)
    if value is None:
        return "nil"
    writer = _INSPECTED.get(kind)
    return to_s(value) if writer is None else writer(known(value))


LOCAL_TIME = "Time@local"
"""A Time in the zone of the workstation."""

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e",
}  # fmt: skip
_HASH_SIGN = re.compile(r"#(?=[{$@])")
_SIMPLE_SYMBOL = re.compile(
    r"(?:\$|@@?)?[^\W\d]\w*\Z|[^\W\d]\w*[?!=]?\Z|(?:\[\]=?|[-+*/%<>~!^&|`]|\*\*|<=>|===?|=~|<=|>=|<<|>>|[-+]@|!=|!~)\Z"
)


def inspect_text(text: str) -> str:
    """A string in quotes, as ``inspect`` writes it."""
    written = []
    for character in text:
        escaped = _ESCAPES.get(character)
        if escaped is not None:
            written.append(escaped)
        elif "\udc80" <= character <= "\udcff":
            written.append(f"\\x{ord(character) - 0xDC00:02X}")
        elif character < " " or character == "\x7f":
            written.append(f"\\u{ord(character):04X}")
        elif character.isascii() or character.isprintable():
            written.append(character)
        else:
            raise UnmodelledError
    return '"' + _HASH_SIGN.sub(r"\\#", "".join(written)) + '"'


def _symbol(value: Symbol) -> str:
    return f":{value.name}" if _SIMPLE_SYMBOL.match(value.name) else f":{inspect_text(value.name)}"


def _array(value: RubyArray) -> str:
    return "[" + ", ".join(inspect(item) for item in value.items) + "]"


def _hash(value: RubyHash) -> str:
    if not value.entries:
        return "{}"
    return "{" + ", ".join(f"{inspect(key)}=>{inspect(item)}" for key, item in value.pairs()) + "}"


def _range(value: RubyRange) -> str:
    return f"{to_s(value.first)}{'...' if value.exclusive else '..'}{to_s(value.last)}"


def _inspected_range(value: RubyRange) -> str:
    first = "" if value.first is None else inspect(value.first)
    last = "" if value.last is None else inspect(value.last)
    return f"{first}{'...' if value.exclusive else '..'}{last}"


def regexp_text(value: RubyRegexp) -> str:
    """``Regexp#to_s``: the source with the options that hold for it; a slash is escaped."""
    on = "".join(option for option in "mix" if option in value.options)
    off = "".join(option for option in "mix" if option not in value.options)
    if value.source.startswith("(?"):
        raise UnmodelledError
    source = re.sub(r"\\.|/", lambda match: r"\/" if match[0] == "/" else match[0], value.source, flags=re.DOTALL)
    return f"(?{on}{'-' if off else ''}{off}:{source})"


def _inspected_regexp(value: RubyRegexp) -> str:
    source = re.sub(r"\\.|/", lambda match: r"\/" if match[0] == "/" else match[0], value.source, flags=re.DOTALL)
    return f"/{source}/{''.join(option for option in 'mix' if option in value.options)}"


def _complex(value: RubyComplex) -> str:
    if isinstance(value.imaginary, float) or isinstance(value.real, float):
        raise UnmodelledError
    sign = "-" if value.imaginary < 0 else "+"
    return f"{to_s(value.real)}{sign}{to_s(abs(value.imaginary))}i"


def _fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _class(value: RubyClass) -> str:
    if not value.builtin:
        raise UnmodelledError  # it lies within the role's singleton class, whose name holds an address
    return value.name


def _exception(value: RubyException) -> str:
    return to_s(value.message)


def _set(value: RubySet) -> str:
    return "#<Set: {" + ", ".join(inspect(key) for key, _ in value.members.pairs()) + "}>"


def _struct(value: StructObject) -> str:
    return "#<struct " + ", ".join(f"{key}={inspect(item)}" for key, item in value.values.items()) + ">"


def _run_list(value: RunListObject) -> str:
    return ", ".join(to_s(item) for item in value.items)


def _opaque(value: Opaque) -> str:
    if value.class_name == LOCAL_TIME:
        raise UnmodelledError  # it is written in the zone of the workstation
    return value.text


def _inspected_opaque(_value: Opaque) -> str:
    raise UnmodelledError


def _role(value: Any) -> str:
    return value.to_s()  # type: ignore[no-any-return]


_TEXTS: dict[type, Callable[[Any], str]] = {
    RubyArray: _array,
    RubyHash: _hash,
    RubyRange: _range,
    RubyRegexp: regexp_text,
    RubyComplex: _complex,
    Fraction: _fraction,
    RubyClass: _class,
    RubyException: _exception,
    RubySet: _set,
    StructObject: _struct,
    RunListObject: _run_list,
    RunListItem: str,
    Opaque: _opaque,
}
_INSPECTED: dict[type, Callable[[Any], str]] = {
    Symbol: _symbol,
    RubyRange: _inspected_range,
    RubyRegexp: _inspected_regexp,
    Fraction: lambda value: f"({_fraction(value)})",
    RubyComplex: lambda value: f"({_complex(value)})",
    RubyException: lambda value: f"#<{_class(value.ruby_class)}: {_exception(value)}>",
    RunListObject: _inspected_opaque,
    Opaque: _inspected_opaque,
}
