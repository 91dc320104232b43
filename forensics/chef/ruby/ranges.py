"""Methods of Range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.comparison import spaceship
from forensics.chef.ruby.dispatch import TABLES, builtin
from forensics.chef.ruby.enumeration import ENUMERABLE, members, waits
from forensics.chef.ruby.failure import UnmodelledError
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.values import RubyArray, RubyRange, RubyString, equal

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

RANGE: Table = {}


@builtin(RANGE, "each")
def _each(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    if call.receiver.last is None and type(call.receiver.first) is int:
        index = call.receiver.first
        while True:
            call.interpreter.spend(64)
            call.give(index)
            index += 1
    for item in members(call):
        call.interpreter.spend(16)
        call.give(item)
    return call.receiver


@builtin(RANGE, "first", "begin", most=1)
def _first(call: Call) -> Any:
    if call.arguments:
        return ENUMERABLE["first"][0](call)
    return call.receiver.first


@builtin(RANGE, "last", "end", most=1)
def _last(call: Call) -> Any:
    if call.arguments:
        count = call.known_argument()
        items = members(call)
        return RubyArray(items[max(0, len(items) - count) :])
    return call.receiver.last


@builtin(RANGE, "min", "max")
def _extreme(call: Call) -> Any:
    if type(call.receiver.first) is not int or type(call.receiver.last) is not int:
        raise UnmodelledError
    items = members(call)
    if not items:
        return None
    return items[0] if call.name == "min" else items[-1]


@builtin(RANGE, "size")
def _size(call: Call) -> Any:
    if type(call.receiver.first) is not int:
        raise UnmodelledError
    return len(members(call))


@builtin(RANGE, "===", "include?", "member?", "cover?", least=1)
def _covers(call: Call) -> Any:
    value, receiver = call.known_argument(), call.receiver
    if isinstance(value, RubyRange):
        raise UnmodelledError
    if call.name in {"include?", "member?"} and isinstance(receiver.first, RubyString):
        return any(equal(item, value) for item in members(call))
    low = 0 if receiver.first is None else spaceship(receiver.first, value)
    high = -1 if receiver.last is None else spaceship(value, receiver.last)
    if low is None or high is None:
        return False
    return low <= 0 and (high < 0 or (high == 0 and not receiver.exclusive))


@builtin(RANGE, "exclude_end?")
def _excludes_end(call: Call) -> Any:
    return call.receiver.exclusive


@builtin(RANGE, "step", "%", least=1)
def _range_step(call: Call) -> Any:
    step = call.known_argument()
    if type(step) is not int or step <= 0 or type(call.receiver.first) is not int:
        raise UnmodelledError
    if call.block is None:
        return waits(call)
    for item in members(call)[::step]:
        call.give(item)
    return call.receiver


@builtin(RANGE, "==", "eql?", least=1)
def _range_equals(call: Call) -> Any:
    return equal(call.receiver, call.arguments[0])


@builtin(RANGE, "sum")
def _sum(call: Call) -> Any:
    if call.block is None and type(call.receiver.first) is int and type(call.receiver.last) is int:
        return sum(members(call))
    return ENUMERABLE["sum"][0](call)


TABLES[RubyRange] = (RANGE, ENUMERABLE, OBJECT)
