"""Functions that a file can call without a receiver, and the few values of Ruby's classes that are known."""

from __future__ import annotations

import re

from forensics.chef.ruby.effects import admit_foreign_code
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.methods import Call, method
from forensics.chef.ruby.names import EXCEPTIONS, LIBRARIES
from forensics.chef.ruby.unknown import OutsideConstant, OwnPath
from forensics.chef.ruby.values import (
    DslObject,
    EnvironmentObject,
    RoleObject,
    RubyArray,
    RubyHash,
    RubyString,
    RubyValue,
    Symbol,
)

_SELF = (RoleObject, EnvironmentObject)
_ANY = 1000


@method("puts", "print", "warn", on=_SELF, most=_ANY, fresh=True)
def _print(_call: Call[DslObject]) -> RubyValue:
    return None


@method("p", "pp", on=_SELF, most=_ANY)
def _show(call: Call[DslObject]) -> RubyValue:
    if not call.arguments:
        return None
    return call.arguments[0] if len(call.arguments) == 1 else RubyArray(call.arguments)


@method("raise", "fail", on=_SELF, most=_ANY, block="allowed")
def _raise(call: Call[DslObject]) -> RubyValue:
    if not call.arguments:
        raise RubyRaisedError("RuntimeError", "unhandled exception")
    first = call.arguments[0]
    if isinstance(first, RubyString) and first.lost is None and len(call.arguments) == 1:
        raise RubyRaisedError("RuntimeError", first.text[:200])
    if isinstance(first, OutsideConstant) and first.name in EXCEPTIONS - {"SystemExit"}:
        message = call.arguments[1] if len(call.arguments) > 1 else RubyString(first.name)
        known = isinstance(message, RubyString) and message.lost is None
        raise RubyRaisedError(first.name, message.text[:200] if known and isinstance(message, RubyString) else "")
    raise GiveUpError(call.state.unknown(call.node))


@method("exit", "abort", on=_SELF, most=_ANY, block="allowed")
def _exit(call: Call[DslObject]) -> RubyValue:
    status = call.arguments[0] if call.arguments else True
    if call.name == "abort" or status is False:
        raise RubyRaisedError("SystemExit(1)", call.name)
    if not isinstance(status, int):
        raise GiveUpError(call.state.unknown(call.node))
    raise RubyRaisedError(f"SystemExit({0 if status is True else status})", call.name)


@method("require", on=_SELF, least=1)
def _require(call: Call[DslObject]) -> RubyValue:
    name, unknown = call.arguments[0], call.state.unknown(call.node)
    if not isinstance(name, RubyString) or name.lost is not None or name.text.removesuffix(".rb") not in LIBRARIES:
        admit_foreign_code(call.state, unknown)
    return unknown  # whether it was loaded before is not known


@method("Array", on=_SELF, least=1)
def _array(call: Call[DslObject]) -> RubyValue:
    value = call.argument()
    if isinstance(value, RubyArray):
        return value
    if value is None:
        return RubyArray()
    if not isinstance(value, RubyString | Symbol | bool | int | float):
        raise UnmodelledError
    return RubyArray([value])


@method("Integer", "Float", on=_SELF, least=1, fresh=True)
def _number(call: Call[DslObject]) -> RubyValue:
    value = call.argument()
    if not isinstance(value, RubyString) or not _DECIMAL.fullmatch(value.text):
        raise UnmodelledError
    if call.name == "Float":
        return float(value.text)
    if "." in value.text:
        raise UnmodelledError
    return int(value.text)


_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?")


@method("new", on=(OutsideConstant,), most=_ANY)
def _new(call: Call[OutsideConstant]) -> RubyValue:
    name, values = call.receiver.name, call.arguments
    if name == "Hash" and not values:
        return RubyHash()
    if name == "String" and len(values) == 1:
        return RubyString(call.text())
    if name == "Array" and not values:
        return RubyArray()
    if name == "Array" and len(values) == 2 and call.integer() >= 0:  # noqa: PLR2004 - a size and its members
        call.state.budget.spend_on(call.integer())
        return RubyArray([values[1]] * call.integer())
    raise UncertainError(call.receiver)


@method("[]", on=(OutsideConstant,), most=_ANY)
def _hash_of(call: Call[OutsideConstant]) -> RubyValue:
    values = call.arguments
    if call.receiver.name != "Hash":
        raise UncertainError(call.receiver)
    if len(values) == 1:
        listed = call.argument()
        if not isinstance(listed, RubyArray):
            raise UnmodelledError
        pairs = [pair.items for pair in listed.items if isinstance(pair, RubyArray) and pair.lost is None]
        if len(pairs) != len(listed.items) or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a key, a value
            raise UnmodelledError
        return RubyHash.of((pair[0], pair[1]) for pair in pairs)
    if len(values) % 2:
        raise RubyRaisedError("ArgumentError", "odd number of arguments for Hash")
    return RubyHash.of(zip(values[::2], values[1::2], strict=True))


@method("basename", on=(OutsideConstant,), least=1, most=2)
def _basename(call: Call[OutsideConstant]) -> RubyValue:
    path = call.arguments[0]
    suffix = call.text(1) if len(call.arguments) > 1 else ""
    if call.receiver.name != "File" or not isinstance(path, OwnPath) or suffix not in {"", ".rb", ".*"}:
        raise UncertainError(call.receiver)
    return RubyString(path.name.removesuffix(".rb") if suffix else path.name)
