"""Consoles of CI jobs: traced commands, those that GitLab and GitHub print, and commits that were checked out.

What a trace shows is expanded already; what GitLab and GitHub show is what the job says, as it was written.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from forensics.evidence.format import EvidenceFormat
from forensics.evidence.records import Place, Shell, Transcript, TypedLine
from forensics.evidence.shell.histories import MOST_LINES, physical_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import SourceReport

_ESCAPES: Final = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|section_(?:start|end):\d+:\S*\r?|[\x00-\x08\x0b-\x1f]"
)
_STAMP: Final = re.compile(
    r"\[?(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?\]? +(?:\d+[OE] ?)?"
)
_TRACED: Final = re.compile(r"\++(?:[\w./-]*:\d+> *| +)(?=\S)")
_TYPED: Final = re.compile(r"(?:\$|##\[command\]|Run:?) (?=\S)")
_REVISIONS: Final = tuple(
    re.compile(expression)
    for expression in (
        r"Checking out (?:Revision )?([0-9a-f]{7,40})\b",
        r"HEAD is now at ([0-9a-f]{7,40})\b",
        r"Your branch is at ([0-9a-f]{7,40})\b",
    )
)
_LOOKS_TRACED: Final = re.compile(
    rb"^[^\n]{0,60}?(?:\++ |\$ |\[command\]|Run )(?:\S+=\S* )*[\w./-]*(?:knife|git|cd|sudo|bundle) ", re.MULTILINE
)


def read(source: EvidenceFile, report: SourceReport) -> Iterator[Transcript]:
    """Read what was run; traced commands and typed ones are transcripts of their own only if both occur."""
    lines: list[TypedLine] = []
    traced = 0
    for number, raw in physical_lines(source, report):
        text = _ESCAPES.sub("", raw.decode("utf-8", "surrogateescape"))
        time, text = _without_stamp(text, source, report)
        place = Place(report.file, number)
        if begun := _TRACED.match(text):
            traced += 1
            lines.append(TypedLine(place, time, text[begun.end() :]))
        elif begun := _TYPED.match(text):
            lines.append(TypedLine(place, time, UNTRACED + text[begun.end() :]))
        elif revision := next((found for each in _REVISIONS if (found := each.match(text.strip()))), None):
            lines.append(TypedLine(place, time, f"git checkout {revision[1]}"))
        else:
            continue
        report.saw(time)
        report.used += 1
        if len(lines) == MOST_LINES:
            report.gaps.append(f"was left after line {number}: no job runs more commands")
            break
    yield Transcript(Place(source.name), Shell.TRACE, tuple(lines))


UNTRACED: Final = "\x00"
"""Begins a line of a console that is shown as it was written, not as it was traced."""


def _without_stamp(text: str, source: EvidenceFile, report: SourceReport) -> tuple[int | None, str]:
    stamp = _STAMP.match(text)
    if stamp is None:
        return None, text
    rest = text[stamp.end() :]
    if stamp[1] is None:
        return None, rest
    try:
        when = datetime.fromisoformat(f"{stamp[1]}T{stamp[2]}{stamp[3] or ''}")
    except ValueError:
        return None, rest
    if when.tzinfo is None:
        if source.zone is None:
            return None, rest  # nobody said in which zone
        when = when.replace(tzinfo=source.zone)
    report.zone = report.zone or (str(when.tzinfo) if stamp[3] is None else stamp[3])
    return int(when.astimezone(UTC).timestamp()), rest


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    return not source.is_directory and _LOOKS_TRACED.search(start) is not None


CONSOLE: Final = EvidenceFormat(
    "ci-console", "console of a CI job", "which files were uploaded, in which order, at which commit", _recognise, read
)
