"""The named ways in which somebody could have uploaded what the repository held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from forensics.errors import UsageError, did_you_mean


@dataclass(frozen=True, slots=True)
class Scenario:
    """An uploader, what it takes at each commit and in which order, under a name.

    ``uploader`` is the name of one of ``uploaders.ALL``; ``scope`` ``all`` or ``changed``; ``order`` ``byte``,
    ``locale``, ``reverse-byte``, ``json-then-rb``, or ``-`` where none decides. ``ascii_ruby`` is knife under LC_ALL=C,
    which reads Ruby files as US-ASCII.
    ``role_type`` (grocery-delivery only) is the extension that its configuration forces, or None to go by what the
    container holds.
    """

    name: str
    uploader: str
    scope: str
    order: str
    description: str
    ascii_ruby: bool = False
    role_type: str | None = None


SHIPPED: Final[tuple[Scenario, ...]] = (
    Scenario(
        "glob",
        "from-file",
        "all",
        "locale",
        "knife role from file roles/* typed in bash, zsh or ksh under en_US.UTF-8",
    ),
    Scenario(
        "glob-sh",
        "from-file",
        "all",
        "byte",
        "knife role from file roles/* run by dash (/bin/sh: make, Ruby backticks, CI steps) or under C.UTF-8",
    ),
    Scenario(
        "glob-c",
        "from-file",
        "all",
        "byte",
        "knife role from file roles/* under LC_ALL=C, as in cron: a .rb file with a non-ASCII byte stops it",
        ascii_ruby=True,
    ),
    Scenario(
        "changed",
        "from-file",
        "changed",
        "byte",
        "knife role from file with just the files that the commit changed, in git's order",
    ),
    Scenario(
        "changed-locale",
        "from-file",
        "changed",
        "locale",
        "knife role from file with the changed files as a person types or completes them: in en_US.UTF-8 order",
    ),
    Scenario(
        "changed-reversed",
        "from-file",
        "changed",
        "reverse-byte",
        "knife role from file with the changed files, the other way round",
    ),
    Scenario(
        "json-then-rb",
        "from-file",
        "all",
        "json-then-rb",
        "knife ... from file with all .json, then all .rb: Ruby's *.{json,rb}, knife environment from file -a",
    ),
    Scenario(
        "knife-upload",
        "knife-upload",
        "all",
        "-",
        "knife upload roles: the file's stem is the identity, a mismatch is refused",
    ),
    Scenario(
        "grocery-delivery",
        "grocery-delivery",
        "changed",
        "byte",
        "changed files only, deletes first; objects are told by file stem",
    ),
    Scenario(
        "chef-solo",
        "chef-solo",
        "all",
        "-",
        "no server: each node reads the file by its stem (Chef 12.11 and later)",
    ),
    Scenario(
        "chef-solo-legacy",
        "chef-solo-legacy",
        "all",
        "-",
        "no server, Chef before 12.11: the file is looked up by its stem at any depth, .json before .rb",
    ),
)

COMMANDS: Final = Scenario(
    "commands", "commands", "-", "-", "the commands listed in the file given with --commands, as they were run"
)

EVERY: Final = "all"
"""What stands for the names of all scenarios."""

SCOPES: Final = ("all", "changed")
ORDERS: Final = ("byte", "locale", "reverse-byte", "json-then-rb")


class UnknownScenarioError(UsageError):
    """A scenario name that is neither shipped nor defined in the configuration."""


def choose(names: list[str], defined: tuple[Scenario, ...] = ()) -> tuple[Scenario, ...]:
    """The scenarios with these names, in the order shipped; all of them when no name is given, or ``all``.

    Raises:
        UnknownScenarioError: a name that nobody defined.
    """
    every = {scenario.name: scenario for scenario in (*SHIPPED, *defined)}
    names = [] if EVERY in names else names
    for name in names:
        if name not in every:
            raise UnknownScenarioError(
                f"no scenario is called {name!r}; there are {', '.join(every)}{did_you_mean(name, every)}"
            )
    return tuple(scenario for scenario in every.values() if not names or scenario.name in names)
