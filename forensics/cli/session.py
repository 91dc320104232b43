"""From options to a repository, and from its answers to what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.cli import exits
from forensics.cli.options import Judgement, Presentation, TextFormat, Where
from forensics.cli.output import check_target, emit, note, style, warn
from forensics.cli.progress import Progress
from forensics.deferred import deferred

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from forensics.analysis.results import EvidenceSummary
    from forensics.api import opening
    from forensics.api.narrowing import Narrowing
    from forensics.api.questions.scan import ScanResult
    from forensics.api.questions.timeline import TimelineResult
    from forensics.api.repository import Repository
    from forensics.api.result import Result
else:
    opening = deferred("forensics.api.opening")


def opened(
    where: Where,
    show: Presentation,
    asked: Narrowing,
    *,
    path: Path | None = None,
    every_ref: bool = False,
    objects: Sequence[str] = (),
    files: Sequence[str] = (),
) -> Repository:
    """The repository that the options name; ``path`` stands before them, if given.

    What is wrong with what is ``asked`` of it, with the names of ``objects`` or with where the answer is to go, is told
    before anything is read.
    """
    place = path or where.repo
    if show.output is not None:
        check_target(show.output, overwrite=show.overwrite)
    opening.check_usage(place, asked, config=where.configuration, objects=objects, files=files)
    repository = opening.open_repository(
        place,
        rev=where.rev,
        every_ref=every_ref,
        config=where.configuration,
        chef_version=where.chef_version,
        trust_owner=where.trust_owner,
        stage=Progress(quiet=show.quiet).stage,
    )
    if repository.below and not show.quiet:
        note(
            f"{place} lies in the repository {repository.path}: only what is at or below {repository.below} is examined"
        )
    return repository


def print_result(result: Result, format_: TextFormat, show: Presentation) -> None:
    """Print an answer, or write it where the options say."""
    if format_ is TextFormat.JSON:
        text = result.to_json()
    else:
        text = result.to_text(style(show.color, show.output, verbose=show.verbose))
    emit(text, show.output, overwrite=show.overwrite)


def evidence_code(evidence: EvidenceSummary, *, strict: bool) -> int:
    """The exit code of an answer that cannot fail but for its evidence."""
    return exits.EVIDENCE if strict and not evidence.conclusive else exits.OK


def exit_code(result: ScanResult, judgement: Judgement) -> int:
    """The exit code of an answer that can fail."""
    if evidence_code(result.evidence, strict=judgement.strict_evidence):
        return exits.EVIDENCE
    named = judgement.fail_on
    failed = result.failed(named.value if named else None, history=judgement.fail_on_history)
    return exits.FOUND if failed else exits.OK


def warn_of_unknown_order(result: TimelineResult, show: Presentation) -> None:
    """Say on stderr where it is not certain what was live, since nobody knows where a file's name stands in order."""
    for gap in () if show.quiet else result.gaps:
        if gap.kind == "collation":
            warn(f"{gap.path}: {gap.detail}")


def warn_of_stale_ignores(result: ScanResult, show: Presentation) -> None:
    """Say on stderr which entries of the configuration have expired or match nothing."""
    for finding in () if show.quiet else result.findings:
        if finding.rule == "stale-ignore":
            warn(finding.message)
