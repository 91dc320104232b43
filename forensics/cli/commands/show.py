"""``forensics show``: the effective object at a date or commit under each scenario."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli import exits, options
from forensics.cli.options import Color, HistoryLine, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, commit_position, examine

if TYPE_CHECKING:
    from forensics.analysis.examination import Examination


def show(
    object_: Annotated[str, typer.Argument(help="role[base], or a role's name.", metavar="OBJECT")],
    at: Annotated[str | None, typer.Option(help="A date, or a commit (default: the revision).", metavar="WHEN")] = None,
    environment: Annotated[
        str | None,
        typer.Option(
            help="Expand run lists for this environment (default: a node's own, _default for a role).", metavar="NAME"
        ),
    ] = None,
    why: Annotated[
        list[str],
        typer.Option(help="Tell who gave an attribute its value: ntp.servers (repeatable).", metavar="PATH"),
    ] = [],  # noqa: B006 (typer copies it)
    repo: options.Repo = Path(),
    rev: options.Rev = "HEAD",
    container: options.Containers = [],  # noqa: B006 (typer copies it)
    history: options.Line = HistoryLine.FIRST_PARENT,
    replay_from: options.ReplayFrom = None,
    commands: options.Commands = None,
    scenario: options.Scenarios = [],  # noqa: B006
    config: options.Config = None,
    chef_version: options.ChefVersion = None,
    format_: options.Format = TextFormat.TEXT,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    redact: options.Redact = None,
    trust_owner: options.TrustOwner = False,
    color: options.Colors = Color.AUTO,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> int:
    """Show an object as it was at a moment: run list, recipes, attributes, and where each of them came from."""
    examination = examine(
        Request(
            repo=repo,
            rev=rev,
            containers=container,
            line=history,
            replay_from=replay_from,
            commands=commands,
            scenarios=scenario,
            config=config,
            chef_version=chef_version,
            trust_owner=trust_owner,
            quiet=quiet,
        )
    )
    from forensics.analysis import objects as questions  # noqa: PLC0415
    from forensics.analysis.dates import commit_date  # noqa: PLC0415
    from forensics.analysis.redaction import Redaction, redact_states  # noqa: PLC0415

    wanted = questions.parse_object(object_)
    if why and wanted.kind == "data_bag_item":
        raise exits.CommandError("--why explains attributes: a data bag item has none")
    commit = _moment(examination, repo, at, trust_owner=trust_owner)
    with Progress(quiet=quiet).stage("replaying the uploads"):
        states = questions.show(examination, wanted, commit, environment=environment, explained=why)
    states = redact_states(wanted.kind, states, Redaction.of(asked=redact))
    when = commit_date(examination.history, commit)
    if format_ is TextFormat.JSON:
        from forensics.report.documents import render, show_document  # noqa: PLC0415

        text = render(show_document(str(wanted), when, states))
    else:
        from forensics.report.text.show import show_text  # noqa: PLC0415

        oid = examination.history.graph.ids[commit].hex()
        text = show_text(str(wanted), when, oid, states, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    return exits.OK


def _moment(examination: Examination, repo: Path, at: str | None, *, trust_owner: bool) -> int:
    """The last commit of the replayed line at a date, or the commit that is named."""
    from forensics.analysis.dates import DateError, parse_when  # noqa: PLC0415
    from forensics.cli.exits import CommandError  # noqa: PLC0415
    from forensics.history.model import UnknownRevisionError  # noqa: PLC0415

    graph = examination.history.graph
    if at is None:
        return examination.head_commit
    try:
        moment = parse_when(at, reference=graph.times[examination.head_commit], end_of_day=True)
    except DateError:
        try:
            return commit_position(examination.history, repo, at, trust_owner=trust_owner)
        except UnknownRevisionError:
            raise CommandError(f"--at {at!r} is neither a date nor a commit that is examined") from None
    # a clock that went backwards must not hide what came before: the topology decides
    times: list[int] = []
    for commit in graph.line:
        times.append(max(graph.times[commit], times[-1]) if times else graph.times[commit])
    position = bisect_right(times, moment)
    if not position:
        raise CommandError(f"--at {at}: the history begins later")
    return graph.line[position - 1]
