"""``forensics report``: the whole result, for CI and post-mortems."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli import exits
from forensics.cli.options import (
    Containers,
    Judgement,
    PathArgument,
    Presentation,
    Range,
    Replayed,
    ReportFormat,
    Where,
    narrowing,
)
from forensics.cli.output import append, check_target, emit, style
from forensics.cli.session import exit_code, opened, warn_of_stale_ignores

if TYPE_CHECKING:
    from forensics.api.questions.report import ReportResult


@dataclass(frozen=True, slots=True)
class Forms:
    """In which formats the report is written, and where."""

    format_: Annotated[
        ReportFormat,
        typer.Option("--format", help="For people (text, html, markdown) or for programs."),
    ] = ReportFormat.TEXT
    also: Annotated[
        list[str],
        typer.Option(
            "--also", help="Write the same report in another format, too (repeatable).", metavar="FORMAT=FILE"
        ),
    ] = field(default_factory=list)
    repository_uri: Annotated[
        str | None,
        typer.Option("--repository-uri", help="Where others find the repository; SARIF names it.", metavar="URI"),
    ] = None


@dataclass(frozen=True, slots=True)
class EarlierOptions:
    """Which earlier report this one is compared with."""

    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            help="An earlier report or scan in JSON: only what is new or worse since makes the exit code 1.",
            metavar="FILE",
        ),
    ] = None
    since_last: Annotated[
        Path | None,
        typer.Option(
            "--since-last",
            help="An earlier report in JSON, which need not exist yet: tell on top what changed since.",
            metavar="FILE",
        ),
    ] = None
    only_changes: Annotated[
        bool,
        typer.Option("--only-changes", help="Tell only what changed; print nothing if nothing did."),
    ] = False


def report(
    *,
    where: Where,
    time: Range,
    replayed: Replayed,
    show: Presentation,
    forms: Forms,
    earlier: EarlierOptions,
    path: PathArgument = None,
    container: Containers = [],  # noqa: B006 (typer copies it)
    judgement: Judgement,
    redact: Annotated[
        bool,
        typer.Option(
            "--redact/--no-redact", help="Hash what data bags hold, and attribute values under keys like password."
        ),
    ] = True,
) -> int:
    """Report everything: what is wrong, since when, who feels it, what to do.

    Exit codes are those of scan. With --format github the Markdown summary goes to the file that
    GITHUB_STEP_SUMMARY names, too.
    """
    further = [_format_and_file(each) for each in forms.also]
    _check(forms, earlier, show)
    _check_files([file for _, file in further], show)
    asked = narrowing(container, time, replayed)
    result = opened(where, show, asked, path=path).report(
        redact=redact,
        baseline=earlier.baseline,
        since_last=earlier.since_last,
        repository_uri=forms.repository_uri,
        **asked,
    )
    text: str | bytes
    if earlier.only_changes:
        text = result.changes()
    elif forms.format_ is ReportFormat.TEXT:
        text = result.to_text(style(show.color, show.output, verbose=show.verbose))
    else:
        text = _rendered(result, forms.format_)
    emit(text, show.output, overwrite=show.overwrite)
    # what was told is told: only now may the file that the next report compares itself with be replaced
    for form, file in further:
        emit(_rendered(result, form), file, overwrite=show.overwrite)
    if forms.format_ is ReportFormat.GITHUB:
        _summarize(result)
    if not earlier.only_changes:  # among these they are told once, when they become stale
        warn_of_stale_ignores(result, show)
    return exit_code(result, judgement)


def _rendered(result: ReportResult, form: ReportFormat) -> str | bytes:
    return result.to_sqlite() if form is ReportFormat.SQLITE else result.render(form.value)


def _format_and_file(text: str) -> tuple[ReportFormat, Path]:
    name, _, file = text.partition("=")
    if name not in {each.value for each in ReportFormat} or not file:
        known = ", ".join(each.value for each in ReportFormat)
        raise exits.CommandError(f"--also {text}: write FORMAT=FILE, with a format of {known}")
    return ReportFormat(name), Path(file)


def _check(forms: Forms, earlier: EarlierOptions, show: Presentation) -> None:
    if forms.format_ is ReportFormat.SQLITE and show.output is None:
        raise exits.CommandError("--format sqlite writes a database: name its file with --output")
    if not earlier.only_changes:
        return
    if earlier.baseline is None and earlier.since_last is None:
        raise exits.CommandError("--only-changes needs an earlier report: name it with --since-last or --baseline")
    if forms.format_ is not ReportFormat.TEXT:
        raise exits.CommandError(f"--only-changes tells changes as text, not as {forms.format_.value}")
    if show.output is not None and show.output in {earlier.baseline, earlier.since_last}:
        raise exits.CommandError(f"{show.output} would hold no report any more; give --output another file")


def _check_files(further: list[Path], show: Presentation) -> None:
    """Find out before the work begins that a file cannot be written after it."""
    files = [*([show.output] if show.output else []), *further]
    places = [os.path.realpath(file) for file in files]
    for file, place in zip(files, places, strict=True):
        if places.count(place) > 1:
            raise exits.CommandError(f"{file} is named for two formats; give each a file of its own")
        check_target(file, overwrite=show.overwrite)


def _summarize(result: ReportResult) -> None:
    """Add the summary to what GitHub shows for a step; the file is there only in a run of its Actions."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if named:
        append(result.summary(), Path(named))
