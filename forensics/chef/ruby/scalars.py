"""Methods of numbers, true, false and nil, and the comparisons that all values share."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from forensics.chef.ruby.comparison import compare, equal, spaceship
from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.values import RubyArray, RubyHash, RubyRange, RubyString, RubyValue, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

_Number: TypeAlias = int | float
_NUMBER = (int, float)
_SCALARS = (int, float, bool, type(None), Symbol)
_ALL = (*_SCALARS, RubyString, RubyArray, RubyHash, RubyRange)
_MOST_BITS = 60_000


@method("==", "!=", on=_ALL, least=1, fresh=True)
def _equals(call: Call[RubyValue]) -> RubyValue:
    return equal(call.receiver, call.arguments[0], call.state.budget) is (call.name == "==")


@method("<=>", on=(*_NUMBER, RubyString, Symbol), least=1, fresh=True)
def _spaceship(call: Call[RubyValue]) -> RubyValue:
    return spaceship(call.receiver, call.arguments[0])


@method("<", "<=", ">", ">=", on=(*_NUMBER, RubyString), least=1, fresh=True)
def _compare(call: Call[RubyValue]) -> RubyValue:
    other = call.argument()
    if any(isinstance(value, float) and math.isnan(value) for value in (call.receiver, other)):
        raise UnmodelledError
    order = compare(call.receiver, other)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[call.name]


@method("nil?", on=_ALL, fresh=True)
def _is_nil(call: Call[RubyValue]) -> RubyValue:
    return call.receiver is None


@method("to_s", on=(*_NUMBER, bool, type(None)), fresh=True)
def _to_s(call: Call[RubyValue]) -> RubyValue:
    made = call.made(to_s(call.receiver))
    made.frozen = call.receiver is None or isinstance(call.receiver, bool)
    return made


@method("freeze", "dup", on=_SCALARS, fresh=True)
def _itself(call: Call[RubyValue]) -> RubyValue:
    return call.receiver


@method("to_a", on=(type(None),), fresh=True)
def _nil_to_a(_call: Call[None]) -> RubyValue:
    return RubyArray()


@method("to_i", on=(type(None),), fresh=True)
def _nil_to_i(_call: Call[None]) -> RubyValue:
    return 0


def _number(call: Call[_Number]) -> _Number:
    value = call.argument()
    if isinstance(value, bool) or not isinstance(value, int | float):
        call.refuse(value, RubyString, RubyArray, RubyHash)
    return value


@method("+", "-", "*", "/", "%", "**", on=_NUMBER, least=1, fresh=True)
def _arithmetic(call: Call[_Number]) -> RubyValue:
    try:
        made = _OPERATORS[call.name](call.receiver, _number(call))
    except OverflowError:
        raise UnmodelledError from None
    if isinstance(made, int) and made.bit_length() > _MOST_BITS:
        raise ExhaustedError
    call.state.budget.spend(made.bit_length() >> 10 if isinstance(made, int) else 0)
    return made


def _divided(left: _Number, right: _Number) -> _Number:
    if isinstance(left, int) and isinstance(right, int):
        if right == 0:
            raise RubyRaisedError("ZeroDivisionError", "divided by 0")
        return left // right
    if right != 0:
        return float(left) / float(right)
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _modulo(left: _Number, right: _Number) -> _Number:
    if isinstance(left, int) and isinstance(right, int):
        if right == 0:
            raise RubyRaisedError("ZeroDivisionError", "divided by 0")
        return left % right
    if right == 0 or not (math.isfinite(left) and math.isfinite(right)):
        raise UnmodelledError
    return float(left) % float(right)


def _power(left: _Number, right: _Number) -> _Number:
    if isinstance(left, int) and isinstance(right, int):
        if right < 0:
            raise UnmodelledError  # a rational number
        if left.bit_length() * right > _MOST_BITS:
            raise ExhaustedError
        return int(left**right)
    if left <= 0 or not (math.isfinite(left) and math.isfinite(right)):
        raise UnmodelledError
    return math.pow(left, right)


_OPERATORS: dict[str, Callable[[_Number, _Number], _Number]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "%": _modulo,
    "**": _power,
}


@method("-@", "+@", "abs", on=_NUMBER, fresh=True)
def _signed(call: Call[_Number]) -> RubyValue:
    if call.name == "abs":
        return abs(call.receiver)
    return -call.receiver if call.name == "-@" else call.receiver


@method("zero?", on=_NUMBER, fresh=True)
def _is_zero(call: Call[_Number]) -> RubyValue:
    return call.receiver == 0


@method("to_f", on=_NUMBER, fresh=True)
def _to_f(call: Call[_Number]) -> RubyValue:
    try:
        return float(call.receiver)
    except OverflowError:
        raise UnmodelledError from None


@method("to_i", "floor", "ceil", "round", on=_NUMBER, fresh=True)
def _rounded(call: Call[_Number]) -> RubyValue:
    if not math.isfinite(call.receiver):
        raise RubyRaisedError("FloatDomainError", to_s(call.receiver))
    if call.name == "to_i":
        return int(call.receiver)
    if call.name in {"floor", "ceil"}:
        return math.floor(call.receiver) if call.name == "floor" else math.ceil(call.receiver)
    whole = math.floor(abs(Fraction(call.receiver)) + Fraction(1, 2))
    return -whole if call.receiver < 0 else whole


@method("times", on=(int,), block="needed")
def _times(call: Call[int]) -> RubyValue:
    for index in range(call.receiver):
        call.given(index)
    return call.receiver


@method("upto", "downto", on=(int,), least=1, block="needed")
def _upto(call: Call[int]) -> RubyValue:
    end = call.integer()
    counted = range(call.receiver, end + 1) if call.name == "upto" else range(call.receiver, end - 1, -1)
    for index in counted:
        call.given(index)
    return call.receiver
