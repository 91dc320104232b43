"""Evaluate a file that is not plain literals: check its syntax, run through its statements, read off the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.objects import Kind

# Modules that register what they evaluate or model when they are imported.
from forensics.chef.ruby import (  # noqa: F401
    arrays,
    assignments,
    calls,
    class_methods,
    control,
    definitions,
    enumerators,
    hashes,
    literal_nodes,
    numeric_methods,
    ranges,
    regexps,
    sets_and_structs,
    strings,
    symbols,
)
from forensics.chef.ruby.dsl import EnvironmentObject, RoleObject
from forensics.chef.ruby.failure import (
    BreakFlow,
    ControlFlowError,
    ExhaustedError,
    GiveUpError,
    ReturnFlow,
    RubyRaisedError,
    ThrowFlow,
    UncertainError,
    UnmodelledError,
)
from forensics.chef.ruby.interpreter import Interpreter
from forensics.chef.ruby.output import holds_unresolved, object_of
from forensics.chef.ruby.source import frozen_literals
from forensics.chef.ruby.syntax import check_syntax
from forensics.chef.ruby.unknown import Unknown

if TYPE_CHECKING:
    from forensics.chef.objects import Environment, Role
    from forensics.chef.ruby.dsl import DslObject
    from forensics.chef.ruby.source import Source


def evaluate(kind: Kind, source: Source, path: str, chef: str) -> Role | Environment:
    """What Chef makes of the file.

    Raises:
        RubyRaisedError: Chef refuses it.
        GiveUpError: nothing about it can be known.
    """
    role: DslObject = RoleObject() if kind is Kind.ROLE else EnvironmentObject()
    interpreter = Interpreter(source, role, path=path, chef=chef, frozen_literals=frozen_literals(source.text))
    try:
        check_syntax(source)
        if source.foreign:
            _check_foreign(source)
        _run(interpreter)
        made = object_of(role, chef, foreign=source.foreign)
        if interpreter.doubt is not None and not holds_unresolved(made):
            raise GiveUpError(interpreter.doubt)
        return made  # noqa: TRY300 - an else would hide what is returned
    except _BEYOND:
        raise GiveUpError(Unknown(_first_line(source), 1)) from None


_BEYOND = (
    ExhaustedError,
    UncertainError,
    UnmodelledError,
    RecursionError,
    MemoryError,
    # What a form of the tree that nobody thought of leads to; better unresolved than a crash.
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
)


def _check_foreign(source: Source) -> None:
    """Text in another encoding is only passed on: what methods make of it is not modelled."""
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        if node.type in {"interpolation", "binary", "method"} or node.child_by_field_name("receiver") is not None:
            raise GiveUpError(Unknown(_first_line(source), 1))
        waiting.extend(node.named_children)


def _first_line(source: Source) -> str:
    return source.literals.strip().partition(b"\n")[0].decode("utf-8", "replace")


def _run(interpreter: Interpreter) -> None:
    nodes = interpreter.root.named_children
    scope = interpreter.top
    try:
        for node in nodes:
            if node.type == "begin_block":
                interpreter.statements(node.named_children, scope)
        interpreter.statements(nodes, scope)
    except ReturnFlow:
        return
    except ThrowFlow:
        raise RubyRaisedError("UncaughtThrowError", "uncaught throw") from None
    except BreakFlow:
        raise RubyRaisedError("LocalJumpError", "break from proc-closure") from None
    except ControlFlowError:
        raise GiveUpError(Unknown(_text(interpreter), 1)) from None


def _text(interpreter: Interpreter) -> str:
    return interpreter.literals.strip().partition(b"\n")[0].decode("utf-8", "replace")
