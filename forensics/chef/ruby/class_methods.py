"""Methods of classes: ``new`` and the pure functions of Ruby's own."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from forensics.chef.ruby.classes import BUILTIN, is_a
from forensics.chef.ruby.dispatch import ANY, CLASS_TABLES, TABLES, Arguments, builtin
from forensics.chef.ruby.enumeration import members
from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.hashes import mashed
from forensics.chef.ruby.libraries import date, date_time, time_at, time_utc
from forensics.chef.ruby.object_methods import OBJECT
from forensics.chef.ruby.procs import call_method
from forensics.chef.ruby.run_list_methods import ITEM, coerced
from forensics.chef.ruby.scope import Frame, Scope
from forensics.chef.ruby.text import LOCAL_TIME, to_s
from forensics.chef.ruby.unknown import OwnPath, Unknown
from forensics.chef.ruby.values import (
    Opaque,
    RubyArray,
    RubyClass,
    RubyException,
    RubyHash,
    RubyObject,
    RubyRange,
    RubyRegexp,
    RubySet,
    RubyString,
    RunListObject,
    StructObject,
    Symbol,
    known,
)
from forensics.chef.run_list import RunListItem

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

CLASS: Table = {}


def _table(name: str) -> Table:
    return CLASS_TABLES.setdefault(name, {})


@builtin(CLASS, "name", "to_s", "inspect")
def _name(call: Call) -> Any:
    if not call.receiver.builtin:
        if not call.receiver.name and call.name == "name":
            return None
        raise UnmodelledError
    return RubyString(call.receiver.name)


@builtin(CLASS, "===", least=1)
def _case_equals(call: Call) -> Any:
    return is_a(call.known_argument(), call.receiver)


@builtin(CLASS, "==", "equal?", "eql?", least=1)
def _equals(call: Call) -> Any:
    return call.receiver is call.known_argument()


@builtin(CLASS, "<", "<=", least=1)
def _is_below(call: Call) -> Any:
    other = call.known_argument()
    return other in call.receiver.ancestors() and (call.name == "<=" or other is not call.receiver)


@builtin(CLASS, "superclass")
def _superclass(call: Call) -> Any:
    return call.receiver.superclass


@builtin(CLASS, "class_eval", "module_eval", "class_exec")
def _class_eval(_call: Call) -> Any:
    raise UnmodelledError


@builtin(CLASS, "const_get", least=1)
def _const_get(call: Call) -> Any:
    from forensics.chef.ruby.constants import ABSENT, constant_within  # noqa: PLC0415 - the two need each other

    value = constant_within(call.interpreter, call.receiver, to_s(call.known_argument()))
    if value is ABSENT or isinstance(value, Unknown):
        raise UnmodelledError
    return value


@builtin(CLASS, "new", most=ANY)
def _new(call: Call) -> Any:
    ruby_class = call.receiver
    if ruby_class.is_module:
        raise RubyRaisedError("NoMethodError", "undefined method `new'")
    ancestors = ruby_class.ancestors()
    if BUILTIN["Exception"] in ancestors:
        if any("initialize" in ancestor.methods or "message" in ancestor.methods for ancestor in ancestors):
            raise UnmodelledError
        return RubyException(ruby_class, call.argument(0, class_name_message(call)))
    if ruby_class.builtin and ruby_class.name != "Object":
        raise UnmodelledError
    if any(ancestor.builtin and ancestor.name not in _PLAIN_ANCESTORS for ancestor in ancestors):
        raise UnmodelledError
    made = RubyObject(ruby_class)
    for ancestor in ancestors:
        if "initialize" in ancestor.methods:
            positional = call.arguments[:-1] if call.keywords is not None else call.arguments
            arguments = Arguments(list(positional), call.keywords, call.block)
            call_method(call.interpreter, made, ancestor.methods["initialize"], arguments)
            return made
    if call.arguments:
        raise RubyRaisedError("ArgumentError", "wrong number of arguments")
    return made


def class_name_message(call: Call) -> Any:
    """The message of an exception that was given none: the name of its class, where that is known."""
    if call.receiver.builtin:
        return RubyString(call.receiver.name)
    return call.interpreter.unknown(call.node)


_PLAIN_ANCESTORS = frozenset({"Object", "Kernel", "BasicObject"})


@builtin(_table("Array"), "new", most=2)
def _new_array(call: Call) -> Any:
    if not call.arguments:
        return RubyArray()
    first = call.known_argument()
    if isinstance(first, RubyArray):
        return RubyArray(list(first.items))
    if type(first) is not int:
        raise UnmodelledError
    if first < 0:
        raise RubyRaisedError("ArgumentError", "negative array size")
    call.interpreter.spend(first)
    if call.block is not None:
        return RubyArray([call.give(index) for index in range(first)])
    return RubyArray([call.argument(1)] * first)


@builtin(_table("Array"), "[]", most=ANY)
def _array_of(call: Call) -> Any:
    return RubyArray(list(call.arguments))


@builtin(_table("Hash"), "new", most=1)
def _new_hash(call: Call) -> Any:
    if call.keywords is not None:
        raise UnmodelledError
    return RubyHash(default=call.argument(0), default_block=call.block)


@builtin(_table("Hash"), "[]", most=ANY)
def _hash_of(call: Call) -> Any:
    if len(call.arguments) == 1:
        value = call.known_argument()
        if isinstance(value, RubyHash):
            return RubyHash.of(value.pairs())
        if isinstance(value, RubyArray):
            made = RubyHash()
            for pair in value.items:
                items = known(pair).items
                made.put(items[0], items[1] if len(items) > 1 else None)
            return made
    if len(call.arguments) % 2:
        raise RubyRaisedError("ArgumentError", "odd number of arguments for Hash")
    return RubyHash.of(zip(call.arguments[::2], call.arguments[1::2], strict=True))


@builtin(_table("ChefUtils::Mash"), "new", most=1)
def _new_mash(call: Call) -> Any:
    if not call.arguments:
        return RubyHash(mash=True)
    value = call.known_argument()
    if not isinstance(value, RubyHash):
        raise UnmodelledError
    made = mashed(value)
    return RubyHash(dict(made.entries), mash=True)


@builtin(_table("String"), "new", most=1)
def _new_string(call: Call) -> Any:
    if call.keywords is not None:
        raise UnmodelledError
    return RubyString(known(call.arguments[0]).text if call.arguments else "")


@builtin(_table("Range"), "new", least=2, most=3)
def _new_range(call: Call) -> Any:
    first, last = call.known_argument(), call.known_argument(1)
    if type(first) is not int or type(last) is not int:
        raise UnmodelledError
    return RubyRange(first, last, exclusive=bool(call.argument(2)))


@builtin(_table("Regexp"), "new", least=1)
def _new_regexp(call: Call) -> Any:
    value = call.known_argument()
    return value if isinstance(value, RubyRegexp) else RubyRegexp(value.text)


@builtin(_table("Regexp"), "escape", "quote", least=1)
def _escape(call: Call) -> Any:
    text = to_s(call.known_argument())
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\v": "\\v", " ": "\\ "}
    return RubyString(re.sub(r"[\[\]{}()|\-*.\\?+^$#\s]", lambda match: named.get(match[0], "\\" + match[0]), text))


@builtin(_table("Proc"), "new")
def _new_proc(call: Call) -> Any:
    if call.block is None:
        raise RubyRaisedError("ArgumentError", "tried to create Proc object without a block")
    return call.block


@builtin(_table("Set"), "new", most=1)
def _new_set(call: Call) -> Any:
    items = [] if not call.arguments or call.arguments[0] is None else members(call, call.known_argument())
    return RubySet(RubyHash.of((item if call.block is None else call.give(item), True) for item in items))


@builtin(_table("Set"), "[]", most=ANY)
def _set_of(call: Call) -> Any:
    return RubySet(RubyHash.of((item, True) for item in call.arguments))


@builtin(_table("Class"), "new", most=1)
def _new_class(call: Call) -> Any:
    superclass = call.argument(0, BUILTIN["Object"])
    if call.block is not None or not isinstance(superclass, RubyClass):
        raise UnmodelledError
    return RubyClass("", superclass)


@builtin(_table("Struct"), "new", most=ANY)
def _new_struct(call: Call) -> Any:
    if call.receiver.members is not None:
        return _new_struct_object(call)
    names = list(call.arguments)
    if call.keywords is not None or (names and not isinstance(known(names[0]), Symbol)):
        raise UnmodelledError
    made = RubyClass("", BUILTIN["Struct"], members=tuple(known(name).name for name in names))
    if call.block is not None:
        if call.block.scope is None:
            raise UnmodelledError
        frame = call.block.scope.frame
        inner = Frame(made, (made, *frame.nesting), definee=made)
        call.interpreter.statements(call.block.body, Scope(inner, call.block.scope))
    return made


def _new_struct_object(call: Call) -> Any:
    names = call.receiver.members
    if "initialize" in call.receiver.methods or call.keywords is not None:
        raise UnmodelledError
    if len(call.arguments) > len(names):
        raise RubyRaisedError("ArgumentError", "struct size differs")
    values = [*call.arguments, *[None] * (len(names) - len(call.arguments))]
    return StructObject(call.receiver, dict(zip(names, values, strict=True)))


@builtin(_table("Chef::RunList"), "new", most=ANY)
def _new_run_list(call: Call) -> Any:
    return RunListObject.of([coerced(item) for item in call.arguments])


@builtin(_table("Chef::Role"), "new", most=0)
def _new_role(_call: Call) -> Any:
    from forensics.chef.ruby.dsl import RoleObject  # noqa: PLC0415 - the two need each other

    return RoleObject()


@builtin(_table("Chef::Environment"), "new", most=0)
def _new_environment(_call: Call) -> Any:
    from forensics.chef.ruby.dsl import EnvironmentObject  # noqa: PLC0415 - the two need each other

    return EnvironmentObject()


@builtin(_table("Time"), "at", least=1)
def _time_at(call: Call) -> Any:
    seconds = call.known_argument()
    if type(seconds) is not int or not 0 <= seconds < 1 << 33:
        raise UnmodelledError
    made = time_at(seconds)
    return Opaque(LOCAL_TIME, made.text, made.wire, made.value)  # in the zone of the workstation until .utc


@builtin(_table("Time"), "utc", "gm", least=1, most=6)
def _time_utc(call: Call) -> Any:
    parts = [known(part) for part in call.arguments]
    if not all(type(part) is int for part in parts):
        raise UnmodelledError
    return time_utc(*[*parts, 1, 1][: max(3, len(parts))])


@builtin(_table("Date"), "new", most=3)
def _new_date(call: Call) -> Any:
    parts = [known(part) for part in call.arguments]
    if len(parts) != 3 or not all(type(part) is int for part in parts):  # noqa: PLR2004 - year, month, day
        raise UnmodelledError
    if call.receiver.name == "DateTime":
        return date_time(*parts)
    return date(*parts)


@builtin(_table("DateTime"), "new", least=3, most=6)
def _new_date_time(call: Call) -> Any:
    parts = [known(part) for part in call.arguments]
    if not all(type(part) is int for part in parts):
        raise UnmodelledError
    return date_time(*parts)


@builtin(_table("Date"), "parse", least=1)
def _parse_date(call: Call) -> Any:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", to_s(call.known_argument()))
    if match is None or call.receiver.name != "Date":
        raise UnmodelledError
    return date(*(int(part) for part in match.groups()))


def _path_text(call: Call, index: int = 0) -> str:
    value = call.arguments[index]
    if isinstance(value, OwnPath):
        return f"/{value.name}"
    value = known(value)
    if not isinstance(value, RubyString):
        raise RubyRaisedError("TypeError", "no implicit conversion into String")
    return value.text


@builtin(_table("File"), "basename", least=1, most=2)
def _basename(call: Call) -> Any:
    path = _path_text(call)
    name = path.rstrip("/").rpartition("/")[2] or ("/" if path.startswith("/") else "")
    if len(call.arguments) > 1:
        ending = known(call.arguments[1]).text
        if ending == ".*":
            name = name[: name.rindex(".")] if "." in name[1:] else name
        elif ending and name != ending:
            name = name.removesuffix(ending)
    return RubyString(name)


@builtin(_table("File"), "extname", least=1)
def _extname(call: Call) -> Any:
    name = _path_text(call).rpartition("/")[2]
    place = name.rfind(".")
    if place <= 0 or not name.strip("."):
        return RubyString("")
    if place == len(name) - 1:
        raise UnmodelledError
    return RubyString(name[place:])


@builtin(_table("File"), "dirname", least=1)
def _dirname(call: Call) -> Any:
    if isinstance(call.arguments[0], OwnPath):
        raise UnmodelledError
    path = _path_text(call)
    if "//" in path or path.endswith("/"):
        raise UnmodelledError
    folder, slash, _ = path.rpartition("/")
    return RubyString(folder or slash or ".")


@builtin(_table("File"), "join", most=ANY)
def _join(call: Call) -> Any:
    parts = []
    for value in call.arguments:
        part = known(value)
        if not isinstance(part, RubyString):
            raise UnmodelledError
        parts.append(part.text)
    if not parts:
        return RubyString("")
    path = parts[0]
    for part in parts[1:]:
        if part.startswith("/"):
            path = path.rstrip("/") + part
        else:
            path += part if path.endswith("/") else f"/{part}"
    return RubyString(path)


@builtin(_table("URI"), "parse", least=1)
def _parse_address(call: Call) -> Any:
    text = to_s(call.known_argument())
    if not re.fullmatch(r"https?://[a-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~/-]*)?", text):
        raise UnmodelledError
    parts = urlsplit(text)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    values = {"host": parts.hostname, "scheme": parts.scheme, "path": parts.path, "port": port}
    return Opaque(f"URI::{parts.scheme.upper()}", text, text, {**values, "query": None, "fragment": None, "user": None})


def _math(name: str, function: Any) -> None:
    @builtin(_table("Math"), name, least=1)
    def apply(call: Call) -> Any:
        value = call.known_argument()
        if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
            raise RubyRaisedError("TypeError", "can't convert into Float")
        return function(float(value))


_math("sqrt", math.sqrt)


@builtin(_table("Integer"), "sqrt", least=1)
def _integer_root(call: Call) -> Any:
    return math.isqrt(call.known_argument())


TABLES[RubyClass] = (CLASS, {name: OBJECT[name] for name in OBJECT if name not in {"to_s", "inspect", "dup", "clone"}})
TABLES[RunListItem] = (ITEM, OBJECT)
