"""``forensics log``: the history of an object, not of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli import exits, options
from forensics.cli.options import Color, HistoryLine, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, examine


def log(
    object_: Annotated[str, typer.Argument(help="role[base], or a role's name.", metavar="OBJECT")],
    repo: options.Repo = Path(),
    rev: options.Rev = "HEAD",
    container: options.Containers = [],  # noqa: B006 (typer copies it)
    since: options.Since = None,
    until: options.Until = None,
    history: options.Line = HistoryLine.FIRST_PARENT,
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
    """Tell how an object's declarations changed: run lists and attributes in words, with author and commit."""
    examination = examine(
        Request(
            repo=repo,
            rev=rev,
            containers=container,
            since=since,
            until=until,
            line=history,
            config=config,
            chef_version=chef_version,
            trust_owner=trust_owner,
            quiet=quiet,
        )
    )
    from forensics.analysis import objects as questions  # noqa: PLC0415
    from forensics.analysis.redaction import Redaction, redact_log  # noqa: PLC0415

    wanted = questions.parse_object(object_)
    with Progress(quiet=quiet).stage("comparing the declarations"):
        entries = redact_log(wanted.kind, questions.log(examination, wanted), Redaction.of(asked=redact))
    if format_ is TextFormat.JSON:
        from forensics.report.documents import log_document, render  # noqa: PLC0415

        text = render(log_document(str(wanted), entries))
    else:
        from forensics.report.text.log import log_text  # noqa: PLC0415

        text = log_text(str(wanted), entries, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    return exits.OK
