"""Telling a waiting person what is being done, on stderr, and only if that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress:
    """Shows the stage at work and wipes it when it is over."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr is not None and sys.stderr.isatty()

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        """A stage with a name, such as ``reading the history``."""
        if not self._shown:
            yield
            return
        sys.stderr.write(f"\r{what} ...")
        sys.stderr.flush()
        try:
            yield
        finally:
            sys.stderr.write("\r" + " " * (len(what) + 4) + "\r")
            sys.stderr.flush()
