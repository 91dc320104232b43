"""What code that is not evaluated could have changed: all of that is unknown afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.failure import GiveUpError
from forensics.chef.ruby.names import DANGEROUS
from forensics.chef.ruby.values import (
    RubyArray,
    RubyClass,
    RubyHash,
    RubyObject,
    RubyProc,
    RubySet,
    RubyString,
    RunListObject,
    StructObject,
)
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.unknown import Unknown

_JUMPS = frozenset({"return", "break", "next", "redo", "retry", "yield", "super"})
_DEFINITIONS = frozenset({"method", "singleton_method", "class", "module", "singleton_class", "alias", "undef"})
_HARMLESS_CALLS = words(
    """
    puts print p pp warn raise fail exit abort format sprintf lambda proc require sleep rand system Integer Float
    String Array Hash Rational block_given? loop catch
    """
)


def lose(value: Any, unknown: Unknown) -> None:
    """Nothing about the content of this value, and of what it holds, is known any more."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, _LOSABLE) or here.lost is not None:
            continue
        if not (isinstance(here, RubyString | RubyArray | RubyHash) and here.frozen):
            here.lost = unknown
        waiting.extend(_held(here))


_LOSABLE = (RubyString, RubyArray, RubyHash, RubyObject, RunListObject, StructObject, RubySet)


def _held(value: Any) -> list[Any]:
    if isinstance(value, RubyArray):
        return value.items
    if isinstance(value, RubyHash):
        return [item for _, item in value.pairs()]
    if isinstance(value, RubyObject):
        return list(value.instance_variables.values())
    if isinstance(value, RunListObject):
        return [value.array]
    if isinstance(value, StructObject):
        return list(value.values.values())
    return []


def touch_proc(interpreter: Interpreter, block: RubyProc, unknown: Unknown) -> None:
    """A block may have run any number of times, with arguments that are not known."""
    if block.scope is None:
        return
    for node in block.body:
        touch(interpreter, node, block.scope, unknown)


def touch(interpreter: Interpreter, root: Node, scope: Scope, unknown: Unknown) -> None:
    """The code below ``root`` may have run, in whole or in part.

    Raises:
        GiveUpError: it could have changed anything.
    """
    _Toucher(interpreter, scope, unknown).touch(root)


class _Toucher:
    """One look at code that is not evaluated."""

    def __init__(self, interpreter: Interpreter, scope: Scope, unknown: Unknown) -> None:
        self.interpreter = interpreter
        self.scope = scope
        self.unknown = unknown
        self.entered: set[str] = set()

    def touch(self, root: Node) -> None:
        """Look at every node below ``root``."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            kind = node.type
            if kind in _JUMPS and not self._stays_inside(node, root):
                raise GiveUpError(self.unknown)
            if kind in _DEFINITIONS or kind in {"ERROR", "begin_block", "end_block"}:
                raise GiveUpError(self.unknown)
            look = self._looks.get(kind)
            if look is not None:
                look(self, node)
            waiting.extend(node.named_children)

    def _stays_inside(self, node: Node, root: Node) -> bool:
        """Whether a jump ends within the code that is looked at anyway."""
        if node.type not in {"break", "next"}:
            return False
        here = node.parent
        while here is not None and here.id != root.id:
            if here.type in {"while", "until", "for", "while_modifier", "until_modifier", "block", "do_block"}:
                return True
            here = here.parent
        return root.type in {"while", "until", "for", "while_modifier", "until_modifier", "call", "block", "do_block"}

    def _identifier(self, node: Node) -> None:
        name = self.interpreter.name_of(node)
        parent = node.parent
        if parent is not None and parent.type == "call":
            method = parent.child_by_field_name("method")
            if method is not None and method.id == node.id and parent.child_by_field_name("receiver") is not None:
                return
        holder = self.scope.holder(name)
        if holder is not None:
            lose(holder.variables[name], self.unknown)
            return
        self._self_call(name)

    def _self_call(self, name: str) -> None:
        interpreter = self.interpreter
        method = interpreter.methods.get(name)
        if method is not None:
            if name not in self.entered:
                self.entered.add(name)
                for body in method.body:
                    self.touch(body)
            return
        if interpreter.role.touch(name, self.unknown) or name in _HARMLESS_CALLS:
            return
        if name in DANGEROUS or interpreter.foreign_code:
            raise GiveUpError(self.unknown)

    def _variable(self, node: Node) -> None:
        interpreter = self.interpreter
        name = interpreter.name_of(node)
        if node.type == "global_variable":
            lose(interpreter.globals.get(name), self.unknown)
        elif node.type == "instance_variable":
            variables = getattr(self.scope.frame.self_object, "instance_variables", {})
            lose(variables.get(name), self.unknown)
        else:
            value = interpreter.constants.get(name)
            if isinstance(value, RubyClass) and not value.builtin:
                raise GiveUpError(self.unknown)
            lose(value, self.unknown)

    def _assignment(self, node: Node) -> None:
        left = node.child_by_field_name("left") or node.child_by_field_name("pattern")
        if left is None:
            raise GiveUpError(self.unknown)
        self._assigned(left)

    def _assigned(self, node: Node) -> None:
        interpreter = self.interpreter
        kind = node.type
        if kind == "identifier":
            self.scope.assign(interpreter.name_of(node), self.unknown)
        elif kind == "instance_variable":
            variables = getattr(self.scope.frame.self_object, "instance_variables", None)
            if variables is None:
                raise GiveUpError(self.unknown)
            variables[interpreter.name_of(node)] = self.unknown
        elif kind == "global_variable":
            interpreter.globals[interpreter.name_of(node)] = self.unknown
        elif kind == "constant":
            interpreter.constants[interpreter.name_of(node)] = self.unknown
        elif kind in {"left_assignment_list", "destructured_left_assignment", "rest_assignment"}:
            for child in node.named_children:
                self._assigned(child)
        elif kind == "element_reference":
            target = node.child_by_field_name("object")
            if target is None or target.type not in _NAMES:
                # What the object is cannot be told here, but its parts are looked at like any other code.
                return
        elif kind != "call":
            raise GiveUpError(self.unknown)

    def _call(self, node: Node) -> None:
        interpreter = self.interpreter
        method = node.child_by_field_name("method")
        name = "call" if method is None else interpreter.name_of(method)
        receiver = node.child_by_field_name("receiver")
        if name in DANGEROUS or name.endswith(("_eval", "_exec")) or name in {"send", "public_send", "__send__"}:
            raise GiveUpError(self.unknown)
        constant = method is not None and method.type == "constant" and receiver is None
        if constant or (receiver is not None and receiver.type == "self"):
            self._self_call(name)

    def _pattern(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "identifier":
                self._assigned(child)
            elif child.named_child_count and child.type not in {"call", "argument_list"}:
                self._pattern(child)

    def _exception_variable(self, node: Node) -> None:
        for child in node.named_children:
            self._assigned(child)

    def _for(self, node: Node) -> None:
        pattern = node.child_by_field_name("pattern")
        if pattern is not None:
            self._assigned(pattern)

    _looks = {  # noqa: RUF012 - a constant
        "identifier": _identifier,
        "instance_variable": _variable,
        "global_variable": _variable,
        "constant": _variable,
        "assignment": _assignment,
        "operator_assignment": _assignment,
        "call": _call,
        "for": _for,
        "exception_variable": _exception_variable,
        "in_clause": _pattern,
        "match_pattern": _pattern,
        "test_pattern": _pattern,
    }


_NAMES = frozenset({"identifier", "instance_variable", "global_variable", "constant"})
