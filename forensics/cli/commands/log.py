"""``forensics log``: the history of an object, not of a file."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli.options import (
    Containers,
    Format,
    HistoryLine,
    Line,
    Presentation,
    Range,
    Redact,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import evidence_code, opened, print_result


def log(
    object_: Annotated[str, typer.Argument(help="role[base], a role's name, or a file.", metavar="OBJECT")],
    where: Where,
    time: Range,
    show: Presentation,
    container: Containers = [],  # noqa: B006 (typer copies it)
    history: Line = HistoryLine.FIRST_PARENT,
    format_: Format = TextFormat.TEXT,
    redact: Redact = None,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Tell how an object's declarations changed: run lists and attributes in words, with author and commit."""
    asked = narrowing(container, time, line=history)
    result = opened(where, show, asked, objects=[object_]).log(object_, redact=redact, **asked)
    print_result(result, format_, show)
    return evidence_code(result.evidence, strict=strict_evidence)
