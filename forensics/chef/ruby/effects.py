"""What code that is not evaluated could have changed: all of that is unknown afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forensics.chef.ruby.failure import GiveUpError
from forensics.chef.ruby.names import FUNCTIONS, LIBRARIES, PERILOUS_CALLS
from forensics.chef.ruby.values import RoleObject, RubyHash, RubyString, RunListObject, lose
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.state import EvaluationState
    from forensics.chef.ruby.unknown import UnknownValue
    from forensics.chef.ruby.values import DslObject

_GIVEN_UP = words(
    """
    return redo retry yield super method singleton_method class module singleton_class alias undef ERROR begin_block
    end_block instance_variable class_variable
    """
)
_LOOPS = words("while until for while_modifier until_modifier block do_block lambda")
_BLOCKS = frozenset({"block", "do_block", "lambda"})
_ASSIGNING = {
    "assignment": "left",
    "operator_assignment": "left",
    "for": "pattern",
    "exception_variable": "",
    "match_pattern": "pattern",
    "test_pattern": "pattern",
    "in_clause": "pattern",
}
"""The nodes that assign variables, and the field that names these."""
_READ = frozenset({"element_reference", "call"})
"""What may stand to the left of an assignment without being assigned itself."""

_COMMON_FIELDS = {
    "name": "name",
    "description": "description",
    "default_attributes": "default_attributes",
    "override_attributes": "override_attributes",
}
_ROLE_FIELDS = _COMMON_FIELDS | dict.fromkeys(
    words("run_list recipes env_run_list env_run_lists env_run_list_add env_run_lists_add"), "env_run_lists"
)
_ENVIRONMENT_FIELDS = _COMMON_FIELDS | {
    "default_attributes=": "default_attributes",
    "override_attributes=": "override_attributes",
    "cookbook": "cookbook_versions",
    "cookbook_versions": "cookbook_versions",
}


def field_set_by(role: DslObject, name: str) -> str | None:
    """The field of the role or environment that a method of its DSL sets, or None."""
    return (_ROLE_FIELDS if isinstance(role, RoleObject) else _ENVIRONMENT_FIELDS).get(name)


def spoil_field(role: DslObject, setter: str, field: str, unknown: UnknownValue, *, later: bool = False) -> None:
    """A setter of the role may have been called, with arguments that are not known."""
    value = role.fields[field]
    if setter in {"run_list", "recipes"} and isinstance(value, RubyHash) and value.lost is None:
        default = value.found(RubyString("_default"))
        if default is not None and isinstance(default[1], RunListObject) and not later:
            lose(default[1], unknown)
            return
    lose(value, unknown)
    role.fields[field] = unknown
    if later:
        role.spoilt[field] = unknown


def assigned_names(state: EvaluationState) -> frozenset[str]:
    """Every name that the file assigns a local variable of, wherever."""
    found: set[str] = set()
    waiting = [(state.root, False)]
    while waiting:
        node, assigned = waiting.pop()
        if assigned and node.type == "identifier":
            found.add(state.name_of(node))
        field = _ASSIGNING.get(node.type)
        target = node.child_by_field_name(field) if field else None
        waiting.extend(
            (
                child,
                field == "" or (assigned and node.type not in _READ) or (target is not None and child.id == target.id),
            )
            for child in node.named_children
        )
    return frozenset(found)


def admit_foreign_code(state: EvaluationState, unknown: UnknownValue) -> None:
    """Code that cannot be looked at was loaded: any name may have a meaning, and only a name that is set is certain."""
    state.foreign_code = True
    for field in state.role.fields:
        if field != "name":
            spoil_field(state.role, field, field, unknown, later=True)


class _Surroundings(NamedTuple):
    """Where a node stands: in a block, which may run at any time, in a loop, among these parameters."""

    later: bool
    in_loop: bool
    bound: frozenset[str]


def spoil(
    state: EvaluationState, nodes: Iterable[Node], scope: Scope, unknown: UnknownValue, *, later: bool = False
) -> None:
    """The code below these nodes may have run, in whole or in part; ``later``: it may run at any time from here on.

    Raises:
        GiveUpError: it could have changed anything.
    """
    spoiler = _Spoiler(state, scope, unknown)
    for node in nodes:
        spoiler.look(node, _Surroundings(later, in_loop=node.type == "call", bound=frozenset()))


class _Spoiler:
    """One look at code that is not evaluated."""

    def __init__(self, state: EvaluationState, scope: Scope, unknown: UnknownValue) -> None:
        self.state = state
        self.scope = scope
        self.unknown = unknown

    def look(self, root: Node, place: _Surroundings) -> None:
        """Look at every node below this one."""
        waiting = [(root, place)]
        while waiting:
            node, place = waiting.pop()
            self.state.budget.spend()
            kind = node.type
            if kind in _GIVEN_UP or (kind in {"break", "next"} and not place.in_loop):
                raise GiveUpError(self.unknown)
            if kind in _LOOPS:
                place = self._inside(node, place)
            self._look_at(node, kind, place)
            waiting.extend((child, place) for child in node.named_children)

    def _inside(self, node: Node, place: _Surroundings) -> _Surroundings:
        if node.type not in _BLOCKS:
            return place._replace(in_loop=True)
        parameters = node.child_by_field_name("parameters")
        named: set[str] = set()
        waiting = [] if parameters is None else list(parameters.named_children)
        while waiting:
            child = waiting.pop()
            if child.type == "identifier":
                named.add(self.state.name_of(child))
            waiting.extend(child.named_children)
        return _Surroundings(later=True, in_loop=True, bound=place.bound | named)

    def _look_at(self, node: Node, kind: str, place: _Surroundings) -> None:
        if kind == "identifier":
            self._word(node, place)
        elif kind == "self":
            receiver = None if node.parent is None else node.parent.child_by_field_name("receiver")
            if receiver is None or receiver.id != node.id:
                raise GiveUpError(self.unknown)
        elif kind == "constant":
            lose(self.state.constants.get(self.state.name_of(node)), self.unknown)
        elif kind == "pair" and node.named_child_count == 1:
            self._read(self.state.name_of(node.named_children[0]), place)  # {x:} is {x: x}
        elif kind == "call":
            self._call(node, place)
        elif kind in _ASSIGNING:
            field = _ASSIGNING[kind]
            target = node.child_by_field_name(field) if field else node
            if target is None:
                raise GiveUpError(self.unknown)
            self._assigned(target, place)

    def _word(self, node: Node, place: _Surroundings) -> None:
        parent = node.parent
        if parent is not None and parent.type == "call" and parent.child_by_field_name("receiver") is not None:
            method = parent.child_by_field_name("method")
            if method is not None and method.id == node.id:
                return
        name = self.state.name_of(node)
        listed = None if parent is None else parent.child_by_field_name("arguments")
        if name != "require" or listed is None or self.state.name_of(listed).strip("()\"' ") not in LIBRARIES:
            self._read(name, place)

    def _read(self, name: str, place: _Surroundings) -> None:
        holder = self.scope.holder(name)
        if name in place.bound:
            return
        if holder is None:
            self._function(name, place)
            return
        lose(holder.variables[name], self.unknown)
        if place.later:
            self.scope.spoil(name, self.unknown)

    def _function(self, name: str, place: _Surroundings) -> None:
        state = self.state
        field = field_set_by(state.role, name)
        if field is not None:
            spoil_field(state.role, name, field, self.unknown, later=place.later)
        elif name == "require":
            admit_foreign_code(state, self.unknown)
        elif name in FUNCTIONS:
            raise GiveUpError(self.unknown)

    def _assigned(self, node: Node, place: _Surroundings) -> None:
        kind = node.type
        if kind == "identifier":
            name = self.state.name_of(node)
            if name in place.bound:
                return
            self.scope.assign(name, self.unknown)
            if place.later:
                self.scope.spoil(name, self.unknown)
        elif kind == "constant":
            self.state.constants[self.state.name_of(node)] = self.unknown
        elif kind not in _READ:  # their parts are looked at like any other code
            for child in node.named_children:
                self._assigned(child, place)

    def _call(self, node: Node, place: _Surroundings) -> None:
        method, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
        name = "call" if method is None else self.state.name_of(method)
        if name in PERILOUS_CALLS:
            raise GiveUpError(self.unknown)
        # A word without a receiver is looked at as a word.
        on_self = receiver is not None and receiver.type == "self"
        if on_self or (receiver is None and method is not None and method.type != "identifier"):
            self._function(name, place)
