"""The application: its commands, and what happens to every error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

import typer

from forensics.cli import exits
from forensics.cli.parameters import flattened
from forensics.deferred import deferred
from forensics.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.report import text_safety
else:
    text_safety = deferred("forensics.report.text_safety")

COMMANDS: Final = (
    "scan",
    "report",
    "shadows",
    "timeline",
    "show",
    "log",
    "trace",
    "explain",
    "fingerprint",
    "evidence",
    "drift",
    "check",
    "scenarios",
)
"""The commands in the order in which help lists them, each a module of its name with a function of its name."""


def application(*names: str) -> typer.Typer:
    """The application with these commands."""
    app = typer.Typer(
        name="forensics",
        help="What was really live on the Chef server, and could a file nobody thought about have put it there?",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_main)
    for name in names:
        module = import_module(f"forensics.cli.commands.{name}")
        app.command(name)(flattened(getattr(module, name)))
    return app


def _named_in(arguments: Sequence[str]) -> tuple[str, ...]:
    """The command that is to be run alone, since loading the others takes time; all of them where none comes first."""
    return tuple(name for name in COMMANDS if name == arguments[0]) or COMMANDS if arguments else COMMANDS


def _version(value: bool) -> None:
    if value:
        typer.echo(f"forensics {__version__}")
        raise typer.Exit


def _main(
    version: bool = typer.Option(
        False, "--version", help="Print the version and exit.", callback=_version, is_eager=True
    ),
) -> None:
    del version


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; every error is one line on stderr."""
    _prepare_streams()
    try:
        command = typer.main.get_command(application(*_named_in(arguments)))
        code = command.main(args=list(arguments) or ["--help"], prog_name="forensics", standalone_mode=False)
    except exits.ClosedPipeError:
        return exits.CLOSED_PIPE
    except SystemExit as ended:  # completion ends so, and help that is read no further
        return exits.CLOSED_PIPE if ended.code == 1 else exits.OK
    except typer.TyperException as error:
        return _fail(_usage(error), exits.USAGE)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _fail(f"{error.strerror or error}{where}", exits.USAGE)
    except Exception as error:  # noqa: BLE001 (whatever it is, nobody is shown a traceback)
        known = exits.code_of(error)
        return _defect(error) if known is None else _fail(str(error), known)
    if code == exits.INTERRUPTED:
        return _fail("interrupted", exits.INTERRUPTED)
    return code if isinstance(code, int) else exits.OK


def _prepare_streams() -> None:
    """Let nothing that a repository contains stop the output; a file or pipe gets UTF-8 whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the command line, and where to read how it should be."""
    message = error.format_message().strip().removesuffix(".").replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    return f"{message}; see {context.command_path} --help" if context is not None else message


def _defect(error: Exception) -> int:
    if os.environ.get("FORENSICS_DEBUG"):
        raise error
    said = f"{type(error).__name__}: {error}"
    return _fail(
        f"this is a defect of forensics, not of the repository: {said} (FORENSICS_DEBUG=1 tells more)", exits.DEFECT
    )


def _fail(message: str, code: int) -> int:
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"forensics: {text_safety.clean_message(message.strip())}", file=sys.stderr)  # noqa: T201 (the one place that reports errors)
    return code
