"""What one knife command did, and what it can stop with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.chef.objects import Problem
    from forensics.history.snapshot import Snapshot
    from forensics.uploads.server import Accepted, ObjectKey, Server


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did.

    ``exit`` is its status, None where that cannot be told. ``accepted`` are the changes that the server took, in their
    order; where that cannot be told, as after an upload that aborted, ``open`` names the objects that it may have
    changed (the server knows in which states they may be). ``refused`` is the file (or
    argument) at which the command stopped or that it skipped, the first if there are several, and ``problem`` why.
    """

    exit: int | None
    accepted: tuple[Accepted, ...] = ()
    refused: str | None = None
    problem: Problem | None = None
    open: tuple[ObjectKey, ...] = ()


class CommandNotUnderstood(ValueError):  # noqa: N818 - named for what it says
    """A command whose effect this module cannot tell: an unknown verb or option, an editor, a file elsewhere."""


class Stop(Exception):  # noqa: N818 - a command that exits is no error of ours
    """knife exits here with this status."""

    def __init__(self, exit_status: int, problem: Problem | None = None, refused: str | None = None) -> None:
        super().__init__(problem.message if problem else f"exit {exit_status}")
        self.exit_status = exit_status
        self.problem = problem
        self.refused = refused


@dataclass(slots=True)
class Command:
    """A command at work: its words after the verb, where it runs, and what it has met so far.

    ``skipped`` collects the files that it passed over, with why; ``chef`` is the version of knife, and ``ascii_ruby``
    is knife under LC_ALL=C, which reads Ruby files as US-ASCII. ``uncertain`` is set where its exit cannot be told.
    """

    verb: str
    arguments: list[str]
    options: dict[str, str]
    cwd: str
    checkout: Snapshot
    server: Server
    chef: str = "18"
    ascii_ruby: bool = False
    skipped: list[tuple[str, Problem]] = field(default_factory=list)
    open: tuple[ObjectKey, ...] = ()
    uncertain: bool = False

    def required(self, position: int) -> str:
        """Give an argument without which knife shows how it is used and exits with 1."""
        if len(self.arguments) <= position:
            raise Stop(1)
        return self.arguments[position]


_EXIT_OF_CLASS = re.compile(r"SystemExit\((\d+)\)")


def exit_status_of(problem: Problem) -> int:
    """The status with which knife ends at a problem: 100 for an exception, or what the file itself asked for."""
    match = _EXIT_OF_CLASS.fullmatch(problem.error_class)
    return int(match[1]) if match else 100
