"""``forensics fingerprint``: the content hashes of every declaration, and which file a logged hash belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.cli import exits, options
from forensics.cli.options import Color, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, examine


def fingerprint(
    path: options.PathArgument = None,
    hashes: Annotated[
        list[str] | None,
        typer.Argument(help="Content hashes to look up, as with --lookup.", metavar="[HASH]...", show_default=False),
    ] = None,
    lookup: Annotated[
        list[str],
        typer.Option(
            "--lookup", help="Which file has this X-Ops-Content-Hash of a server's log? (repeatable)", metavar="HASH"
        ),
    ] = [],  # noqa: B006 (typer copies it)
    repo: options.Repo = Path(),
    rev: options.Rev = "HEAD",
    every_ref: options.AllRefs = False,
    container: options.Containers = [],  # noqa: B006
    config: options.Config = None,
    chef_version: options.ChefVersion = None,
    format_: options.Format = TextFormat.TEXT,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    redact: options.Redact = None,
    strict_evidence: options.StrictEvidence = False,
    trust_owner: options.TrustOwner = False,
    color: options.Colors = Color.AUTO,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> int:
    """Give the content hashes of every declaration in history, as a server logs them; look hashes up."""
    from forensics.analysis.fingerprint import fingerprints, redact_fingerprints  # noqa: PLC0415
    from forensics.analysis.lookup import ContentHashError, look_up, parse_hash  # noqa: PLC0415
    from forensics.analysis.redaction import Redaction  # noqa: PLC0415

    try:
        wanted = tuple(dict.fromkeys(parse_hash(text) for text in (*(hashes or []), *lookup)))
    except ContentHashError as error:
        raise exits.CommandError(str(error)) from None
    examination = examine(
        Request(
            repo=path or repo,
            rev=rev,
            every_ref=every_ref,
            containers=container,
            config=config,
            chef_version=chef_version,
            trust_owner=trust_owner,
            quiet=quiet,
        )
    )
    with Progress(quiet=quiet).stage("computing content hashes"):
        found = redact_fingerprints(fingerprints(examination), Redaction.of(asked=redact))
        answers = look_up(examination, found, wanted, every_ref=every_ref)
    if format_ is TextFormat.JSON:
        from forensics.report.documents import fingerprint_document, render  # noqa: PLC0415

        text = render(fingerprint_document(found, answers))
    else:
        from forensics.report.text.fingerprint import fingerprint_text, lookup_text  # noqa: PLC0415

        look = style(color, output, verbose=verbose)
        text = lookup_text(answers, look) if answers else fingerprint_text(found, look)
    emit(text, output, overwrite=overwrite)
    if strict_evidence and not found.evidence.complete:
        return exits.EVIDENCE
    return exits.OK if all(answer.known for answer in answers) else exits.FOUND
