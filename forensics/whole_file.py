"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def write_whole(target: Path, content: bytes, *, replace: bool = True) -> None:
    """Put a content in the place of a file; a link that is there is replaced, not what it leads to.

    A file that is replaced keeps its permissions. Without ``replace`` one that came to be there meanwhile stays.

    Raises:
        OSError: it cannot be written; then everything is as it was.
    """
    import tempfile  # noqa: PLC0415 (most results are printed)

    partial = None
    try:
        # of a name that nobody can foresee, so that no link lies in wait there
        descriptor, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(partial).chmod(_mode(target))
        if replace or not _linked(partial, target):
            Path(partial).replace(target)
            partial = None
    finally:
        if partial is not None:  # whatever happened, an interruption too: no half file stays
            Path(partial).unlink(missing_ok=True)


def _linked(partial: str, target: Path) -> bool:
    """Give the file its name if nothing has it; tells whether this file system can do that."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True


def _mode(target: Path) -> int:
    try:
        found = target.lstat().st_mode
    except FileNotFoundError:
        return 0o666 & ~_umask()
    return stat.S_IMODE(found) & 0o777 if stat.S_ISREG(found) else 0o666 & ~_umask()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
