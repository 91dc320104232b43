"""Chef's own objects: a role or an environment being built, and run lists.

Mirrors lib/chef/role.rb, lib/chef/environment.rb, lib/chef/run_list.rb and lib/chef/mixin/params_validate.rb: every
setter is also a getter for nil, a repeated call replaces, and what a getter returns can be changed in place.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from forensics.chef.objects import Kind
from forensics.chef.ruby.classes import BUILTIN
from forensics.chef.ruby.dispatch import ANY, TABLES, builtin
from forensics.chef.ruby.enumeration import ENUMERABLE
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.interpreter import line_of
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.run_list_methods import RUN_LIST, coerced
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.touch import lose
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    RubyArray,
    RubyClass,
    RubyHash,
    RubyString,
    RunListObject,
    Symbol,
    known,
)
from forensics.chef.ruby.versions import is_constraint

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

_FIRST_WITH_ENV_RUN_LISTS_ADD = 12


class DslObject:
    """The role or environment that the file is evaluated on."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.frozen = False
        self.lost = None
        self.sources: dict[str, Unknown] = {}
        """Where each field was last set, for values that turn out not to be known."""
        self.instance_variables: dict[str, Any] = {
            "@name": RubyString(""),
            "@description": RubyString(""),
            "@default_attributes": RubyHash(mash=True),
            "@override_attributes": RubyHash(mash=True),
        }
        if kind is Kind.ROLE:
            self.ruby_class: RubyClass = BUILTIN["Chef::Role"]
            self.instance_variables["@env_run_lists"] = RubyHash.of([(RubyString("_default"), RunListObject())])
        else:
            self.ruby_class = BUILTIN["Chef::Environment"]
            self.instance_variables["@cookbook_versions"] = RubyHash()

    def has(self, name: str) -> bool:
        """Whether the object's own DSL has this method."""
        return name in (_ROLE if self.kind is Kind.ROLE else _ENVIRONMENT)

    def touch(self, name: str, unknown: Unknown) -> bool:
        """A call of this method may have happened, with arguments that are not known; False if there is none."""
        if not self.has(name):
            return False
        variables = _TOUCHED.get(name, (f"@{name}",))
        for variable in variables:
            value = self.instance_variables.get(variable)
            if name in _LISTS and isinstance(value, RubyHash) and value.lost is None:
                default = value.get(RubyString("_default"))
                if isinstance(default, RunListObject):
                    lose(default, unknown)
                    continue
            lose(value, unknown)
            self.instance_variables[variable] = unknown
        return True

    def to_s(self) -> str:
        """``role[name]``, or an environment's name."""
        name = to_s(self.instance_variables["@name"])
        return f"role[{name}]" if self.kind is Kind.ROLE else name


_LISTS = frozenset({"run_list", "recipes"})
_TOUCHED = {
    "run_list": ("@env_run_lists",),
    "recipes": ("@env_run_lists",),
    "env_run_list": ("@env_run_lists",),
    "env_run_lists_add": ("@env_run_lists",),
    "env_run_list_add": ("@env_run_lists",),
    "cookbook": ("@cookbook_versions",),
    "default_attributes=": ("@default_attributes",),
    "override_attributes=": ("@override_attributes",),
    "to_s": (),
    "environment": (),
}
_ROLE: Table = {}
_ENVIRONMENT: Table = {}
_UNSURE_CATEGORIES = frozenset({"Mn", "Mc", "Me", "So", "No"})


def name_is_valid(text: str) -> bool:
    r"""Whether some line of a name is made of ``[\-[:alnum:]_]+`` alone.

    Raises:
        UncertainError: for characters whose Unicode class differs between versions.
        RubyRaisedError: bytes that are no UTF-8 (ArgumentError).
    """
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise RubyRaisedError("ArgumentError", "regex against invalid byte sequence in UTF-8")
    unsure = any("\ue000" <= character <= "\ue0ff" for character in text)  # may stand for raw bytes
    for line in text.split("\n"):
        if line and all(character in "-_" or _is_alphanumeric(character) for character in line):
            return True
        unsure = unsure or any(unicodedata.category(character) in {"Mn", "Mc", "Nl"} for character in line)
    if unsure:
        raise UncertainError(Unknown(text, 1))
    return False


def _is_alphanumeric(character: str) -> bool:
    return unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"}


def _set_or_return(call: Call, variable: str) -> Any:
    variables = call.receiver.instance_variables
    value = call.argument(0)
    if len(call.arguments) > 1:
        raise RubyRaisedError(
            "ArgumentError", f"wrong number of arguments (given {len(call.arguments)}, expected 0..1)"
        )
    if value is None:
        return variables.get(variable)
    call.receiver.sources[variable] = Unknown(call.interpreter.source_of(call.node), line_of(call.node))
    if isinstance(value, Unknown):
        variables[variable] = value
        return value
    _VALIDATED[variable](call, value)
    variables[variable] = value
    return value


def _refused(message: str) -> RubyRaisedError:
    return RubyRaisedError("Chef::Exceptions::ValidationFailed", message)


def _valid_name(call: Call, value: Any) -> None:
    if isinstance(value, RubyHash | RubyArray):
        raise _refused("name does not match the regular expression")
    if call.receiver.kind is Kind.ENVIRONMENT and not isinstance(value, RubyString):
        raise _refused("Option name must be a kind of String")
    if not name_is_valid(to_s(value)):
        raise _refused("name does not match the regular expression")


def _valid_text(_call: Call, value: Any) -> None:
    if not isinstance(value, RubyString):
        raise _refused("Option description must be a kind of String")


def _valid_hash(_call: Call, value: Any) -> None:
    if not isinstance(value, RubyHash):
        raise _refused("attributes must be a kind of Hash")


def _valid_versions(call: Call, value: Any) -> None:
    _valid_hash(call, value)
    for _, version in known(value).pairs():
        if not is_constraint(version):
            raise _refused("cookbook_versions should be a valid set of cookbook version requirements")


_VALIDATED = {
    "@name": _valid_name,
    "@description": _valid_text,
    "@default_attributes": _valid_hash,
    "@override_attributes": _valid_hash,
    "@cookbook_versions": _valid_versions,
}


def _attribute(table: Table, name: str) -> None:
    @builtin(table, name, most=ANY)
    def access(call: Call) -> Any:
        try:
            return _set_or_return(call, f"@{name}")
        except (UncertainError, UnmodelledError):
            call.receiver.instance_variables[f"@{name}"] = call.interpreter.unknown(call.node)
            raise


for _name in ("name", "description", "default_attributes", "override_attributes"):
    _attribute(_ROLE, _name)
    _attribute(_ENVIRONMENT, _name)
_attribute(_ENVIRONMENT, "cookbook_versions")


@builtin(_ENVIRONMENT, "default_attributes=", "override_attributes=", least=1)
def _assign_attributes(call: Call) -> Any:
    call.name = call.name.rstrip("=")
    return _set_or_return(call, f"@{call.name}")


@builtin(_ENVIRONMENT, "cookbook", most=ANY)
def _cookbook(call: Call) -> Any:
    if len(call.arguments) != 2:  # noqa: PLR2004 - a cookbook and its version
        raise RubyRaisedError("ArgumentError", f"wrong number of arguments (given {len(call.arguments)}, expected 2)")
    cookbook, version = call.arguments
    versions = call.receiver.instance_variables["@cookbook_versions"]
    try:
        if not isinstance(version, Unknown) and version is not None and not is_constraint(version):
            raise _refused("Option version should be a valid version requirement")
        known(versions).put(cookbook, version)
    except UncertainError as error:
        lose(versions, error.unknown)
        raise
    return version


@builtin(_ROLE, "run_list", "recipes", most=ANY)
def _run_list(call: Call) -> Any:
    lists = call.receiver.instance_variables["@env_run_lists"]
    if isinstance(lists, Unknown):
        return call.interpreter.unknown(call.node)
    run_list = known(lists).get(RubyString("_default"))
    if call.arguments:
        return call.send(run_list, "reset!", *call.arguments)
    return run_list


@builtin(_ROLE, "env_run_lists", "env_run_list", "env_run_lists_add", "env_run_list_add", most=ANY)
def _env_run_lists(call: Call) -> Any:
    adds = call.name.endswith("_add")
    if adds and int(call.interpreter.chef.split(".")[0]) < _FIRST_WITH_ENV_RUN_LISTS_ADD:
        raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}' for Chef::Role")
    if len(call.arguments) > 1:
        raise RubyRaisedError(
            "ArgumentError", f"wrong number of arguments (given {len(call.arguments)}, expected 0..1)"
        )
    variables = call.receiver.instance_variables
    wanted = call.argument(0)
    if wanted is None:
        return variables["@env_run_lists"]
    try:
        wanted = known(wanted)
        lists = known(variables["@env_run_lists"])
        if not isinstance(wanted, RubyHash):
            return _env_run_lists_of_other(call, wanted, adds=adds)
        if not adds:
            if RubyString("_default").text not in wanted.entries:
                raise RubyRaisedError(
                    "Chef::Exceptions::InvalidEnvironmentRunListSpecification",
                    "_default key is required in env_run_lists",
                )
            pairs = wanted.pairs()
            lists.entries.clear()
        else:
            pairs = wanted.pairs()
        for environment, items in pairs:
            lists.put(environment, _new_run_list(items))
    except (UncertainError, UnmodelledError):
        lose(variables["@env_run_lists"], call.interpreter.unknown(call.node))
        variables["@env_run_lists"] = call.interpreter.unknown(call.node)
        return variables["@env_run_lists"]
    return lists


def _env_run_lists_of_other(call: Call, wanted: Any, *, adds: bool) -> Any:
    if adds and isinstance(wanted, RubyArray):
        raise UnmodelledError
    if isinstance(wanted, RubyArray | RubyString | Symbol | int | float):
        raise RubyRaisedError("NoMethodError", f"undefined method for the argument of {call.name}")
    raise UnmodelledError


def _new_run_list(items: Any) -> RunListObject:
    """``Chef::RunList.new(*Array(items))``: nothing is flattened or dropped."""
    if isinstance(items, Unknown):
        return RunListObject(lost=items)
    if isinstance(items, RunListObject):
        return RunListObject.of(known(items).items)
    if items is None:
        return RunListObject()
    if isinstance(known(items), RubyHash):
        listed: list[Any] = [RubyArray(list(pair)) for pair in items.pairs()]
    else:
        listed = items.items if isinstance(items, RubyArray) else [items]
    return RunListObject.of([coerced(item) for item in listed])


@builtin(_ROLE, "to_s")
@builtin(_ENVIRONMENT, "to_s")
def _to_s(call: Call) -> Any:
    return RubyString(call.receiver.to_s())


@builtin(_ROLE, "name=", "description=", "run_list=", "recipes=", "env_run_lists=", "default_attributes=", least=1)
@builtin(_ROLE, "override_attributes=", least=1)
@builtin(_ENVIRONMENT, "name=", "description=", "cookbook_versions=", least=1)
def _no_writer(call: Call) -> Any:
    raise RubyRaisedError("NoMethodError", f"undefined method `{call.name}'")


@builtin(_ROLE, "from_file", "class_from_file", least=1)
@builtin(_ENVIRONMENT, "from_file", "class_from_file", least=1)
def _from_file(call: Call) -> Any:
    from forensics.chef.ruby.failure import GiveUpError  # noqa: PLC0415

    raise GiveUpError(call.interpreter.unknown(call.node))


class RoleObject(DslObject):
    """A role: a type of its own, since modelled methods are found by type."""

    def __init__(self) -> None:
        super().__init__(Kind.ROLE)


class EnvironmentObject(DslObject):
    """An environment."""

    def __init__(self) -> None:
        super().__init__(Kind.ENVIRONMENT)


TABLES[RoleObject] = (_ROLE,)
TABLES[EnvironmentObject] = (_ENVIRONMENT,)
TABLES[RunListObject] = (RUN_LIST, ENUMERABLE, OBJECT)
