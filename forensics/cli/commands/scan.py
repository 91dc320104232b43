"""``forensics scan``: which objects are shadowed, and where would that have changed something live?"""

from __future__ import annotations

from forensics.cli import exits
from forensics.cli.options import (
    Containers,
    Fail,
    FailOnHistory,
    Format,
    PathArgument,
    Presentation,
    Range,
    Redact,
    Replayed,
    StrictEvidence,
    TextFormat,
    Where,
    narrowing,
)
from forensics.cli.session import opened, tell, warn_of_stale_ignores


def scan(
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    path: PathArgument = None,
    container: Containers = [],  # noqa: B006 (typer copies it)
    format_: Format = TextFormat.TEXT,
    fail_on: Fail = None,
    fail_on_history: FailOnHistory = False,
    strict_evidence: StrictEvidence = False,
    redact: Redact = None,
) -> int:
    """Find shadowed objects, and what they would have changed on the server.

    Exit code 1 means that something is wrong at the tip (see --fail-on), 4 that there is nothing to examine.
    """
    repository = opened(where, show, path=path)
    result = repository.scan(redact=redact, **narrowing(container, time, replayed))
    tell(result, format_, show)
    warn_of_stale_ignores(result, show)
    if strict_evidence and not result.evidence.complete:
        return exits.EVIDENCE
    failed = result.failed(fail_on.value if fail_on else None, history=fail_on_history)
    return exits.FOUND if failed else exits.OK
