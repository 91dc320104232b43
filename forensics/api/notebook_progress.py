"""Telling a person in a notebook what is being done; silence everywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


def notebook_stage(what: str) -> AbstractContextManager[None]:
    """A stage with a name, shown while it lasts if this is a notebook."""
    # IPython is asked only where it runs already: whoever does not use it must not pay for it
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return nullcontext()  # a script, or a terminal
    from IPython.display import display  # noqa: PLC0415

    return _shown(_line_of_cell(display, shell.execution_count), what)


@lru_cache(maxsize=1)
def _line_of_cell(display: Any, cell: int) -> Any:
    """The line in a cell's output that all stages of the cell share."""
    del cell
    return display({"text/plain": ""}, raw=True, display_id=True)


@contextmanager
def _shown(line: Any, what: str) -> Iterator[None]:
    line.update({"text/plain": f"{what} ..."}, raw=True)
    try:
        yield
    finally:
        line.update({"text/plain": ""}, raw=True)
