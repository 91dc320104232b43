"""The command line: one module per command, thin."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def program() -> NoReturn:
    """Run the command that ``sys.argv`` names, and end the process with its code at once.

    Taking a million objects apart before the process goes would cost a sixth of a long scan. Whatever is to be written
    is written by then, and nothing waits for the end of the interpreter.
    """
    # results are built once and read once: looking for cycles in between only costs time
    gc.disable()
    code = _code()
    for stream in (sys.stdout, sys.stderr):
        # a stream may be closed, or be None; what could not be written was reported where it was written
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)


def _code() -> int:
    try:
        from forensics.cli.app import run  # noqa: PLC0415 (nothing is imported before it is needed)

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command began, or after it ended
        sys.stderr.write("forensics: interrupted\n")
        return 130
