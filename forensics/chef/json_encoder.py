r"""JSON as knife writes it into a request: FFI_Yajl::Encoder, byte for byte.

No white space, keys in order, strings as raw UTF-8, control characters as ``\\u001F`` in upper case, floats as
``Float#to_s`` writes them. Mirrors ffi-yajl (ext/ffi_yajl/ext/encoder/encoder.c) and yajl (src/yajl_gen.c).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from forensics.chef.objects import RepeatedKeys, Unresolved
from forensics.chef.ruby_text import float_text, integer_text, major

if TYPE_CHECKING:
    from forensics.chef.objects import Value

DEEPEST = 127
"""Levels of arrays and objects that a body may have, itself included: yajl's YAJL_MAX_DEPTH is 128."""

_ORDINARY = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
_SAFE_INTEGER = 1 << 64
_TO_ESCAPE = re.compile(r'[\x00-\x1f"\\]')
_ESCAPES = {chr(code): f"\\u{code:04X}" for code in range(0x20)} | {
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    '"': '\\"',
    "\\": "\\\\",
}


class EncodeRefused(ValueError):  # noqa: N818 - named as Chef refuses, not as Python errs
    """Chef cannot write the body; ``error_class`` is the Ruby class that it raises."""

    def __init__(self, message: str, error_class: str) -> None:
        super().__init__(message)
        self.message = message
        self.error_class = error_class


class UnresolvedBody(ValueError):  # noqa: N818 - named for what it is
    """The body holds a value that only running the file could tell; ``value`` is the first of them."""

    def __init__(self, value: Unresolved) -> None:
        super().__init__(f"line {value.line}: {value.source}")
        self.value = value


def encode(value: Value, *, chef: str = "18") -> bytes:
    """Write a value as ``Chef::JSONCompat.to_json`` does. Text that stands for raw bytes is written as those bytes.

    Raises:
        EncodeRefused: nested too deep, infinite or not a number, or bytes that are not even UTF-8 in form.
        UnresolvedBody: a part is ``Unresolved``, and nothing in the rest is refused.
    """
    if is_ordinary(value):
        text = _ORDINARY.encode(value)
        if "\\u00" not in text:  # Python would write the escape in lower case
            return _bytes(text, chef)
    writer = _Encoder(chef)
    writer.write(value, 1)
    if writer.unresolved is not None:
        raise UnresolvedBody(writer.unresolved)
    return _bytes("".join(writer.pieces), chef)


def is_ordinary(value: Value, depth: int = 1) -> bool:
    """Tell quickly that a value is one that Python's own encoder writes like Chef's, but for control characters."""
    kind = type(value)
    if kind is dict:
        return depth <= DEEPEST and all([type(m) is str or is_ordinary(m, depth + 1) for m in value.values()])  # noqa: C419 - faster than a generator
    if kind is list or kind is tuple:
        return depth <= DEEPEST and all([type(m) is str or is_ordinary(m, depth + 1) for m in value])  # noqa: C419 - faster than a generator
    if kind is float:
        return bool(-1e15 < value < 1e15 and (value == 0 or not -1e-4 < value < 1e-4))  # noqa: PLR2004 - see float_text
    if kind is int:
        return bool(-_SAFE_INTEGER < value < _SAFE_INTEGER)
    return kind is str or kind is bool or value is None


class _Encoder:
    """Writes piece by piece; the depth is bounded by the refusal."""

    def __init__(self, chef: str) -> None:
        self.pieces: list[str] = []
        self.unresolved: Unresolved | None = None
        self._error_class = encode_error_class(chef)

    def write(self, value: Value, depth: int) -> None:
        pieces = self.pieces
        if isinstance(value, str):
            pieces.append(_quoted(value))
        elif value is None:
            pieces.append("null")
        elif isinstance(value, bool):
            pieces.append("true" if value else "false")
        elif isinstance(value, int):
            pieces.append(integer_text(value))
        elif isinstance(value, float):
            if value - value != 0:  # infinite or not a number
                shown = "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"  # noqa: PLR0124 - NaN
                raise EncodeRefused(f"'{shown}' is an invalid number", self._error_class)
            pieces.append(float_text(value))
        elif isinstance(value, Unresolved):
            self.unresolved = self.unresolved or value
        elif depth > DEEPEST:
            raise EncodeRefused("Max nesting depth exceeded", self._error_class)
        elif isinstance(value, dict):
            pairs = value.pairs if isinstance(value, RepeatedKeys) else value.items()
            before = "{"
            for key, member in pairs:
                pieces.append(f"{before}{_quoted(key)}:")
                self.write(member, depth + 1)
                before = ","
            pieces.append("}" if before == "," else "{}")
        else:
            before = "["
            for member in value:
                pieces.append(before)
                self.write(member, depth + 1)
                before = ","
            pieces.append("]" if before == "," else "[]")


def encode_error_class(chef: str) -> str:
    """Return the class that an encoding error has in a Chef version."""
    return "FFI_Yajl::EncodeError" if major(chef) <= 11 else "Chef::Exceptions::JSON::EncodeError"  # noqa: PLR2004


def _quoted(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(_escaped, text) + '"' if _TO_ESCAPE.search(text) else f'"{text}"'


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]


def _bytes(text: str, chef: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        pass
    encoded = text.encode("utf-8", "surrogateescape")
    if not _UTF8_IN_FORM.fullmatch(encoded):
        raise EncodeRefused("Invalid UTF-8 string: cannot encode to UTF-8", encode_error_class(chef))
    return encoded


# yajl_string_validate_utf8 looks at the first bits only. Strings stand between quotation marks, so that checking the
# whole body finds the same as checking each string.
_UTF8_IN_FORM = re.compile(
    rb"(?:[\x00-\x7f]++|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3})*+"
)
