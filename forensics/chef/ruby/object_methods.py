"""Methods that every value has, and those of nil, true, false, classes, procs and exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.classes import class_of, is_a
from forensics.chef.ruby.comparison import compare, spaceship
from forensics.chef.ruby.dispatch import ANY, TABLES, Arguments, builtin, find, invoke, user_method
from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.names import is_ruby_method
from forensics.chef.ruby.procs import call_proc
from forensics.chef.ruby.text import LOCAL_TIME, inspect, to_s
from forensics.chef.ruby.values import (
    BoundMethod,
    Opaque,
    RubyArray,
    RubyClass,
    RubyException,
    RubyHash,
    RubyObject,
    RubyProc,
    RubyRegexp,
    RubySet,
    RubyString,
    StructObject,
    Symbol,
    equal,
    hash_key,
    known,
    truthy,
)

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

OBJECT: Table = {}
COMPARABLE: Table = {}


@builtin(OBJECT, "nil?")
def _is_nil(call: Call) -> Any:
    return call.receiver is None


@builtin(OBJECT, "class")
def _class(call: Call) -> Any:
    return class_of(call.receiver)


@builtin(OBJECT, "is_a?", "kind_of?", least=1)
def _is_a(call: Call) -> Any:
    return is_a(call.receiver, call.known_argument())


@builtin(OBJECT, "instance_of?", least=1)
def _instance_of(call: Call) -> Any:
    return class_of(call.receiver) is call.known_argument()


@builtin(OBJECT, "freeze")
def _freeze(call: Call) -> Any:
    if hasattr(call.receiver, "frozen") and not isinstance(call.receiver, RubyClass):
        call.receiver.frozen = True
    return call.receiver


@builtin(OBJECT, "frozen?")
def _is_frozen(call: Call) -> Any:
    if isinstance(call.receiver, RubyProc | RubyClass | RubyException | Opaque):
        raise UnmodelledError
    return getattr(call.receiver, "frozen", True)


@builtin(OBJECT, "dup", "clone", most=1)
def _dup(call: Call) -> Any:
    receiver = call.receiver
    frozen = call.name == "clone" and getattr(receiver, "frozen", False)
    if call.arguments:
        raise UnmodelledError
    if isinstance(receiver, RubyString):
        return RubyString(receiver.text, frozen=frozen)
    if isinstance(receiver, RubyArray):
        return RubyArray(list(receiver.items), frozen=frozen)
    if isinstance(receiver, RubyHash):
        return _dup_hash(receiver, frozen=frozen)
    if isinstance(receiver, RubySet):
        return RubySet(RubyHash(dict(receiver.members.entries)), frozen=frozen)
    if isinstance(receiver, StructObject):
        return StructObject(receiver.ruby_class, dict(receiver.values), frozen=frozen)
    if isinstance(receiver, RubyObject):
        if user_method(call.interpreter, receiver, "initialize_copy") is not None:
            raise UnmodelledError
        return RubyObject(receiver.ruby_class, dict(receiver.instance_variables), frozen=frozen)
    if receiver is None or isinstance(receiver, bool | int | float | Symbol | RubyRegexp):
        return receiver
    raise UnmodelledError


def _dup_hash(receiver: RubyHash, *, frozen: bool) -> RubyHash:
    if receiver.mash:
        from forensics.chef.ruby.hashes import mash_copy  # noqa: PLC0415 - the two need each other

        return mash_copy(receiver)
    return RubyHash(dict(receiver.entries), receiver.default, receiver.default_block, frozen=frozen)


@builtin(OBJECT, "itself")
def _itself(call: Call) -> Any:
    return call.receiver


@builtin(OBJECT, "tap")
def _tap(call: Call) -> Any:
    call.give(call.receiver)
    return call.receiver


@builtin(OBJECT, "then", "yield_self")
def _then(call: Call) -> Any:
    return call.give(call.receiver)


@builtin(OBJECT, "send", "public_send", "__send__", least=1, most=ANY)
def _send(call: Call) -> Any:
    name = to_s(call.known_argument())
    arguments = Arguments(call.arguments[1:], None, call.block)
    return invoke(call.interpreter, call.receiver, name, arguments, call.node)


@builtin(OBJECT, "respond_to?", least=1)
def _responds_to(call: Call) -> Any:
    name = to_s(call.known_argument())
    if find(call.receiver, name) is not None or user_method(call.interpreter, call.receiver, name) is not None:
        return True
    if is_ruby_method(name) or call.interpreter.foreign_code:
        raise UnmodelledError
    return False


@builtin(OBJECT, "method", least=1)
def _method(call: Call) -> Any:
    return BoundMethod(call.receiver, to_s(call.known_argument()))


@builtin(OBJECT, "instance_variable_get", least=1)
def _instance_variable_get(call: Call) -> Any:
    return call.receiver.instance_variables.get(to_s(call.known_argument()))


@builtin(OBJECT, "instance_variable_set", least=2)
def _instance_variable_set(call: Call) -> Any:
    call.receiver.instance_variables[to_s(call.known_argument())] = call.arguments[1]
    return call.arguments[1]


@builtin(OBJECT, "instance_eval", "instance_exec", most=ANY)
def _instance_eval(call: Call) -> Any:
    if call.block is None or call.block.function is not None:
        raise UnmodelledError
    call.block.self_object, call.block.has_self = call.receiver, True
    return call_proc(call.interpreter, call.block, call.arguments or [call.receiver])


@builtin(OBJECT, "==", "equal?", "eql?", least=1)
def _equals(call: Call) -> Any:
    other = call.known_argument()
    if call.name == "equal?" and isinstance(call.receiver, float):
        raise UnmodelledError
    if call.name == "eql?":
        return hash_key(call.receiver) == hash_key(other)
    if call.name == "==" and not isinstance(call.receiver, RubyObject):
        return equal(call.receiver, other)
    return call.receiver is other or (
        isinstance(call.receiver, int) and type(call.receiver) is type(other) and call.receiver == other
    )


@builtin(OBJECT, "===", least=1)
def _case_equals(call: Call) -> Any:
    return equal(call.receiver, call.arguments[0])


@builtin(OBJECT, "!=", least=1)
def _differs(call: Call) -> Any:
    return not truthy(call.send(call.receiver, "==", call.arguments[0]))


@builtin(OBJECT, "!")
def _not(call: Call) -> Any:
    return not truthy(call.receiver)


@builtin(OBJECT, "<=>", least=1)
def _spaceship(call: Call) -> Any:
    return spaceship(call.receiver, call.arguments[0])


@builtin(OBJECT, "to_s")
def _to_s(call: Call) -> Any:
    return RubyString(to_s(call.receiver))


@builtin(OBJECT, "inspect")
def _inspect(call: Call) -> Any:
    return RubyString(inspect(call.receiver))


@builtin(COMPARABLE, "<", "<=", ">", ">=", least=1)
def _compare(call: Call) -> Any:
    left, right = call.receiver, call.known_argument()
    order = spaceship(left, right)
    if order is None:
        raise RubyRaisedError("ArgumentError", f"comparison of {class_of(left).name} with another failed")
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[call.name]


@builtin(COMPARABLE, "between?", least=2)
def _between(call: Call) -> Any:
    return compare(call.receiver, call.arguments[0]) >= 0 and compare(call.receiver, call.arguments[1]) <= 0


@builtin(COMPARABLE, "clamp", least=2)
def _clamp(call: Call) -> Any:
    low, high = call.arguments
    if compare(low, high) > 0:
        raise RubyRaisedError("ArgumentError", "min argument must be smaller than max argument")
    if compare(call.receiver, low) < 0:
        return low
    return high if compare(call.receiver, high) > 0 else call.receiver


NIL: Table = {}


@builtin(NIL, "to_a")
def _nil_to_a(_call: Call) -> Any:
    return RubyArray()


@builtin(NIL, "to_h")
def _nil_to_h(_call: Call) -> Any:
    return RubyHash()


@builtin(NIL, "to_i")
def _nil_to_i(_call: Call) -> Any:
    return 0


@builtin(NIL, "to_f")
def _nil_to_f(_call: Call) -> Any:
    return 0.0


@builtin(NIL, "to_s")
def _nil_to_s(_call: Call) -> Any:
    return RubyString("", frozen=True)


@builtin(NIL, "&", least=1)
def _nil_and(_call: Call) -> Any:
    return False


@builtin(NIL, "|", least=1)
def _nil_or(call: Call) -> Any:
    return truthy(call.arguments[0])


BOOLEAN: Table = {}


@builtin(BOOLEAN, "&", "|", "^", least=1)
def _boolean(call: Call) -> Any:
    other = truthy(call.arguments[0])
    if call.name == "&":
        return call.receiver and other
    return (call.receiver or other) if call.name == "|" else call.receiver is not other


@builtin(BOOLEAN, "to_s", "inspect")
def _boolean_to_s(call: Call) -> Any:
    return RubyString("true" if call.receiver else "false", frozen=True)


PROC: Table = {}


@builtin(PROC, "call", "()", "yield", "===", "[]", most=ANY)
def _call(call: Call) -> Any:
    return call_proc(call.interpreter, call.receiver, call.arguments)


@builtin(PROC, "to_proc")
def _to_proc(call: Call) -> Any:
    return call.receiver


@builtin(PROC, "lambda?")
def _is_lambda(call: Call) -> Any:
    return call.receiver.is_lambda


@builtin(PROC, ">>", "<<", least=1)
def _composed(call: Call) -> Any:
    other = call.known_argument()
    first, second = (call.receiver, other) if call.name == ">>" else (other, call.receiver)

    def composed(values: list[Any]) -> Any:
        inner = call.interpreter
        made = invoke(inner, first, "call", Arguments(list(values)), call.node)
        return invoke(inner, second, "call", Arguments([made]), call.node)

    return RubyProc(function=composed, is_lambda=True)


METHOD: Table = {}


@builtin(METHOD, "call", "()", "===", "[]", most=ANY)
def _call_method(call: Call) -> Any:
    from forensics.chef.ruby.calls import bound_proc  # noqa: PLC0415 - the two need each other

    proc = bound_proc(call.interpreter, call.receiver, call.node, call.interpreter.top)
    return call_proc(call.interpreter, proc, call.arguments)


@builtin(METHOD, "to_proc")
def _method_to_proc(call: Call) -> Any:
    from forensics.chef.ruby.calls import bound_proc  # noqa: PLC0415 - the two need each other

    return bound_proc(call.interpreter, call.receiver, call.node, call.interpreter.top)


EXCEPTION: Table = {}


@builtin(EXCEPTION, "message", "to_s")
def _message(call: Call) -> Any:
    message = call.receiver.message
    return message if isinstance(known(message), RubyString) else RubyString(to_s(message))


@builtin(EXCEPTION, "full_message", "backtrace", "cause", most=1)
def _trace(_call: Call) -> Any:
    raise UnmodelledError


OPAQUE: Table = {}
_OPAQUE_PARTS = frozenset({"year", "month", "day", "hour", "minute", "min", "second", "sec", "mon", "mday"})


@builtin(OPAQUE, *sorted(_OPAQUE_PARTS))
def _part(call: Call) -> Any:
    name = {"min": "minute", "sec": "second", "mon": "month", "mday": "day"}.get(call.name, call.name)
    if call.receiver.class_name == LOCAL_TIME:
        raise UnmodelledError
    value = getattr(call.receiver.value, name)
    if type(value) is not int:
        raise UnmodelledError
    return value


@builtin(OPAQUE, "utc", "getutc", "gmtime")
def _utc(call: Call) -> Any:
    receiver = call.receiver
    return Opaque(receiver.class_name.partition("@")[0], receiver.text, receiver.wire, receiver.value)


@builtin(OPAQUE, "to_i")
def _opaque_to_i(call: Call) -> Any:
    if not call.receiver.class_name.startswith("Time"):
        raise UnmodelledError
    return int(call.receiver.value.timestamp())


@builtin(OPAQUE, "host", "scheme", "path", "port", "query", "fragment", "user")
def _address_part(call: Call) -> Any:
    if not call.receiver.class_name.startswith("URI"):
        raise UnmodelledError
    value = call.receiver.value[call.name]
    return RubyString(value) if isinstance(value, str) else value


@builtin(OPAQUE, "[]", "captures", "to_a", "pre_match", "post_match", most=1)
def _of_match(call: Call) -> Any:
    from forensics.chef.ruby.regexps import MATCH  # noqa: PLC0415 - the two need each other

    if call.receiver.class_name != "MatchData":
        raise UnmodelledError
    return MATCH[call.name][0](call)


TABLES[type(None)] = (NIL, OBJECT)
TABLES[bool] = (BOOLEAN, OBJECT)
TABLES[RubyProc] = (PROC, OBJECT)
TABLES[BoundMethod] = (METHOD, OBJECT)
TABLES[RubyException] = (EXCEPTION, OBJECT)
TABLES[Opaque] = (OPAQUE, COMPARABLE, OBJECT)
TABLES[RubyObject] = ({name: OBJECT[name] for name in OBJECT if name not in {"to_s", "inspect", "<=>"}},)
