"""Where names are looked up: local variables, and what surrounds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forensics.chef.ruby.values import RubyClass, RubyMethod, RubyProc


@dataclass(slots=True, eq=False)
class Frame:
    """One call: its self, its method, its block, and the modules around it (innermost first)."""

    self_object: Any
    nesting: tuple[RubyClass, ...] = ()
    method: RubyMethod | None = None
    block: RubyProc | None = None
    arguments: list[Any] = field(default_factory=list)
    in_lambda: bool = False
    definee: RubyClass | None = None
    """Where ``def`` puts its method; None is the role itself."""


@dataclass(slots=True, eq=False)
class Scope:
    """Local variables; a block sees those of the scope around it."""

    frame: Frame
    parent: Scope | None = None
    variables: dict[str, Any] = field(default_factory=dict)

    def holder(self, name: str) -> Scope | None:
        """The scope that has this variable, looking outwards."""
        here: Scope | None = self
        while here is not None:
            if name in here.variables:
                return here
            here = here.parent
        return None

    def assign(self, name: str, value: Any) -> None:
        """Set a variable where it already is, or here."""
        holder = self.holder(name)
        (holder or self).variables[name] = value
