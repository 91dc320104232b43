"""``forensics drift``: what is live right now, and where did it come from?"""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import (
    Containers,
    DriftFormat,
    FailOnDrift,
    NodesOption,
    Presentation,
    Replayed,
    StrictEvidence,
    Where,
    narrowing,
)
from forensics.cli.output import emit, style
from forensics.cli.session import evidence_code, opened


def drift(
    where: Where,
    show: Presentation,
    backup: Annotated[
        str,
        typer.Argument(
            help="A backup of the server: a directory, a tar, a file of knife show, or a git repository of backups; "
            "@DATE says when it was made, or which of several is meant.",
            metavar="DIR[@DATE]",
            show_default=False,
        ),
    ],
    container: Containers = [],  # noqa: B006 (typer copies it)
    nodes: NodesOption = None,
    format_: Annotated[DriftFormat, typer.Option("--format", help="For people or for programs.")] = DriftFormat.TEXT,
    fail_on: Annotated[FailOnDrift, typer.Option("--fail-on", help="What makes the exit code 1.")] = FailOnDrift.NEVER,
    strict_evidence: StrictEvidence = False,
    redact: Annotated[
        bool,
        typer.Option(
            "--redact/--no-redact", help="Hash what data bags hold, and attribute values under keys like password."
        ),
    ] = True,
) -> int:
    """Compare what a server holds (a backup) with the revision, and find the file that each object came from.

    No server is asked. Exit code 1, with --fail-on drift, means that an object differs.
    """
    asked = narrowing(container, replayed=Replayed(nodes=nodes))
    result = opened(where, show, asked, files=[str(backup)]).drift(backup, redact=redact, **asked)
    if format_ is DriftFormat.TEXT:
        text = result.to_text(style(show.color, show.output, verbose=show.verbose))
    else:
        text = result.to_json() if format_ is DriftFormat.JSON else result.render(format_.value)
    emit(text, show.output, overwrite=show.overwrite)
    if evidence_code(result.evidence, strict=strict_evidence):
        return exits.EVIDENCE
    return exits.FOUND if fail_on is FailOnDrift.DRIFT and result.drifted else exits.OK
