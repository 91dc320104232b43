"""An explicit list of commands, as somebody ran them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forensics.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


class CommandListError(UsageError):
    """A list of commands that cannot be read, or names what is not there."""


@dataclass(frozen=True, slots=True)
class GivenCommand:
    """One command that somebody ran: with which commit checked out, in which directory, and its words.

    ``where`` is the place in the list, for messages.
    """

    commit: str
    cwd: str
    argv: tuple[str, ...]
    where: str


def read(path: Path) -> tuple[GivenCommand, ...]:
    """Read a list of commands: JSON Lines with ``commit``, ``cwd`` (default: the root) and ``argv``.

    Raises:
        CommandListError: the file is missing, or a line is not of that form.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise CommandListError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandListError(f"{path} is not UTF-8 text") from None
    commands = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            commands.append(_command(line, f"{path}:{number}"))
    if not commands:
        raise CommandListError(f"{path} lists no command")
    return tuple(commands)


def _command(line: str, where: str) -> GivenCommand:
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise CommandListError(f"{where} is no JSON") from None
    if not isinstance(entry, dict):
        raise CommandListError(f"{where} is no object with commit, cwd and argv")
    commit, cwd, argv = entry.get("commit"), entry.get("cwd", "."), entry.get("argv")
    if not isinstance(commit, str) or not isinstance(cwd, str):
        raise CommandListError(f"{where}: commit and cwd must be text")
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        raise CommandListError(f"{where}: argv must be a list of words")
    words = argv[1:] if argv[0] == "knife" else argv
    return GivenCommand(commit, cwd, tuple(words), where)
