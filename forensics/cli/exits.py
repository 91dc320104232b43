"""Exit codes, and which error leads to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.deferred import deferred
from forensics.errors import ForensicsError, UsageError

if TYPE_CHECKING:
    from forensics.history import model
else:
    model = deferred("forensics.history.model")

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2
EVIDENCE: Final = 3
NOTHING: Final = 4
DEFECT: Final = 70
INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141


class CommandError(UsageError):
    """A command line that cannot be carried out."""


class ClosedPipeError(Exception):
    """Whoever read the output has seen enough."""


def code_of(error: Exception) -> int | None:
    """The exit code of an error that the tool knows, or None for one that is a defect."""
    codes: dict[type[Exception], int] = {
        model.EvidenceError: EVIDENCE,
        model.NothingToExamineError: NOTHING,
        ForensicsError: USAGE,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
