"""Methods that arrays, hashes and ranges share."""

from __future__ import annotations

import functools
import itertools
from typing import TypeAlias

from forensics.chef.ruby.comparison import compare
from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyRange,
    RubyString,
    RubyValue,
    check_known,
    truthy,
)

_Collection: TypeAlias = RubyArray | RubyHash | RubyRange
_ARRAY = (RubyArray,)
_HASH = (RubyHash,)
_ARRAY_OR_HASH = (RubyArray, RubyHash)
_COLLECTION = (RubyArray, RubyHash, RubyRange)


def _members(call: Call[_Collection]) -> list[RubyValue]:
    """What ``each`` yields: pairs of a hash as arrays."""
    receiver = call.receiver
    if isinstance(receiver, RubyArray):
        return list(receiver.items)
    if isinstance(receiver, RubyHash):
        return [RubyArray(list(pair)) for pair in receiver.pairs()]
    call.state.budget.spend_on(len(receiver.numbers()))
    return receiver.members()


@method("each", on=_COLLECTION, block="needed")
def _each(call: Call[_Collection]) -> RubyValue:
    receiver = call.receiver
    if isinstance(receiver, RubyArray):
        index = 0
        while index < len(receiver.items):  # the block may append
            call.given(receiver.items[index])
            index += 1
        return receiver
    size = len(receiver.entries) if isinstance(receiver, RubyHash) else 0
    for item in _members(call):
        call.given(item)
        if isinstance(receiver, RubyHash) and len(receiver.entries) > size:
            raise RubyRaisedError("RuntimeError", "can't add a new key into hash during iteration")
    return receiver


@method("each_pair", on=_HASH, block="needed")
def _each_pair(call: Call[RubyHash]) -> RubyValue:
    return _each(call)


@method("each_with_index", on=_COLLECTION, block="needed")
def _each_with_index(call: Call[_Collection]) -> RubyValue:
    for index, item in enumerate(_members(call)):
        call.given(item, index)
    return call.receiver


@method("each_with_object", on=_COLLECTION, least=1, block="needed")
def _each_with_object(call: Call[_Collection]) -> RubyValue:
    for item in _members(call):
        call.given(item, call.arguments[0])
    return call.arguments[0]


@method("inject", "reduce", on=_COLLECTION, most=1, block="needed")
def _inject(call: Call[_Collection]) -> RubyValue:
    items = _members(call)
    if not call.arguments and not items:
        return None
    total = call.arguments[0] if call.arguments else items.pop(0)
    for item in items:
        total = call.given(total, item)
    return total


@method("map", "collect", on=_COLLECTION, block="needed")
def _map(call: Call[_Collection]) -> RubyValue:
    return RubyArray([call.given(item) for item in _members(call)])


@method("select", "filter", "reject", on=_COLLECTION, block="needed")
def _select(call: Call[_Collection]) -> RubyValue:
    wanted = call.name != "reject"
    receiver = call.receiver
    if isinstance(receiver, RubyHash):
        if receiver.mash:
            raise UnmodelledError
        return RubyHash.of(pair for pair in receiver.pairs() if truthy(call.given(*pair)) is wanted)
    return RubyArray([item for item in _members(call) if truthy(call.given(item)) is wanted])


@method("to_a", on=_COLLECTION)
def _to_a(call: Call[_Collection]) -> RubyValue:
    return call.receiver if isinstance(call.receiver, RubyArray) else RubyArray(_members(call))


@method("to_h", on=_ARRAY_OR_HASH, block="allowed")
def _to_h(call: Call[RubyArray | RubyHash]) -> RubyValue:
    receiver = call.receiver
    if isinstance(receiver, RubyHash) and call.block is None:
        if receiver.mash:
            raise UnmodelledError
        return receiver
    pairs = []
    for item in _members(call):
        pair = item
        if call.block is not None:
            pair = (
                call.given(*item.items)
                if isinstance(receiver, RubyHash) and isinstance(item, RubyArray)
                else call.given(item)
            )
        check_known(pair)
        if not isinstance(pair, RubyArray) or len(pair.items) != 2:  # noqa: PLR2004 - a key and a value
            raise UnmodelledError
        pairs.append((pair.items[0], pair.items[1]))
    return RubyHash.of(pairs)


@method("length", "size", on=_ARRAY_OR_HASH, fresh=True)
def _size(call: Call[RubyArray | RubyHash]) -> RubyValue:
    return len(call.receiver.items if isinstance(call.receiver, RubyArray) else call.receiver.entries)


@method("empty?", on=_ARRAY_OR_HASH, fresh=True)
def _is_empty(call: Call[RubyArray | RubyHash]) -> RubyValue:
    return not (call.receiver.items if isinstance(call.receiver, RubyArray) else call.receiver.entries)


@method("sort", on=_ARRAY)
def _sort(call: Call[RubyArray]) -> RubyValue:
    call.state.budget.spend(len(call.receiver.items))
    ordered = sorted(call.receiver.items, key=functools.cmp_to_key(compare))
    return RubyArray(_told_apart([(item, item) for item in ordered]))


@method("sort_by", on=_COLLECTION, block="needed")
def _sort_by(call: Call[_Collection]) -> RubyValue:
    keyed: list[tuple[RubyValue, RubyValue]] = [(call.given(item), item) for item in _members(call)]
    return RubyArray(_told_apart(sorted(keyed, key=functools.cmp_to_key(_by_key))))


def _by_key(left: tuple[RubyValue, RubyValue], right: tuple[RubyValue, RubyValue]) -> int:
    return compare(left[0], right[0])


def _told_apart(ordered: list[tuple[RubyValue, RubyValue]]) -> list[RubyValue]:
    """Ruby's sort is not stable: what compares as equal would come out in an order that is not modelled."""
    for before, after in itertools.pairwise(ordered):
        if compare(before[0], after[0]) == 0 and not (before[1] is before[0] and type(before[1]) is type(after[1])):
            raise UnmodelledError
    return [item for _, item in ordered]


@method("dup", on=(RubyString, RubyArray, RubyHash))
def _dup(call: Call[RubyString | RubyArray | RubyHash]) -> RubyValue:
    receiver = call.receiver
    if isinstance(receiver, RubyString):
        return RubyString(receiver.text)
    if isinstance(receiver, RubyArray):
        return RubyArray(list(receiver.items))
    if receiver.mash:
        raise UnmodelledError
    return RubyHash(dict(receiver.entries))


@method("freeze", on=(RubyString, RubyArray, RubyHash))
def _freeze(call: Call[RubyString | RubyArray | RubyHash]) -> RubyValue:
    call.receiver.frozen = True
    return call.receiver
