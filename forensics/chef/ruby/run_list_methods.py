"""Methods of Chef::RunList."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.dispatch import ANY, builtin
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyArray, RubyHash, RubyString, RunListObject, Symbol, known
from forensics.chef.run_list import ArgumentRefused, RunListItem, parse_item

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

RUN_LIST: Table = {}


def coerced(item: Any) -> RunListItem:
    """The run list item that a value stands for.

    Raises:
        RubyRaisedError: Chef refuses it (ArgumentError).
        UncertainError: it is not known.
    """
    if isinstance(item, RunListItem):
        return item
    item = known(item)
    try:
        if isinstance(item, RubyString):
            return parse_item(item.text)
    except ArgumentRefused as error:
        raise RubyRaisedError(error.error_class, str(error)) from None
    if isinstance(item, RubyHash):
        return _of_hash(item)
    raise RubyRaisedError("ArgumentError", "Unable to create Chef::RunList::RunListItem: must be a Hash or String")


def _of_hash(item: RubyHash) -> RunListItem:
    def either(name: str) -> Any:
        value = known(item.get(RubyString(name)))
        return known(item.get(Symbol(name))) if value is None or value is False else value

    for name in ("type", "name"):
        if name not in item.entries and Symbol(name) not in item.entries:
            raise RubyRaisedError("ArgumentError", "a run list item hash needs a 'type' and a 'name' key")
    kind, name, version = either("type"), either("name"), either("version")
    if isinstance(kind, Symbol | RubyString) and isinstance(name, Symbol | RubyString):
        return RunListItem(to_s(kind), to_s(name), None if version is None or version is False else to_s(version))
    if kind is None or isinstance(kind, int | float):
        raise RubyRaisedError("NoMethodError", "undefined method `to_sym'")
    raise UnmodelledError


def _append(call: Call, item: Any) -> None:
    run_list = call.receiver
    made = coerced(item)
    call.interpreter.spend(len(run_list.items))
    if made not in run_list.items:
        run_list.items.append(made)


@builtin(RUN_LIST, "<<", "push", "add", most=ANY)
def _add(call: Call) -> Any:
    _arity(call, 1)
    _append(call, call.arguments[0])
    return call.receiver


def _arity(call: Call, wanted: int) -> None:
    if len(call.arguments) != wanted:
        raise RubyRaisedError(
            "ArgumentError", f"wrong number of arguments (given {len(call.arguments)}, expected {wanted})"
        )


@builtin(RUN_LIST, "reset!", most=ANY)
def _reset(call: Call) -> Any:
    call.receiver.items.clear()
    for item in _flat(call.arguments):
        if isinstance(item, RunListObject):
            for inner in list(known(item).items):
                _append(call, inner)
        else:
            _append(call, item)
    return call.receiver


def _flat(items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = list(reversed(items))
    seen = 0
    while waiting:
        item = waiting.pop()
        seen += 1
        if seen > _MOST:
            raise UnmodelledError
        if isinstance(item, Unknown):
            raise UncertainError(item)
        if isinstance(item, RubyArray):
            waiting.extend(reversed(known(item).items))
        else:
            flat.append(item)
    return flat


_MOST = 100_000


@builtin(RUN_LIST, "[]", most=ANY)
def _index(call: Call) -> Any:
    _arity(call, 1)
    position = call.known_argument()
    if type(position) is not int:
        if position is None or isinstance(position, RubyString | Symbol | RubyHash | RubyArray):
            raise RubyRaisedError("TypeError", "no implicit conversion into Integer")
        raise UnmodelledError
    items = call.receiver.items
    return items[position] if -len(items) <= position < len(items) else None


@builtin(RUN_LIST, "empty?")
def _is_empty(call: Call) -> Any:
    return not call.receiver.items


@builtin(RUN_LIST, "include?", "member?", least=1)
def _includes(call: Call) -> Any:
    return coerced(call.arguments[0]) in call.receiver.items


@builtin(RUN_LIST, "remove", "delete", least=1)
def _remove(call: Call) -> Any:
    item = call.known_argument()
    if isinstance(item, RubyString):
        call.receiver.items[:] = [kept for kept in call.receiver.items if to_s(kept) != item.text]
    elif isinstance(item, RunListItem):
        call.receiver.items[:] = [kept for kept in call.receiver.items if kept != item]
    else:
        raise UnmodelledError
    return call.receiver


@builtin(RUN_LIST, "each")
def _each(call: Call) -> Any:
    for item in list(call.receiver.items):
        call.give(item)
    return RubyArray(list(call.receiver.items))


@builtin(RUN_LIST, "run_list", "run_list_items")
def _items(call: Call) -> Any:
    return call.receiver.array


@builtin(RUN_LIST, "to_a", "entries")
def _to_a(call: Call) -> Any:
    return RubyArray(list(call.receiver.items))


@builtin(RUN_LIST, "role_names", "roles")
def _roles(call: Call) -> Any:
    return RubyArray([RubyString(item.name) for item in call.receiver.items if item.type == "role"])


@builtin(RUN_LIST, "recipe_names", "recipes")
def _recipes(call: Call) -> Any:
    return RubyArray([RubyString(item.name) for item in call.receiver.items if item.type == "recipe"])


@builtin(RUN_LIST, "to_s")
def _to_s(call: Call) -> Any:
    return RubyString(to_s(call.receiver))


@builtin(RUN_LIST, "size", "length")
def _no_size(call: Call) -> Any:
    raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}' for Chef::RunList")


ITEM: Table = {}
"""Methods of Chef::RunList::RunListItem."""


@builtin(ITEM, "to_s")
def _item_to_s(call: Call) -> Any:
    return RubyString(str(call.receiver))


@builtin(ITEM, "name")
def _item_name(call: Call) -> Any:
    return RubyString(call.receiver.name)


@builtin(ITEM, "type")
def _item_type(call: Call) -> Any:
    return Symbol(call.receiver.type)


@builtin(ITEM, "version")
def _item_version(call: Call) -> Any:
    return None if call.receiver.version is None else RubyString(call.receiver.version)


@builtin(ITEM, "role?", "recipe?")
def _item_is(call: Call) -> Any:
    return call.receiver.type == call.name[:-1]


@builtin(ITEM, "==", least=1)
def _item_equals(call: Call) -> Any:
    other = call.known_argument()
    if isinstance(other, RubyString):
        return str(call.receiver) == other.text
    if isinstance(other, RunListItem):
        return bool(other == call.receiver)
    raise UnmodelledError
