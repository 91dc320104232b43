"""How evaluation ends early: Ruby raises, or nothing more can be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.chef.ruby.unknown import UnknownValue


class RubyRaisedError(Exception):
    """Ruby would raise here: the class name as knife reports it, a short message, and the line (from 1)."""

    def __init__(self, error_class: str, message: str = "", line: int | None = None, stage: str = "load") -> None:
        super().__init__(f"{error_class}: {message}")
        self.error_class = error_class
        self.message = message
        self.line = line
        self.stage = stage


class UncertainError(Exception):
    """An operation needs a value that only running the file could tell."""

    def __init__(self, unknown: UnknownValue) -> None:
        super().__init__(unknown.source)
        self.unknown = unknown


class GiveUpError(Exception):
    """Nothing about the rest of the file can be known: everything it declares is unresolved."""

    def __init__(self, unknown: UnknownValue) -> None:
        super().__init__(unknown.source)
        self.unknown = unknown


class ExhaustedError(Exception):
    """The file asks for more steps, depth or memory than a role file could mean."""


class UnmodelledError(Exception):
    """A form of Ruby that is not modelled: its value is unknown, and Ruby might even refuse it."""
