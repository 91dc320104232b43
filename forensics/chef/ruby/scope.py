"""Local variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.chef.ruby.unknown import UnknownValue
    from forensics.chef.ruby.values import RubyValue


@dataclass(slots=True, eq=False)
class Scope:
    """Local variables; a block sees those of the scope around it.

    A variable in ``spoilt`` may be set at any time by code that is not evaluated, so that it stays unknown.
    """

    parent: Scope | None = None
    variables: dict[str, RubyValue] = field(default_factory=dict)
    spoilt: dict[str, UnknownValue] = field(default_factory=dict)

    def holder(self, name: str) -> Scope | None:
        """The scope that has this variable, looking outwards."""
        here: Scope | None = self
        while here is not None:
            if name in here.variables:
                return here
            here = here.parent
        return None

    def assign(self, name: str, value: RubyValue) -> None:
        """Set a variable where it already is, or here."""
        holder = self.holder(name) or self
        holder.variables[name] = holder.spoilt.get(name, value)

    def spoil(self, name: str, unknown: UnknownValue) -> None:
        """From here on, the variable is unknown whatever is assigned to it."""
        holder = self.holder(name) or self
        holder.spoilt[name] = holder.variables[name] = unknown
