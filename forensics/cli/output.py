"""Where results go: stdout, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from forensics.cli.exits import ClosedPipeError, CommandError
from forensics.cli.options import Color
from forensics.deferred import deferred

if TYPE_CHECKING:
    from pathlib import Path

    from forensics import whole_file
    from forensics.report import text_safety
    from forensics.report.text import style as look
    from forensics.report.text.style import Style
else:
    whole_file = deferred("forensics.whole_file")
    text_safety = deferred("forensics.report.text_safety")
    look = deferred("forensics.report.text.style")

_NARROWEST = 60
_WIDEST = 120


def emit(text: str | bytes, output: Path | None, *, overwrite: bool = False) -> None:
    """Print a result, or write it to a file atomically; bytes go to files alone.

    Raises:
        CommandError: the file exists (without ``overwrite``), is no regular file, or cannot be written.
        ClosedPipeError: whoever reads stdout has seen enough.
    """
    data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    if output is not None:
        _write(data, output, overwrite=overwrite)
    elif isinstance(text, str):
        _print(text)
    else:
        raise CommandError("a database goes to a file: name one with --output")


def warn(message: str) -> None:
    """Say something on stderr that does not stop the command."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(f"forensics: warning: {text_safety.clean_message(message)}\n")


def note(message: str) -> None:
    """Say on stderr what to know of the answer."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(f"forensics: note: {text_safety.clean_message(message)}\n")


def _print(text: str) -> None:
    if sys.stdout is None:
        raise CommandError("stdout is closed; name a file with --output")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()
        raise ClosedPipeError from None
    except OSError as error:
        _abandon_stdout()
        raise CommandError(f"cannot write to stdout: {error.strerror}") from None


def _abandon_stdout() -> None:
    """Let the interpreter flush what is left into nothing when it ends, instead of failing once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def append(text: str, file: Path) -> None:
    """Add to the end of a file, which need not exist yet.

    Raises:
        CommandError: it is no regular file, or cannot be written.
    """
    if file.exists() and not file.is_file():
        raise CommandError(f"{file} is no regular file")
    try:
        with file.open("ab", buffering=0) as opened:
            end = opened.tell()
            left = memoryview(text.encode("utf-8", "backslashreplace"))
            try:
                while left:
                    left = left[opened.write(left) :]
            except BaseException:
                opened.truncate(end)  # what was there stays, and no half of what was to follow
                raise
    except OSError as error:
        raise CommandError(f"cannot write {file}: {error.strerror}") from None


def check_target(output: Path, *, overwrite: bool) -> None:
    """Look, before any work is done, whether a result may be written to a file.

    Raises:
        CommandError: the file exists (without ``overwrite``) or is no regular file, or its directory does not exist.
    """
    if not output.parent.is_dir():
        why = "Not a directory" if output.parent.exists() else "No such file or directory"
        raise CommandError(f"cannot write {output}: {why}")
    if output.is_symlink():
        raise CommandError(f"{output} is a symbolic link; name the file itself")
    if output.is_dir():
        raise CommandError(f"{output} is a directory; name a file in it")
    if output.exists() and not output.is_file():
        raise CommandError(f"{output} is no regular file; name one, or leave --output out")
    if output.exists() and not overwrite:
        raise CommandError(f"{output} exists; remove it or pass --overwrite")


def _write(data: bytes, output: Path, *, overwrite: bool) -> None:
    check_target(output, overwrite=overwrite)
    try:
        whole_file.write_whole(output, data, replace=overwrite)
    except FileExistsError:
        raise CommandError(f"{output} exists; remove it or pass --overwrite") from None
    except OSError as error:
        raise CommandError(f"cannot write {output}: {error.strerror}") from None


def style(color: Color, output: Path | None, *, verbose: bool) -> Style:
    """How text should look where it goes; NO_COLOR and FORCE_COLOR are honoured."""
    terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    if color is Color.AUTO:
        wanted = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        wanted = wanted or bool(os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"))
    else:
        wanted = color is Color.ALWAYS
    columns = shutil.get_terminal_size((100, 24)).columns if terminal else 100
    return look.Style(color=wanted, width=max(_NARROWEST, min(columns, _WIDEST)), verbose=verbose)
