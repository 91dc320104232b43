"""From a receiver and a name to the method, and what its call gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.classes import BUILTIN, class_of
from forensics.chef.ruby.core_names import is_listed, may_have
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.names import CHANGING, is_ruby_method
from forensics.chef.ruby.touch import lose, touch_proc
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    RubyClass,
    RubyException,
    RubyHash,
    RubyObject,
    RubyProc,
    StructObject,
    check_frozen,
    known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.values import RubyMethod

    Builtin = tuple[Callable[["Call"], Any], int, int]
    Table = dict[str, Builtin]

ANY = 1 << 30
"""As many arguments as one likes."""


@dataclass(slots=True, eq=False)
class Arguments:
    """What a call passes."""

    positional: list[Any] = field(default_factory=list)
    keywords: RubyHash | None = None
    block: RubyProc | None = None

    def flat(self) -> list[Any]:
        """The arguments as a method without keyword parameters sees them: keywords are one last hash."""
        if self.keywords is None:
            return self.positional
        return [*self.positional, RubyHash(dict(self.keywords.entries), lost=self.keywords.lost)]


@dataclass(slots=True, eq=False)
class Call:
    """A call of a modelled method."""

    interpreter: Interpreter
    receiver: Any
    name: str
    arguments: list[Any]
    block: RubyProc | None
    node: Node
    keywords: RubyHash | None = None

    def argument(self, index: int, default: Any = None) -> Any:
        """One argument, or the default."""
        return self.arguments[index] if index < len(self.arguments) else default

    def known_argument(self, index: int = 0) -> Any:
        """One argument, which has to be known."""
        return known(self.arguments[index])

    def give(self, *values: Any) -> Any:
        """Call the block.

        Raises:
            UnmodelledError: there is none.
        """
        from forensics.chef.ruby.procs import call_proc  # noqa: PLC0415 - the two need each other

        if self.block is None:
            raise UnmodelledError
        return call_proc(self.interpreter, self.block, list(values))

    def send(self, receiver: Any, name: str, *arguments: Any) -> Any:
        """Call a method of another value."""
        return invoke(self.interpreter, receiver, name, Arguments(list(arguments)), self.node)


def builtin(table: Table, *names: str, least: int = 0, most: int | None = None) -> Callable[[Any], Any]:
    """Register a modelled method under its names, with how many arguments of it are modelled."""

    def register(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        for name in names:
            table[name] = (function, least, least if most is None else most)
        return function

    return register


TABLES: dict[type, tuple[Table, ...]] = {}
"""The modelled methods of each kind of value, the most special first."""

CLASS_TABLES: dict[str, Table] = {}
"""The modelled methods of Ruby's classes themselves, by the name of the class."""
_NONE: Table = {}

# What goes wrong inside a modelled method for values that it does not expect: the result is unknown.
_UNEXPECTED = (UnmodelledError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError)


def invoke(interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node) -> Any:
    """Call a method on a value."""
    if isinstance(receiver, Unknown) or getattr(receiver, "lost", None) is not None:
        return _on_unknown(interpreter, receiver, name, arguments, node)
    method = user_method(interpreter, receiver, name)
    if method is not None:
        from forensics.chef.ruby.procs import call_method  # noqa: PLC0415 - the two need each other

        return call_method(interpreter, receiver, method, arguments)
    if is_member(receiver, name):
        return _struct_member(receiver, name, arguments)
    entry = find(receiver, name)
    if entry is not None:
        return run(interpreter, entry, receiver, name, arguments, node)
    return missing(interpreter, receiver, name, arguments, node)


def is_member(receiver: Any, name: str) -> bool:
    """Whether a name reads or writes a member of a Struct object."""
    return isinstance(receiver, StructObject) and name.removesuffix("=") in receiver.values


def _struct_member(receiver: StructObject, name: str, arguments: Arguments) -> Any:
    if name.endswith("="):
        check_frozen(receiver)
        receiver.values[name[:-1]] = arguments.positional[0]
        return arguments.positional[0]
    return receiver.values[name]


def find(receiver: Any, name: str) -> Builtin | None:
    """The modelled method of a value."""
    if isinstance(receiver, RubyClass):
        for ancestor in receiver.ancestors():
            entry = CLASS_TABLES.get(ancestor.name, _NONE).get(name)
            if entry is not None:
                return entry
    if isinstance(receiver, float | Fraction) and not may_have(class_of(receiver).name, name):
        return None  # they share the table of integers
    for table in TABLES.get(type(receiver), ()):
        entry = table.get(name)
        if entry is not None:
            return entry
    return None


def run(interpreter: Interpreter, entry: Builtin, receiver: Any, name: str, arguments: Arguments, node: Node) -> Any:
    """Call a modelled method; where its model ends, the result is unknown, and so is what it may have changed."""
    function, least, most = entry
    flat = arguments.flat()
    try:
        if not least <= len(flat) <= most:
            raise UnmodelledError
        return function(Call(interpreter, receiver, name, flat, arguments.block, node, arguments.keywords))
    except UncertainError:
        return _beyond_model(interpreter, receiver, name, arguments, interpreter.unknown(node))
    except _UNEXPECTED:
        return _beyond_model(interpreter, receiver, name, arguments, interpreter.unmodelled(node))


def _beyond_model(interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, unknown: Unknown) -> Any:
    if arguments.block is not None:
        touch_proc(interpreter, arguments.block, unknown)
        lose(receiver, unknown)
    elif name in CHANGING or name.endswith("!"):
        lose(receiver, unknown)
    return unknown


def _on_unknown(interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node) -> Any:
    unknown = interpreter.unknown(node)
    if arguments.block is not None:
        touch_proc(interpreter, arguments.block, unknown)
    for argument in arguments.flat():
        if not is_ruby_method(name):
            lose(argument, unknown)
    if not isinstance(receiver, Unknown):
        lose(receiver, unknown)
    return unknown


def missing(interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node) -> Any:
    """A method that is not modelled: unknown if Ruby has it, else NoMethodError."""
    if (
        _exists(receiver, name)
        or interpreter.foreign_code
        or user_method(interpreter, receiver, "method_missing") is not None
        or (isinstance(receiver, RubyClass) and receiver.builtin)
        or not _is_core(receiver)
    ):
        outside = isinstance(receiver, RubyClass) or interpreter.foreign_code
        unknown = interpreter.unknown(node) if outside else interpreter.unmodelled(node)
        if name in {"instance_eval", "class_eval", "module_eval", "instance_exec", "class_exec", "eval"}:
            raise GiveUpError(unknown)
        if arguments.block is not None:
            touch_proc(interpreter, arguments.block, unknown)
        lose(receiver, unknown)
        for argument in arguments.flat():
            lose(argument, unknown)
        return unknown
    raise RubyRaisedError("NoMethodError", f"undefined method `{name}' for {class_of(receiver).name}")


def _exists(receiver: Any, name: str) -> bool:
    class_name = class_of(receiver).name
    return may_have(class_name, name) if is_listed(class_name) else is_ruby_method(name)


def _is_core(receiver: Any) -> bool:
    """Whether all methods of the value are known by name."""
    return type(receiver) in TABLES or isinstance(receiver, RubyObject)


def user_method(interpreter: Interpreter, receiver: Any, name: str) -> RubyMethod | None:
    """The method of this name that the file defines for the value."""
    if receiver is interpreter.role:
        return interpreter.methods.get(name)
    if isinstance(receiver, RubyClass):
        return _class_method(receiver, name)
    if isinstance(receiver, RubyObject) and name in receiver.singleton:
        return receiver.singleton[name]
    if not isinstance(receiver, RubyObject | StructObject | RubyException):
        return None
    for ruby_class in receiver.ruby_class.ancestors():
        if name in ruby_class.methods:
            return ruby_class.methods[name]
    return None


def _class_method(ruby_class: RubyClass, name: str) -> RubyMethod | None:
    here: RubyClass | None = ruby_class
    while here is not None:
        if name in here.singleton:
            return here.singleton[name]
        for module in reversed(here.extended):
            for ancestor in module.ancestors():
                if name in ancestor.methods:
                    return ancestor.methods[name]
        here = here.superclass
    return None


def builtin_class(name: str) -> RubyClass:
    """A class of Ruby's by its name."""
    return BUILTIN[name]
