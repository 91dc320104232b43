"""Exit codes, and which error leads to which."""

from __future__ import annotations

from typing import Final

from forensics.errors import ForensicsError, UsageError

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
    # imported here, since this module is loaded for --help too
    from forensics.history.model import EvidenceError, NothingToExamineError  # noqa: PLC0415

    codes: dict[type[Exception], int] = {
        EvidenceError: EVIDENCE,
        NothingToExamineError: NOTHING,
        ForensicsError: USAGE,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
