"""``forensics trace``: where could it have come from?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli import exits, options
from forensics.cli.options import Color, HistoryLine, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, examine


def trace(
    subject: Annotated[
        str, typer.Argument(help="recipe[x] or recipe[x::y], role[x], attribute[ntp.servers].", metavar="WHAT")
    ],
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
    """Find everything through which a recipe, role or attribute could have reached a node, and when."""
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
    from forensics.analysis import trace as questions  # noqa: PLC0415
    from forensics.analysis.redaction import Redaction  # noqa: PLC0415
    from forensics.analysis.trace_subject import parse_subject  # noqa: PLC0415

    wanted = parse_subject(subject)
    with Progress(quiet=quiet).stage("following run lists through the history"):
        found = questions.redacted(questions.trace(examination, wanted), Redaction.of(asked=redact))
    if format_ is TextFormat.JSON:
        from forensics.report.documents import render  # noqa: PLC0415
        from forensics.report.trace_document import trace_document  # noqa: PLC0415

        text = render(trace_document(found))
    else:
        from forensics.report.text.trace import trace_text  # noqa: PLC0415

        text = trace_text(found, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    return exits.OK
