"""Variables and constants: reading and assigning them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.calls import add_arguments, array_items, send
from forensics.chef.ruby.constants import ABSENT, constant_named, constant_within
from forensics.chef.ruby.dispatch import Arguments, invoke
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError
from forensics.chef.ruby.interpreter import evaluates, line_of
from forensics.chef.ruby.touch import lose
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyArray, RubyClass, RubyObject, known, truthy
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope


def _field(node: Node, name: str) -> Node:
    child = node.child_by_field_name(name)
    if child is None:
        raise UncertainError(Unknown("", line_of(node)))
    return child


@evaluates("assignment")
def _assignment(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    left, right = _field(node, "left"), _field(node, "right")
    if left.type == "identifier":
        holder = scope.holder(interpreter.name_of(left))
        if holder is None:
            scope.variables[interpreter.name_of(left)] = None  # x = x is nil
    elif left.type == "left_assignment_list":
        _declare(interpreter, left, scope)
    if right.type == "splat_argument":
        value: Any = RubyArray(_splat(interpreter, right, scope))
    else:
        value = interpreter.evaluate(right, scope)
    if left.type == "left_assignment_list":
        _assign_several(interpreter, left, value, scope)
    else:
        assign(interpreter, left, value, scope)
    return value


def _declare(interpreter: Interpreter, node: Node, scope: Scope) -> None:
    for child in node.named_children:
        if child.type == "identifier" and scope.holder(interpreter.name_of(child)) is None:
            scope.variables[interpreter.name_of(child)] = None
        elif child.type in {"destructured_left_assignment", "rest_assignment"}:
            _declare(interpreter, child, scope)


def _splat(interpreter: Interpreter, node: Node, scope: Scope) -> list[Any]:
    value = known(interpreter.evaluate(node.named_children[0], scope))
    return array_items(interpreter, value, node)


def assign(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    """Give what stands to the left of ``=`` its value."""
    assigner = _ASSIGNERS.get(left.type)
    if assigner is None:
        raise GiveUpError(interpreter.unknown(left))
    assigner(interpreter, left, value, scope)


def _to_local(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    scope.assign(interpreter.name_of(left), value)


def _to_instance_variable(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    variables = getattr(scope.frame.self_object, "instance_variables", None)
    if variables is None:
        raise GiveUpError(interpreter.unknown(left))
    variables[interpreter.name_of(left)] = value


def _to_global(interpreter: Interpreter, left: Node, value: Any, _scope: Scope) -> None:
    name = interpreter.name_of(left)
    if not name[1:].isidentifier() or name in _SPECIAL_GLOBALS:
        raise GiveUpError(interpreter.unknown(left))
    interpreter.globals[name] = value


_SPECIAL_GLOBALS = words(
    """
    $stdout $stderr $stdin $PROGRAM_NAME $LOAD_PATH $LOADED_FEATURES $VERBOSE $DEBUG $FILENAME $DEFAULT_INPUT
    $DEFAULT_OUTPUT $_
    """
)


def _to_class_variable(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    if not scope.frame.nesting:
        raise GiveUpError(interpreter.unknown(left))
    scope.frame.nesting[0].class_variables[interpreter.name_of(left)] = value


def _to_constant(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    name = interpreter.name_of(left)
    if isinstance(value, RubyClass) and not value.name:
        value.name = "::".join([*(module.name for module in scope.frame.nesting[:1]), name])
    if scope.frame.nesting:
        scope.frame.nesting[0].constants[name] = value
    else:
        interpreter.constants[name] = value


def _to_scoped_constant(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    module_node = left.child_by_field_name("scope")
    module = None if module_node is None else interpreter.evaluate(module_node, scope)
    if not isinstance(module, RubyClass) or module.builtin:
        raise GiveUpError(interpreter.unknown(left))
    module.constants[interpreter.name_of(_field(left, "name"))] = value


def _to_element(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    receiver, arguments = _element(interpreter, left, scope)
    invoke(interpreter, receiver, "[]=", Arguments([*arguments.flat(), value]), left)


def _element(interpreter: Interpreter, node: Node, scope: Scope) -> tuple[Any, Arguments]:
    target = _field(node, "object")
    receiver = interpreter.evaluate(target, scope)
    made = Arguments()
    _add_indexes(interpreter, node, target, scope, made)
    return receiver, made


def _add_indexes(interpreter: Interpreter, node: Node, target: Node, scope: Scope, made: Arguments) -> None:
    class _Indexes:
        """The part of an element reference that is like an argument list."""

        named_children = tuple(
            child for child in node.named_children if child.id != target.id and child.type not in {"block", "do_block"}
        )

    add_arguments(interpreter, _Indexes, scope, made)  # type: ignore[arg-type]


def _to_attribute(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    receiver_node = left.child_by_field_name("receiver")
    if receiver_node is None or left.child_by_field_name("arguments") is not None:
        raise GiveUpError(interpreter.unknown(left))
    receiver = interpreter.evaluate(receiver_node, scope)
    operator = left.child_by_field_name("operator")
    if receiver is None and operator is not None and operator.type == "&.":
        return
    name = interpreter.name_of(_field(left, "method")) + "="
    _send(interpreter, receiver, name, Arguments([value]), left, scope)


def _send(interpreter: Interpreter, receiver: Any, name: str, arguments: Arguments, node: Node, scope: Scope) -> Any:
    try:
        return send(interpreter, receiver, name, arguments, node, scope)
    except RubyRaisedError as error:
        if error.line is None:
            error.line = line_of(node)
        raise


def _assign_several(interpreter: Interpreter, left: Node, value: Any, scope: Scope) -> None:
    targets = [child for child in left.named_children if child.type != "comment"]
    if isinstance(value, Unknown) or getattr(value, "lost", None) is not None:
        lose(value, interpreter.unknown(left))
        for target in targets:
            _assign_unknown(interpreter, target, scope)
        return
    items = value.items if isinstance(value, RubyArray) else [value]
    rest = next((index for index, target in enumerate(targets) if target.type == "rest_assignment"), None)
    after = 0 if rest is None else len(targets) - rest - 1
    for index, target in enumerate(targets):
        if rest is not None and index == rest:
            taken: Any = RubyArray(items[index : max(index, len(items) - after)])
            if target.named_children:
                assign(interpreter, target.named_children[0], taken, scope)
            continue
        place = index if rest is None or index < rest else max(rest, len(items) - after) + index - rest - 1
        item = items[place] if place < len(items) else None
        if target.type == "destructured_left_assignment":
            _assign_several(interpreter, target, item, scope)
        else:
            assign(interpreter, target, item, scope)


def _assign_unknown(interpreter: Interpreter, target: Node, scope: Scope) -> None:
    if target.type in {"rest_assignment", "destructured_left_assignment"}:
        for child in target.named_children:
            _assign_unknown(interpreter, child, scope)
    else:
        assign(interpreter, target, interpreter.unknown(target), scope)


_ASSIGNERS: dict[str, Callable[[Interpreter, Node, Any, Scope], None]] = {
    "identifier": _to_local,
    "instance_variable": _to_instance_variable,
    "global_variable": _to_global,
    "class_variable": _to_class_variable,
    "constant": _to_constant,
    "scope_resolution": _to_scoped_constant,
    "element_reference": _to_element,
    "call": _to_attribute,
}


@evaluates("operator_assignment")
def _operator_assignment(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    left, right = _field(node, "left"), _field(node, "right")
    operator = _field(node, "operator").type[:-1]
    read, write = _place(interpreter, left, scope)
    current = read(operator == "||")
    if operator in {"||", "&&"}:
        if truthy(current) == (operator == "||"):
            return current
        value = interpreter.evaluate(right, scope)
    else:
        value = invoke(interpreter, current, operator, Arguments([interpreter.evaluate(right, scope)]), node)
    write(value)
    return value


def _place(interpreter: Interpreter, left: Node, scope: Scope) -> tuple[Callable[[bool], Any], Callable[[Any], None]]:
    """How to read and how to write what stands to the left; its own parts are evaluated once."""
    kind = left.type
    if kind == "element_reference":
        receiver, arguments = _element(interpreter, left, scope)
        return (
            lambda _lenient: invoke(interpreter, receiver, "[]", Arguments(list(arguments.flat())), left),
            lambda value: invoke(interpreter, receiver, "[]=", Arguments([*arguments.flat(), value]), left),
        )
    if kind == "call":
        receiver_node = left.child_by_field_name("receiver")
        if receiver_node is None:
            raise GiveUpError(interpreter.unknown(left))
        target = interpreter.evaluate(receiver_node, scope)
        name = interpreter.name_of(_field(left, "method"))
        return (
            lambda _lenient: _send(interpreter, target, name, Arguments(), left, scope),
            lambda value: _send(interpreter, target, name + "=", Arguments([value]), left, scope),
        )
    if kind == "identifier":
        name = interpreter.name_of(left)
        if scope.holder(name) is None:
            scope.variables[name] = None
    return (
        lambda lenient: _lenient_read(interpreter, left, scope) if lenient else interpreter.evaluate(left, scope),
        lambda value: assign(interpreter, left, value, scope),
    )


def _lenient_read(interpreter: Interpreter, left: Node, scope: Scope) -> Any:
    """A constant that is not there yet counts as nil for ``||=``."""
    if left.type == "constant" and constant_named(interpreter, interpreter.name_of(left), scope) is ABSENT:
        return None
    return interpreter.evaluate(left, scope)


@evaluates("instance_variable")
def _instance_variable(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    self_object = scope.frame.self_object
    if isinstance(self_object, Unknown):
        return interpreter.unknown(node)
    if isinstance(self_object, RubyObject):
        known(self_object)
    variables = getattr(self_object, "instance_variables", None)
    if variables is None:
        return interpreter.unknown(node)
    return variables.get(interpreter.name_of(node))


@evaluates("global_variable")
def _global_variable(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    name = interpreter.name_of(node)
    if name in interpreter.globals:
        return interpreter.globals[name]
    if name == "$!" and interpreter.handled:
        return interpreter.handled[-1]
    if name[1:].isidentifier() and name not in _SPECIAL_GLOBALS and not name[1:].isupper():
        return None if not interpreter.foreign_code else interpreter.unknown(node)
    return interpreter.unknown(node)


@evaluates("class_variable")
def _class_variable(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    name = interpreter.name_of(node)
    for module in scope.frame.nesting:
        for ancestor in module.ancestors():
            if name in ancestor.class_variables:
                return ancestor.class_variables[name]
    return interpreter.unknown(node)


@evaluates("self")
def _self(_interpreter: Interpreter, _node: Node, scope: Scope) -> Any:
    return scope.frame.self_object


@evaluates("constant")
def _constant(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    name = interpreter.name_of(node)
    value = constant_named(interpreter, name, scope)
    if value is not ABSENT:
        return value if not isinstance(value, Unknown) or value.source else interpreter.unknown(node)
    if interpreter.foreign_code:
        return interpreter.unknown(node)
    raise RubyRaisedError("NameError", f"uninitialized constant {name}", line_of(node))


@evaluates("scope_resolution")
def _scope_resolution(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    outer = node.child_by_field_name("scope")
    name = interpreter.name_of(_field(node, "name"))
    if outer is None:
        module: Any = None
        value = constant_within(interpreter, None, name)
    else:
        module = interpreter.evaluate(outer, scope)
        if isinstance(module, Unknown):
            return interpreter.unknown(node)
        if not isinstance(module, RubyClass):
            raise RubyRaisedError("TypeError", "this is not a class or module", line_of(node))
        value = constant_within(interpreter, module, name)
    if value is ABSENT:
        if interpreter.foreign_code or (module is not None and module.builtin):
            return interpreter.unknown(node)
        raise RubyRaisedError("NameError", f"uninitialized constant {name}", line_of(node))
    return value if not isinstance(value, Unknown) or value.source else interpreter.unknown(node)


@evaluates("element_reference")
def _element_reference(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    try:
        target = _field(node, "object")
        apart = interpreter.text[target.end_byte : target.end_byte + 1] != b"["
        called = target.type == "identifier" and apart and scope.holder(interpreter.name_of(target)) is None
        if called or node.child_by_field_name("block") is not None:
            raise GiveUpError(interpreter.unknown(node))
        receiver, arguments = _element(interpreter, node, scope)
        return invoke(interpreter, receiver, "[]", arguments, node)
    except RubyRaisedError as error:
        if error.line is None:
            error.line = line_of(node)
        raise
