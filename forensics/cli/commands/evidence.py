"""``forensics evidence``: what was understood of logs and the like, and what they prove."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli.options import (
    AllRefs,
    ClockSkew,
    Containers,
    EvidenceFormatName,
    Presentation,
    StrictEvidence,
    TextFormat,
    Where,
)
from forensics.cli.output import emit
from forensics.cli.session import evidence_code, opened, print_result
from forensics.evidence import CLOCK_SKEW


def evidence(
    files: Annotated[
        list[str],
        typer.Argument(
            help="Logs, shell histories, backups, tables of one's own, or a directory of them; FILE@ZONE where times "
            "have no zone.",
            metavar="FILE...",
        ),
    ],
    where: Where,
    show: Presentation,
    every_ref: AllRefs = False,
    container: Containers = [],  # noqa: B006 (typer copies it)
    clock_skew: ClockSkew = CLOCK_SKEW,
    format_: Annotated[
        EvidenceFormatName, typer.Option("--format", help="For people, for programs, or for Timesketch.")
    ] = EvidenceFormatName.TEXT,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Tell what was understood of logs, and which file of which commit each upload was of."""
    repository = opened(where, show, {"containers": container}, every_ref=every_ref, files=files)
    result = repository.evidence(*files, clock_skew=clock_skew, containers=container)
    if format_ is EvidenceFormatName.TIMESKETCH:
        emit(result.to_timesketch(), show.output, overwrite=show.overwrite)
    else:
        print_result(result, TextFormat(format_.value), show)
    return evidence_code(result.evidence, strict=strict_evidence)
