"""What to type, and what not: the exact commands for an object of each kind."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from forensics.chef import layout
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


def glob(kind: str, directory: str) -> str:
    """The command with all files of a directory."""
    return f"{from_file(kind, directory, []).rstrip()} {argument(directory)}/*"


def look_up(kind: str, container: str, name: str) -> str:
    """The command that shows what a server has of an object."""
    if kind == "data_bag_item":
        return f"knife data bag show {argument(layout.basename(container))} {argument(name)}"
    return f"knife {kind} show {argument(name)}"


def what_was_done(description: str, kind: str | None, directory: str | None) -> str:
    """The description of a scenario with the command for a kind: they are written for roles.

    ``kind`` and ``directory`` are None where it is about several.
    """
    verb = "knife ... from file" if kind is None else from_file(kind, directory or "BAG", []).rstrip()
    where = "DIR" if directory is None else argument(directory)
    return description.replace("knife role from file roles/*", f"{verb} {where}/*").replace(
        "knife role from file", verb
    )


def several_stems(name: str, paths: Sequence[str]) -> bool:
    """Whether several of an object's files are called after it, so that none is the canonical one by itself."""
    return sum(layout.stem(path) == name for path in paths) > 1


def decide(name: str, paths: Sequence[str]) -> str:
    """What to do about files none of which is the canonical one."""
    if several_stems(name, paths):
        settle = "decide which file is meant ([[server]] canonical in forensics.toml can say it)"
    else:
        settle = "decide which file is meant, and name it after the object"
    return f"{settle}; keep that one, and remove the others or give them names of their own"
