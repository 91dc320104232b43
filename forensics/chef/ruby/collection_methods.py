"""Methods of arrays, hashes and ranges."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, TypeAlias

from forensics.chef.ruby.comparison import compare, equal
from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyRange,
    RubyString,
    RubyValue,
    check_frozen,
    check_known,
    hash_key,
    truthy,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from forensics.chef.ruby.budget import Budget

_Collection: TypeAlias = RubyArray | RubyHash | RubyRange
_ARRAY = (RubyArray,)
_HASH = (RubyHash,)
_ARRAY_OR_HASH = (RubyArray, RubyHash)
_COLLECTION = (RubyArray, RubyHash, RubyRange)
_ANY = 1000
_DEEPEST = 100


def _members(call: Call[_Collection]) -> list[RubyValue]:
    """What ``each`` yields: pairs of a hash as arrays."""
    receiver = call.receiver
    if isinstance(receiver, RubyArray):
        return list(receiver.items)
    if isinstance(receiver, RubyHash):
        return [RubyArray(list(pair)) for pair in receiver.pairs()]
    call.state.budget.spend_on(len(receiver.numbers()))
    return receiver.members()


def _other(call: Call[RubyArray], index: int = 0) -> list[RubyValue]:
    value = call.argument(index)
    if not isinstance(value, RubyArray):
        call.refuse(value, RubyString, RubyHash)
    return value.items


@method("each", on=_COLLECTION, block=True)
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


@method("each_pair", on=_HASH, block=True)
def _each_pair(call: Call[RubyHash]) -> RubyValue:
    return _each(call)


@method("each_with_index", on=_COLLECTION, block=True)
def _each_with_index(call: Call[_Collection]) -> RubyValue:
    for index, item in enumerate(_members(call)):
        call.given(item, index)
    return call.receiver


@method("each_with_object", on=_COLLECTION, least=1, block=True)
def _each_with_object(call: Call[_Collection]) -> RubyValue:
    for item in _members(call):
        call.given(item, call.arguments[0])
    return call.arguments[0]


@method("inject", "reduce", on=_COLLECTION, most=1, block=True)
def _inject(call: Call[_Collection]) -> RubyValue:
    items = _members(call)
    if not call.arguments and not items:
        return None
    total = call.arguments[0] if call.arguments else items.pop(0)
    for item in items:
        total = call.given(total, item)
    return total


@method("map", "collect", on=_COLLECTION, block=True)
def _map(call: Call[_Collection]) -> RubyValue:
    return RubyArray([call.given(item) for item in _members(call)])


@method("select", "filter", "reject", on=_COLLECTION, block=True)
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


@method("to_h", on=_ARRAY_OR_HASH, block=True)
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


@method("sort", on=_ARRAY)
def _sort(call: Call[RubyArray]) -> RubyValue:
    call.state.budget.spend(len(call.receiver.items))
    ordered = sorted(call.receiver.items, key=functools.cmp_to_key(compare))
    return RubyArray(_told_apart([(item, item) for item in ordered]))


@method("sort_by", on=_COLLECTION, block=True)
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


@method("[]", on=_HASH, least=1)
def _value(call: Call[RubyHash]) -> RubyValue:
    found = call.receiver.found(call.arguments[0])
    return None if found is None else found[1]


@method("[]=", "store", on=_HASH, least=2)
def _set_value(call: Call[RubyHash]) -> RubyValue:
    check_frozen(call.receiver)
    _put(call, call.receiver, call.arguments[0], call.arguments[1])
    return call.arguments[1]


def _put(call: Call[RubyHash], made: RubyHash, key: RubyValue, value: RubyValue) -> None:
    made.put(key, _mashed(value, call.state.budget) if made.mash else value)


def _mashed(value: RubyValue, budget: Budget, depth: int = 0) -> RubyValue:
    """A value as a Mash keeps it: plain hashes become Mashes, also within arrays, which are copied."""
    budget.spend()
    if depth > _DEEPEST:
        raise ExhaustedError
    if isinstance(value, RubyHash) and not value.mash:
        made = RubyHash(mash=True, lost=value.lost)
        for key, item in value.pairs():
            made.put(key, _mashed(item, budget, depth + 1))
        return made
    if isinstance(value, RubyArray):
        return RubyArray([_mashed(item, budget, depth + 1) for item in value.items], lost=value.lost)
    return value


@method("merge", "merge!", "update", on=_HASH, most=1)
def _merge(call: Call[RubyHash]) -> RubyValue:
    receiver = call.receiver
    if call.name == "merge":
        if receiver.mash:
            raise UnmodelledError
        made = RubyHash(dict(receiver.entries))
    else:
        check_frozen(receiver)
        made = receiver
    for index in range(len(call.arguments)):
        other = call.argument(index)
        if not isinstance(other, RubyHash):
            call.refuse(other, RubyString, RubyArray)
        for key, value in other.pairs():
            _put(call, made, key, value)
    return made


@method("keys", "values", on=_HASH)
def _keys(call: Call[RubyHash]) -> RubyValue:
    return RubyArray([pair[0 if call.name == "keys" else 1] for pair in call.receiver.pairs()])


@method("key?", "has_key?", "include?", "member?", on=_HASH, least=1, fresh=True)
def _has_key(call: Call[RubyHash]) -> RubyValue:
    return call.receiver.found(call.arguments[0]) is not None


@method("fetch", on=_HASH, least=1, most=2)
def _fetch(call: Call[RubyHash]) -> RubyValue:
    found = call.receiver.found(call.arguments[0])
    if found is not None:
        return found[1]
    if len(call.arguments) > 1:
        return call.arguments[1]
    raise RubyRaisedError("KeyError", "key not found")


@method("delete", on=_HASH, least=1)
def _delete(call: Call[RubyHash]) -> RubyValue:
    check_frozen(call.receiver)
    found = call.receiver.found(call.arguments[0])
    if found is None:
        return None
    del call.receiver.entries[hash_key(found[0])]
    return found[1]


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
