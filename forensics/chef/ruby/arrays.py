"""Methods of Array."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.comparison import spaceship
from forensics.chef.ruby.dispatch import ANY, TABLES, builtin
from forensics.chef.ruby.enumeration import ENUMERABLE, decided, dug, members, waits
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.text import inspect, to_s
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    Enumerator,
    RubyArray,
    RubyRange,
    RubyString,
    check_frozen,
    equal,
    hash_key,
    known,
)

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

ARRAY: Table = {}


def _other(call: Call, index: int = 0) -> list[Any]:
    value = call.known_argument(index)
    if not isinstance(value, RubyArray):
        raise RubyRaisedError("TypeError", "no implicit conversion into Array")
    return value.items


def _integer(value: Any) -> int:
    value = known(value)
    if type(value) is int:
        return value
    if isinstance(value, float):
        return int(value)
    raise RubyRaisedError("TypeError", "no implicit conversion into Integer")


def _grown(call: Call) -> Any:
    call.interpreter.spend(len(call.receiver.items))
    return call.receiver


@builtin(ARRAY, "each")
def _each(call: Call) -> Any:
    if call.block is None:
        return waits(call)
    index = 0
    while index < len(call.receiver.items):
        call.interpreter.spend(16)
        call.give(call.receiver.items[index])
        index += 1
    return call.receiver


@builtin(ARRAY, "each_index")
def _each_index(call: Call) -> Any:
    for index in range(len(call.receiver.items)):
        call.give(index)
    return call.receiver


@builtin(ARRAY, "<<", least=1)
def _append(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.items.append(call.arguments[0])
    return _grown(call)


@builtin(ARRAY, "push", "append", most=ANY)
def _push(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.items.extend(call.arguments)
    return _grown(call)


@builtin(ARRAY, "unshift", "prepend", most=ANY)
def _unshift(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.items[:0] = call.arguments
    return _grown(call)


@builtin(ARRAY, "concat", most=ANY)
def _concat(call: Call) -> Any:
    check_frozen(call.receiver)
    added = [item for index in range(len(call.arguments)) for item in _other(call, index)]
    call.receiver.items.extend(added)
    return _grown(call)


@builtin(ARRAY, "insert", least=1, most=ANY)
def _insert(call: Call) -> Any:
    check_frozen(call.receiver)
    index = _integer(call.arguments[0])
    items = call.receiver.items
    if index < 0:
        index += len(items) + 1
    if index < 0 or index > len(items):
        raise UnmodelledError
    items[index:index] = call.arguments[1:]
    return _grown(call)


@builtin(ARRAY, "pop", most=1)
def _pop(call: Call) -> Any:
    check_frozen(call.receiver)
    items = call.receiver.items
    if call.arguments:
        count = _integer(call.arguments[0])
        taken = items[max(0, len(items) - count) :]
        del items[max(0, len(items) - count) :]
        return RubyArray(taken)
    return items.pop() if items else None


@builtin(ARRAY, "shift", most=1)
def _shift(call: Call) -> Any:
    check_frozen(call.receiver)
    items = call.receiver.items
    if call.arguments:
        taken = items[: _integer(call.arguments[0])]
        del items[: len(taken)]
        return RubyArray(taken)
    return items.pop(0) if items else None


def _slice_of(length: int, start: int, count: int) -> slice | None:
    if start < 0:
        start += length
    if start < 0 or start > length or count < 0:
        return None
    return slice(start, start + count)


def range_slice(length: int, value: RubyRange) -> slice | None:
    """The part of something this long that a range of indexes means."""
    start = 0 if value.first is None else _integer(value.first)
    if start < 0:
        start += length
    end = length if value.last is None else _integer(value.last)
    if end < 0:
        end += length
    if value.last is not None and not value.exclusive:
        end += 1
    if start < 0 or start > length:
        return None
    return slice(start, max(start, end))


@builtin(ARRAY, "[]", "slice", least=1, most=2)
def _index(call: Call) -> Any:
    items = call.receiver.items
    if len(call.arguments) == 2:  # noqa: PLR2004 - a start and a count
        part = _slice_of(len(items), _integer(call.arguments[0]), _integer(call.arguments[1]))
        return None if part is None else RubyArray(items[part])
    first = call.known_argument()
    if isinstance(first, RubyRange):
        part = range_slice(len(items), first)
        return None if part is None else RubyArray(items[part])
    index = _integer(first)
    return items[index] if -len(items) <= index < len(items) else None


@builtin(ARRAY, "[]=", least=2, most=3)
def _set_index(call: Call) -> Any:
    check_frozen(call.receiver)
    items = call.receiver.items
    if len(call.arguments) == 3 or not isinstance(known(call.arguments[0]), int | float):  # noqa: PLR2004
        raise UnmodelledError
    index = _integer(call.arguments[0])
    if index < -len(items):
        raise RubyRaisedError("IndexError", "index too small for array")
    if index >= len(items):
        call.interpreter.spend(index)
        items.extend([None] * (index - len(items) + 1))
    items[index] = call.arguments[1]
    return call.arguments[1]


@builtin(ARRAY, "at", least=1)
def _at(call: Call) -> Any:
    return _index(call)


@builtin(ARRAY, "fetch", least=1, most=2)
def _fetch(call: Call) -> Any:
    items, index = call.receiver.items, _integer(call.arguments[0])
    if -len(items) <= index < len(items):
        return items[index]
    if call.block is not None:
        return call.give(index)
    if len(call.arguments) > 1:
        return call.arguments[1]
    raise RubyRaisedError("IndexError", "index outside of array bounds")


@builtin(ARRAY, "dig", least=1, most=ANY)
def _dig(call: Call) -> Any:
    items, index = call.receiver.items, _integer(call.arguments[0])
    value = items[index] if -len(items) <= index < len(items) else None
    rest = call.arguments[1:]
    return value if not rest or value is None else dug(call, value, rest)


@builtin(ARRAY, "values_at", most=ANY)
def _values_at(call: Call) -> Any:
    items = call.receiver.items
    indexes = [_integer(value) for value in call.arguments]
    return RubyArray([items[index] if -len(items) <= index < len(items) else None for index in indexes])


@builtin(ARRAY, "last", most=1)
def _last(call: Call) -> Any:
    items = call.receiver.items
    if call.arguments:
        count = _integer(call.arguments[0])
        return RubyArray(items[max(0, len(items) - count) :])
    return items[-1] if items else None


@builtin(ARRAY, "size", "length")
def _size(call: Call) -> Any:
    return len(call.receiver.items)


@builtin(ARRAY, "empty?")
def _is_empty(call: Call) -> Any:
    return not call.receiver.items


@builtin(ARRAY, "+", least=1)
def _plus(call: Call) -> Any:
    made = call.receiver.items + _other(call)
    call.interpreter.spend(len(made))
    return RubyArray(made)


@builtin(ARRAY, "-", least=1)
@builtin(ARRAY, "difference", most=ANY)
def _minus(call: Call) -> Any:
    gone = {hash_key(item) for index in range(len(call.arguments)) for item in _other(call, index)}
    return RubyArray([item for item in call.receiver.items if hash_key(item) not in gone])


@builtin(ARRAY, "&", least=1)
@builtin(ARRAY, "intersection", least=1)
def _and(call: Call) -> Any:
    kept = {hash_key(item) for item in _other(call)}
    return RubyArray(_unique([item for item in call.receiver.items if hash_key(item) in kept]))


@builtin(ARRAY, "|", least=1)
@builtin(ARRAY, "union", most=ANY)
def _or(call: Call) -> Any:
    others = [item for index in range(len(call.arguments)) for item in _other(call, index)]
    return RubyArray(_unique([*call.receiver.items, *others]))


def _unique(items: list[Any]) -> list[Any]:
    seen: dict[Any, Any] = {}
    for item in items:
        seen.setdefault(hash_key(item), item)
    return list(seen.values())


@builtin(ARRAY, "intersect?", least=1)
def _intersects(call: Call) -> Any:
    kept = {hash_key(item) for item in _other(call)}
    return any(hash_key(item) in kept for item in call.receiver.items)


@builtin(ARRAY, "*", least=1)
def _times(call: Call) -> Any:
    factor = call.known_argument()
    if isinstance(factor, RubyString):
        return _joined(call, factor.text)
    count = _integer(factor)
    if count < 0:
        raise RubyRaisedError("ArgumentError", "argument must not be negative")
    call.interpreter.spend(len(call.receiver.items) * count)
    return RubyArray(call.receiver.items * count)


@builtin(ARRAY, "join", most=1)
def _join(call: Call) -> Any:
    separator = call.argument(0)
    return _joined(call, "" if separator is None else to_s(separator))


def _joined(call: Call, separator: str) -> RubyString:
    texts = [to_s(item) for item in flattened(call.receiver.items, None)]
    text = separator.join(texts)
    call.interpreter.spend(len(text))
    return RubyString(text)


def flattened(items: list[Any], depth: int | None) -> list[Any]:
    """Members of arrays within arrays, down to a depth (None: all).

    Raises:
        UncertainError: a member could be an array.
    """
    flat: list[Any] = []
    waiting = [(item, 0) for item in reversed(items)]
    while waiting:
        item, level = waiting.pop()
        if isinstance(item, Unknown):
            raise UncertainError(item)
        if isinstance(item, RubyArray) and (depth is None or level < depth):
            waiting.extend((inner, level + 1) for inner in reversed(known(item).items))
            if level > _DEEPEST or len(waiting) > _MOST:
                raise UnmodelledError
        else:
            flat.append(item)
    return flat


_DEEPEST, _MOST = 10_000, 200_000


@builtin(ARRAY, "flatten", most=1)
def _flatten(call: Call) -> Any:
    depth = call.argument(0)
    return RubyArray(flattened(call.receiver.items, None if depth is None or depth < 0 else _integer(depth)))


@builtin(ARRAY, "compact")
def _compact(call: Call) -> Any:
    kept = []
    for item in call.receiver.items:
        if isinstance(item, Unknown):
            raise UncertainError(item)
        if item is not None:
            kept.append(item)
    return RubyArray(kept)


@builtin(ARRAY, "reverse")
def _reverse(call: Call) -> Any:
    return RubyArray(call.receiver.items[::-1])


@builtin(ARRAY, "rotate", most=1)
def _rotate(call: Call) -> Any:
    items = call.receiver.items
    shift = _integer(call.argument(0, 1)) % len(items) if items else 0
    return RubyArray(items[shift:] + items[:shift])


@builtin(ARRAY, "index", most=1)
def _find_index(call: Call) -> Any:
    for index, item in enumerate(call.receiver.items):
        if equal(item, call.arguments[0]) if call.arguments else decided(call, item):
            return index
    return None


@builtin(ARRAY, "delete", least=1)
def _delete(call: Call) -> Any:
    check_frozen(call.receiver)
    kept = [item for item in call.receiver.items if not equal(item, call.arguments[0])]
    found = len(kept) != len(call.receiver.items)
    call.receiver.items[:] = kept
    return call.arguments[0] if found else None


@builtin(ARRAY, "delete_at", least=1)
def _delete_at(call: Call) -> Any:
    check_frozen(call.receiver)
    items, index = call.receiver.items, _integer(call.arguments[0])
    return items.pop(index) if -len(items) <= index < len(items) else None


@builtin(ARRAY, "clear")
def _clear(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.items.clear()
    return call.receiver


@builtin(ARRAY, "replace", least=1)
def _replace(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.items[:] = _other(call)
    return call.receiver


@builtin(ARRAY, "fill", least=1)
def _fill(call: Call) -> Any:
    check_frozen(call.receiver)
    call.receiver.items[:] = [call.arguments[0]] * len(call.receiver.items)
    return call.receiver


@builtin(ARRAY, "delete_if", "reject!", "select!", "filter!", "keep_if")
def _filter_in_place(call: Call) -> Any:
    check_frozen(call.receiver)
    wanted = call.name in {"select!", "filter!", "keep_if"}
    kept = [item for item in list(call.receiver.items) if decided(call, item) is wanted]
    changed = len(kept) != len(call.receiver.items)
    call.receiver.items[:] = kept
    return call.receiver if changed or call.name in {"delete_if", "keep_if"} else None


def _in_place(name: str, *, nil_if_same: bool) -> None:
    @builtin(ARRAY, f"{name}!", most=1 if name in {"flatten", "rotate"} else 0)
    def change(call: Call) -> Any:
        check_frozen(call.receiver)
        call.name = name
        function = (ARRAY.get(name) or ENUMERABLE[name])[0]
        made = function(call)
        if isinstance(made, Enumerator):
            raise UnmodelledError
        # What is dropped or flattened shows in the number of members, except where an array holds one member alone.
        same = len(made.items) == len(call.receiver.items) and all(
            mine is other for mine, other in zip(made.items, call.receiver.items, strict=True)
        )
        call.receiver.items[:] = made.items
        return None if same and nil_if_same else call.receiver


for _name in ("map", "collect", "sort", "sort_by", "reverse", "rotate"):
    _in_place(_name, nil_if_same=False)
for _name in ("uniq", "compact", "flatten"):
    _in_place(_name, nil_if_same=True)


@builtin(ARRAY, "slice!", least=1, most=2)
def _slice_out(call: Call) -> Any:
    check_frozen(call.receiver)
    items = call.receiver.items
    if len(call.arguments) == 2:  # noqa: PLR2004 - a start and a count
        part = _slice_of(len(items), _integer(call.arguments[0]), _integer(call.arguments[1]))
    elif isinstance(known(call.arguments[0]), RubyRange):
        part = range_slice(len(items), call.arguments[0])
    else:
        return _delete_at(call)
    if part is None:
        return None
    taken = items[part]
    del items[part]
    return RubyArray(taken)


@builtin(ARRAY, "==", "eql?", least=1)
def _equals(call: Call) -> Any:
    if call.name == "eql?":
        return hash_key(call.receiver) == hash_key(call.arguments[0])
    return equal(call.receiver, call.arguments[0])


@builtin(ARRAY, "<=>", least=1)
def _spaceship(call: Call) -> Any:
    return spaceship(call.receiver, call.arguments[0])


@builtin(ARRAY, "to_a", "to_ary", "entries")
def _to_a(call: Call) -> Any:
    return call.receiver


@builtin(ARRAY, "to_s", "inspect")
def _to_s(call: Call) -> Any:
    return RubyString(inspect(call.receiver))


@builtin(ARRAY, "product", most=ANY)
def _product(call: Call) -> Any:
    lists = [call.receiver.items, *(_other(call, index) for index in range(len(call.arguments)))]
    size = 1
    for items in lists:
        size *= max(1, len(items))
    call.interpreter.spend(size)
    return RubyArray([RubyArray(list(row)) for row in itertools.product(*lists)])


@builtin(ARRAY, "combination", "permutation", most=1)
def _combination(call: Call) -> Any:
    size = len(call.receiver.items) if not call.arguments else _integer(call.arguments[0])
    if len(call.receiver.items) > 8 or size < 0:  # noqa: PLR2004 - 40,320 permutations
        raise UnmodelledError
    make = itertools.combinations if call.name == "combination" else itertools.permutations
    if call.block is None:
        return waits(call)
    for row in make(call.receiver.items, size):
        call.give(RubyArray(list(row)))
    return call.receiver


@builtin(ARRAY, "transpose")
def _transpose(call: Call) -> Any:
    rows = [known(row).items for row in call.receiver.items]
    if len({len(row) for row in rows}) > 1:
        raise RubyRaisedError("IndexError", "element size differs")
    return RubyArray([RubyArray(list(column)) for column in zip(*rows, strict=True)])


@builtin(ARRAY, "assoc", least=1)
def _assoc(call: Call) -> Any:
    for item in call.receiver.items:
        if isinstance(item, RubyArray) and item.items and equal(item.items[0], call.arguments[0]):
            return item
    return None


@builtin(ARRAY, "take", "drop", least=1)
def _take(call: Call) -> Any:
    count = _integer(call.arguments[0])
    if count < 0:
        raise RubyRaisedError("ArgumentError", "attempt to take negative size")
    items = members(call)
    return RubyArray(items[:count] if call.name == "take" else items[count:])


TABLES[RubyArray] = (ARRAY, ENUMERABLE, OBJECT)
