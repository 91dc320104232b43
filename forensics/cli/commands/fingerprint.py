"""``forensics fingerprint``: the content hashes of every declaration, and which file a logged hash belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import (
    AllRefs,
    Containers,
    Format,
    PathArgument,
    Presentation,
    Redact,
    StrictEvidence,
    TextFormat,
    Where,
)
from forensics.cli.session import evidence_code, opened, print_result
from forensics.deferred import deferred

if TYPE_CHECKING:
    from forensics.analysis import lookup as hashing
else:
    hashing = deferred("forensics.analysis.lookup")


def fingerprint(
    where: Where,
    show: Presentation,
    path: PathArgument = None,
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
    every_ref: AllRefs = False,
    container: Containers = [],  # noqa: B006
    format_: Format = TextFormat.TEXT,
    strict_evidence: StrictEvidence = False,
    redact: Redact = None,
) -> int:
    """Give the content hashes of every declaration in history, as a server logs them; look hashes up."""
    wanted = [*(hashes or []), *lookup]
    for text in wanted:
        hashing.parse_hash(text)  # before a history is walked for nothing
    repository = opened(where, show, {"containers": container}, path=path, every_ref=every_ref)
    result = repository.fingerprint(*wanted, containers=container, redact=redact)
    print_result(result, format_, show)
    if evidence_code(result.evidence, strict=strict_evidence):
        return exits.EVIDENCE
    return exits.OK if all(answer.known for answer in result.matches) else exits.FOUND
