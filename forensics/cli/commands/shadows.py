"""``forensics shadows``: only the shadows and their episodes, without a replay."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.cli.options import (
    AllRefs,
    Containers,
    Format,
    PathArgument,
    Presentation,
    Range,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import evidence_code, opened, print_result


def shadows(
    where: Where,
    time: Range,
    show: Presentation,
    path: PathArgument = None,
    every_ref: AllRefs = False,
    container: Containers = [],  # noqa: B006 (typer copies it)
    commits: Annotated[bool, typer.Option("--commits", help="Add every commit's id (JSON).")] = False,
    format_: Format = TextFormat.TEXT,
    strict_evidence: StrictEvidence = False,
) -> int:
    """List the objects that several files declare, on every commit reachable from the revision."""
    asked = narrowing(container, time)
    result = opened(where, show, asked, path=path, every_ref=every_ref).shadows(commits=commits, **asked)
    print_result(result, format_, show)
    return evidence_code(result.evidence, strict=strict_evidence)
