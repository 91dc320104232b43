"""What a file defines: methods, classes, modules; and ``defined?``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.classes import BUILTIN
from forensics.chef.ruby.constants import ABSENT, constant_named, constant_within
from forensics.chef.ruby.dispatch import find, user_method
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError
from forensics.chef.ruby.interpreter import evaluates, line_of
from forensics.chef.ruby.kernel import KERNEL
from forensics.chef.ruby.names import OUTSIDE
from forensics.chef.ruby.scope import Frame, Scope
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyClass, RubyMethod, RubyObject, RubyString, Symbol

if TYPE_CHECKING:
    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter

_PARAMETERS = frozenset({"method_parameters"})


def _method_of(interpreter: Interpreter, node: Node, scope: Scope) -> RubyMethod:
    name_node = node.child_by_field_name("name")
    if name_node is None:
        raise GiveUpError(interpreter.unknown(node))
    body = node.child_by_field_name("body")
    name = interpreter.name_of(name_node)
    return RubyMethod(name, node.child_by_field_name("parameters"), () if body is None else (body,), scope, node)


@evaluates("method")
def _method(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    method = _method_of(interpreter, node, scope)
    if method.name in {
        "method_missing",
        "respond_to_missing?",
        "to_json",
        "to_h",
        "to_hash",
        "inspect",
        "set_or_return",
    }:
        raise GiveUpError(interpreter.unknown(node))
    definee = scope.frame.definee
    if definee is not None:
        definee.methods[method.name] = method
    elif scope.frame.self_object is interpreter.role or scope.frame.method is not None:
        interpreter.methods[method.name] = method
    else:
        raise GiveUpError(interpreter.unknown(node))
    return Symbol(method.name)


@evaluates("singleton_method")
def _singleton_method(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    target_node = node.child_by_field_name("object")
    target = None if target_node is None else interpreter.evaluate(target_node, scope)
    method = _method_of(interpreter, node, scope)
    if target is interpreter.role:
        if method.name in {"to_json", "to_h", "method_missing"}:
            raise GiveUpError(interpreter.unknown(node))
        interpreter.methods[method.name] = method
    elif isinstance(target, RubyClass):
        if target.builtin:
            raise GiveUpError(interpreter.unknown(node))
        target.singleton[method.name] = method
    elif isinstance(target, RubyObject):
        target.singleton[method.name] = method
    else:
        raise GiveUpError(interpreter.unknown(node))
    return Symbol(method.name)


@evaluates("class", "module")
def _class(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    name_node = node.child_by_field_name("name")
    if name_node is None or name_node.type != "constant":
        raise GiveUpError(interpreter.unknown(node))
    name = interpreter.name_of(name_node)
    is_module = node.type == "module"
    superclass = _superclass(interpreter, node, scope)
    # The file is evaluated within the role's own singleton class: a class of Ruby's name is another one.
    outer = scope.frame.nesting[0].constants if scope.frame.nesting else interpreter.constants
    found = outer.get(name, ABSENT)
    if isinstance(found, RubyClass) and not found.builtin:
        if found.is_module is not is_module or (superclass is not None and superclass is not found.superclass):
            raise RubyRaisedError("TypeError", f"{name} is not a {node.type}", line_of(node))
        made = found
    elif found is not ABSENT:
        raise RubyRaisedError("TypeError", f"{name} is not a {node.type}", line_of(node))
    else:
        made = RubyClass(name, None if is_module else superclass or BUILTIN["Object"], is_module=is_module)
        outer[name] = made
    inner = Frame(made, (made, *scope.frame.nesting), definee=made)
    body = node.child_by_field_name("body")
    return None if body is None else interpreter.evaluate(body, Scope(inner))


def _superclass(interpreter: Interpreter, node: Node, scope: Scope) -> RubyClass | None:
    written = node.child_by_field_name("superclass")
    if written is None:
        return None
    value = interpreter.evaluate(written.named_children[0], scope)
    if not isinstance(value, RubyClass):
        raise GiveUpError(interpreter.unknown(node))
    if value.builtin and value.name not in {"Object", "Struct"} and BUILTIN["Exception"] not in value.ancestors():
        raise GiveUpError(interpreter.unknown(node))
    return value


@evaluates("singleton_class")
def _singleton_class(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    value_node, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    value = None if value_node is None else interpreter.evaluate(value_node, scope)
    if not isinstance(value, RubyClass) or value.builtin:
        raise GiveUpError(interpreter.unknown(node))
    holder = RubyClass("", methods=value.singleton)
    inner = Frame(holder, (value, *scope.frame.nesting), definee=holder)
    return None if body is None else interpreter.evaluate(body, Scope(inner))


@evaluates("alias")
def _alias(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    new_node, old_node = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if new_node is None or old_node is None:
        raise GiveUpError(interpreter.unknown(node))
    new = interpreter.name_of(new_node).removeprefix(":")
    old = interpreter.name_of(old_node).removeprefix(":")
    table = interpreter.methods if scope.frame.definee is None else scope.frame.definee.methods
    if old not in table:
        raise GiveUpError(interpreter.unknown(node))
    table[new] = table[old]
    return None


@evaluates("undef")
def _undef(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    raise GiveUpError(interpreter.unknown(node))


@evaluates("super")
def _super(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    raise GiveUpError(interpreter.unknown(node))


def defined(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    """What ``defined?`` gives.

    Raises:
        UncertainError: it cannot be known.
    """
    while node.type == "parenthesized_statements" and node.named_child_count == 1:
        node = node.named_children[0]
    kind = node.type
    if kind in _CONSTANT_ANSWERS:
        return RubyString(_CONSTANT_ANSWERS[kind])
    if kind == "identifier":
        return _defined_word(interpreter, node, scope)
    if kind == "constant":
        value = constant_named(interpreter, interpreter.name_of(node), scope)
        if value is not ABSENT:
            if isinstance(value, Unknown):
                raise UncertainError(interpreter.unmodelled(node))
            return RubyString("constant")
        return _absent(interpreter, node)
    if kind == "instance_variable":
        variables = getattr(scope.frame.self_object, "instance_variables", {})
        return RubyString("instance-variable") if interpreter.name_of(node) in variables else None
    if kind == "global_variable" and interpreter.name_of(node) in interpreter.globals:
        return RubyString("global-variable")
    if kind == "scope_resolution":
        return _defined_scoped(interpreter, node, scope)
    raise UncertainError(interpreter.unmodelled(node))


_CONSTANT_ANSWERS = {
    "integer": "expression",
    "float": "expression",
    "string": "expression",
    "nil": "expression",
    "true": "expression",
    "false": "expression",
    "self": "self",
    "assignment": "assignment",
    "operator_assignment": "assignment",
}


def _absent(interpreter: Interpreter, node: Node) -> None:
    if interpreter.foreign_code:
        raise UncertainError(interpreter.unmodelled(node))


def _defined_word(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    from forensics.chef.ruby.calls import assigned_before  # noqa: PLC0415 - the two need each other

    name = interpreter.name_of(node)
    if scope.holder(name) is not None or assigned_before(interpreter, node, name):
        return RubyString("local-variable")
    self_object = scope.frame.self_object
    if isinstance(self_object, Unknown):
        raise UncertainError(self_object)
    if (
        user_method(interpreter, self_object, name) is not None
        or find(self_object, name) is not None
        or name in KERNEL
        or name in OUTSIDE
    ):
        return RubyString("method")
    return _absent(interpreter, node)


def _defined_scoped(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    outer, name_node = node.child_by_field_name("scope"), node.child_by_field_name("name")
    if outer is None or name_node is None or defined(interpreter, outer, scope) is None:
        return None
    module = interpreter.evaluate(outer, scope)
    if not isinstance(module, RubyClass):
        raise UncertainError(interpreter.unmodelled(node))
    value = constant_within(interpreter, module, interpreter.name_of(name_node))
    if isinstance(value, Unknown) or (value is ABSENT and module.builtin):
        raise UncertainError(interpreter.unmodelled(node))
    return None if value is ABSENT else RubyString("constant")
