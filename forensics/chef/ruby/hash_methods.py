"""Methods of hashes, and of Chef's Mash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyString,
    RubyValue,
    check_frozen,
    hash_key,
)

if TYPE_CHECKING:
    from forensics.chef.ruby.budget import Budget

_HASH = (RubyHash,)
_DEEPEST = 100


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
