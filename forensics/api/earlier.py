"""The earlier report that a new one is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from forensics.analysis.baseline import BaselineError, Earlier, earlier_report
from forensics.errors import UsageError

if TYPE_CHECKING:
    from os import PathLike


def read_earlier(baseline: str | PathLike[str] | None, since_last: str | PathLike[str] | None) -> Earlier | None:
    """What the file of ``--baseline`` or ``--since-last`` says; None if neither is given, or the latter is not there.

    Raises:
        BaselineError: the file is no earlier report, or cannot be read.
        UsageError: both are given.
    """
    if baseline is not None and since_last is not None:
        raise UsageError("--baseline and --since-last both name an earlier report; give one of them")
    named = baseline if baseline is not None else since_last
    if named is None:
        return None
    path = Path(named)
    try:
        return earlier_report(path.read_bytes(), str(path))
    except FileNotFoundError:
        if since_last is not None:
            return None
        raise BaselineError(f"{path} does not exist; name a file written by report --format json") from None
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {error.strerror}") from None
