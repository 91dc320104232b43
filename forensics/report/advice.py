"""What to type, and what not: the exact commands for an object of each kind."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND: Final = {
    "role": "knife role from file",
    "environment": "knife environment from file",
    "node": "knife node from file",
}


def from_file(kind: str, container: str, arguments: Sequence[str]) -> str:
    """``knife ... from file`` with these files."""
    verb = _COMMAND.get(kind) or f"knife data bag from file {clean(shlex.quote(container.rpartition('/')[2]))}"
    return f"{verb} {' '.join(map(argument, arguments))}"


def argument(path: str) -> str:
    """A path as a word of a command line: quoted where the shell would take it for more, never an option."""
    return clean(shlex.quote(f"./{path}" if path.startswith("-") else path))


def safe_command(kind: str, path: str) -> str:
    """The command that makes the canonical file's content live again, whatever went up before."""
    return from_file(kind, path.rpartition("/")[0], [path])


def avoid(kind: str, container: str, copies: Sequence[str]) -> list[str]:
    """The commands that make a copy live, or may."""
    glob = argument(container) + "/*"
    verb = from_file(kind, container, []).rstrip()
    return [from_file(kind, container, [copies[-1]]), f"{verb} {glob}"]
