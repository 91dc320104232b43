"""A small shell for the commands that pages show: they run in this process, without a shell of the machine's.

It knows ``forensics``, ``cat``, ``cd``, ``echo $?``, a little git (``handbook.git``) and, behind a command,
``> FILE`` or a pipe to ``head -N``, ``tail -N`` or ``grep TEXT`` with ``-A``, ``-B`` or ``-v``. Directories
``demo/STORY`` and ``demo/evidence`` appear when they are named.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from unittest import mock

import sample_repos
from forensics.cli import exits
from forensics.cli.app import run
from handbook import git
from handbook.errors import DefectError, NothingShownError, UnknownCommandError
from sample_repos import evidence

if TYPE_CHECKING:
    from pathlib import Path

_STORY: Final = re.compile(r"\bdemo/([a-z0-9-]+)")
_EVIDENCE: Final = "demo/evidence"
_INCIDENT: Final = "opsmatic-2014"
_LOOK: Final = ("NO_COLOR", "FORCE_COLOR", "FORENSICS_DEBUG", "GITHUB_STEP_SUMMARY")
"""Variables that change what is printed, and where."""
_COLUMNS: Final = "80"
"""How wide help is, whoever writes the pages."""


class Shell:
    """Runs commands in a directory; remembers where it is and the last exit code."""

    def __init__(self, directory: Path) -> None:
        self.root = directory
        self.here = directory
        self.code = 0

    def run(self, line: str) -> str:
        """What a command line prints, on either stream.

        Raises:
            UnknownCommandError: it is none that this shell knows.
            DefectError: the tool failed.
            NothingShownError: a filter left nothing of what the command printed.
        """
        self.prepare(line)
        if line == "echo $?":
            return f"{self.code}\n"
        words = shlex.split(line)
        kept = words[-2:-1] == [">"]
        first, *filters = _piped(words[:-2] if kept else words)
        text = self._start(first)
        if kept:
            if words[-1] != "/dev/null":
                (self.here / words[-1]).write_text(text, "utf-8")
            return ""
        for filter_ in filters:
            text = "".join(_filtered(filter_, text.splitlines(keepends=True)))
            self.code = 0  # a pipe's exit code is that of its last command
        if filters and not text:
            raise NothingShownError(line)
        return text

    def prepare(self, text: str) -> None:
        """Build the sample repositories that a text names, and their evidence."""
        for name in dict.fromkeys(_STORY.findall(text)):
            if name in sample_repos.names() and not (self.root / "demo" / name).exists():
                sample_repos.build(name, self.root / "demo" / name)
        if _EVIDENCE in text:
            evidence.write(_INCIDENT, self.root / _EVIDENCE)

    def write(self, path: str, text: str) -> None:
        """Put a file where a page says that it is."""
        self.prepare(path)
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def _start(self, words: list[str]) -> str:
        match words:
            case ["cd", directory]:
                self.here = (self.here / directory).resolve()
                return ""
            case ["cat", *files]:
                return "".join((self.here / name).read_text("utf-8") for name in files)
            case ["forensics", *arguments]:
                return self._forensics(arguments)
            case ["git", *arguments]:
                self.here = git.run(arguments, self.here)
                return ""
            case _:
                raise UnknownCommandError(shlex.join(words))

    def _forensics(self, arguments: list[str]) -> str:
        printed = io.StringIO()
        with (
            mock.patch.dict(os.environ),
            contextlib.chdir(self.here),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            for name in _LOOK:
                os.environ.pop(name, None)
            os.environ["COLUMNS"] = _COLUMNS
            self.code = run(arguments)
        if self.code == exits.DEFECT:
            raise DefectError(printed.getvalue())  # no page must ever show that
        return printed.getvalue().replace("\r\n", "\n")  # rows of CSV end so


def _piped(words: list[str]) -> list[list[str]]:
    bars = [place for place, word in enumerate(words) if word == "|"]
    return [words[start + 1 : end] for start, end in pairwise([-1, *bars, len(words)])]


def _filtered(words: list[str], lines: list[str]) -> list[str]:
    match words:
        case ["head", count]:
            return lines[: int(count.removeprefix("-"))]
        case ["tail", count]:
            return lines[-int(count.removeprefix("-")) :]
        case ["grep", *options, text]:
            return _matching(options, text, lines)
        case _:
            raise UnknownCommandError(shlex.join(words))


def _matching(options: list[str], text: str, lines: list[str]) -> list[str]:
    if options == ["-v"]:
        return [line for line in lines if text not in line]
    around = {"-A": 0, "-B": 0} | {name: int(count) for name, count in zip(options[::2], options[1::2], strict=True)}
    kept = {
        near
        for number, line in enumerate(lines)
        if text in line
        for near in range(number - around["-B"], number + around["-A"] + 1)
    }
    return [line for number, line in enumerate(lines) if number in kept]
