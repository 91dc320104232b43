"""Methods of Hash, and of Chef's Mash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import ANY, TABLES, builtin
from forensics.chef.ruby.enumeration import ENUMERABLE, decided, dug, waits
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.procs import call_proc
from forensics.chef.ruby.text import inspect
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyString,
    Symbol,
    check_frozen,
    equal,
    hash_key,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.chef.ruby.dispatch import Call, Table

HASH: Table = {}


def _key(receiver: RubyHash, key: Any) -> Any:
    """The key as this hash keeps it: a Mash turns symbols into strings."""
    if receiver.mash and isinstance(key, Symbol):
        return RubyString(key.name)
    return key


def mashed(value: Any) -> Any:
    """A value as a Mash keeps it: plain hashes become Mashes, also within arrays, which are copied."""
    if isinstance(value, RubyHash) and not value.mash:
        made = RubyHash(default=value.default, mash=True, lost=value.lost)
        for key, item in value.pairs():
            store(made, key, item)
        return made
    if isinstance(value, RubyArray):
        return RubyArray([mashed(item) for item in known(value).items])
    return value


def store(receiver: RubyHash, key: Any, value: Any) -> None:
    """``receiver[key] = value``."""
    receiver.put(_key(receiver, key), mashed(value) if receiver.mash else value)


def _like(receiver: RubyHash, pairs: Iterable[tuple[Any, Any]] = ()) -> RubyHash:
    """A copy of the hash's kind with other pairs."""
    made = RubyHash(default=receiver.default, default_block=receiver.default_block, mash=receiver.mash)
    for key, value in pairs:
        made.put(key, value)
    return made


def _plain(pairs: Iterable[tuple[Any, Any]]) -> RubyHash:
    return RubyHash.of(pairs)


def missing_value(call: Call, receiver: RubyHash, key: Any) -> Any:
    """What ``[]`` gives for a key that is not there."""
    if receiver.default_block is not None:
        return call_proc(call.interpreter, receiver.default_block, [receiver, key])
    return receiver.default


@builtin(HASH, "[]", least=1)
def _index(call: Call) -> Any:
    receiver, key = call.receiver, call.arguments[0]
    found = receiver.entries.get(hash_key(_key(receiver, key)))
    return missing_value(call, receiver, key) if found is None else found[1]


@builtin(HASH, "[]=", "store", least=2)
def _set_index(call: Call) -> Any:
    check_frozen(call.receiver)
    store(call.receiver, *call.arguments)
    call.interpreter.spend(len(call.receiver.entries))
    return call.arguments[1]


@builtin(HASH, "fetch", least=1, most=2)
def _fetch(call: Call) -> Any:
    key = call.arguments[0]
    found = call.receiver.entries.get(hash_key(_key(call.receiver, key)))
    if found is not None:
        return found[1]
    if call.block is not None:
        return call.give(key)
    if len(call.arguments) > 1:
        return call.arguments[1]
    raise RubyRaisedError("KeyError", "key not found")


@builtin(HASH, "dig", least=1, most=ANY)
def _dig(call: Call) -> Any:
    found = call.receiver.entries.get(hash_key(_key(call.receiver, call.arguments[0])))
    value = missing_value(call, call.receiver, call.arguments[0]) if found is None else found[1]
    rest = call.arguments[1:]
    return value if not rest or value is None else dug(call, value, rest)


@builtin(HASH, "key?", "has_key?", "include?", "member?", least=1)
def _has_key(call: Call) -> Any:
    return hash_key(_key(call.receiver, call.arguments[0])) in call.receiver.entries


@builtin(HASH, "value?", "has_value?", least=1)
def _has_value(call: Call) -> Any:
    return any(equal(value, call.arguments[0]) for _, value in call.receiver.pairs())


@builtin(HASH, "key", least=1)
def _key_of(call: Call) -> Any:
    return next((key for key, value in call.receiver.pairs() if equal(value, call.arguments[0])), None)


@builtin(HASH, "keys")
def _keys(call: Call) -> Any:
    return RubyArray([key for key, _ in call.receiver.pairs()])


@builtin(HASH, "values")
def _values(call: Call) -> Any:
    return RubyArray([value for _, value in call.receiver.pairs()])


@builtin(HASH, "values_at", "fetch_values", most=ANY)
def _values_at(call: Call) -> Any:
    found = []
    for key in call.arguments:
        entry = call.receiver.entries.get(hash_key(_key(call.receiver, key)))
        if entry is None and call.name == "fetch_values":
            raise RubyRaisedError("KeyError", "key not found")
        found.append(missing_value(call, call.receiver, key) if entry is None else entry[1])
    return RubyArray(found)


@builtin(HASH, "size", "length", "count")
def _size(call: Call) -> Any:
    if call.block is not None:
        return sum(decided(call, RubyArray([key, value])) for key, value in call.receiver.pairs())
    return len(call.receiver.entries)


@builtin(HASH, "empty?")
def _is_empty(call: Call) -> Any:
    return not call.receiver.entries


@builtin(HASH, "each", "each_pair")
def _each(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    size = len(call.receiver.entries)
    for key, value in call.receiver.pairs():
        call.interpreter.spend(16)
        call.give(RubyArray([key, value]))
        if len(call.receiver.entries) > size:
            raise RubyRaisedError("RuntimeError", "can't add a new key into hash during iteration")
    return call.receiver


@builtin(HASH, "each_key")
def _each_key(call: Call) -> Any:
    for key, _ in call.receiver.pairs():
        call.give(key)
    return call.receiver


@builtin(HASH, "each_value")
def _each_value(call: Call) -> Any:
    for _, value in call.receiver.pairs():
        call.give(value)
    return call.receiver


def _others(call: Call) -> list[RubyHash]:
    others = [known(argument) for argument in call.arguments]
    if not all(isinstance(other, RubyHash) for other in others):
        raise RubyRaisedError("TypeError", "no implicit conversion into Hash")
    return others


def _merged_into(call: Call, made: RubyHash) -> RubyHash:
    others = _others(call)
    if made.mash and (call.block is not None or len(others) != 1):
        raise UnmodelledError
    for other in others:
        for key, value in other.pairs():
            present = made.entries.get(hash_key(key)) if call.block is not None else None
            if present is not None:
                made.put(key, call.give(key, present[1], value))
            else:
                store(made, key, value)
    call.interpreter.spend(len(made.entries))
    return made


@builtin(HASH, "merge", most=ANY)
def _merge(call: Call) -> Any:
    receiver = call.receiver
    made = mash_copy(receiver) if receiver.mash else _like(receiver, receiver.pairs())
    return _merged_into(call, made)


def mash_copy(receiver: RubyHash) -> RubyHash:
    """``dup`` of a Mash, which copies the Mashes and arrays in it too."""
    made = _like(receiver)
    for key, value in receiver.pairs():
        if isinstance(value, RubyHash) and value.mash:
            made.put(key, mash_copy(value))
        elif isinstance(value, RubyArray):
            made.put(key, RubyArray(list(known(value).items)))
        else:
            made.put(key, value)
    return made


@builtin(HASH, "merge!", "update", most=ANY)
def _update(call: Call) -> Any:
    check_frozen(call.receiver)
    return _merged_into(call, call.receiver)


@builtin(HASH, "replace", least=1)
def _replace(call: Call) -> Any:
    check_frozen(call.receiver)
    (other,) = _others(call)
    if call.receiver.mash:
        raise UnmodelledError
    call.receiver.entries = dict(other.entries)
    return call.receiver


@builtin(HASH, "delete", least=1)
def _delete(call: Call) -> Any:
    check_frozen(call.receiver)
    key = call.arguments[0]
    found = call.receiver.entries.pop(hash_key(_key(call.receiver, key)), None)
    if found is not None:
        return found[1]
    return None if call.block is None else call.give(key)


@builtin(HASH, "clear")
def _clear(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.entries.clear()
    return call.receiver


@builtin(HASH, "shift")
def _shift(call: Call) -> Any:
    check_frozen(call.receiver)
    if not call.receiver.entries:
        return None
    identity = next(iter(call.receiver.entries))
    return RubyArray(list(call.receiver.entries.pop(identity)))


def _filtered(call: Call) -> list[tuple[Any, Any]]:
    wanted = not call.name.startswith(("reject", "delete_if"))
    return [(key, value) for key, value in call.receiver.pairs() if decided(call, key, value) is wanted]


@builtin(HASH, "select", "filter", "reject")
def _select(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    made = _plain(_filtered(call))
    made.mash = call.receiver.mash
    return made


@builtin(HASH, "select!", "filter!", "keep_if", "reject!", "delete_if")
def _select_in_place(call: Call) -> Any:
    check_frozen(call.receiver)
    kept = _plain(_filtered(call))
    changed = len(kept.entries) != len(call.receiver.entries)
    call.receiver.entries = kept.entries
    return call.receiver if changed or call.name in {"keep_if", "delete_if"} else None


@builtin(HASH, "partition")
def _partition(call: Call) -> Any:
    yes: list[Any] = []
    no: list[Any] = []
    for key, value in call.receiver.pairs():
        pair = RubyArray([key, value])
        (yes if decided(call, pair) else no).append(pair)
    return RubyArray([RubyArray(yes), RubyArray(no)])


@builtin(HASH, "slice", most=ANY)
def _slice(call: Call) -> Any:
    _no_mash(call)
    wanted = [hash_key(key) for key in call.arguments]
    return _plain(call.receiver.entries[key] for key in wanted if key in call.receiver.entries)


def _no_mash(call: Call) -> None:
    if call.receiver.mash:
        raise UnmodelledError


@builtin(HASH, "except", most=ANY)
def _except(call: Call) -> Any:
    _no_mash(call)
    gone = {hash_key(key) for key in call.arguments}
    return _plain(pair for key, pair in call.receiver.entries.items() if key not in gone)


@builtin(HASH, "transform_values")
def _transform_values(call: Call) -> Any:
    _no_mash(call)
    return _plain([(key, call.give(value)) for key, value in call.receiver.pairs()])


@builtin(HASH, "transform_values!")
def _transform_values_in_place(call: Call) -> Any:
    check_frozen(call.receiver)
    _no_mash(call)
    for key, value in call.receiver.pairs():
        call.receiver.put(key, call.give(value))
    return call.receiver


@builtin(HASH, "transform_keys")
def _transform_keys(call: Call) -> Any:
    _no_mash(call)
    return _plain([(call.give(key), value) for key, value in call.receiver.pairs()])


@builtin(HASH, "transform_keys!")
def _transform_keys_in_place(call: Call) -> Any:
    check_frozen(call.receiver)
    _no_mash(call)
    made = _plain([(call.give(key), value) for key, value in call.receiver.pairs()])
    if len(made.entries) != len(call.receiver.entries):
        raise UnmodelledError
    call.receiver.entries = made.entries
    return call.receiver


@builtin(HASH, "invert")
def _invert(call: Call) -> Any:
    return _plain((value, key) for key, value in call.receiver.pairs())


@builtin(HASH, "sort_by", "min_by", "max_by", "group_by")
def _ordered(call: Call) -> Any:
    return ENUMERABLE[call.name][0](call)


@builtin(HASH, "to_a")
def _to_a(call: Call) -> Any:
    return RubyArray([RubyArray([key, value]) for key, value in call.receiver.pairs()])


@builtin(HASH, "to_h")
def _to_h(call: Call) -> Any:
    if call.block is None:
        if call.receiver.mash:
            raise UnmodelledError
        return call.receiver
    made = RubyHash()
    for key, value in call.receiver.pairs():
        pair = known(call.give(key, value))
        if not isinstance(pair, RubyArray) or len(pair.items) != 2:  # noqa: PLR2004 - a key and a value
            raise RubyRaisedError("TypeError", "wrong element type")
        made.put(*pair.items)
    return made


@builtin(HASH, "to_hash")
def _to_hash(call: Call) -> Any:
    return _plain(call.receiver.pairs()) if call.receiver.mash else call.receiver


@builtin(HASH, "any?")
def _any(call: Call) -> Any:
    if call.block is None:
        return bool(call.receiver.entries)
    return any(decided(call, RubyArray([key, value])) for key, value in call.receiver.pairs())


@builtin(HASH, "compact")
def _compact(call: Call) -> Any:
    _no_mash(call)
    return _plain((key, value) for key, value in call.receiver.pairs() if _is_something(value))


@builtin(HASH, "compact!")
def _compact_in_place(call: Call) -> Any:
    check_frozen(call.receiver)
    kept = _plain((key, value) for key, value in call.receiver.pairs() if _is_something(value))
    changed = len(kept.entries) != len(call.receiver.entries)
    call.receiver.entries = kept.entries
    return call.receiver if changed else None


def _is_something(value: Any) -> bool:
    if isinstance(value, Unknown):
        raise UncertainError(value)
    return value is not None


@builtin(HASH, "default")
def _default(call: Call) -> Any:
    return call.receiver.default


@builtin(HASH, "default=", least=1)
def _set_default(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.default = call.arguments[0]
    call.receiver.default_block = None
    return call.arguments[0]


@builtin(HASH, "==", "eql?", least=1)
def _equals(call: Call) -> Any:
    return equal(call.receiver, call.arguments[0])


@builtin(HASH, "to_s", "inspect")
def _to_s(call: Call) -> Any:
    return RubyString(inspect(call.receiver))


@builtin(HASH, "<=", ">=", "<", ">", least=1)
def _subset(call: Call) -> Any:
    other = call.known_argument()
    small, large = (call.receiver, other) if call.name.startswith("<") else (other, call.receiver)
    inside = all(key in large.entries and equal(pair[1], large.entries[key][1]) for key, pair in small.entries.items())
    return inside and (len(call.name) > 1 or len(small.entries) != len(large.entries))


TABLES[RubyHash] = (HASH, ENUMERABLE, OBJECT)
