"""Evaluate a file that is not plain literals: check its syntax, run through its statements, read off the object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.chef.objects import Kind, unresolved_in

# Modules that register what they evaluate or model when they are imported.
from forensics.chef.ruby import (  # noqa: F401
    array_methods,
    assignments,
    calls,
    collection_methods,
    control,
    dsl,
    functions,
    hash_methods,
    literal_nodes,
    scalars,
    strings,
)
from forensics.chef.ruby.failure import ExhaustedError, GiveUpError, RubyRaisedError
from forensics.chef.ruby.interpreter import Interpreter
from forensics.chef.ruby.jumps import BreakFlow, NextFlow, ReturnFlow
from forensics.chef.ruby.output import object_of
from forensics.chef.ruby.source import frozen_literals
from forensics.chef.ruby.syntax import check_syntax
from forensics.chef.ruby.unknown import UnknownValue
from forensics.chef.ruby.values import EnvironmentObject, RoleObject

if TYPE_CHECKING:
    from forensics.chef.objects import Environment, Role
    from forensics.chef.ruby.source import RubySource


def evaluate(kind: Kind, source: RubySource, path: str, chef: str) -> Role | Environment:
    """What Chef makes of the file.

    Raises:
        RubyRaisedError: Chef refuses it.
        GiveUpError: nothing about it can be known.
    """
    role = RoleObject() if kind is Kind.ROLE else EnvironmentObject()
    interpreter = Interpreter(source, role, path=path, chef=chef, frozen_literals=frozen_literals(source.text))
    try:
        _check_syntax(source)
        if source.foreign:
            _check_foreign(source)
        _run(interpreter)
        made = object_of(interpreter, foreign=source.foreign)
    except ExhaustedError:
        raise GiveUpError(_first_line(source)) from None
    except RubyRaisedError:
        if interpreter.doubt is not None:  # Ruby might have raised something else before
            raise GiveUpError(interpreter.doubt) from None
        raise
    if interpreter.doubt is not None and not any(unresolved_in([getattr(made, name) for name in made.__slots__])):
        raise GiveUpError(interpreter.doubt)
    return made


# with a local variable in front, each of these is an operator to Ruby, and may be the begin of a literal to the grammar
_EITHER_WAY = re.compile(rb"[a-z_]\w* (?:[/?]\S|%[^\s=]|<<[A-Z\"'~-])")


def _check_syntax(source: RubySource) -> None:
    """Refuse what Ruby's parser refuses, where the grammar reads the file as Ruby does.

    Raises:
        RubyRaisedError: a SyntaxError.
        GiveUpError: it depends on what is a variable.
    """
    try:
        check_syntax(source)
    except RubyRaisedError:
        if _EITHER_WAY.search(source.text):
            raise GiveUpError(_first_line(source)) from None
        raise


def _check_foreign(source: RubySource) -> None:
    """Text in another encoding is only passed on: what methods make of it is not modelled."""
    waiting = [source.root]
    while waiting:
        node = waiting.pop()
        if node.type in {"interpolation", "binary", "method"} or node.child_by_field_name("receiver") is not None:
            raise GiveUpError(_first_line(source))
        waiting.extend(node.named_children)


def _first_line(source: RubySource) -> UnknownValue:
    return UnknownValue(source.literals.strip().partition(b"\n")[0].decode("utf-8", "replace"), 1)


def _run(interpreter: Interpreter) -> None:
    try:
        interpreter.statements(interpreter.root.named_children, interpreter.top)
    except ReturnFlow:
        return
    except (BreakFlow, NextFlow):
        raise RubyRaisedError("LocalJumpError", "a jump out of a block that is no longer there") from None
