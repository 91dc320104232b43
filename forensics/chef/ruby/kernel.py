"""Functions that a file can call without a receiver."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.classes import BUILTIN, is_a
from forensics.chef.ruby.failure import (
    BreakFlow,
    GiveUpError,
    RubyRaisedError,
    ThrowFlow,
    UncertainError,
    UnmodelledError,
)
from forensics.chef.ruby.formatting import formatted
from forensics.chef.ruby.interpreter import line_of
from forensics.chef.ruby.libraries import is_shipped
from forensics.chef.ruby.names import OUTSIDE
from forensics.chef.ruby.procs import call_proc
from forensics.chef.ruby.text import to_s
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    BoundMethod,
    RubyArray,
    RubyClass,
    RubyComplex,
    RubyException,
    RubyHash,
    RubyString,
    equal,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.dispatch import Arguments
    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope

    Function = Callable[[Interpreter, Arguments, Node, Scope], Any]

KERNEL: dict[str, Function] = {}
"""By name."""


def _function(*names: str) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        def guarded(interpreter: Interpreter, arguments: Arguments, node: Node, scope: Scope) -> Any:
            try:
                return function(interpreter, arguments, node, scope)
            except UncertainError:
                if arguments.block is not None:
                    raise GiveUpError(interpreter.unknown(node)) from None
                return interpreter.unknown(node)
            except (UnmodelledError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
                if arguments.block is not None:
                    raise GiveUpError(interpreter.unknown(node)) from None
                return interpreter.unmodelled(node)

        for name in names:
            KERNEL[name] = guarded
        return function

    return register


@_function("puts", "print", "warn")
def _print(_interpreter: Interpreter, _arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    return None


@_function("p", "pp")
def _show(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    values = arguments.flat()
    if not values:
        return None
    return values[0] if len(values) == 1 else RubyArray(values)


def _called(interpreter: Interpreter, node: Node) -> str:
    """The name that a call is written with."""
    return interpreter.name_of(node.child_by_field_name("method") or node)


@_function("raise", "fail")
def _raise(interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    from forensics.chef.ruby.exceptions import raised  # noqa: PLC0415 - the two need each other

    values = arguments.positional
    if arguments.keywords is not None:
        raise GiveUpError(interpreter.unknown(node))
    if not values:
        if interpreter.handled:
            raise raised(interpreter.handled[-1])
        raise RubyRaisedError("RuntimeError", "unhandled exception", line_of(node))
    first = values[0]
    if isinstance(first, Unknown):
        raise GiveUpError(interpreter.unknown(node))
    if isinstance(first, RubyString):
        exception = RubyException(BUILTIN["RuntimeError"], first)
    elif isinstance(first, RubyClass):
        if BUILTIN["Exception"] not in first.ancestors():
            raise RubyRaisedError("TypeError", "exception class/object expected", line_of(node))
        if "initialize" in first.methods or "message" in first.methods:
            raise GiveUpError(interpreter.unknown(node))
        exception = RubyException(first, values[1] if len(values) > 1 else _default_message(first, node))
    elif isinstance(first, RubyException):
        exception = first if len(values) == 1 else RubyException(first.ruby_class, values[1])
    else:
        raise RubyRaisedError("TypeError", "exception class/object expected", line_of(node))
    error = raised(exception)
    error.line = line_of(node)
    raise error


def _default_message(ruby_class: RubyClass, node: Node) -> Any:
    return RubyString(ruby_class.name) if ruby_class.builtin else Unknown(ruby_class.name, line_of(node))


@_function("exit")
def _exit(_interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    status = known(arguments.positional[0]) if arguments.positional else True
    code = {True: 0, False: 1}.get(status, status) if isinstance(status, bool) else status
    if type(code) is not int:
        raise UnmodelledError
    raise RubyRaisedError(f"SystemExit({code})", "exit", line_of(node))


@_function("abort")
def _abort(_interpreter: Interpreter, _arguments: Arguments, node: Node, _scope: Scope) -> Any:
    raise RubyRaisedError("SystemExit(1)", "abort", line_of(node))


@_function("exit!")
def _exit_at_once(_interpreter: Interpreter, _arguments: Arguments, node: Node, _scope: Scope) -> Any:
    raise RubyRaisedError("ProcessDied", "exit!", line_of(node))


@_function("format", "sprintf")
def _format(interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    values = arguments.flat()
    text = formatted(to_s(known(values[0])), values[1:])
    interpreter.spend(len(text))
    return RubyString(text)


_INTEGER_TEXT = re.compile(r"\s*([-+]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|0[dD][0-9_]+|[1-9][0-9_]*|0)\s*\Z")
_FLOAT_TEXT = re.compile(r"\s*[-+]?\d(?:_?\d)*(?:\.\d(?:_?\d)*)?(?:[eE][-+]?\d+)?\s*\Z")


@_function("Integer")
def _integer(_interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    value = known(arguments.positional[0])
    if len(arguments.positional) > 1 or arguments.keywords is not None:
        raise UnmodelledError
    if type(value) is int:
        return value
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            raise RubyRaisedError("FloatDomainError", "", line_of(node))
        return int(value)
    if value is None:
        raise RubyRaisedError("TypeError", "can't convert nil into Integer", line_of(node))
    if isinstance(value, RubyString):
        from forensics.chef.ruby.numbers import integer  # noqa: PLC0415

        match = _INTEGER_TEXT.match(value.text)
        if match is None:
            raise RubyRaisedError("ArgumentError", "invalid value for Integer()", line_of(node))
        try:
            number = integer(match[2])
        except RubyRaisedError:
            raise RubyRaisedError("ArgumentError", "invalid value for Integer()", line_of(node)) from None
        return -number if match[1] == "-" else number
    raise UnmodelledError


@_function("Float")
def _float(_interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    value = known(arguments.positional[0])
    if len(arguments.positional) > 1 or arguments.keywords is not None:
        raise UnmodelledError
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        return float(value)
    if value is None:
        raise RubyRaisedError("TypeError", "can't convert nil into Float", line_of(node))
    if isinstance(value, RubyString):
        if _FLOAT_TEXT.match(value.text):
            return float(value.text.replace("_", ""))
        if not re.match(r"\s*[-+]?0[xX]", value.text):
            raise RubyRaisedError("ArgumentError", "invalid value for Float()", line_of(node))
    raise UnmodelledError


@_function("String")
def _string(interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    from forensics.chef.ruby.literal_nodes import text_for  # noqa: PLC0415 - the two need each other

    text = text_for(interpreter, known(arguments.positional[0]), node)
    return text if isinstance(text, Unknown) else RubyString(text)


@_function("Array")
def _array(interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    from forensics.chef.ruby.calls import array_items  # noqa: PLC0415 - the two need each other

    value = known(arguments.flat()[0])
    return value if isinstance(value, RubyArray) else RubyArray(array_items(interpreter, value, node))


@_function("Hash")
def _hash(_interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    value = known(arguments.flat()[0])
    if value is None or (isinstance(value, RubyArray) and not value.items):
        return RubyHash()
    if isinstance(value, RubyHash):
        return value
    raise RubyRaisedError("TypeError", "can't convert into Hash", line_of(node))


@_function("Rational")
def _rational(_interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    numbers = [known(value) for value in arguments.positional]
    if not all(isinstance(number, int | Fraction) and not isinstance(number, bool) for number in numbers):
        raise UnmodelledError
    if len(numbers) > 1 and numbers[1] == 0:
        raise RubyRaisedError("ZeroDivisionError", "divided by 0", line_of(node))
    return Fraction(*numbers)


@_function("Complex")
def _complex(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    numbers = [known(value) for value in arguments.positional]
    if not all(type(number) is int for number in numbers):
        raise UnmodelledError
    return RubyComplex(numbers[0], numbers[1] if len(numbers) > 1 else 0)


@_function("BigDecimal")
def _big_decimal(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    from forensics.chef.ruby.libraries import big_decimal  # noqa: PLC0415

    value = known(arguments.positional[0])
    if not isinstance(value, RubyString) or len(arguments.flat()) != 1:
        raise UnmodelledError
    return big_decimal(value.text)


@_function("lambda")
def _lambda(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    if arguments.block is None:
        raise UnmodelledError
    arguments.block.is_lambda = arguments.block.function is None
    return arguments.block


@_function("proc")
def _proc(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    if arguments.block is None:
        raise UnmodelledError
    return arguments.block


@_function("block_given?")
def _block_given(_interpreter: Interpreter, _arguments: Arguments, _node: Node, scope: Scope) -> Any:
    return scope.frame.block is not None


@_function("loop")
def _loop(interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    if arguments.block is None:
        raise UnmodelledError
    try:
        while True:
            interpreter.spend(64)
            call_proc(interpreter, arguments.block, [])
    except BreakFlow:
        raise
    except RubyRaisedError as error:
        if error.error_class == "StopIteration":
            return interpreter.unknown(node)
        raise


@_function("catch")
def _catch(interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    if arguments.block is None or not arguments.positional:
        raise UnmodelledError
    tag = known(arguments.positional[0])
    try:
        return call_proc(interpreter, arguments.block, [tag])
    except ThrowFlow as flow:
        if equal(flow.target, tag):
            return flow.value
        raise


@_function("throw")
def _throw(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    raise ThrowFlow(arguments.positional[1] if len(arguments.positional) > 1 else None, known(arguments.positional[0]))


@_function("require")
def _require(interpreter: Interpreter, arguments: Arguments, node: Node, _scope: Scope) -> Any:
    name = known(arguments.positional[0])
    if isinstance(name, RubyString) and is_shipped(name.text):
        return interpreter.unknown(node)  # whether it is loaded already is not known
    raise GiveUpError(interpreter.unknown(node))


@_function("require_relative", "load", "eval", "instance_variable_set", "extend", "define_singleton_method", "binding")
def _anything(interpreter: Interpreter, _arguments: Arguments, node: Node, _scope: Scope) -> Any:
    raise GiveUpError(interpreter.unknown(node))


@_function("at_exit")
def _at_exit(_interpreter: Interpreter, arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    if arguments.block is None:
        raise UnmodelledError
    return arguments.block  # runs after the upload


@_function("instance_eval", "instance_exec")
def _instance_eval(interpreter: Interpreter, arguments: Arguments, node: Node, scope: Scope) -> Any:
    if arguments.block is None or arguments.block.function is not None:
        raise GiveUpError(interpreter.unknown(node))
    arguments.block.self_object = scope.frame.self_object
    return call_proc(interpreter, arguments.block, arguments.positional or [scope.frame.self_object])


@_function("send", "public_send", "__send__")
def _send(interpreter: Interpreter, arguments: Arguments, node: Node, scope: Scope) -> Any:
    from forensics.chef.ruby.calls import send  # noqa: PLC0415 - the two need each other

    if isinstance(arguments.positional[0], Unknown):
        raise GiveUpError(interpreter.unknown(node))
    return send(interpreter, scope.frame.self_object, "send", arguments, node, scope)


@_function("method")
def _method(interpreter: Interpreter, arguments: Arguments, node: Node, scope: Scope) -> Any:
    name = to_s(arguments.positional[0])
    exists = interpreter.foreign_code or interpreter.role.has(name)
    exists = exists or name in interpreter.methods or name in KERNEL or name in OUTSIDE
    if scope.frame.self_object is interpreter.role and not exists:
        raise RubyRaisedError("NameError", f"undefined method `{name}'", line_of(node))
    return BoundMethod(scope.frame.self_object, name)


@_function("respond_to?")
def _respond_to(interpreter: Interpreter, arguments: Arguments, _node: Node, scope: Scope) -> Any:
    name = to_s(arguments.positional[0])
    if scope.frame.self_object is not interpreter.role or len(arguments.positional) > 1:
        raise UnmodelledError
    if name in interpreter.methods or interpreter.role.has(name):
        return True
    raise UnmodelledError


@_function("instance_variable_get")
def _instance_variable_get(_interpreter: Interpreter, arguments: Arguments, _node: Node, scope: Scope) -> Any:
    return scope.frame.self_object.instance_variables.get(to_s(arguments.positional[0]))


@_function("class")
def _class(_interpreter: Interpreter, _arguments: Arguments, _node: Node, scope: Scope) -> Any:
    return scope.frame.self_object.ruby_class


@_function("is_a?", "kind_of?")
def _is_a(_interpreter: Interpreter, arguments: Arguments, _node: Node, scope: Scope) -> Any:
    return is_a(scope.frame.self_object, known(arguments.positional[0]))


@_function("nil?")
def _is_nil(_interpreter: Interpreter, _arguments: Arguments, _node: Node, _scope: Scope) -> Any:
    return False


@_function("tap")
def _tap(interpreter: Interpreter, arguments: Arguments, _node: Node, scope: Scope) -> Any:
    if arguments.block is None:
        raise UnmodelledError
    call_proc(interpreter, arguments.block, [scope.frame.self_object])
    return scope.frame.self_object


@_function("then", "yield_self")
def _then(interpreter: Interpreter, arguments: Arguments, _node: Node, scope: Scope) -> Any:
    if arguments.block is None:
        raise UnmodelledError
    return call_proc(interpreter, arguments.block, [scope.frame.self_object])


@_function("itself")
def _itself(_interpreter: Interpreter, _arguments: Arguments, _node: Node, scope: Scope) -> Any:
    return scope.frame.self_object


@_function("freeze", "dup", "clone")
def _copied(interpreter: Interpreter, _arguments: Arguments, node: Node, scope: Scope) -> Any:
    if scope.frame.self_object is interpreter.role:
        raise GiveUpError(interpreter.unknown(node))
    raise UnmodelledError


@_function("attr_accessor", "attr_reader", "attr_writer")
def _attributes(interpreter: Interpreter, arguments: Arguments, node: Node, scope: Scope) -> Any:
    from forensics.chef.ruby.values import RubyMethod  # noqa: PLC0415

    kind = _called(interpreter, node)
    definee = scope.frame.definee
    if definee is None:
        raise RubyRaisedError("NoMethodError", f"undefined method `{kind}'", line_of(node))
    for value in arguments.positional:
        name = to_s(value)
        if kind != "attr_writer":
            definee.methods[name] = RubyMethod(name, None, (), scope, node, reader=f"@{name}")
        if kind != "attr_reader":
            definee.methods[f"{name}="] = RubyMethod(f"{name}=", None, (), scope, node, writer=f"@{name}")
    return None


@_function("private", "public", "protected", "module_function", "private_constant", "private_class_method")
def _visibility(interpreter: Interpreter, _arguments: Arguments, node: Node, scope: Scope) -> Any:
    definee = scope.frame.definee
    if definee is None:
        raise RubyRaisedError("NoMethodError", "undefined method", line_of(node))
    if _called(interpreter, node) == "module_function":
        definee.extended.append(definee)  # its methods can be called on the module itself
    return None


@_function("include", "extend", "prepend")
def _include(interpreter: Interpreter, arguments: Arguments, node: Node, scope: Scope) -> Any:
    definee = scope.frame.definee
    if definee is None:
        raise RubyRaisedError("NoMethodError", "undefined method `include'", line_of(node))
    word = _called(interpreter, node)
    for value in arguments.positional:
        if not isinstance(value, RubyClass) or value.builtin or word == "prepend":
            raise GiveUpError(interpreter.unknown(node))
        (definee.included if word == "include" else definee.extended).append(value)
    return definee


@_function("refine", "using", "define_method", "remove_method", "undef_method", "alias_method", "private_methods")
def _metaprogramming(interpreter: Interpreter, _arguments: Arguments, node: Node, scope: Scope) -> Any:
    if scope.frame.definee is None:
        raise RubyRaisedError("NoMethodError", "undefined method", line_of(node))
    raise GiveUpError(interpreter.unknown(node))
