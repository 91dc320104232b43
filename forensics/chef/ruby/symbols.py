"""Methods of Symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.comparison import spaceship
from forensics.chef.ruby.dispatch import TABLES, builtin
from forensics.chef.ruby.object_methods import COMPARABLE, OBJECT
from forensics.chef.ruby.strings import STRING
from forensics.chef.ruby.values import RubyString, Symbol, equal

if TYPE_CHECKING:
    from forensics.chef.ruby.dispatch import Call, Table

SYMBOL: Table = {}


@builtin(SYMBOL, "to_s", "name", "id2name")
def _symbol_to_s(call: Call) -> Any:
    return RubyString(call.receiver.name, frozen=call.name == "name")


@builtin(SYMBOL, "to_sym")
def _symbol_to_sym(call: Call) -> Any:
    return call.receiver


@builtin(SYMBOL, "to_proc")
def _symbol_to_proc(call: Call) -> Any:
    from forensics.chef.ruby.calls import symbol_proc  # noqa: PLC0415 - the two need each other

    return symbol_proc(call.interpreter, call.receiver.name, call.node)


@builtin(SYMBOL, "==", "===", "eql?", "equal?", least=1)
def _symbol_equals(call: Call) -> Any:
    return equal(call.receiver, call.arguments[0])


@builtin(SYMBOL, "<=>", least=1)
def _symbol_spaceship(call: Call) -> Any:
    return spaceship(call.receiver, call.arguments[0])


def _as_string(*names: str, symbol: bool) -> None:
    for name in names:

        @builtin(SYMBOL, name, most=2)
        def apply(call: Call) -> Any:
            call.receiver = RubyString(call.receiver.name)
            entry = STRING[call.name]
            made = entry[0](call)
            return Symbol(made.text) if symbol else made


_as_string("upcase", "downcase", "capitalize", "swapcase", "succ", symbol=True)
_as_string("length", "size", "[]", "empty?", "start_with?", "end_with?", "=~", "match?", symbol=False)


@builtin(SYMBOL, "inspect")
def _symbol_inspect(call: Call) -> Any:
    from forensics.chef.ruby.text import inspect  # noqa: PLC0415

    return RubyString(inspect(call.receiver))


TABLES[Symbol] = (SYMBOL, COMPARABLE, OBJECT)
