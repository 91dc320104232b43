"""``forensics scan``: which objects are shadowed, and where would that have changed something live?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.cli import exits
from forensics.cli.options import (
    Containers,
    Fail,
    FailOn,
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
from forensics.cli.session import opened, tell

if TYPE_CHECKING:
    from forensics.analysis.results import Scan


def scan(
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    path: PathArgument = None,
    container: Containers = [],  # noqa: B006 (typer copies it)
    format_: Format = TextFormat.TEXT,
    fail_on: Fail = FailOn.DIVERGENCE,
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
    if strict_evidence and not result.evidence.complete:
        return exits.EVIDENCE
    failed = _failed(result.value, fail_on, history=fail_on_history, recent=time.since is not None)
    return exits.FOUND if failed else exits.OK


def _failed(result: Scan, fail_on: FailOn, *, history: bool, recent: bool) -> bool:
    """Whether something that ``--fail-on`` names is true at the tip, or, with ``history``, ever was.

    With ``recent`` the result holds only divergences and shadows that are not over for long: those count too. Findings
    are not cut by date.
    """
    if fail_on is FailOn.NEVER:
        return False
    found = any(history or recent or divergence.open for divergence in result.divergences)
    if fail_on in {FailOn.SHADOW, FailOn.ANY}:
        found = found or any(history or recent or shadow.at_head for shadow in result.shadows)
    if fail_on is FailOn.ANY:
        found = found or any(history or finding.at_tip for finding in result.findings)
    return found
