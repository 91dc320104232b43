"""Frames of what a scan found: findings, problems, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, NamedTuple

from forensics.analysis.results import CommitNote, Finding, ProblemRecord, Suppression
from forensics.frames.columns import NOTE, under
from forensics.frames.derived import frame, of_answer
from forensics.history.model import Gap, Oid
from forensics.uploads.scenario import Scenario


class _Commit(NamedTuple):
    commit: Annotated[Oid, "Its id."]
    note: CommitNote


def _commits(answer: Any, _: Any) -> Iterable[_Commit]:
    return (_Commit(*each) for each in of_answer(answer, "notes").items())


FRAMES: Final = (
    frame("findings", Finding),
    frame(
        "suppressed",
        Suppression,
        "finding.rule",
        "finding.severity",
        "finding.object",
        "finding.paths",
        "finding.message",
        "finding.fingerprint",
        "finding.at_tip",
        "ignore.reason",
        "ignore.expires",
    ),
    frame("problems", ProblemRecord),
    frame("scenarios", Scenario),
    frame(
        "commits",
        _Commit,
        "commit",
        "note.date",
        *under("note", NOTE),
        of=_commits,
        row="a commit that the result names",
    ),
    frame("gaps", Gap, of="evidence.gaps"),
)
