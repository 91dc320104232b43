"""Methods of Integer, Float, Rational and Complex, and of Range."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

from forensics.chef.ruby.comparison import spaceship
from forensics.chef.ruby.dispatch import TABLES, builtin
from forensics.chef.ruby.enumeration import waits
from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.object_methods import COMPARABLE, OBJECT
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.values import RubyArray, RubyComplex, RubyString, equal

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.chef.ruby.dispatch import Call, Table

NUMERIC: Table = {}
_MOST_BITS = 60_000


def _number(call: Call, index: int = 0) -> Any:
    value = call.known_argument(index)
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        if isinstance(value, RubyComplex):
            raise UnmodelledError
        raise RubyRaisedError("TypeError", "the value can't be coerced into a number")
    return value


def _checked(value: Any) -> Any:
    if type(value) is int and value.bit_length() > _MOST_BITS:
        raise ExhaustedError
    return value


def _operator(name: str, operate: Callable[[Any, Any], Any]) -> None:
    @builtin(NUMERIC, name, least=1)
    def apply(call: Call) -> Any:
        left, right = call.receiver, _number(call)
        if isinstance(left, Fraction) and isinstance(right, float):
            left = float(left)
        elif isinstance(left, float) and isinstance(right, Fraction):
            right = float(right)
        try:
            return _checked(operate(left, right))
        except OverflowError:
            raise UnmodelledError from None


def _divided(left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        return _float_division(float(left), float(right))
    if right == 0:
        raise RubyRaisedError("ZeroDivisionError", "divided by 0")
    if type(left) is int and type(right) is int:
        return left // right
    return Fraction(left) / Fraction(right)


def _float_division(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        if right == 0 or math.isinf(left) or math.isinf(right):
            if right == 0:
                return math.nan
            raise UnmodelledError
        return left % right
    if right == 0:
        raise RubyRaisedError("ZeroDivisionError", "divided by 0")
    return left % right


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        if left < 0 and right != int(right):
            raise UnmodelledError  # a complex number
        if left == 0 and right < 0:
            return math.inf
        return float(left) ** float(right)
    if type(right) is Fraction:
        if right.denominator != 1:
            if left < 0:
                raise UnmodelledError
            return float(left) ** float(right)
        raise UnmodelledError
    if right >= 0:
        if type(left) is int and left.bit_length() * right > _MOST_BITS:
            raise ExhaustedError
        return left**right
    if left == 0:
        raise RubyRaisedError("ZeroDivisionError", "divided by 0")
    return Fraction(left) ** right


_operator("+", lambda left, right: left + right)
_operator("-", lambda left, right: left - right)
_operator("*", lambda left, right: left * right)
_operator("/", _divided)
_operator("%", _modulo)
_operator("modulo", _modulo)
_operator("**", _power)


def _bits(call: Call) -> tuple[int, int]:
    left, right = call.receiver, call.known_argument()
    if type(left) is not int or type(right) is not int:
        raise UnmodelledError
    return left, right


@builtin(NUMERIC, "<<", ">>", "&", "|", "^", least=1)
def _bitwise(call: Call) -> Any:
    left, right = _bits(call)
    if call.name in {"<<", ">>"}:
        shift = right if call.name == "<<" else -right
        if shift > _MOST_BITS:
            raise ExhaustedError
        return _checked(left << shift) if shift >= 0 else left >> -shift
    if call.name == "&":
        return left & right
    return left | right if call.name == "|" else left ^ right


@builtin(NUMERIC, "~")
def _inverted(call: Call) -> Any:
    return ~call.receiver


@builtin(NUMERIC, "[]", least=1)
def _bit(call: Call) -> Any:
    left, right = _bits(call)
    return (left >> right) & 1 if right >= 0 else 0


@builtin(NUMERIC, "-@")
def _negative(call: Call) -> Any:
    return -call.receiver


@builtin(NUMERIC, "+@")
def _positive(call: Call) -> Any:
    return call.receiver


@builtin(NUMERIC, "==", "===", least=1)
def _equals(call: Call) -> Any:
    return equal(call.receiver, call.arguments[0])


@builtin(NUMERIC, "<=>", least=1)
def _spaceship(call: Call) -> Any:
    return spaceship(call.receiver, call.arguments[0])


@builtin(NUMERIC, "fdiv", least=1)
def _fdiv(call: Call) -> Any:
    if type(call.receiver) is int and type(call.arguments[0]) is int and call.arguments[0] != 0:
        return call.receiver / call.arguments[0]
    return _float_division(float(call.receiver), float(_number(call)))


@builtin(NUMERIC, "div", least=1)
def _div(call: Call) -> Any:
    divisor = _number(call)
    if divisor == 0:
        raise RubyRaisedError("ZeroDivisionError", "divided by 0")
    return math.floor(call.receiver / divisor) if isinstance(divisor, float) else int(call.receiver // divisor)


@builtin(NUMERIC, "divmod", least=1)
def _divmod(call: Call) -> Any:
    divisor = _number(call)
    if divisor == 0 and not isinstance(divisor, float):
        raise RubyRaisedError("ZeroDivisionError", "divided by 0")
    if isinstance(divisor, float) or isinstance(call.receiver, float):
        raise UnmodelledError
    quotient, rest = divmod(call.receiver, divisor)
    return RubyArray([quotient, rest])


@builtin(NUMERIC, "quo", least=1)
def _quo(call: Call) -> Any:
    return _divided(Fraction(call.receiver), _number(call))


@builtin(NUMERIC, "remainder", least=1)
def _remainder(call: Call) -> Any:
    left, right = _bits(call)
    if right == 0:
        raise RubyRaisedError("ZeroDivisionError", "divided by 0")
    return int(math.copysign(abs(left) % abs(right), left)) if abs(left) < 1 << 50 else _too_large()


def _too_large() -> NoReturn:
    raise UnmodelledError


@builtin(NUMERIC, "abs", "magnitude")
def _abs(call: Call) -> Any:
    return abs(call.receiver)


@builtin(NUMERIC, "succ", "next", "pred")
def _next(call: Call) -> Any:
    if type(call.receiver) is not int:
        raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}'")
    return call.receiver + (-1 if call.name == "pred" else 1)


@builtin(NUMERIC, "to_s", "inspect", most=1)
def _to_s(call: Call) -> Any:
    if not call.arguments:
        from forensics.chef.ruby.text import inspect  # noqa: PLC0415

        return RubyString((to_s if call.name == "to_s" else inspect)(call.receiver))
    base = call.known_argument()
    if type(call.receiver) is not int or not 2 <= base <= 36:  # noqa: PLR2004 - digits and letters
        raise UnmodelledError
    return RubyString(_in_base(call.receiver, base))


def _in_base(number: int, base: int) -> str:
    digits = []
    rest = abs(number)
    while rest:
        rest, digit = divmod(rest, base)
        digits.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return ("-" if number < 0 else "") + ("".join(reversed(digits)) or "0")


@builtin(NUMERIC, "to_i", "to_int")
def _to_i(call: Call) -> Any:
    if isinstance(call.receiver, float) and not math.isfinite(call.receiver):
        raise RubyRaisedError("FloatDomainError", to_s(call.receiver))
    return int(call.receiver)


@builtin(NUMERIC, "to_f")
def _to_f(call: Call) -> Any:
    return float(call.receiver)


@builtin(NUMERIC, "to_r", "rationalize")
def _to_r(call: Call) -> Any:
    if call.name == "rationalize" and isinstance(call.receiver, float):
        raise UnmodelledError
    return Fraction(call.receiver)


@builtin(NUMERIC, "to_c")
def _to_c(call: Call) -> Any:
    return RubyComplex(call.receiver, 0)


@builtin(NUMERIC, "numerator", "denominator")
def _part(call: Call) -> Any:
    value = Fraction(call.receiver)
    return value.numerator if call.name == "numerator" else value.denominator


@builtin(NUMERIC, "chr", most=1)
def _chr(call: Call) -> Any:
    if type(call.receiver) is int and 0 <= call.receiver < 0x80:  # noqa: PLR2004 - ASCII
        return RubyString(chr(call.receiver))
    raise UnmodelledError


@builtin(NUMERIC, "ord")
def _ord(call: Call) -> Any:
    return call.receiver


@builtin(NUMERIC, "even?", "odd?")
def _parity(call: Call) -> Any:
    if type(call.receiver) is not int:
        raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}'")
    return (call.receiver % 2 == 0) is (call.name == "even?")


@builtin(NUMERIC, "zero?", "positive?", "negative?")
def _sign_test(call: Call) -> Any:
    value = call.receiver
    return {"zero?": value == 0, "positive?": value > 0, "negative?": value < 0}[call.name]


@builtin(NUMERIC, "nonzero?")
def _nonzero(call: Call) -> Any:
    return None if call.receiver == 0 else call.receiver


@builtin(NUMERIC, "integer?")
def _is_integer(call: Call) -> Any:
    return type(call.receiver) is int


@builtin(NUMERIC, "finite?", "infinite?", "nan?")
def _finite(call: Call) -> Any:
    value = call.receiver
    if call.name == "finite?":
        return math.isfinite(value)
    if call.name == "nan?":
        if not isinstance(value, float):
            raise RubyRaisedError("NoMethodError", "undefined method `nan?'")
        return math.isnan(value)
    return (1 if value > 0 else -1) if math.isinf(value) else None


@builtin(NUMERIC, "gcd", "lcm", least=1)
def _gcd(call: Call) -> Any:
    left, right = _bits(call)
    return math.gcd(left, right) if call.name == "gcd" else math.lcm(left, right)


@builtin(NUMERIC, "digits", most=1)
def _digits(call: Call) -> Any:
    base = call.argument(0, 10)
    if type(call.receiver) is not int or call.receiver < 0 or type(base) is not int or base < 2:  # noqa: PLR2004
        raise UnmodelledError
    found, rest = [], call.receiver
    while rest:
        rest, digit = divmod(rest, base)
        found.append(digit)
    return RubyArray(found or [0])


@builtin(NUMERIC, "bit_length", "size")
def _bit_length(call: Call) -> Any:
    if call.name == "size":
        raise UnmodelledError
    value = call.receiver
    return value.bit_length() if value >= 0 else (~value).bit_length()


@builtin(NUMERIC, "floor", "ceil", "round", "truncate", most=1)
def _rounded(call: Call) -> Any:
    if call.keywords is not None:
        raise UnmodelledError
    value, places = call.receiver, call.argument(0, 0)
    if type(places) is not int:
        raise UnmodelledError
    if isinstance(value, float) and not math.isfinite(value):
        if places > 0:
            return value
        raise RubyRaisedError("FloatDomainError", to_s(value))
    if places <= 0:
        return _rounded_whole(call.name, value, -places)
    if type(value) is int:
        return value
    if isinstance(value, Fraction):
        raise UnmodelledError
    return _rounded_float(call.name, value, places)


def _rounded_whole(name: str, value: Any, zeros: int) -> int:
    unit = 10**zeros if zeros < 400 else _too_large()  # noqa: PLR2004 - beyond any float
    exact = Fraction(value) / unit
    if name == "floor":
        whole = math.floor(exact)
    elif name == "ceil":
        whole = math.ceil(exact)
    elif name == "truncate":
        whole = math.trunc(exact)
    else:
        whole = math.floor(abs(exact) + Fraction(1, 2)) * (-1 if exact < 0 else 1)
    return int(whole * unit)


def _rounded_float(name: str, value: float, places: int) -> float:
    """Mirrors rb_float_round, which works on the binary value (numeric.c)."""
    _, exponent = math.frexp(value)
    if places >= _FLOAT_DIGITS - (exponent // 4 if exponent > 0 else -(-exponent // 3) - 1):
        return value
    if places > _MOST_ROUNDED or value == 0:
        if value == 0:
            return value
        raise UnmodelledError
    scale = 10.0**places
    if name == "round":
        return _half_up(value, scale) / scale
    rounding = {"floor": decimal.ROUND_FLOOR, "ceil": decimal.ROUND_CEILING, "truncate": decimal.ROUND_DOWN}[name]
    unit = decimal.Decimal(1).scaleb(-places)
    with decimal.localcontext() as context:
        context.prec = 60
        exact = decimal.Decimal(value).quantize(unit, rounding=rounding)
        shown = decimal.Decimal(repr(value)).quantize(unit, rounding=rounding)
    if exact != shown:
        raise UnmodelledError  # the shortest text and the exact value round differently
    return float(exact)


_FLOAT_DIGITS, _MOST_ROUNDED = 17, 14


def _half_up(value: float, scale: float) -> float:
    scaled = value * scale
    whole = math.floor(abs(scaled) + 0.5) if abs(scaled) < 1 << 52 else abs(scaled)
    if whole - abs(scaled) > 0.5:  # noqa: PLR2004 - the sum was rounded up itself
        whole -= 1
    rounded = math.copysign(whole, scaled)
    if value > 0:
        if (rounded + 0.5) / scale <= value:
            rounded += 1
    elif (rounded - 0.5) / scale >= value:
        rounded -= 1
    return rounded


@builtin(NUMERIC, "times")
def _times(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    for index in range(call.receiver):
        call.interpreter.spend(16)
        call.give(index)
    return call.receiver


@builtin(NUMERIC, "upto", "downto", least=1)
def _upto(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    if type(call.receiver) is not int or type(call.known_argument()) is not int:
        raise UnmodelledError
    end = call.arguments[0]
    counted = range(call.receiver, end + 1) if call.name == "upto" else range(call.receiver, end - 1, -1)
    for index in counted:
        call.interpreter.spend(16)
        call.give(index)
    return call.receiver


@builtin(NUMERIC, "step", least=2)
def _step(call: Call) -> Any:
    limit, step = call.known_argument(), call.known_argument(1)
    if call.block is None or not all(type(part) is int for part in (call.receiver, limit, step)) or step == 0:
        raise UnmodelledError
    for index in range(call.receiver, limit + (1 if step > 0 else -1), step):
        call.interpreter.spend(16)
        call.give(index)
    return call.receiver


@builtin(NUMERIC, "pow", least=1, most=2)
def _pow(call: Call) -> Any:
    if len(call.arguments) == 1:
        return _checked(_power(call.receiver, _number(call)))
    exponent, modulus = call.known_argument(), call.known_argument(1)
    if not all(type(part) is int for part in (call.receiver, exponent, modulus)) or exponent < 0 or modulus <= 0:
        raise UnmodelledError
    return pow(call.receiver, exponent, modulus)


COMPLEX: Table = {}


@builtin(COMPLEX, "real")
def _real(call: Call) -> Any:
    return call.receiver.real


@builtin(COMPLEX, "imaginary", "imag")
def _imaginary(call: Call) -> Any:
    return call.receiver.imaginary


TABLES[int] = (NUMERIC, COMPARABLE, OBJECT)
TABLES[float] = (NUMERIC, COMPARABLE, OBJECT)
TABLES[Fraction] = (NUMERIC, COMPARABLE, OBJECT)
TABLES[RubyComplex] = (COMPLEX, OBJECT)
