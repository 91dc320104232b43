"""What something costs, told so that others who are busy on the machine change nothing: CPU time of this process."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def cpu_seconds(limit: float) -> Iterator[None]:
    """Hold the block to a limit far above what it takes, and far below what growing with the square would take."""
    started = time.process_time()
    yield
    spent = time.process_time() - started
    assert spent < limit, f"{spent:.1f} s of CPU"
