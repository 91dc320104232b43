"""Telling a person in a notebook what is being done; silence everywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


def notebook_stage(what: str) -> AbstractContextManager[None]:
    """A stage with a name, shown while it lasts if this is a notebook."""
    display = _display()
    return nullcontext() if display is None else _shown(display, what)


def _display() -> Any | None:
    # IPython is asked only where it runs already: whoever does not use it must not pay for it
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None  # a terminal
    from IPython.display import display  # noqa: PLC0415

    return display


@contextmanager
def _shown(display: Any, what: str) -> Iterator[None]:
    handle = display({"text/plain": f"{what} ..."}, raw=True, display_id=True)
    try:
        yield
    finally:
        handle.update({"text/plain": ""}, raw=True)
