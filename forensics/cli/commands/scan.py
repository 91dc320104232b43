"""``forensics scan``: which objects are shadowed, and where would that have changed something live?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from forensics.cli import exits, options
from forensics.cli.options import Color, FailOn, HistoryLine, TextFormat
from forensics.cli.output import emit, style
from forensics.cli.progress import Progress
from forensics.cli.session import Request, examine

if TYPE_CHECKING:
    from forensics.analysis.results import Scan


def scan(
    path: options.PathArgument = None,
    repo: options.Repo = Path(),
    rev: options.Rev = "HEAD",
    container: options.Containers = [],  # noqa: B006 (typer copies it)
    since: options.Since = None,
    until: options.Until = None,
    history: options.Line = HistoryLine.FIRST_PARENT,
    replay_from: options.ReplayFrom = None,
    commands: options.Commands = None,
    scenario: options.Scenarios = [],  # noqa: B006
    config: options.Config = None,
    chef_version: options.ChefVersion = None,
    format_: options.Format = TextFormat.TEXT,
    output: options.Output = None,
    overwrite: options.Overwrite = False,
    fail_on: options.Fail = FailOn.DIVERGENCE,
    fail_on_history: options.FailOnHistory = False,
    strict_evidence: options.StrictEvidence = False,
    redact: options.Redact = None,
    trust_owner: options.TrustOwner = False,
    color: options.Colors = Color.AUTO,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> int:
    """Find shadowed objects, and what they would have changed on the server.

    Exit code 1 means that something is wrong at the tip (see --fail-on), 4 that there is nothing to examine.
    """
    examination = examine(
        Request(
            repo=path or repo,
            rev=rev,
            containers=container,
            since=since,
            until=until,
            line=history,
            replay_from=replay_from,
            commands=commands,
            scenarios=scenario,
            config=config,
            chef_version=chef_version,
            trust_owner=trust_owner,
            quiet=quiet,
        )
    )
    from forensics.analysis.redaction import Redaction, redact_scan  # noqa: PLC0415
    from forensics.analysis.scanning import scan as run_scan  # noqa: PLC0415

    with Progress(quiet=quiet).stage("replaying the uploads"):
        result = redact_scan(run_scan(examination), Redaction.of(asked=redact))
    if format_ is TextFormat.JSON:
        from forensics.report.documents import render, scan_document  # noqa: PLC0415

        text = render(scan_document(result))
    else:
        from forensics.report.text.scan import scan_text  # noqa: PLC0415

        text = scan_text(result, style(color, output, verbose=verbose))
    emit(text, output, overwrite=overwrite)
    if strict_evidence and not result.evidence.complete:
        return exits.EVIDENCE
    failed = _failed(result, fail_on, history=fail_on_history, recent=since is not None)
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
