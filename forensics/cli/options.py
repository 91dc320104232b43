"""The options that commands share, each spelled once, in groups that a command takes as one parameter each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from forensics.errors import UsageError
from forensics.evidence import CLOCK_SKEW

if TYPE_CHECKING:
    from forensics.api.narrowing import Narrowing


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class TextFormat(StrEnum):
    """How commands print: for people or for programs."""

    TEXT = "text"
    JSON = "json"


class EvidenceFormatName(StrEnum):
    """How ``evidence`` prints: for people, for programs, or for the timeline of Timesketch."""

    TEXT = "text"
    JSON = "json"
    TIMESKETCH = "timesketch"


class ReportFormat(StrEnum):
    """How ``report`` prints: for people, as ``forensics.report.formats`` has it, or all frames as a database."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITLAB = "gitlab"
    GITHUB = "github"
    CSV = "csv"
    SQLITE = "sqlite"


class DriftFormat(StrEnum):
    """How ``drift`` prints."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


class HistoryLine(StrEnum):
    """Which commits are replayed."""

    FIRST_PARENT = "first-parent"
    FULL = "full"


class FailOn(StrEnum):
    """What makes the exit code 1; each includes those before it."""

    NEVER = "never"
    DIVERGENCE = "divergence"
    SHADOW = "shadow"
    ANY = "any"


class FailOnDrift(StrEnum):
    """What makes the exit code of ``drift`` 1."""

    NEVER = "never"
    DRIFT = "drift"


class KindName(StrEnum):
    """The kinds of objects."""

    ROLE = "role"
    ENVIRONMENT = "environment"
    DATA_BAG_ITEM = "data_bag_item"
    NODE = "node"


PathArgument: TypeAlias = Annotated[
    Path | None, typer.Argument(help="The chef-repo, instead of -C.", show_default=False, metavar="[PATH]")
]
AllRefs: TypeAlias = Annotated[bool, typer.Option("--all", help="Every ref instead of --rev.")]
Containers: TypeAlias = Annotated[
    list[str], typer.Option("--container", help="Only containers at or below this path (repeatable).", metavar="PATH")
]
Line: TypeAlias = Annotated[
    HistoryLine, typer.Option("--history", help="The commits to replay: the first-parent line, or all, parents first.")
]
ClockSkew: TypeAlias = Annotated[
    int,
    typer.Option("--clock-skew", help="How many seconds the clocks of evidence may differ.", metavar="SECONDS", min=0),
]
Format: TypeAlias = Annotated[TextFormat, typer.Option("--format", help="For people or for programs.")]
Redact: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--redact/--no-redact",
        help="Hash attribute values under keys like password, too; or show even what data bags hold "
        "(default: only values in data bags are hashed).",
        show_default=False,
    ),
]
StrictEvidence: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--strict-evidence", help="Exit 3 if the evidence is incomplete, or what a file declares cannot be told."
    ),
]


NodesOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--nodes",
        help="Node objects from outside, instead of those of commits: a directory of *.json files.",
        metavar="DIR",
    ),
]


@dataclass(frozen=True, slots=True)
class RepositoryOptions:
    """Which repository is opened, and how."""

    repo: Annotated[
        Path, typer.Option("-C", "--repo", help="The chef-repo, or a directory in it to keep to.", metavar="PATH")
    ] = field(default_factory=Path)
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="Default: forensics.toml beside the repository's files, if there.", metavar="FILE"
        ),
    ] = None
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Go by no configuration, not by the repository's own either.")
    ] = False
    chef_version: Annotated[
        str | None, typer.Option("--chef-version", help="The Chef whose knife uploaded: 11, 12, 16 or 18 (default).")
    ] = None
    trust_owner: Annotated[
        bool, typer.Option("--trust-owner", help="Read a repository that belongs to another user, this once.")
    ] = False

    @property
    def configuration(self) -> Path | None:
        """The file to go by; an empty one where none is to be.

        Raises:
            UsageError: one is named all the same.
        """
        if self.no_config and self.config is not None:
            raise UsageError("--config names a configuration, --no-config wants none")
        return Path(os.devnull) if self.no_config else self.config


@dataclass(frozen=True, slots=True)
class Where(RepositoryOptions):
    """The same, and which of its commits are examined."""

    rev: Annotated[str, typer.Option("--rev", help="The revision to examine.", metavar="REV")] = "HEAD"


@dataclass(frozen=True, slots=True)
class Range:
    """Which time is told of."""

    since: Annotated[
        str | None,
        typer.Option(help="Leave out what ended before this date (2014-08-31, '3 weeks ago').", metavar="DATE"),
    ] = None
    until: Annotated[str | None, typer.Option(help="Leave out what began after this date.", metavar="DATE")] = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What is replayed."""

    history: Line = HistoryLine.FIRST_PARENT
    replay_from: Annotated[
        str | None,
        typer.Option("--replay-from", help="Begin with an empty server at this commit.", metavar="COMMIT"),
    ] = None
    commands: Annotated[
        Path | None,
        typer.Option(
            "--commands",
            help="Commands that were run, as one more scenario: JSON Lines of commit, cwd, argv.",
            metavar="FILE",
        ),
    ] = None
    nodes: NodesOption = None
    evidence: Annotated[
        list[str],
        typer.Option(
            "--evidence",
            help="Logs of a Chef server and other evidence (repeatable): they prove what was live; FILE@ZONE for times "
            "without a zone.",
            metavar="FILE",
        ),
    ] = field(default_factory=list)
    clock_skew: ClockSkew = CLOCK_SKEW
    scenario: Annotated[
        list[str],
        typer.Option(
            "--scenario",
            help="A way of uploading that is used, or all (repeatable; default: what forensics.toml says, else all, "
            "where findings go by the usual ones).",
            metavar="NAME",
        ),
    ] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the answer is told, and where."""

    output: Annotated[
        Path | None, typer.Option("--output", help="Write to a new file instead of stdout.", metavar="FILE")
    ] = None
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Let --output replace an existing file.")] = False
    color: Annotated[Color, typer.Option("--color", help="NO_COLOR and FORCE_COLOR count too.")] = Color.AUTO
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Everything, however long.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no warnings on stderr.")] = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the exit code says of an answer that can fail."""

    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            help="What makes the exit code 1, if true at the tip (default: what forensics.toml says, else divergence).",
            show_default=False,
        ),
    ] = None
    fail_on_history: Annotated[
        bool, typer.Option("--fail-on-history", help="Let what is over count for the exit code too.")
    ] = False
    strict_evidence: StrictEvidence = False


def narrowing(
    containers: list[str],
    time: Range | None = None,
    replayed: Replayed | None = None,
    *,
    line: HistoryLine = HistoryLine.FIRST_PARENT,
) -> Narrowing:
    """What these options say, as the keywords of a question; ``line`` is for a command that takes no ``Replayed``."""
    time, replayed = time or Range(), replayed or Replayed(history=line)
    return {
        "containers": containers,
        "since": time.since,
        "until": time.until,
        "history": replayed.history.value,
        "replay_from": replayed.replay_from,
        "commands": replayed.commands,
        "nodes": replayed.nodes,
        "scenarios": replayed.scenario,
        "evidence": replayed.evidence,
        "clock_skew": replayed.clock_skew,
    }
