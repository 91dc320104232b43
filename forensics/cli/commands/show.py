"""``forensics show``: the effective object at a date or commit under each scenario."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli.options import (
    Containers,
    Format,
    Presentation,
    Redact,
    Replayed,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import evidence_code, opened, print_result


def show(
    object_: Annotated[str, typer.Argument(help="role[base], a role's name, or a file.", metavar="OBJECT")],
    where: Where,
    replayed: Replayed,
    show: Presentation,
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
    container: Containers = [],  # noqa: B006
    format_: Format = TextFormat.TEXT,
    redact: Redact = None,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Show an object as it was at a moment: run list, recipes, attributes, and where each of them came from."""
    asked = narrowing(container, replayed=replayed)
    result = opened(where, show, asked, objects=[object_]).show(
        object_,
        at=at,
        environment=environment,
        why=why,
        redact=redact,
        **asked,
    )
    print_result(result, format_, show)
    return evidence_code(result.evidence, strict=strict_evidence)
