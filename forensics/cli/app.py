"""The application: its commands, and what happens to every error."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import typer

from forensics.cli import exits
from forensics.cli.commands import log, scan, scenarios, shadows, show, timeline
from forensics.report.text_safety import clean
from forensics.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    name="forensics",
    help="What was really live on the Chef server, and could a file nobody thought about have put it there?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("scan")(scan.scan)
app.command("shadows")(shadows.shadows)
app.command("timeline")(timeline.timeline)
app.command("show")(show.show)
app.command("log")(log.log)
app.command("scenarios")(scenarios.scenarios)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"forensics {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", help="Print the version and exit.", callback=_version, is_eager=True
    ),
) -> None:
    del version


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; every error is one line on stderr."""
    # results are built once and read once: collecting cycles in between only costs time
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = typer.main.get_command(app).main(args=list(arguments), prog_name="forensics", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _fail("interrupted", exits.INTERRUPTED)
    except typer.Abort:
        return _fail("interrupted", exits.INTERRUPTED)
    except BrokenPipeError:
        # whoever read the output has seen enough; the interpreter must not try to flush the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.CLOSED_PIPE
    except typer.TyperException as error:
        return _fail(error.format_message(), exits.USAGE)
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error), exits.USAGE)
    except Exception as error:
        known = exits.code_of(error)
        if known is None:
            raise
        return _fail(str(error), known)
    return code if isinstance(code, int) else exits.OK


def _fail(message: str, code: int) -> int:
    print(f"forensics: {clean(message.strip())}", file=sys.stderr)  # noqa: T201 (the one place that reports errors)
    return code
