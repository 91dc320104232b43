"""Methods of Set and Struct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import TABLES, builtin
from forensics.chef.ruby.enumeration import ENUMERABLE, members
from forensics.chef.ruby.failure import UnmodelledError
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.text import inspect, to_s
from forensics.chef.ruby.values import RubyArray, RubyHash, RubySet, RubyString, StructObject, Symbol

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

SET: Table = {}
_MEMBER = True
"""What stands under a key of a hash that holds the members of a set."""


@builtin(SET, "<<", "add", least=1)
def _set_add(call: Call) -> Any:
    call.receiver.members.put(call.arguments[0], _MEMBER)
    return call.receiver


@builtin(SET, "delete", least=1)
def _set_delete(call: Call) -> Any:
    from forensics.chef.ruby.values import hash_key  # noqa: PLC0415

    call.receiver.members.entries.pop(hash_key(call.arguments[0]), None)
    return call.receiver


@builtin(SET, "include?", "member?", "===", "contain?", least=1)
def _set_includes(call: Call) -> Any:
    from forensics.chef.ruby.values import hash_key  # noqa: PLC0415

    return hash_key(call.arguments[0]) in call.receiver.members.entries


@builtin(SET, "size", "length", "count")
def _set_size(call: Call) -> Any:
    if call.block is not None:
        raise UnmodelledError
    return len(call.receiver.members.entries)


@builtin(SET, "empty?")
def _set_empty(call: Call) -> Any:
    return not call.receiver.members.entries


@builtin(SET, "each")
def _set_each(call: Call) -> Any:
    for item in members(call):
        call.give(item)
    return call.receiver


@builtin(SET, "|", "+", "union", least=1)
def _set_union(call: Call) -> Any:
    return RubySet(RubyHash.of((item, True) for item in [*members(call), *members(call, call.known_argument())]))


@builtin(SET, "merge", least=1)
def _set_merge(call: Call) -> Any:
    for item in members(call, call.known_argument()):
        call.receiver.members.put(item, _MEMBER)
    return call.receiver


@builtin(SET, "to_s", "inspect")
def _set_to_s(call: Call) -> Any:
    return RubyString(inspect(call.receiver))


@builtin(SET, "select", "filter", "reject", "&", "-", "map!", most=1)
def _set_rest(_call: Call) -> Any:
    raise UnmodelledError


STRUCT: Table = {}


@builtin(STRUCT, "to_a", "deconstruct", "values")
def _struct_to_a(call: Call) -> Any:
    return RubyArray(list(call.receiver.values.values()))


@builtin(STRUCT, "to_h")
def _struct_to_h(call: Call) -> Any:
    if call.block is not None:
        raise UnmodelledError
    return RubyHash.of((Symbol(name), value) for name, value in call.receiver.values.items())


@builtin(STRUCT, "members")
def _struct_members(call: Call) -> Any:
    return RubyArray([Symbol(name) for name in call.receiver.values])


@builtin(STRUCT, "[]", least=1)
def _struct_index(call: Call) -> Any:
    key = call.known_argument()
    if type(key) is int:
        return list(call.receiver.values.values())[key]
    return call.receiver.values[to_s(key)]


@builtin(STRUCT, "to_s", "inspect")
def _struct_to_s(call: Call) -> Any:
    return RubyString(to_s(call.receiver))


TABLES[RubySet] = (SET, ENUMERABLE, OBJECT)
TABLES[StructObject] = (STRUCT, ENUMERABLE, OBJECT)
