"""Number literals, and numbers as Ruby writes them."""

from __future__ import annotations

import math
import re

from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError

_DECIMAL = re.compile(r"(?:0[dD])?\d(?:_?\d)*\Z")
_ZERO_LED = re.compile(r"0[_\d]")
_BASES = {"x": (16, "0-9a-fA-F"), "b": (2, "01"), "o": (8, "0-7"), "d": (10, "0-9")}
_FLOAT = re.compile(r"(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?\Z")
_MOST_DIGITS = 20_000
_PLAIN_DIGITS = 15  # a whole float with more digits is written with an exponent
_SMALLEST_PLAIN = -4


def integer(text: str) -> int:
    """The value of an integer literal.

    Raises:
        RubyRaisedError: Ruby refuses it (SyntaxError).
    """
    if text.isdecimal() and (text[0] != "0" or text == "0") and len(text) < _MOST_DIGITS:
        return int(text)
    if len(text) >= _MOST_DIGITS:
        raise ExhaustedError
    base, digits, body = 10, "0-9", text
    if text[0] == "0" and len(text) > 1:
        if text[1].isalpha():
            if text[1].lower() not in _BASES:
                raise RubyRaisedError("SyntaxError", "numeric literal without digits")
            (base, digits), body = _BASES[text[1].lower()], text[2:]
        else:
            base, digits, body = 8, "0-7", text[1:].removeprefix("_")
    if not re.fullmatch(rf"[{digits}](?:_?[{digits}])*", body):
        raise RubyRaisedError("SyntaxError", "malformed number")
    return int(body.replace("_", ""), base)


def floating(text: str) -> float:
    """The value of a float literal.

    Raises:
        RubyRaisedError: Ruby refuses it (SyntaxError).
    """
    if not _FLOAT.match(text):
        raise RubyRaisedError("SyntaxError", "malformed number")
    return float(text.replace("_", ""))


def float_text(number: float) -> str:
    """A float as Ruby's ``to_s`` writes it: ``1.0e+20``, ``100.0``, ``1.0e-05``."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "-0.0" if math.copysign(1, number) < 0 else "0.0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent_text = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = (
        len(whole) + int(exponent_text or 0)
        if whole.strip("0")
        else len(digits) - len(fraction) + int(exponent_text or 0)
    )
    digits = digits.rstrip("0") or "0"
    if _SMALLEST_PLAIN < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if 0 < point < len(digits) or 0 < point <= _PLAIN_DIGITS:
        padded = digits.ljust(point, "0")
        return f"{sign}{padded[:point]}.{padded[point:] or '0'}"
    exponent = point - 1
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
