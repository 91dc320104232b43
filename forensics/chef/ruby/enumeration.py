"""Methods of Enumerable, for everything that has members."""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.comparison import compare, sorted_values
from forensics.chef.ruby.dispatch import ANY, builtin, find, run
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.matching import case_equal
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    Enumerator,
    RubyArray,
    RubyHash,
    RubyProc,
    RubyRange,
    RubySet,
    RubyString,
    RunListObject,
    StructObject,
    Symbol,
    equal,
    hash_key,
    known,
    truthy,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.chef.ruby.dispatch import Call, Table
    from forensics.chef.ruby.interpreter import Interpreter

ENUMERABLE: Table = {}
LARGEST_RANGE = 100_000
"""How many members an iteration may have."""


def members(call: Call, value: Any = None) -> list[Any]:
    """What ``each`` yields, pairs of a hash as arrays.

    Raises:
        UnmodelledError: the value has no members that are modelled.
    """
    receiver = known(call.receiver if value is None else value)
    if isinstance(receiver, RubyArray):
        return list(receiver.items)
    if isinstance(receiver, RubyHash):
        return [RubyArray([key, item]) for key, item in receiver.pairs()]
    if isinstance(receiver, RubyRange):
        return range_members(receiver)
    if isinstance(receiver, RunListObject):
        return list(receiver.items)
    if isinstance(receiver, RubySet):
        return [key for key, _ in receiver.members.pairs()]
    if isinstance(receiver, StructObject):
        return list(receiver.values.values())
    if isinstance(receiver, Enumerator):
        return _enumerated(call, receiver)
    raise UnmodelledError


def _enumerated(call: Call, enumerator: Enumerator) -> list[Any]:
    found: list[Any] = []

    def collect(values: list[Any]) -> Any:
        found.append(values[0] if len(values) == 1 else RubyArray(list(values)))
        if len(found) > LARGEST_RANGE:
            raise UnmodelledError

    run_with(call.interpreter, call, enumerator, RubyProc(function=collect))
    return found


def run_with(interpreter: Interpreter, call: Call, enumerator: Enumerator, block: RubyProc) -> Any:
    """Make the call that an enumerator stands for, with this block."""
    from forensics.chef.ruby.dispatch import Arguments  # noqa: PLC0415

    entry = find(enumerator.receiver, enumerator.name)
    if entry is None:
        raise UnmodelledError
    arguments = Arguments(list(enumerator.arguments), None, block)
    result = run(interpreter, entry, enumerator.receiver, enumerator.name, arguments, call.node)
    return known(result) if isinstance(result, Unknown) else result


def range_members(value: RubyRange) -> list[Any]:
    """The members of a range of integers or strings.

    Raises:
        RubyRaisedError: it cannot be iterated (TypeError).
    """
    first, last = value.first, value.last
    if isinstance(first, float | Fraction) or first is None:
        raise RubyRaisedError("TypeError", "can't iterate")
    if last is None:
        raise UnmodelledError
    if type(first) is int and isinstance(last, int | float):
        end = int(last // 1)
        if value.exclusive and end == last:
            end -= 1
        if end - first > LARGEST_RANGE:
            raise UnmodelledError
        return list(range(first, end + 1))
    if isinstance(first, RubyString) and isinstance(last, RubyString):
        from forensics.chef.ruby.successors import string_range  # noqa: PLC0415

        return [RubyString(text) for text in string_range(first.text, last.text, exclusive=value.exclusive)]
    if isinstance(first, Symbol) and isinstance(last, Symbol):
        from forensics.chef.ruby.successors import string_range  # noqa: PLC0415

        return [Symbol(text) for text in string_range(first.name, last.name, exclusive=value.exclusive)]
    raise UnmodelledError


def dug(call: Call, value: Any, rest: list[Any]) -> Any:
    """``dig`` one level further down.

    Raises:
        RubyRaisedError: the value has nothing to dig in (TypeError).
    """
    if isinstance(known(value), str | int | float | RubyString | Symbol | RubyRange):
        raise RubyRaisedError("TypeError", "a value does not have #dig method")
    return call.send(value, "dig", *rest)


def waits(call: Call) -> Enumerator:
    """The enumerator that a call without its block gives."""
    return Enumerator(call.receiver, call.name, call.arguments)


def _iterating(*names: str, most: int = 0, table: Table = ENUMERABLE) -> Callable[[Any], Any]:
    """Register a method that needs its block; without one it gives an enumerator."""

    def register(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        @functools.wraps(function)
        def guarded(call: Call) -> Any:
            return function(call) if call.block is not None else waits(call)

        return builtin(table, *names, most=most)(guarded)  # type: ignore[no-any-return]

    return register


def decided(call: Call, *values: Any) -> bool:
    """Whether the block gives something true."""
    return truthy(call.give(*values))


@_iterating("each_entry")
def _each_entry(call: Call) -> Any:
    for item in members(call):
        call.give(item)
    return call.receiver


@_iterating("map", "collect")
def _map(call: Call) -> Any:
    return RubyArray([call.give(item) for item in members(call)])


@_iterating("flat_map", "collect_concat")
def _flat_map(call: Call) -> Any:
    found: list[Any] = []
    for item in members(call):
        value = call.give(item)
        if isinstance(value, Unknown):
            raise UncertainError(value)
        found.extend(known(value).items if isinstance(value, RubyArray) else [value])
    return RubyArray(found)


@_iterating("select", "filter", "find_all")
def _select(call: Call) -> Any:
    return RubyArray([item for item in members(call) if decided(call, item)])


@_iterating("reject")
def _reject(call: Call) -> Any:
    return RubyArray([item for item in members(call) if not decided(call, item)])


@_iterating("filter_map")
def _filter_map(call: Call) -> Any:
    return RubyArray([value for item in members(call) if truthy(value := call.give(item))])


@_iterating("find", "detect")
def _find(call: Call) -> Any:
    return next((item for item in members(call) if decided(call, item)), None)


@_iterating("partition")
def _partition(call: Call) -> Any:
    yes: list[Any] = []
    no: list[Any] = []
    for item in members(call):
        (yes if decided(call, item) else no).append(item)
    return RubyArray([RubyArray(yes), RubyArray(no)])


@_iterating("group_by")
def _group_by(call: Call) -> Any:
    groups = RubyHash()
    for item in members(call):
        key = call.give(item)
        found = groups.get(key)
        if found is None:
            groups.put(key, RubyArray([item]))
        else:
            found.items.append(item)
    return groups


@_iterating("each_with_index")
def _each_with_index(call: Call) -> Any:
    for index, item in enumerate(members(call)):
        call.give(item, index)
    return call.receiver


@_iterating("each_with_object", "with_object", most=1)
def _each_with_object(call: Call) -> Any:
    for item in members(call):
        call.give(item, call.arguments[0])
    return call.arguments[0]


@_iterating("reverse_each")
def _reverse_each(call: Call) -> Any:
    for item in reversed(members(call)):
        call.give(item)
    return call.receiver


@_iterating("each_slice", most=1)
def _each_slice(call: Call) -> Any:
    size = call.known_argument()
    items = members(call)
    for start in range(0, len(items), size):
        call.give(RubyArray(items[start : start + size]))
    return call.receiver


@_iterating("each_cons", most=1)
def _each_cons(call: Call) -> Any:
    size = call.known_argument()
    items = members(call)
    for start in range(len(items) - size + 1):
        call.give(RubyArray(items[start : start + size]))
    return call.receiver


@builtin(ENUMERABLE, "inject", "reduce", most=2)
def _inject(call: Call) -> Any:
    items = members(call)
    arguments = list(call.arguments)
    operator = None
    if call.block is None:
        if not arguments:
            raise UnmodelledError
        operator = to_s(arguments.pop())
    if arguments:
        total = arguments[0]
    elif items:
        total = items.pop(0)
    else:
        return None
    for item in items:
        total = call.give(total, item) if operator is None else call.send(total, operator, item)
    return total


@builtin(ENUMERABLE, "sum", most=1)
def _sum(call: Call) -> Any:
    total = call.argument(0, 0)
    values = [item if call.block is None else call.give(item) for item in members(call)]
    if any(isinstance(value, float) for value in values) and type(total) in {int, float}:
        return _float_sum(total, values)
    for value in values:
        total = call.send(total, "+", value)
    return total


def _float_sum(total: float, values: list[Any]) -> float:
    """Kahan-Babuska summation, which Ruby uses once a float turns up."""
    if not all(type(value) in {int, float} for value in values):
        raise UnmodelledError
    index = 0
    while index < len(values) and type(values[index]) is int and type(total) is int:
        total += values[index]
        index += 1
    running, lost = float(total), 0.0
    for value in values[index:]:
        number = float(value)
        following = running + number
        if abs(running) >= abs(number):
            lost += (running - following) + number
        else:
            lost += (number - following) + running
        running = following
    return running + lost


@builtin(ENUMERABLE, "to_a", "entries")
def _to_a(call: Call) -> Any:
    return RubyArray(members(call))


@builtin(ENUMERABLE, "to_set")
def _to_set(call: Call) -> Any:
    return RubySet(RubyHash.of((item, True) for item in members(call)))


@builtin(ENUMERABLE, "to_h")
def _to_h(call: Call) -> Any:
    made = RubyHash()
    for item in members(call):
        pair = item if call.block is None else call.give(item)
        if not isinstance(known(pair), RubyArray):
            raise RubyRaisedError("TypeError", "wrong element type")
        if len(pair.items) != 2:  # noqa: PLR2004 - a key and a value
            raise RubyRaisedError("ArgumentError", "wrong array length")
        made.put(*pair.items)
    return made


def _tested(call: Call) -> Callable[[Any], bool]:
    if call.arguments:
        pattern = call.known_argument()
        return lambda item: case_equal(call.interpreter, pattern, item, call.node)
    if call.block is None:
        return truthy
    return lambda item: decided(call, item)


@builtin(ENUMERABLE, "all?", most=1)
def _all(call: Call) -> Any:
    return all(map(_tested(call), members(call)))


@builtin(ENUMERABLE, "any?", most=1)
def _any(call: Call) -> Any:
    return any(map(_tested(call), members(call)))


@builtin(ENUMERABLE, "none?", most=1)
def _none(call: Call) -> Any:
    return not any(map(_tested(call), members(call)))


@builtin(ENUMERABLE, "one?", most=1)
def _one(call: Call) -> Any:
    return sum(map(_tested(call), members(call))) == 1


@builtin(ENUMERABLE, "count", most=1)
def _count(call: Call) -> Any:
    items = members(call)
    if call.arguments:
        return sum(equal(item, call.arguments[0]) for item in items)
    return len(items) if call.block is None else sum(decided(call, item) for item in items)


@builtin(ENUMERABLE, "include?", "member?", least=1)
def _includes(call: Call) -> Any:
    return any(equal(item, call.arguments[0]) for item in members(call))


@builtin(ENUMERABLE, "first", most=1)
def _first(call: Call) -> Any:
    if isinstance(call.receiver, RubyRange) and call.receiver.last is None and call.arguments:
        start = call.receiver.first
        return RubyArray(list(range(start, start + call.known_argument())))
    items = members(call)
    if call.arguments:
        return RubyArray(items[: _count_of(call)])
    return items[0] if items else None


def _count_of(call: Call) -> int:
    count = call.known_argument()
    if type(count) is not int:
        raise UnmodelledError
    if count < 0:
        raise RubyRaisedError("ArgumentError", "negative array size")
    return count


@builtin(ENUMERABLE, "take", least=1)
def _take(call: Call) -> Any:
    return RubyArray(members(call)[: _count_of(call)])


@builtin(ENUMERABLE, "drop", least=1)
def _drop(call: Call) -> Any:
    return RubyArray(members(call)[_count_of(call) :])


@_iterating("take_while")
def _take_while(call: Call) -> Any:
    found: list[Any] = []
    for item in members(call):
        if not decided(call, item):
            break
        found.append(item)
    return RubyArray(found)


@_iterating("drop_while")
def _drop_while(call: Call) -> Any:
    items = members(call)
    start = next((index for index, item in enumerate(items) if not decided(call, item)), len(items))
    return RubyArray(items[start:])


@builtin(ENUMERABLE, "sort")
def _sort(call: Call) -> Any:
    return RubyArray(sorted_values(members(call), None if call.block is None else call.give))


def _by_key(left: tuple[Any, Any], right: tuple[Any, Any]) -> int:
    return compare(left[0], right[0])


@_iterating("sort_by")
def _sort_by(call: Call) -> Any:
    # Ruby's sort is not stable: equal keys would come out in an order that is not modelled.
    keyed: list[tuple[Any, Any]] = [(call.give(item), item) for item in members(call)]
    ordered = sorted(keyed, key=functools.cmp_to_key(_by_key))
    for before, after in itertools.pairwise(ordered):
        if compare(before[0], after[0]) == 0 and before[1] is not after[1]:
            raise UnmodelledError
    return RubyArray([item for _, item in ordered])


def _extreme(call: Call, sign: int, key: Callable[[Any], Any]) -> Any:
    if call.arguments:
        raise UnmodelledError
    items = members(call)
    if not items:
        return None
    best = items[0]
    best_key = key(best)
    for item in items[1:]:
        item_key = key(item)
        if compare(item_key, best_key) * sign > 0:
            best, best_key = item, item_key
    return best


@builtin(ENUMERABLE, "max", "min", most=1)
def _max(call: Call) -> Any:
    if call.block is not None:
        raise UnmodelledError
    if call.arguments:
        ordered = sorted_values(members(call), None)
        if call.name == "max":
            ordered.reverse()
        return RubyArray(ordered[: _count_of(call)])
    return _extreme(call, 1 if call.name == "max" else -1, lambda item: item)


@_iterating("max_by", "min_by")
def _max_by(call: Call) -> Any:
    return _extreme(call, 1 if call.name == "max_by" else -1, call.give)


@builtin(ENUMERABLE, "minmax")
def _minmax(call: Call) -> Any:
    return RubyArray([_extreme(call, -1, lambda item: item), _extreme(call, 1, lambda item: item)])


@builtin(ENUMERABLE, "tally")
def _tally(call: Call) -> Any:
    made = RubyHash()
    for item in members(call):
        made.put(item, (made.get(item) or 0) + 1)
    return made


@builtin(ENUMERABLE, "uniq")
def _uniq(call: Call) -> Any:
    seen: dict[Any, Any] = {}
    for item in members(call):
        seen.setdefault(hash_key(item if call.block is None else call.give(item)), item)
    return RubyArray(list(seen.values()))


@builtin(ENUMERABLE, "zip", most=ANY)
def _zip(call: Call) -> Any:
    others = [members(call, known(argument)) for argument in call.arguments]
    rows = [
        RubyArray([item, *(other[index] if index < len(other) else None for other in others)])
        for index, item in enumerate(members(call))
    ]
    if call.block is None:
        return RubyArray(rows)
    for row in rows:
        call.give(row)
    return None


@builtin(ENUMERABLE, "grep", "grep_v", least=1)
def _grep(call: Call) -> Any:
    pattern = call.known_argument()
    wanted = call.name == "grep"
    found = [item for item in members(call) if case_equal(call.interpreter, pattern, item, call.node) is wanted]
    return RubyArray(found if call.block is None else [call.give(item) for item in found])


@builtin(ENUMERABLE, "find_index", most=1)
def _find_index(call: Call) -> Any:
    for index, item in enumerate(members(call)):
        if equal(item, call.arguments[0]) if call.arguments else decided(call, item):
            return index
    return None


@_iterating("chunk_while", "slice_when")
def _chunk_while(call: Call) -> Any:
    items = members(call)
    chunks: list[Any] = []
    for index, item in enumerate(items):
        if index and decided(call, items[index - 1], item) is (call.name == "chunk_while"):
            chunks[-1].items.append(item)
        else:
            chunks.append(RubyArray([item]))
    return RubyArray(chunks)


@_iterating("cycle", most=1)
def _cycle(call: Call) -> Any:
    if not call.arguments or call.arguments[0] is None:
        raise UnmodelledError
    for _ in range(call.known_argument()):
        for item in members(call):
            call.give(item)
    return None


@builtin(ENUMERABLE, "lazy")
def _lazy(_call: Call) -> Any:
    raise UnmodelledError
