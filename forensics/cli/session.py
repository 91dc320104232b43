"""From options to an examination."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli.options import HistoryLine
from forensics.cli.progress import Progress

if TYPE_CHECKING:
    from forensics.analysis.examination import Examination
    from forensics.uploads.commands import GivenCommand


@dataclass(slots=True)
class Request:
    """What the common options say, as they were typed."""

    repo: Path = field(default_factory=Path)
    rev: str = "HEAD"
    every_ref: bool = False
    containers: list[str] = field(default_factory=list)
    since: str | None = None
    until: str | None = None
    line: HistoryLine = HistoryLine.FIRST_PARENT
    replay_from: str | None = None
    commands: Path | None = None
    scenarios: list[str] = field(default_factory=list)
    config: Path | None = None
    chef_version: str | None = None
    trust_owner: bool = False
    quiet: bool = False


def examine(request: Request) -> Examination:
    """Open the repository and prepare its examination; nothing is replayed before it is asked for."""
    # imported here: --help must not pay for it
    from forensics import config  # noqa: PLC0415
    from forensics.analysis.dates import parse_when  # noqa: PLC0415
    from forensics.analysis.examination import Examination, Options  # noqa: PLC0415
    from forensics.cli.exits import NOTHING, CommandError  # noqa: PLC0415
    from forensics.history.repository import open_evidence  # noqa: PLC0415
    from forensics.history.walk import History  # noqa: PLC0415
    from forensics.uploads.declarations import Declarations  # noqa: PLC0415
    from forensics.uploads.scenario import COMMANDS, choose  # noqa: PLC0415

    progress = Progress(quiet=request.quiet)
    settings = config.load(request.config, request.repo)
    given: tuple[GivenCommand, ...] = ()
    if request.commands:
        from forensics.uploads.commands import read  # noqa: PLC0415

        given = read(request.commands)
    named = [name for name in request.scenarios if name != COMMANDS.name or not given]
    scenarios = choose(named, settings.scenarios) if named or not request.scenarios else ()
    if given and (not request.scenarios or COMMANDS.name in request.scenarios):
        scenarios = (*scenarios, COMMANDS)
    with progress.stage("reading the history"):
        evidence = open_evidence(
            request.repo, rev=request.rev, every_ref=request.every_ref, trust_owner=request.trust_owner
        )
        history = History(evidence)
    start = None
    if request.replay_from is not None:
        start = commit_position(history, request.repo, request.replay_from, trust_owner=request.trust_owner)
    reference = history.graph.times[history.graph.line[-1]]
    options = Options(
        containers=tuple(request.containers),
        servers=settings.servers,
        scenarios=scenarios,
        since=parse_when(request.since, reference=reference, end_of_day=False) if request.since is not None else None,
        until=parse_when(request.until, reference=reference, end_of_day=True) if request.until is not None else None,
        full=request.line is HistoryLine.FULL,
        replay_from=start,
        commands=given,
    )
    chef = request.chef_version or settings.chef_version or "18"
    if chef.partition(".")[0] not in {"11", "12", "16", "18"}:
        raise CommandError(f"--chef-version {chef} is none of 11, 12, 16 and 18")
    examination = Examination(history, Declarations(history.blob, chef=chef, server=settings.server_software), options)
    if not examination.targets:
        raise CommandError(f"no container lies at or below {', '.join(request.containers)}", NOTHING)
    return examination


def commit_position(history: object, repo: Path, text: str, *, trust_owner: bool = False) -> int:
    """A revision as a position in the commit graph.

    Raises:
        UnknownRevisionError: it names no commit, or one that the examined revision does not reach.
    """
    from forensics.history.model import UnknownRevisionError  # noqa: PLC0415
    from forensics.history.repository import open_evidence  # noqa: PLC0415
    from forensics.history.walk import History  # noqa: PLC0415

    if not isinstance(history, History):
        raise TypeError("a History is needed")
    oid = open_evidence(repo, rev=text, trust_owner=trust_owner).heads[0]
    position = history.graph.index(oid)
    if position is None:
        raise UnknownRevisionError(f"{text} is not among the commits that {history.provenance.rev} reaches")
    return position
