"""``===`` and pattern matching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.classes import is_a
from forensics.chef.ruby.dispatch import Arguments, invoke
from forensics.chef.ruby.failure import UncertainError
from forensics.chef.ruby.procs import call_proc
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    RubyArray,
    RubyClass,
    RubyHash,
    RubyProc,
    RubyRange,
    RubyRegexp,
    RubyString,
    Symbol,
    equal,
    known,
    truthy,
)
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope


def case_equal(interpreter: Interpreter, pattern: Any, value: Any, node: Node) -> bool:
    """``pattern === value``.

    Raises:
        UncertainError: it cannot be known.
    """
    pattern, value = known(pattern), known(value)
    if isinstance(pattern, RubyClass):
        return is_a(value, pattern)
    if isinstance(pattern, RubyRange):
        return truthy(invoke(interpreter, pattern, "===", Arguments([value]), node))
    if isinstance(pattern, RubyRegexp):
        if not isinstance(value, RubyString | Symbol):
            return False
        return truthy(invoke(interpreter, pattern, "match?", Arguments([value]), node))
    if isinstance(pattern, RubyProc):
        return truthy(call_proc(interpreter, pattern, [value]))
    return equal(pattern, value)


def matches_pattern(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    """Whether a value matches a written pattern; its variables are set."""
    matcher = _MATCHERS.get(node.type)
    if matcher is not None:
        return matcher(interpreter, node, value, scope)
    if node.type in _VALUES:
        return case_equal(interpreter, interpreter.evaluate(node, scope), value, node)
    raise UncertainError(interpreter.unmodelled(node))


_VALUES = words(
    """
    integer float string simple_symbol delimited_symbol true false nil constant scope_resolution range regex unary
    string_array symbol_array rational complex character chained_string lambda heredoc_beginning line file
    """
)


def _variable(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    if interpreter.name_of(node).startswith("__"):
        return case_equal(interpreter, interpreter.evaluate(node, scope), value, node)
    scope.assign(interpreter.name_of(node), value)
    return True


def _as(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    inner, name = node.child_by_field_name("value"), node.child_by_field_name("name")
    if inner is None or name is None:
        raise UncertainError(interpreter.unmodelled(node))
    return matches_pattern(interpreter, inner, value, scope) and _variable(interpreter, name, value, scope)


def _alternatives(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    return any(matches_pattern(interpreter, child, value, scope) for child in node.named_children)


def _parenthesized(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    return matches_pattern(interpreter, node.named_children[0], value, scope)


def _class_matches(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    named = node.child_by_field_name("class")
    return named is None or case_equal(interpreter, interpreter.evaluate(named, scope), value, node)


def _array(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    if not _class_matches(interpreter, node, value, scope):
        return False
    if not isinstance(known(value), RubyArray):
        return False
    named = node.child_by_field_name("class")
    patterns = [child for child in node.named_children if named is None or child.id != named.id]
    items = value.items
    rest = next((index for index, child in enumerate(patterns) if child.type == "splat_parameter"), None)
    if rest is None:
        return len(items) == len(patterns) and all(
            matches_pattern(interpreter, pattern, item, scope) for pattern, item in zip(patterns, items, strict=True)
        )
    after = len(patterns) - rest - 1
    if len(items) < rest + after:
        return False
    middle = RubyArray(items[rest : len(items) - after])
    name = patterns[rest].child_by_field_name("name")
    if name is not None:
        scope.assign(interpreter.name_of(name), middle)
    heads = zip(patterns[:rest], items[:rest], strict=True)
    tails = zip(patterns[rest + 1 :], items[len(items) - after :], strict=True)
    return all(matches_pattern(interpreter, pattern, item, scope) for pattern, item in [*heads, *tails])


def _hash(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    if not _class_matches(interpreter, node, value, scope):
        return False
    if not isinstance(known(value), RubyHash):
        return False
    seen: set[Any] = set()
    exact = not [child for child in node.named_children if child.type == "keyword_pattern"]
    for child in node.named_children:
        if child.type == "keyword_pattern":
            key_node, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key_node is None:
                raise UncertainError(interpreter.unmodelled(node))
            name = interpreter.name_of(key_node).strip('"')
            found = value.entries.get(Symbol(name))
            if found is None:
                return False
            seen.add(Symbol(name))
            if inner is None:
                scope.assign(name, found[1])
            elif not matches_pattern(interpreter, inner, found[1], scope):
                return False
        elif child.type == "hash_splat_nil":
            exact = True
        elif child.type == "hash_splat_parameter":
            exact = False
            name_node = child.child_by_field_name("name")
            if name_node is not None:
                rest = RubyHash.of(pair for key, pair in value.entries.items() if key not in seen)
                scope.assign(interpreter.name_of(name_node), rest)
    return not exact or len(seen) == len(value.entries)


def _pinned(interpreter: Interpreter, node: Node, value: Any, scope: Scope) -> bool:
    pattern = interpreter.evaluate(node.named_children[0], scope)
    if isinstance(pattern, Unknown):
        raise UncertainError(pattern)
    return case_equal(interpreter, pattern, value, node)


_MATCHERS: dict[str, Callable[[Interpreter, Node, Any, Scope], bool]] = {
    "identifier": _variable,
    "as_pattern": _as,
    "alternative_pattern": _alternatives,
    "parenthesized_pattern": _parenthesized,
    "array_pattern": _array,
    "hash_pattern": _hash,
    "variable_reference_pattern": _pinned,
    "expression_reference_pattern": _pinned,
}
