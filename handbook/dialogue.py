"""Dialogues with Python, held again."""

from __future__ import annotations

import contextlib
import doctest
import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


def again(body: str, names: dict[str, Any], directory: Path) -> str:
    """A dialogue with what Python answers today; ``names`` is what earlier dialogues of the page have defined.

    An exception ends the run: pages show what works.
    """
    said: list[str] = []
    with contextlib.chdir(directory):
        for example in doctest.DocTestParser().get_examples(body):
            first, *more = example.source.splitlines()
            said.append("\n".join([f">>> {first}", *(f"... {line}".rstrip() for line in more)]) + "\n")
            said.append(_answer(example.source, names))
    return "".join(said)


def _answer(source: str, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    shown = sys.displayhook
    try:
        sys.displayhook = sys.__displayhook__
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "<page>", "single"), names)  # noqa: S102 (the pages are the project's own)
    finally:
        sys.displayhook = shown
    return printed.getvalue()
