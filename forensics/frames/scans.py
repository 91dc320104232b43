"""Frames of what a scan found: findings, problems, and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from forensics.analysis.results import CommitNote, Finding, ProblemRecord, Suppression
from forensics.frames.building import build
from forensics.frames.columns import note
from forensics.frames.derived import frame
from forensics.history.model import Gap, Oid
from forensics.uploads.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


class _Commit(NamedTuple):
    commit: Annotated[Oid, "Its id."]
    note: CommitNote


FINDINGS: Final = frame("findings", Finding)

SUPPRESSED: Final = frame(
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
)

PROBLEMS: Final = frame("problems", ProblemRecord)

SCENARIOS: Final = frame("scenarios", Scenario)

COMMITS: Final = frame(
    "commits", _Commit, "commit", "note.date", note(_Commit, "note"), row="a commit that the result names"
)

GAPS: Final = frame("gaps", Gap)


def findings(found: Sequence[Finding]) -> pd.DataFrame:
    """What the rules found."""
    return build(FINDINGS, found)


def suppressed(found: Sequence[Suppression]) -> pd.DataFrame:
    """What the configuration lets pass, and why."""
    return build(SUPPRESSED, found)


def problems(found: Sequence[ProblemRecord]) -> pd.DataFrame:
    """The file versions that declare nothing."""
    return build(PROBLEMS, found)


def scenarios(known: Sequence[Scenario]) -> pd.DataFrame:
    """The ways of uploading."""
    return build(SCENARIOS, known)


def commits(notes: Mapping[str, CommitNote]) -> pd.DataFrame:
    """What people want to read beside a commit's id."""
    return build(COMMITS, (_Commit(*each) for each in notes.items()))


def gaps(found: Sequence[Gap]) -> pd.DataFrame:
    """What could not be read; an empty frame says that the evidence is complete."""
    return build(GAPS, found)
