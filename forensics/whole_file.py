"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(target: Path, content: bytes) -> None:
    """Put a content in the place of a file; a link that is there is replaced, not what it leads to.

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
        Path(partial).chmod(0o666 & ~_umask())
        Path(partial).replace(target)
        partial = None
    finally:
        if partial is not None:  # whatever happened, an interruption too: no half file stays
            Path(partial).unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
