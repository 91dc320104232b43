"""What a page shows of commands and of Python, run again.

A ``console`` block holds command lines behind ``$ `` and what they print; a ``pycon`` block is a dialogue with Python.
All blocks of a page run one after the other, in one empty directory. The comment ``<!-- file: PATH -->`` says that the
block behind it is a file there.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from handbook import dialogue
from handbook.shell import Shell

if TYPE_CHECKING:
    from typing import Any

_BLOCK: Final = re.compile(
    r"(?P<file><!-- file: (?P<path>\S+) -->\n+)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_RUN: Final = frozenset({"console", "pycon"})


def refreshed(text: str) -> str:
    """A page with what its commands print today.

    Raises:
        UnknownCommandError: a command is none that can be run.
    """
    if not any(found["kind"] in _RUN for found in _BLOCK.finditer(text)):
        return text
    with tempfile.TemporaryDirectory() as directory:
        shell = Shell(Path(directory).resolve())
        names: dict[str, Any] = {}

        def again(found: re.Match[str]) -> str:
            if found["file"]:
                shell.write(found["path"], found["body"])
            if found["kind"] == "console":
                return f"```console\n{_commands(found['body'], shell)}```"
            if found["kind"] == "pycon":
                shell.prepare(found["body"])
                return f"```pycon\n{dialogue.again(found['body'], names, shell.here)}```"
            return found[0]

        return _BLOCK.sub(again, text)


def _commands(body: str, shell: Shell) -> str:
    """The block with the output of each command replaced; a command ends at a line without a backslash at its end."""
    printed: list[str] = []
    lines = iter(body.splitlines())
    for line in lines:
        if not line.startswith("$ "):
            continue  # what it printed before
        spelled = [line]
        while spelled[-1].endswith("\\"):
            spelled.append(next(lines))
        command = " ".join(part.removesuffix("\\").removeprefix("> ").strip() for part in spelled).removeprefix("$ ")
        output = shell.run(command)
        printed += [f"{part}\n" for part in spelled]
        printed.append(output if output.endswith("\n") or not output else f"{output}\n")
    return "".join(printed)
