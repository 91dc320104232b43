"""Methods of Enumerator: an iteration that waits for its block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import TABLES, builtin
from forensics.chef.ruby.enumeration import ENUMERABLE, LARGEST_RANGE, members, run_with
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.values import Enumerator, RubyArray, RubyProc

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

ENUMERATOR: Table = {}
"""What an iteration that waits for its block can do."""


@builtin(ENUMERATOR, "with_index", "each_with_index", most=1)
def _with_index(call: Call) -> Any:
    offset = call.argument(0, 0) or 0
    if call.block is None:
        return RubyArray([RubyArray([item, index + offset]) for index, item in enumerate(members(call))])
    counter = iter(range(offset, offset + LARGEST_RANGE))

    def numbered(values: list[Any]) -> Any:
        return call.give(values[0] if len(values) == 1 else RubyArray(list(values)), next(counter))

    return run_with(call.interpreter, call, call.receiver, RubyProc(function=numbered))


@builtin(ENUMERATOR, "with_object", least=1)
def _with_object(call: Call) -> Any:
    def handed(values: list[Any]) -> Any:
        return call.give(values[0] if len(values) == 1 else RubyArray(list(values)), call.arguments[0])

    run_with(call.interpreter, call, call.receiver, RubyProc(function=handed))
    return call.arguments[0]


@builtin(ENUMERATOR, "each")
def _enumerator_each(call: Call) -> Any:
    if call.block is None:
        return call.receiver
    return run_with(call.interpreter, call, call.receiver, call.block)


@builtin(ENUMERATOR, "size")
def _enumerator_size(call: Call) -> Any:
    return len(members(call))


TABLES[Enumerator] = (ENUMERATOR, ENUMERABLE, OBJECT)
