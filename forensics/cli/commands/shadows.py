"""``forensics shadows``: only the shadows and their episodes, without a replay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli import exits, options
from forensics.cli.options import Color, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, examine


def shadows(
    path: options.PathArgument = None,
    repo: options.Repo = Path(),
    rev: options.Rev = "HEAD",
    every_ref: options.AllRefs = False,
    container: options.Containers = [],  # noqa: B006 (typer copies it)
    since: options.Since = None,
    until: options.Until = None,
    commits: Annotated[bool, typer.Option("--commits", help="Add every commit's id (JSON).")] = False,
    config: options.Config = None,
    chef_version: options.ChefVersion = None,
    format_: options.Format = TextFormat.TEXT,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    strict_evidence: options.StrictEvidence = False,
    trust_owner: options.TrustOwner = False,
    color: options.Colors = Color.AUTO,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> int:
    """List the objects that several files declare, on every commit reachable from the revision."""
    examination = examine(
        Request(
            repo=path or repo,
            rev=rev,
            every_ref=every_ref,
            containers=container,
            since=since,
            until=until,
            config=config,
            chef_version=chef_version,
            trust_owner=trust_owner,
            quiet=quiet,
        )
    )
    from forensics.analysis.scanning import scan_shadows  # noqa: PLC0415

    with Progress(quiet=quiet).stage("looking for shadows"):
        result = scan_shadows(examination)
    if format_ is TextFormat.JSON:
        from forensics.report.documents import render, shadows_document  # noqa: PLC0415

        text = render(shadows_document(result, commits=commits))
    else:
        from forensics.report.text.shadows import shadows_text  # noqa: PLC0415

        text = shadows_text(result, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    return exits.EVIDENCE if strict_evidence and not result.evidence.complete else exits.OK
