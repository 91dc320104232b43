"""How evaluation ends early: Ruby raises, or nothing more can be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.chef.ruby.unknown import Unknown


class RubyRaisedError(Exception):
    """Ruby would raise here: the class name as knife reports it, a short message, and the line (from 1)."""

    def __init__(self, error_class: str, message: str = "", line: int | None = None, stage: str = "load") -> None:
        super().__init__(f"{error_class}: {message}")
        self.error_class = error_class
        self.message = message
        self.line = line
        self.stage = stage
        self.exception: object = None
        """The Ruby exception object, where the file made one itself."""


class UncertainError(Exception):
    """An operation needs a value that only running the file could tell."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.source)
        self.unknown = unknown


class GiveUpError(Exception):
    """Nothing about the rest of the file can be known: everything it declares is unresolved."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.source)
        self.unknown = unknown


class ExhaustedError(Exception):
    """The file asks for more steps, depth or memory than a role file could mean."""


class UnmodelledError(Exception):
    """A form of a modelled method that is not modelled: the result is unknown."""


class ControlFlowError(Exception):
    """``break``, ``next``, ``return`` and ``throw`` on their way to where they end."""

    def __init__(self, value: object = None, target: object = None) -> None:
        super().__init__()
        self.value = value
        self.target = target


class BreakFlow(ControlFlowError):  # noqa: N818 - a jump, not an error
    """``break``: leaves the method that the block was given to, or the loop."""


class NextFlow(ControlFlowError):  # noqa: N818 - a jump, not an error
    """``next``: leaves the block."""


class ReturnFlow(ControlFlowError):  # noqa: N818 - a jump, not an error
    """``return``: leaves the method, or the file."""


class ThrowFlow(ControlFlowError):  # noqa: N818 - a jump, not an error
    """``throw``: leaves the ``catch`` with the same tag."""
