"""Running the command line in tests: in this process for speed, in one of its own where that matters."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

import typer
from support import PROJECT

from forensics.cli import app
from forensics.cli.app import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


LOOK = ("NO_COLOR", "FORCE_COLOR", "FORENSICS_DEBUG")
"""Variables that change what is printed."""


_application, _get_command = functools.cache(app.application), functools.cache(typer.main.get_command)


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit code and the bytes that it wrote."""

    code: int
    output: bytes
    errors: bytes

    @property
    def text(self) -> str:
        return self.output.decode("utf-8")

    @property
    def error_line(self) -> str:
        """The one line on stderr of a command that failed, without a word on stdout."""
        assert self.output == b""
        line = self.errors.decode("utf-8")
        assert line.startswith("forensics: "), line
        assert line.count("\n") == 1, line
        assert line.endswith("\n"), line
        assert "Traceback" not in line
        return line.rstrip("\n")

    @property
    def document(self) -> Any:
        """The JSON document on stdout, which must be all there is."""
        assert self.errors == b"", self.errors
        assert self.output.isascii()
        return json.loads(self.output)


class Stream(io.TextIOWrapper):
    """A stream of text that keeps its bytes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n")

    def written(self) -> bytes:
        self.flush()
        return self.buffer.getvalue()


def command(*arguments: object, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run a command in this process, with none of the variables that change how output looks."""
    output, errors = Stream(), Stream()
    with (
        mock.patch.dict(os.environ),
        mock.patch.object(app, "application", _application),  # a process has one; here it serves all commands
        mock.patch.object(typer.main, "get_command", _get_command),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        for name in LOOK:
            os.environ.pop(name, None)
        os.environ.update(environment or {})
        code = run([str(argument) for argument in arguments])
    return Outcome(code, output.written(), errors.written())


def process(*arguments: object, environment: Mapping[str, str] | None = None, **options: Any) -> Outcome:
    """Run a command as a process of its own, as people and scripts do."""
    done = subprocess.run(
        command_line(*arguments), env=process_environment(environment), capture_output=True, check=False, **options
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def in_one_process(commands: Sequence[Sequence[object]], environment: Mapping[str, str] | None = None) -> Outcome:
    """Run one command after the other in a process of their own; each ends with a line of its code and words."""
    words = json.dumps([[str(word) for word in each] for each in commands])
    done = subprocess.run(
        [sys.executable, "-c", _ONE_AFTER_THE_OTHER, words],
        env=process_environment(environment),
        capture_output=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


_ONE_AFTER_THE_OTHER = """
import json, sys
from forensics.cli import app
from forensics.cli.app import run
for words in json.loads(sys.argv[1]):
    code = run(words)
    print(f"\\n{code}", *words, flush=True)
"""


def command_line(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "forensics", *map(str, arguments)]


def process_environment(changed: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in LOOK}
    return {**kept, "PYTHONPATH": str(PROJECT), **(changed or {})}
