"""The command line: one module per command, thin."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command that ``sys.argv`` names, and exit with its code."""
    # results are built once and read once: looking for cycles in between only costs time
    gc.disable()
    try:
        from forensics.cli.app import run  # noqa: PLC0415 (nothing is imported before it is needed)

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command began, or after it ended
        sys.stderr.write("forensics: interrupted\n")
        code = 130
    sys.exit(code)
