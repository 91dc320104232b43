"""``forensics timeline``: what was live over time, per scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli import exits, options
from forensics.cli.options import Color, HistoryLine, KindName, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, examine


def timeline(
    objects: Annotated[
        list[str] | None,
        typer.Argument(
            help="role[base], data_bag_item[users/alice], or a role's name; default: all.", metavar="[OBJECT]..."
        ),
    ] = None,
    kind: Annotated[list[KindName], typer.Option(help="Only objects of this kind (repeatable).")] = [],  # noqa: B006
    repo: options.Repo = Path(),
    rev: options.Rev = "HEAD",
    container: options.Containers = [],  # noqa: B006 (typer copies it)
    since: options.Since = None,
    until: options.Until = None,
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
    """Tell what was live over time under each scenario: from which file, since when."""
    examination = examine(
        Request(
            repo=repo,
            rev=rev,
            containers=container,
            since=since,
            until=until,
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
    from forensics.analysis.redaction import Redaction, redact_timeline  # noqa: PLC0415
    from forensics.chef.objects import Kind  # noqa: PLC0415

    with Progress(quiet=quiet).stage("replaying the uploads"):
        wanted = [questions.parse_object(text) for text in objects or []]
        entries = questions.timeline(examination, wanted, [Kind(each.value) for each in kind])
    entries = redact_timeline(entries, Redaction.of(asked=redact))
    if format_ is TextFormat.JSON:
        from forensics.report.documents import render, timeline_document  # noqa: PLC0415

        text = render(timeline_document(entries))
    else:
        from forensics.report.text.timeline import timeline_text  # noqa: PLC0415

        text = timeline_text(entries, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    return exits.OK
