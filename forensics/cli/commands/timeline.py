"""``forensics timeline``: what was live over time, per scenario."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli.options import (
    Containers,
    EvidenceFormatName,
    KindName,
    Presentation,
    Range,
    Redact,
    Replayed,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.output import emit
from forensics.cli.session import evidence_code, opened, print_result, warn_of_unknown_order


def timeline(
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    objects: Annotated[
        list[str] | None,
        typer.Argument(
            help="role[base], data_bag_item[users/alice], a role's name, or a file; default: all.",
            metavar="[OBJECT]...",
        ),
    ] = None,
    kind: Annotated[list[KindName], typer.Option(help="Only objects of this kind (repeatable).")] = [],  # noqa: B006
    container: Containers = [],  # noqa: B006 (typer copies it)
    format_: Annotated[
        EvidenceFormatName, typer.Option("--format", help="For people, for programs, or for Timesketch.")
    ] = EvidenceFormatName.TEXT,
    redact: Redact = None,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Tell what was live over time under each scenario: from which file, since when."""
    asked, named = narrowing(container, time, replayed), objects or []
    repository = opened(where, show, asked, objects=named)
    result = repository.timeline(*named, kinds=[each.value for each in kind], redact=redact, **asked)
    if format_ is EvidenceFormatName.TIMESKETCH:
        emit(result.to_timesketch(), show.output, overwrite=show.overwrite)
    else:
        print_result(result, TextFormat(format_.value), show)
    warn_of_unknown_order(result, show)
    return evidence_code(result.evidence, strict=strict_evidence)
