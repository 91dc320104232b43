"""Chef's own methods: those of a role or an environment being built, and of run lists.

Mirrors lib/chef/role.rb, lib/chef/environment.rb, lib/chef/run_list.rb and lib/chef/mixin/params_validate.rb: every
setter is also a getter for nil, a repeated call replaces, and what a getter returns can be changed in place.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.methods import Call, method, valid_text
from forensics.chef.ruby.text import is_text, to_s
from forensics.chef.ruby.unknown import UnknownValue
from forensics.chef.ruby.values import (
    DslObject,
    EnvironmentObject,
    RoleObject,
    RubyArray,
    RubyHash,
    RubyString,
    RubyValue,
    RunListObject,
    Symbol,
    check_known,
    unknown_part,
)
from forensics.chef.ruby_text import major
from forensics.chef.run_list import ArgumentRefused, RunListItem, parse_item
from forensics.chef.versions import is_constraint

if TYPE_CHECKING:
    from collections.abc import Callable

_ROLE = (RoleObject,)
_ENVIRONMENT = (EnvironmentObject,)
_RUN_LIST = (RunListObject,)
_ANY = 1 << 30
_FIRST_WITH_ENV_RUN_LISTS_ADD = 12
_DEFAULT = RubyString("_default", frozen=True)


def _check_count(call: Call[DslObject], wanted: int, least: int | None = None) -> None:
    given = len(call.arguments)
    if not (wanted if least is None else least) <= given <= wanted:
        raise RubyRaisedError("ArgumentError", f"wrong number of arguments (given {given}, expected {wanted})")


def _set_or_return(call: Call[DslObject], name: str, check: Callable[[RubyValue], None]) -> RubyValue:
    _check_count(call, 1, 0)
    role = call.receiver
    value = call.arguments[0] if call.arguments else None
    if value is None:
        return role.fields[name]
    role.sources[name] = call.state.unknown(call.node)
    if not isinstance(value, UnknownValue):
        check(value)
    role.assign(name, value)
    return value


def _refused(message: str) -> RubyRaisedError:
    return RubyRaisedError("Chef::Exceptions::ValidationFailed", message)


@method("name", on=_ROLE, most=_ANY, block="allowed")
def _role_name(call: Call[DslObject]) -> RubyValue:
    return _set_or_return(call, "name", _check_name)


@method("name", on=_ENVIRONMENT, most=_ANY, block="allowed")
def _environment_name(call: Call[DslObject]) -> RubyValue:
    return _set_or_return(call, "name", _check_environment_name)


def _check_name(value: RubyValue) -> None:
    if isinstance(value, RubyHash | RubyArray) or not _is_name(to_s(value)):
        raise _refused("name does not match the regular expression")


def _check_environment_name(value: RubyValue) -> None:
    if not isinstance(value, RubyString | RubyHash | RubyArray):
        raise _refused("Option name must be a kind of String")
    _check_name(value)


def _is_name(text: str) -> bool:
    r"""Whether some line of a name is made of ``[\-[:alnum:]_]+`` alone.

    Raises:
        UnmodelledError: for characters whose Unicode class differs between versions.
        RubyRaisedError: bytes that are no UTF-8 (ArgumentError).
    """
    if not is_text(text):
        raise RubyRaisedError("ArgumentError", "regex against invalid byte sequence in UTF-8")
    unsure = any("\ue000" <= character <= "\ue0ff" for character in text)  # may stand for raw bytes
    for line in text.split("\n"):
        if line and all(character in "-_" or unicodedata.category(character) in _WORD for character in line):
            return True
        unsure = unsure or any(unicodedata.category(character) in {"Mn", "Mc", "Nl"} for character in line)
    if unsure:
        raise UnmodelledError
    return False


_WORD = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})


@method("description", on=(*_ROLE, *_ENVIRONMENT), most=_ANY, block="allowed")
def _description(call: Call[DslObject]) -> RubyValue:
    return _set_or_return(call, "description", _check_description)


def _check_description(value: RubyValue) -> None:
    if not isinstance(value, RubyString):
        raise _refused("Option description must be a kind of String")


@method("default_attributes", "override_attributes", on=(*_ROLE, *_ENVIRONMENT), most=_ANY, block="allowed")
def _attributes(call: Call[DslObject]) -> RubyValue:
    return _set_or_return(call, call.name, _check_hash)


@method("default_attributes=", "override_attributes=", on=_ENVIRONMENT, least=1)
def _assigned_attributes(call: Call[DslObject]) -> RubyValue:
    return _set_or_return(call, call.name.rstrip("="), _check_hash)


def _check_hash(value: RubyValue) -> None:
    if not isinstance(value, RubyHash):
        raise _refused("attributes must be a kind of Hash")


@method("cookbook_versions", on=_ENVIRONMENT, most=_ANY, block="allowed")
def _cookbook_versions(call: Call[DslObject]) -> RubyValue:
    return _set_or_return(call, "cookbook_versions", _check_versions)


def _check_versions(value: RubyValue) -> None:
    check_known(value)
    if not isinstance(value, RubyHash):
        raise _refused("attributes must be a kind of Hash")
    if not all(_is_constraint(version) for _, version in value.pairs()):
        raise _refused("cookbook_versions should be a valid set of cookbook version requirements")


def _is_constraint(value: RubyValue) -> bool:
    """Whether Chef::VersionConstraint takes the value; nil means any version, arrays are not modelled."""
    check_known(value)
    if isinstance(value, RubyArray):
        raise UnmodelledError
    return value is None or (isinstance(value, RubyString) and is_constraint(valid_text(value)))


@method("cookbook", on=_ENVIRONMENT, most=_ANY, block="allowed")
def _cookbook(call: Call[DslObject]) -> RubyValue:
    _check_count(call, 2)
    cookbook, version = call.arguments
    versions = call.receiver.fields["cookbook_versions"]
    if not isinstance(version, UnknownValue) and not _is_constraint(version):
        raise _refused("Option version should be a valid version requirement")
    check_known(versions)
    if isinstance(versions, RubyHash):
        versions.put(cookbook, version)
    return version


@method("run_list", "recipes", on=_ROLE, most=_ANY, block="allowed")
def _run_list(call: Call[DslObject]) -> RubyValue:
    lists = call.receiver.fields["env_run_lists"]
    check_known(lists)
    found = lists.found(_DEFAULT) if isinstance(lists, RubyHash) else None
    if found is None or not isinstance(found[1], RunListObject):
        raise UnmodelledError
    run_list = found[1]
    if call.arguments:
        check_known(run_list)
        run_list.items.clear()  # before the arguments are looked at, among which it may stand
        for item in _flat_items(call.arguments, call):
            _append(call, run_list, item)
    return run_list


def _flat_items(values: list[RubyValue], call: Call[DslObject]) -> list[RunListItem]:
    items: list[RunListItem] = []
    waiting = list(reversed(values))
    while waiting:
        call.state.budget.spend()
        value = waiting.pop()
        check_known(value)
        if isinstance(value, RubyArray):
            waiting.extend(reversed(value.items))
        elif isinstance(value, RunListObject):
            items.extend(value.items)
        else:
            items.append(_item_of(value))
    return items


def _append(call: Call[DslObject] | Call[RunListObject], run_list: RunListObject, item: RunListItem) -> None:
    call.state.budget.spend_on(len(run_list.items))
    if item not in run_list.items:
        run_list.items.append(item)


def _item_of(value: RubyValue) -> RunListItem:
    """The run list item that a value stands for.

    Raises:
        RubyRaisedError: Chef refuses it (ArgumentError).
        UncertainError: it is not known.
    """
    check_known(value)
    if isinstance(value, RunListItem):
        return value
    if isinstance(value, RubyHash):
        return _item_of_hash(value)
    if not isinstance(value, RubyString):
        raise RubyRaisedError("ArgumentError", "Unable to create Chef::RunList::RunListItem: must be a Hash or String")
    try:
        return parse_item(value.text)
    except ArgumentRefused as error:
        raise RubyRaisedError(error.error_class, str(error)) from None


def _item_of_hash(item: RubyHash) -> RunListItem:
    parts: dict[str, RubyValue] = {}
    for name in ("type", "name", "version"):
        for key in (RubyString(name), Symbol(name)):
            found = item.found(key)
            if found is not None and parts.get(name) in {None, False}:
                parts[name] = found[1]
    if not {"type", "name"} <= parts.keys():
        raise RubyRaisedError("ArgumentError", "a run list item hash needs a 'type' and a 'name' key")
    kind, name_value, version = parts["type"], parts["name"], parts.get("version")
    if not isinstance(kind, Symbol | RubyString) or not isinstance(name_value, Symbol | RubyString):
        raise UnmodelledError
    return RunListItem(to_s(kind), to_s(name_value), None if version in {None, False} else to_s(version))


@method("env_run_lists", "env_run_list", "env_run_lists_add", "env_run_list_add", on=_ROLE, most=_ANY, block="allowed")
def _env_run_lists(call: Call[DslObject]) -> RubyValue:
    adds = call.name.endswith("_add")
    if adds and major(call.state.chef) < _FIRST_WITH_ENV_RUN_LISTS_ADD:
        raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}' for Chef::Role")
    _check_count(call, 1, 0)
    lists = call.receiver.fields["env_run_lists"]
    wanted = call.arguments[0] if call.arguments else None
    if wanted is None:
        return lists
    check_known(wanted)
    check_known(lists)
    if isinstance(wanted, RubyString | Symbol | bool | int | float) or (isinstance(wanted, RubyArray) and not adds):
        raise RubyRaisedError("NoMethodError", f"undefined method for the argument of {call.name}")
    if not isinstance(wanted, RubyHash) or not isinstance(lists, RubyHash):
        raise UnmodelledError
    if not adds and wanted.found(_DEFAULT) is None:
        raise RubyRaisedError(
            "Chef::Exceptions::InvalidEnvironmentRunListSpecification", "_default key is required in env_run_lists"
        )
    made = [(environment, _new_run_list(items)) for environment, items in wanted.pairs()]
    if not adds:
        lists.entries.clear()
    for environment, run_list in made:
        lists.put(environment, run_list)
    return lists


def _new_run_list(items: RubyValue) -> RunListObject:
    """``Chef::RunList.new(*Array(items))``: nothing is flattened or dropped."""
    unknown = unknown_part(items)
    if unknown is not None:
        return RunListObject(lost=unknown)
    if items is None:
        return RunListObject()
    if isinstance(items, RunListObject):
        return RunListObject(list(items.items))
    if isinstance(items, RubyHash):
        raise UnmodelledError
    return RunListObject([_item_of(item) for item in (items.items if isinstance(items, RubyArray) else [items])])


@method("name=", "description=", "run_list=", "recipes=", "env_run_lists=", on=_ROLE, least=1)
@method("default_attributes=", "override_attributes=", on=_ROLE, least=1)
@method("name=", "description=", "cookbook_versions=", on=_ENVIRONMENT, least=1)
def _no_writer(call: Call[DslObject]) -> RubyValue:
    raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}'")


@method("<<", "push", "add", on=_RUN_LIST, least=1)
def _add(call: Call[RunListObject]) -> RubyValue:
    _append(call, call.receiver, _item_of(call.arguments[0]))
    return call.receiver


@method("remove", "delete", on=_RUN_LIST, least=1)
def _remove(call: Call[RunListObject]) -> RubyValue:
    item = call.argument()
    if not isinstance(item, RubyString):
        raise UnmodelledError
    call.receiver.items[:] = [kept for kept in call.receiver.items if str(kept) != item.text]
    return call.receiver


@method("[]", on=_RUN_LIST, least=1)
def _index(call: Call[RunListObject]) -> RubyValue:
    items, index = call.receiver.items, call.integer()
    return items[index] if -len(items) <= index < len(items) else None


@method("empty?", on=_RUN_LIST, fresh=True)
def _is_empty(call: Call[RunListObject]) -> RubyValue:
    return not call.receiver.items


@method("include?", on=_RUN_LIST, least=1, fresh=True)
def _includes(call: Call[RunListObject]) -> RubyValue:
    return _item_of(call.arguments[0]) in call.receiver.items
