"""Conditions, loops, ``case`` and what surrounds statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.assignments import assign
from forensics.chef.ruby.calls import add_arguments, array_items
from forensics.chef.ruby.dispatch import Arguments, invoke
from forensics.chef.ruby.failure import (
    BreakFlow,
    GiveUpError,
    NextFlow,
    ReturnFlow,
    RubyRaisedError,
    UncertainError,
)
from forensics.chef.ruby.interpreter import evaluates, line_of
from forensics.chef.ruby.matching import case_equal, matches_pattern
from forensics.chef.ruby.values import RubyArray, known, truthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope


@evaluates("program", "block_body", "body_statement", "then", "else", "parenthesized_statements", "do", "interpolation")
def _statements(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    children = node.named_children
    if any(child.type in _CLAUSES for child in children):
        return _guarded(interpreter, node, scope)
    return interpreter.statements(children, scope)


_CLAUSES = frozenset({"rescue", "ensure"})


def _condition(interpreter: Interpreter, node: Node, scope: Scope) -> bool:
    child = node.child_by_field_name("condition")
    return truthy(None if child is None else interpreter.evaluate(child, scope))


def _branch(interpreter: Interpreter, node: Node | None, scope: Scope) -> Any:
    return None if node is None else interpreter.evaluate(node, scope)


@evaluates("if", "elsif", "conditional")
def _if(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    taken = "consequence" if _condition(interpreter, node, scope) else "alternative"
    return _branch(interpreter, node.child_by_field_name(taken), scope)


@evaluates("unless")
def _unless(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    taken = "alternative" if _condition(interpreter, node, scope) else "consequence"
    return _branch(interpreter, node.child_by_field_name(taken), scope)


@evaluates("if_modifier")
def _if_modifier(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    return (
        _branch(interpreter, node.child_by_field_name("body"), scope) if _condition(interpreter, node, scope) else None
    )


@evaluates("unless_modifier")
def _unless_modifier(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    return (
        None if _condition(interpreter, node, scope) else _branch(interpreter, node.child_by_field_name("body"), scope)
    )


@evaluates("binary")
def _binary(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    left_node, right_node = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator_node = node.child_by_field_name("operator")
    if left_node is None or right_node is None or operator_node is None:
        raise UncertainError(interpreter.unmodelled(node))
    operator = operator_node.type
    if operator in {"&&", "and"}:
        left = interpreter.evaluate(left_node, scope)
        return interpreter.evaluate(right_node, scope) if truthy(left) else left
    if operator in {"||", "or"}:
        left = interpreter.evaluate(left_node, scope)
        return left if truthy(left) else interpreter.evaluate(right_node, scope)
    if (
        left_node.type in {"identifier", "call"}
        and operator_node.start_byte > left_node.end_byte
        and operator_node.end_byte == right_node.start_byte
        and operator in _AMBIGUOUS
        and not (left_node.type == "identifier" and scope.holder(interpreter.name_of(left_node)) is not None)
        and left_node.child_by_field_name("arguments") is None
    ):
        raise GiveUpError(interpreter.unknown(node))  # to Ruby, a call with an argument
    left = interpreter.evaluate(left_node, scope)
    right = interpreter.evaluate(right_node, scope)
    try:
        if operator in {"!=", "!~"}:
            return not truthy(invoke(interpreter, left, "==" if operator == "!=" else "=~", Arguments([right]), node))
        return invoke(interpreter, left, operator, Arguments([right]), node)
    except RubyRaisedError as error:
        if error.line is None:
            error.line = line_of(node)
        raise
    except UncertainError:
        return interpreter.unknown(node)


_AMBIGUOUS = frozenset({"+", "-", "*", "&", "<<", "/", "%", "**", "::"})


@evaluates("unary")
def _unary(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    operator_node, operand_node = node.child_by_field_name("operator"), node.child_by_field_name("operand")
    if operator_node is None or operand_node is None:
        raise UncertainError(interpreter.unmodelled(node))
    operator = operator_node.type
    if operator == "defined?":
        from forensics.chef.ruby.definitions import defined  # noqa: PLC0415 - the two need each other

        return defined(interpreter, operand_node, scope)
    operand = interpreter.evaluate(operand_node, scope)
    if operator in {"!", "not"}:
        try:
            return not truthy(operand)
        except UncertainError:
            return interpreter.unknown(node)
    if operator == "-" and type(operand) in {int, float}:
        return -operand
    return invoke(interpreter, operand, {"-": "-@", "+": "+@"}.get(operator, operator), Arguments(), node)


@evaluates("while", "until", "while_modifier", "until_modifier")
def _while(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    wanted = node.type.startswith("while")
    body = node.child_by_field_name("body")
    first = node.type.endswith("modifier") and body is not None and body.type == "begin"
    try:
        while first or _condition(interpreter, node, scope) is wanted:
            first = False
            interpreter.spend(16)
            try:
                _branch(interpreter, body, scope)
            except NextFlow:
                continue
    except BreakFlow as flow:
        if flow.target is not None:
            raise
        return flow.value
    return None


@evaluates("for")
def _for(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    pattern, value_node = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    body = node.child_by_field_name("body")
    if pattern is None or value_node is None:
        raise UncertainError(interpreter.unmodelled(node))
    iterated = interpreter.evaluate(value_node.named_children[0], scope)
    items = array_items(interpreter, known(iterated), node)
    try:
        for item in items:
            interpreter.spend(16)
            if pattern.type == "left_assignment_list":
                _assign_list(interpreter, pattern, item, scope)
            else:
                assign(interpreter, pattern, item, scope)
            try:
                _branch(interpreter, body, scope)
            except NextFlow:
                continue
    except BreakFlow as flow:
        if flow.target is not None:
            raise
        return flow.value
    return iterated


def _assign_list(interpreter: Interpreter, pattern: Node, item: Any, scope: Scope) -> None:
    items = known(item).items if isinstance(item, RubyArray) else [known(item)]
    for index, target in enumerate(pattern.named_children):
        if target.type in {"rest_assignment", "destructured_left_assignment"}:
            raise UncertainError(interpreter.unmodelled(pattern))
        assign(interpreter, target, items[index] if index < len(items) else None, scope)


@evaluates("case")
def _case(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    value_node = node.child_by_field_name("value")
    value = None if value_node is None else interpreter.evaluate(value_node, scope)
    for child in node.named_children:
        if child.type == "when":
            if any(
                _is_when(interpreter, pattern, value, scope, subject=value_node is not None)
                for pattern in child.children_by_field_name("pattern")
            ):
                return _branch(interpreter, child.child_by_field_name("body"), scope)
        elif child.type == "else":
            return interpreter.evaluate(child, scope)
    return None


def _is_when(interpreter: Interpreter, pattern: Node, value: Any, scope: Scope, *, subject: bool) -> bool:
    made = Arguments()
    add_arguments(interpreter, pattern, scope, made)
    for candidate in made.positional:
        if case_equal(interpreter, candidate, value, pattern) if subject else truthy(candidate):
            return True
    return False


@evaluates("case_match")
def _case_match(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    value_node = node.child_by_field_name("value")
    value = None if value_node is None else interpreter.evaluate(value_node, scope)
    for child in node.named_children:
        if child.type == "in_clause":
            pattern, guard = child.child_by_field_name("pattern"), child.child_by_field_name("guard")
            if pattern is None or not matches_pattern(interpreter, pattern, value, scope):
                continue
            if guard is not None and _condition(interpreter, guard, scope) is not (guard.type == "if_guard"):
                continue
            return _branch(interpreter, child.child_by_field_name("body"), scope)
        if child.type == "else":
            return interpreter.evaluate(child, scope)
    raise RubyRaisedError("NoMatchingPatternError", "no pattern matches", line_of(node))


@evaluates("match_pattern", "test_pattern")
def _match_pattern(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    value_node, pattern = node.child_by_field_name("value"), node.child_by_field_name("pattern")
    if value_node is None or pattern is None:
        raise UncertainError(interpreter.unmodelled(node))
    value = interpreter.evaluate(value_node, scope)
    matched = matches_pattern(interpreter, pattern, value, scope)
    if node.type == "test_pattern":
        return matched
    if not matched:
        raise RubyRaisedError("NoMatchingPatternError", "no pattern matches", line_of(node))
    return None


@evaluates("begin")
def _begin(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    if any(child.type in {"rescue", "ensure", "else"} for child in node.named_children):
        return _guarded(interpreter, node, scope)
    return interpreter.statements(node.named_children, scope)


def _guarded(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    """A body with ``rescue``, ``else`` and ``ensure``."""
    children = node.named_children
    body = [child for child in children if child.type not in {"rescue", "else", "ensure"}]
    last = next((child for child in children if child.type == "ensure"), None)
    rescues = [child for child in children if child.type == "rescue"]
    otherwise = next((child for child in children if child.type == "else"), None)
    try:
        return protected(
            interpreter,
            lambda: interpreter.statements(body, scope),
            lambda error: _rescued(interpreter, rescues, error, scope),
            node if rescues else None,
            scope,
            lambda: None if otherwise is None else interpreter.evaluate(otherwise, scope),
            has_else=otherwise is not None,
        )
    finally:
        if last is not None:
            interpreter.statements(last.named_children, scope)


def protected(
    interpreter: Interpreter,
    body: Callable[[], Any],
    rescue: Callable[[RubyRaisedError], Any],
    node: Node | None,
    scope: Scope,
    otherwise: Callable[[], Any],
    *,
    has_else: bool = False,
) -> Any:
    """Evaluate a body whose exceptions are handled.

    If the body holds what cannot be known, it may have raised anywhere: whatever body and handlers could change is
    unknown afterwards.
    """
    before = interpreter.unknowns
    try:
        value = body()
    except RubyRaisedError as error:
        if interpreter.unknowns != before and node is not None:
            return interpreter.untold(node, scope)
        return rescue(error)
    if interpreter.unknowns != before and node is not None:
        return interpreter.untold(node, scope)
    return otherwise() if has_else else value


def _rescued(interpreter: Interpreter, rescues: list[Node], error: RubyRaisedError, scope: Scope) -> Any:
    from forensics.chef.ruby.exceptions import exception_of, is_rescued_by  # noqa: PLC0415 - the two need each other

    if error.stage != "load":
        raise error
    for clause in rescues:
        listed = clause.child_by_field_name("exceptions")
        classes = None
        if listed is not None:
            made = Arguments()
            add_arguments(interpreter, listed, scope, made)
            classes = made.positional
        if is_rescued_by(error, classes):
            variable = clause.child_by_field_name("variable")
            exception = exception_of(error)
            if variable is not None:
                assign(interpreter, variable.named_children[0], exception, scope)
            interpreter.handled.append(exception)
            try:
                body = clause.child_by_field_name("body")
                return None if body is None else interpreter.evaluate(body, scope)
            finally:
                interpreter.handled.pop()
    raise error


@evaluates("rescue_modifier")
def _rescue_modifier(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    from forensics.chef.ruby.exceptions import is_rescued_by  # noqa: PLC0415 - the two need each other

    body, handler = node.child_by_field_name("body"), node.child_by_field_name("handler")
    if body is None or handler is None:
        raise UncertainError(interpreter.unmodelled(node))

    def rescue(error: RubyRaisedError) -> Any:
        if error.stage != "load" or not is_rescued_by(error, None):
            raise error
        return interpreter.evaluate(handler, scope)

    return protected(interpreter, lambda: interpreter.evaluate(body, scope), rescue, node, scope, lambda: None)


def _jump_value(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    made = Arguments()
    for child in node.named_children:
        add_arguments(interpreter, child, scope, made)
    values = made.flat()
    if not values:
        return None
    return values[0] if len(values) == 1 else RubyArray(values)


@evaluates("break")
def _break(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    raise BreakFlow(_jump_value(interpreter, node, scope))


@evaluates("next")
def _next(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    raise NextFlow(_jump_value(interpreter, node, scope))


@evaluates("return")
def _return(interpreter: Interpreter, node: Node, scope: Scope) -> Any:
    raise ReturnFlow(_jump_value(interpreter, node, scope), scope.frame)


@evaluates("redo", "retry")
def _again(interpreter: Interpreter, node: Node, _scope: Scope) -> Any:
    raise GiveUpError(interpreter.unknown(node))


@evaluates("begin_block")
def _begin_block(_interpreter: Interpreter, _node: Node, _scope: Scope) -> Any:
    return None  # it ran before everything else


@evaluates("end_block")
def _end_block(_interpreter: Interpreter, _node: Node, _scope: Scope) -> Any:
    return None  # runs when knife exits, after the upload


@evaluates("empty_statement", "comment", "heredoc_body", "uninterpreted")
def _nothing(_interpreter: Interpreter, _node: Node, _scope: Scope) -> Any:
    return None
