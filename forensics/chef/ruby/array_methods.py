"""Methods of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.comparison import equal
from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyString,
    RubyValue,
    check_frozen,
    check_known,
    hash_key,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from forensics.chef.ruby.budget import Budget

_ARRAY = (RubyArray,)
_ANY = 1000
_DEEPEST = 100


def _other(call: Call[RubyArray], index: int = 0) -> list[RubyValue]:
    value = call.argument(index)
    if not isinstance(value, RubyArray):
        call.refuse(value, RubyString, RubyHash)
    return value.items


@method("<<", on=_ARRAY, least=1)
def _append(call: Call[RubyArray]) -> RubyValue:
    check_frozen(call.receiver)
    call.receiver.items.append(call.arguments[0])
    return call.receiver


@method("push", on=_ARRAY, most=_ANY)
def _push(call: Call[RubyArray]) -> RubyValue:
    check_frozen(call.receiver)
    call.receiver.items.extend(call.arguments)
    return call.receiver


@method("unshift", on=_ARRAY, most=_ANY)
def _unshift(call: Call[RubyArray]) -> RubyValue:
    check_frozen(call.receiver)
    call.receiver.items[:0] = call.arguments
    return call.receiver


@method("concat", on=_ARRAY, most=_ANY)
def _concat(call: Call[RubyArray]) -> RubyValue:
    check_frozen(call.receiver)
    added = [item for index in range(len(call.arguments)) for item in _other(call, index)]
    call.receiver.items.extend(added)
    return call.receiver


@method("+", on=_ARRAY, least=1)
def _plus(call: Call[RubyArray]) -> RubyValue:
    return RubyArray(call.receiver.items + _other(call))


@method("-", on=_ARRAY, least=1)
def _minus(call: Call[RubyArray]) -> RubyValue:
    gone = {hash_key(item) for item in _other(call)}
    return RubyArray([item for item in call.receiver.items if hash_key(item) not in gone])


@method("&", on=_ARRAY, least=1)
def _and(call: Call[RubyArray]) -> RubyValue:
    kept = {hash_key(item) for item in _other(call)}
    return RubyArray(_unique([item for item in call.receiver.items if hash_key(item) in kept], call.state.budget))


@method("|", on=_ARRAY, least=1)
def _or(call: Call[RubyArray]) -> RubyValue:
    return RubyArray(_unique(call.receiver.items + _other(call), call.state.budget))


@method("*", on=_ARRAY, least=1)
def _times(call: Call[RubyArray]) -> RubyValue:
    if isinstance(call.argument(), RubyString):
        return _join(call)
    if call.integer() < 0:
        raise RubyRaisedError("ArgumentError", "argument must not be negative")
    call.state.budget.spend_on(len(call.receiver.items) * call.integer())
    return RubyArray(call.receiver.items * call.integer())


@method("uniq", on=_ARRAY)
def _uniq(call: Call[RubyArray]) -> RubyValue:
    return RubyArray(_unique(call.receiver.items, call.state.budget))


def _unique(items: list[RubyValue], budget: Budget) -> list[RubyValue]:
    budget.spend(len(items) >> 2)
    seen: dict[Hashable, RubyValue] = {}
    for item in items:
        seen.setdefault(hash_key(item), item)
    return list(seen.values())


@method("zip", on=_ARRAY, least=1)
def _zip(call: Call[RubyArray]) -> RubyValue:
    argument = call.argument()
    if not isinstance(argument, RubyArray):
        raise UnmodelledError
    other = argument.items
    items = enumerate(call.receiver.items)
    return RubyArray([RubyArray([item, other[index] if index < len(other) else None]) for index, item in items])


@method("compact", on=_ARRAY)
def _compact(call: Call[RubyArray]) -> RubyValue:
    for item in call.receiver.items:
        check_known(item)
    return RubyArray([item for item in call.receiver.items if item is not None])


@method("flatten", on=_ARRAY)
def _flatten(call: Call[RubyArray]) -> RubyValue:
    return RubyArray(_flat(call.receiver.items, call.state.budget))


def _flat(items: list[RubyValue], budget: Budget) -> list[RubyValue]:
    """Members of arrays within arrays; raises UncertainError if a member could be an array."""
    flat: list[RubyValue] = []
    waiting = [(item, 0) for item in reversed(items)]
    while waiting:
        item, level = waiting.pop()
        budget.spend()
        check_known(item)
        if isinstance(item, RubyArray):
            if level > _DEEPEST:
                raise ExhaustedError
            waiting.extend((inner, level + 1) for inner in reversed(item.items))
        else:
            flat.append(item)
    return flat


@method("join", on=_ARRAY, most=1, fresh=True)
def _join(call: Call[RubyArray]) -> RubyValue:
    separator = "" if not call.arguments or call.arguments[0] is None else call.text()
    return call.made(separator.join([to_s(item) for item in _flat(call.receiver.items, call.state.budget)]))


@method("reverse", on=_ARRAY)
def _reverse(call: Call[RubyArray]) -> RubyValue:
    return RubyArray(call.receiver.items[::-1])


@method("include?", on=_ARRAY, least=1, fresh=True)
def _includes(call: Call[RubyArray]) -> RubyValue:
    return any(equal(item, call.arguments[0], call.state.budget) for item in call.receiver.items)


@method("first", "last", on=_ARRAY)
def _first(call: Call[RubyArray]) -> RubyValue:
    items = call.receiver.items
    if not items:
        return None
    return items[0] if call.name == "first" else items[-1]


@method("[]", on=_ARRAY, least=1)
def _index(call: Call[RubyArray]) -> RubyValue:
    items, index = call.receiver.items, call.integer()
    return items[index] if -len(items) <= index < len(items) else None


@method("[]=", on=_ARRAY, least=2)
def _set_index(call: Call[RubyArray]) -> RubyValue:
    check_frozen(call.receiver)
    items, index = call.receiver.items, call.integer()
    if not 0 <= index <= len(items):
        raise UnmodelledError
    items[index : index + 1] = [call.arguments[1]]
    return call.arguments[1]


@method("fetch", on=_ARRAY, least=1)
def _fetch_index(call: Call[RubyArray]) -> RubyValue:
    items, index = call.receiver.items, call.integer()
    if -len(items) <= index < len(items):
        return items[index]
    raise RubyRaisedError("IndexError", "index outside of array bounds")
