"""``forensics trace``: where could it have come from?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import (
    Containers,
    Format,
    Presentation,
    Range,
    Redact,
    Replayed,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import evidence_code, opened, print_result
from forensics.deferred import deferred

if TYPE_CHECKING:
    from forensics.analysis import trace_subject as subjects
else:
    subjects = deferred("forensics.analysis.trace_subject")


def trace(
    subject: Annotated[
        str,
        typer.Argument(help="recipe[x] or recipe[x::y], role[x], attribute[ntp.servers], cookbook[x].", metavar="WHAT"),
    ],
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    container: Containers = [],  # noqa: B006 (typer copies it)
    format_: Format = TextFormat.TEXT,
    redact: Redact = None,
    strict_evidence: StrictEvidence = False,
) -> int:
    """Find everything through which a recipe, role or attribute could have reached a node, and when."""
    asked = narrowing(container, time, replayed)
    subjects.parse_subject(subject)  # before a history is walked for nothing
    result = opened(where, show, asked).trace(subject, redact=redact, **asked)
    print_result(result, format_, show)
    return evidence_code(result.evidence, strict=strict_evidence)
