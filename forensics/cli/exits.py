"""Exit codes, and which error leads to which."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FOUND: Final = 1
USAGE: Final = 2
EVIDENCE: Final = 3
NOTHING: Final = 4
DEFECT: Final = 70
INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141


class CommandError(Exception):
    """An error that ends a command with one line and a code of its own."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


class ClosedPipeError(Exception):
    """Whoever read the output has seen enough."""


def code_of(error: Exception) -> int | None:
    """The exit code of an error that the tool knows, or None for one that is a defect."""
    # imported here, since this module is loaded for --help too
    from forensics.analysis.dates import DateError  # noqa: PLC0415
    from forensics.analysis.objects import UnknownObjectError  # noqa: PLC0415
    from forensics.config import ConfigError  # noqa: PLC0415
    from forensics.history.model import EvidenceError, NothingToExamineError, UnknownRevisionError  # noqa: PLC0415
    from forensics.uploads.commands import CommandListError  # noqa: PLC0415
    from forensics.uploads.scenario import UnknownScenarioError  # noqa: PLC0415

    codes: dict[type[Exception], int] = {
        CommandError: getattr(error, "code", USAGE),
        DateError: USAGE,
        UnknownObjectError: USAGE,
        UnknownScenarioError: USAGE,
        UnknownRevisionError: USAGE,
        ConfigError: USAGE,
        CommandListError: USAGE,
        EvidenceError: EVIDENCE,
        NothingToExamineError: NOTHING,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
