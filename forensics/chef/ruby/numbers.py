"""Number literals."""

from __future__ import annotations

import re

from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError

_BASES = {"x": (16, "0-9a-fA-F"), "b": (2, "01"), "o": (8, "0-7"), "d": (10, "0-9")}
_FLOAT = re.compile(r"(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?\Z")
_MOST_DIGITS = 20_000


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
