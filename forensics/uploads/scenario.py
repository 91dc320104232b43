"""The named ways in which somebody could have uploaded what the repository held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from forensics.errors import UsageError, did_you_mean
from forensics.facts import INTERNAL, absent, document_view, limit, words

if TYPE_CHECKING:
    from collections.abc import Iterable

USUAL: Final = "usual"
SPECIAL: Final = "special"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way in which the files could have been uploaded."""

    name: Annotated[str, limit(minLength=1), "The name, as --scenario takes it."]
    uploader: Annotated[
        str,
        limit(minLength=1),
        "The tool: what identifies an object, what it refuses, what it deletes.",
    ]
    scope: Annotated[
        str,
        words(*SCOPES, "-", ordered=False),
        "What goes up at a commit: all files of the directory, all at any depth (tree), or only those that it changed; "
        "push: what changed from one pushed commit to the next.",
    ]
    order: Annotated[
        str, words(*ORDERS, "-", ordered=False), "In which order the files go up; - where no order decides."
    ]
    description: Annotated[str, "What somebody did, in words."]
    standing: Annotated[
        str,
        words(USUAL, SPECIAL, ordered=False),
        "Whether it decides where nobody says which ways are used; what special ones alone give is told as an only-if.",
    ] = USUAL
    ascii_ruby: Annotated[bool, INTERNAL, "Whether knife runs under LC_ALL=C, and reads Ruby files as US-ASCII."] = (
        False
    )
    role_type: Annotated[
        str | None,
        INTERNAL,
        "The extension that grocery-delivery's configuration forces.",
        absent("what the container holds decides"),
    ] = None
    pushes: Annotated[
        tuple[str, ...], INTERNAL, "The ids of the commits that were pushed, one after the other; for the scope push."
    ] = field(default=(), compare=False)


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
        standing=SPECIAL,
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
        standing=SPECIAL,
    ),
    Scenario(
        "chef-solo",
        "chef-solo",
        "all",
        "-",
        "no server: each node reads the file by its stem (Chef 12.11 and later)",
        standing=SPECIAL,
    ),
    Scenario(
        "chef-solo-legacy",
        "chef-solo-legacy",
        "all",
        "-",
        "no server, Chef before 12.11: the file is looked up by its stem at any depth, .json before .rb",
        standing=SPECIAL,
    ),
)

COMMANDS: Final = Scenario(
    "commands", "commands", "-", "-", "the commands listed in the file given with --commands, as they were run"
)

EVIDENCE: Final = Scenario(
    "evidence",
    "evidence",
    "-",
    "-",
    "what really was live, as far as the logs and tables given with --evidence prove it",
)


def is_evidence(name: str) -> bool:
    """Whether a scenario of this name tells what evidence proves, of one organization or of the only one."""
    return name == EVIDENCE.name or name.startswith(f"{EVIDENCE.name} of ")


NAMES: Final = tuple(scenario.name for scenario in (*SHIPPED, COMMANDS))
ScenarioName: TypeAlias = Annotated[str, words(*NAMES, open_ended=True)]
"""The name of a scenario: one of ``NAMES``, or one of the configuration."""


@document_view(name="scenarios")
@dataclass(frozen=True, slots=True)
class KnownScenarios:
    """The ways of uploading that a repository can be asked about."""

    scenarios: Annotated[
        tuple[Scenario, ...], "The ways of uploading, shipped ones first, then those of forensics.toml."
    ]


EVERY: Final = "all"
"""What stands for the names of all scenarios."""

PUSH: Final = "push"
SCOPES: Final = ("all", "tree", "changed", PUSH)
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


def deciding(scenarios: Iterable[Scenario], *, chosen: bool) -> tuple[str, ...]:
    """The names of those by which the headline, the severity of findings and the exit code go.

    All of them if somebody has ``chosen`` them, and thereby said which are used; else those of usual standing.
    """
    return tuple(each.name for each in scenarios if chosen or each.standing == USUAL)
