"""From a receiver and a name to the method, and what its call gives.

What the table of modelled methods lacks is unknown: it may have changed its receiver and its arguments, and its block
may run at any time. Only a name that no value has is certain to be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.effects import field_set_by, spoil, spoil_field
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.jumps import BreakFlow
from forensics.chef.ruby.methods import METHODS, Call
from forensics.chef.ruby.names import FUNCTIONS, HARMLESS_FUNCTIONS, NIL_METHODS, PERILOUS_CALLS, VALUE_METHODS
from forensics.chef.ruby.unknown import OutsideConstant
from forensics.chef.ruby.values import DslObject, RubyArray, RubyHash, RubyString, lose, unknown_part
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.methods import Arguments, Method
    from forensics.chef.ruby.state import EvaluationState
    from forensics.chef.ruby.unknown import UnknownValue
    from forensics.chef.ruby.values import RubyValue

_KEEPING_NOTHING = frozenset({"File", "Dir", "IO", "FileTest"})
"""What the methods of these classes give holds nothing of their arguments."""
_LOADING = frozenset({"require", "require_relative", "autoload"})
"""What brings in code of which nothing is known, whoever is asked to."""
_KEEPING_BLOCKS = frozenset({"at_exit", "lambda", "proc", "trap"})
_OPERATORS = words("+ - * / % ** == != < > <= >= <=> =~ !~ ===")


def invoke(state: EvaluationState, receiver: RubyValue, name: str, arguments: Arguments, node: Node) -> RubyValue:
    """Call a method on a value.

    Raises:
        RubyRaisedError: Ruby refuses it.
        GiveUpError: it could change anything.
    """
    if isinstance(receiver, DslObject):
        return call_function(state, name, arguments, node)
    found = METHODS.get((type(receiver), name))
    of_class = isinstance(receiver, OutsideConstant) and found is not None and arguments.block is None
    if unknown_part(receiver) is not None and not of_class:
        return _of_unknown(state, receiver, name, arguments, node)
    if found is not None:
        return _run(state, found, receiver, name, arguments, node)
    existing = NIL_METHODS if receiver is None else VALUE_METHODS
    if name not in existing and not state.foreign_code:
        raise RubyRaisedError("NoMethodError", f"undefined method `{name}'")
    return _of_unknown(state, receiver, name, arguments, node, unmodelled=True)


def call_function(
    state: EvaluationState, name: str, arguments: Arguments, node: Node, *, bare: bool = False
) -> RubyValue:
    """Call a method of the role itself: Chef's DSL, then Ruby's own functions; raises as ``invoke``.

    ``bare``: it is called by a word alone, which may as well be a variable.
    """
    found = METHODS.get((type(state.role), name))
    if found is not None:
        return _run(state, found, state.role, name, arguments, node)
    if name in HARMLESS_FUNCTIONS or (state.foreign_code and name not in FUNCTIONS):
        looping = arguments.block is not None and name not in _KEEPING_BLOCKS  # it might not come back
        unknown = state.unmodelled(node) if looping else state.unknown(node)
        _spoil_arguments(state, arguments, unknown)
        return unknown
    if name in FUNCTIONS:
        raise GiveUpError(state.unknown(node))
    if bare:
        raise RubyRaisedError("NameError", f"undefined local variable or method `{name}'")
    raise RubyRaisedError("NoMethodError", f"undefined method `{name}'")


def _run(
    state: EvaluationState, found: Method, receiver: RubyValue, name: str, arguments: Arguments, node: Node
) -> RubyValue:
    """Call a modelled method; where its model ends, the result is unknown, and so is what it may have changed."""
    values, block = arguments.flat(), arguments.block
    try:
        found.check(values, block)
        call = Call(state, receiver, name, values, block, node)
        call.spend()
        return found.function(call) if block is None else _walked(found, call)
    except UncertainError:
        unknown = state.unknown(node)
    except UnmodelledError:
        unknown = state.unmodelled(node)
    if block is not None and block.scope is not None:
        spoil(state, block.nodes, block.scope, unknown)
    if isinstance(receiver, DslObject):
        field = field_set_by(receiver, name)
        if field is not None:
            spoil_field(receiver, name, field, unknown)
    elif block is not None or not found.fresh:
        lose(receiver, unknown)
    if block is not None or not found.fresh:
        for value in values:
            lose(value, unknown)
    return unknown


def _walked(found: Method, call: Call[RubyValue]) -> RubyValue:
    """What a method with a block gives, if the block leaves alone what is walked."""
    before = _contents(call.receiver)
    try:
        result = found.function(call)
    except BreakFlow:
        _check_unchanged(call.receiver, before)
        raise
    _check_unchanged(call.receiver, before)
    return result


def _contents(receiver: RubyValue) -> tuple[object, ...]:
    """What a collection consists of."""
    if isinstance(receiver, RubyArray):
        return tuple(receiver.items)
    return tuple(part for pair in receiver.pairs() for part in pair) if isinstance(receiver, RubyHash) else ()


def _check_unchanged(receiver: RubyValue, before: tuple[object, ...]) -> None:
    """Give up on a block that changed what was walked: Ruby goes on with the collection as it is by then.

    Raises:
        UnmodelledError: it did.
    """
    now = _contents(receiver)
    if before and (len(now) != len(before) or any(new is not old for new, old in zip(now, before, strict=True))):
        raise UnmodelledError


def _of_unknown(
    state: EvaluationState,
    receiver: RubyValue,
    name: str,
    arguments: Arguments,
    node: Node,
    *,
    unmodelled: bool = False,
) -> RubyValue:
    unknown = state.unmodelled(node) if unmodelled else state.unknown(node)
    loading = isinstance(receiver, OutsideConstant) and (
        name in _LOADING or (receiver.name, name) == ("Kernel", "load")
    )
    if name in PERILOUS_CALLS or loading:
        raise GiveUpError(unknown)
    lose(receiver, unknown)
    keeping_nothing = isinstance(receiver, OutsideConstant) and receiver.name in _KEEPING_NOTHING
    _spoil_arguments(state, arguments, unknown, texts=not keeping_nothing and name not in _OPERATORS)
    return unknown


def _spoil_arguments(
    state: EvaluationState, arguments: Arguments, unknown: UnknownValue, *, texts: bool = True
) -> None:
    block = arguments.block
    if block is not None and block.scope is not None:
        spoil(state, block.nodes, block.scope, unknown, later=True)
    for value in arguments.flat():
        if texts or not isinstance(value, RubyString):
            lose(value, unknown)
