"""``format``, ``sprintf`` and ``String#%``."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.text import inspect, to_s
from forensics.chef.ruby.values import RubyHash, RubyString, Symbol, known

_DIRECTIVE = re.compile(
    r"%(?:(?P<percent>%)|(?P<flags1>[-+ 0#]*)(?:<(?P<name>[^>]*)>)?(?P<flags2>[-+ 0#]*)(?P<width>\d*|\*)"
    r"(?:\.(?P<precision>\d*|\*))?(?:<(?P<late>[^>]*)>)?(?P<kind>[a-zA-Z])|\{(?P<braces>[^}]*)\}|(?P<bad>[\s\S]?))"
)
_WIDEST = 100_000


def formatted(template: str, values: list[Any]) -> str:
    """The text of a template with its directives filled in.

    Raises:
        UnmodelledError: a directive that is not modelled.
        RubyRaisedError: too few arguments, or one that cannot be converted.
    """
    waiting = iter(values)
    names = known(values[0]) if len(values) == 1 and isinstance(values[0], RubyHash) else None

    def next_value() -> Any:
        try:
            return known(next(waiting))
        except StopIteration:
            raise RubyRaisedError("ArgumentError", "too few arguments") from None

    def named(name: str) -> Any:
        if names is None:
            raise RubyRaisedError("ArgumentError", "one hash required")
        found = names.entries.get(Symbol(name))
        if found is None:
            if names.default_block is not None or names.default is not None:
                raise UnmodelledError
            raise RubyRaisedError("KeyError", "key not found")
        return known(found[1])

    def filled(match: re.Match[str]) -> str:
        if match["percent"]:
            return "%"
        if match["braces"] is not None:
            return to_s(named(match["braces"]))
        if match["bad"] is not None or "*" in (match["width"], match["precision"]):
            raise UnmodelledError
        name = match["name"] or match["late"]
        value = next_value() if name is None else named(name)
        flags = match["flags1"] + match["flags2"]
        width, precision = int(match["width"] or 0), match["precision"]
        if width > _WIDEST or int(precision or 0) > _WIDEST:
            raise ExhaustedError
        return _padded(_converted(match["kind"], value, flags, precision, width), flags, width)

    return _DIRECTIVE.sub(filled, template)


def _padded(text: str, flags: str, width: int) -> str:
    return text.ljust(width) if "-" in flags else text.rjust(width)


def _converted(kind: str, value: Any, flags: str, precision: str | None, width: int) -> str:
    if kind in "sp":
        text = to_s(value) if kind == "s" else inspect(value)
        return text if precision is None else text[: int(precision or 0)]
    if kind in "diu":
        return _number(_integer(value), "d", flags, precision, width)
    if kind in "xXob":
        number = _integer(value)
        if number < 0:
            raise UnmodelledError
        return _number(number, kind, flags, precision, width)
    if kind in "feEgG":
        return _number(_float(value), kind, flags, precision, width)
    if kind == "c":
        return chr(value) if type(value) is int else to_s(value)[:1]
    raise UnmodelledError


def _number(number: float, kind: str, flags: str, precision: str | None, width: int) -> str:
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" in flags and "-" not in flags and (precision is None or kind in "feEgG")
    if kind in "dxXob" and precision is not None:
        digits = f"{abs(number):{kind}}".rjust(int(precision or 0), "0")
        return ("-" if number < 0 else sign) + digits
    alternate = "#" if "#" in flags else ""
    if alternate and kind in "oeEfgG":
        raise UnmodelledError
    places = f".{precision or 0}" if precision is not None else ""
    if number in {float("inf"), float("-inf")} or number != number:  # noqa: PLR0124 - not a number
        raise UnmodelledError
    written = f"{'0' if zero else ''}{width if zero else ''}{places}{kind}"
    if kind in "feEgG":
        number = _rounded_as_printed(number, kind, 6 if precision is None else int(precision or 0))
    return f"{number:{sign}{alternate}{written}}"


def _rounded_as_printed(number: float, kind: str, places: int) -> Any:
    """Ruby's printf rounds the shortest text of a float, ties to even, where other languages round the exact value."""
    exact = Decimal(number)
    if not exact:
        return number
    if kind != "f":
        places = (places if kind in "eE" else max(places, 1) - 1) - exact.adjusted()
    with localcontext() as context:
        context.prec = 400
        rest = abs(exact).scaleb(places) % 1
        if abs(rest - _HALF) > _NEAR:
            return number
        shown = Decimal(repr(number))
        if abs(shown).scaleb(places) % 1 != _HALF or kind != "f":
            raise UnmodelledError
        return shown.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


_HALF, _NEAR = Decimal("0.5"), Decimal("0.0000001")


def _integer(value: Any) -> int:
    if type(value) is int:
        return value
    if isinstance(value, float | Fraction):
        return int(value // 1)
    if isinstance(value, RubyString):
        if re.fullmatch(r"[-+]?(?:0|[1-9]\d*)", value.text):
            return int(value.text)
        if not re.search(r"\d", value.text):
            raise RubyRaisedError("ArgumentError", "invalid value for Integer()")
        raise UnmodelledError
    if value is None:
        raise RubyRaisedError("TypeError", "can't convert nil into Integer")
    raise UnmodelledError


def _float(value: Any) -> float:
    if type(value) in {int, float}:
        return float(value)
    if isinstance(value, RubyString) and re.fullmatch(r"[-+]?\d+(?:\.\d+)?", value.text):
        return float(value.text)
    if value is None:
        raise RubyRaisedError("TypeError", "can't convert nil into Float")
    raise UnmodelledError
