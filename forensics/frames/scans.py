"""Frames of what a scan found: findings, problems, and what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.frames.building import build
from forensics.frames.columns import SEVERITIES, note
from forensics.frames.schema import boolean, category, integer, joined, moment, schema, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from forensics.analysis.results import CommitNote, Finding, ProblemRecord, Suppression
    from forensics.history.model import Gap
    from forensics.uploads.scenario import Scenario

FINDINGS: Final = schema(
    "findings",
    "one thing that a rule found",
    text("rule", "the rule's id"),
    category("severity", "how serious the rule is", SEVERITIES),
    text("object", "the object that it is about", nullable=True),
    text("paths", "the files that it is about", of=joined("paths")),
    integer("line", "where it stands in the first of them, counted from 1", nullable=True),
    text("commit", "the commit that it is about", nullable=True),
    text("message", "what was found"),
    text("fingerprint", "stays the same when history is rewritten"),
    boolean("at_tip", "whether it is true at the tip"),
)

SUPPRESSED: Final = schema(
    "suppressed",
    "a finding that the configuration lets pass",
    text("rule", "the rule's id", of="finding.rule"),
    category("severity", "how serious the rule is", SEVERITIES, of="finding.severity"),
    text("object", "the object that it is about", nullable=True, of="finding.object"),
    text("paths", "the files that it is about", of=joined("finding.paths")),
    text("message", "what was found", of="finding.message"),
    text("fingerprint", "stays the same when history is rewritten", of="finding.fingerprint"),
    boolean("at_tip", "whether it is true at the tip", of="finding.at_tip"),
    text("reason", "why it may pass", of="ignore.reason"),
    text("expires", "the last day on which it may; missing: for good", nullable=True, of="ignore.expires"),
)

PROBLEMS: Final = schema(
    "problems",
    "a file version that declares nothing",
    text("path", "the file"),
    text("blob", "its content, as an object id; missing: it could not be read", nullable=True),
    text("first_commit", "the first commit that holds it"),
    text("kind", "what kind of problem it is"),
    text("message", "why it declares nothing"),
    integer("line", "where, counted from 1", nullable=True),
    boolean("at_head", "whether the tip holds it"),
)

SCENARIOS: Final = schema(
    "scenarios",
    "a way of uploading",
    text("name", "its name"),
    text("uploader", "what uploads: from-file, knife-upload, grocery-delivery, chef-solo, ..."),
    text("scope", "what it takes at each commit: all, or what changed"),
    text("order", "in which order the files go out"),
    text("description", "what somebody did"),
)

COMMITS: Final = schema(
    "commits",
    "a commit that the result names",
    text("commit", "its id"),
    *moment("", "when it was committed", of="note.date"),
    *note("note"),
)

GAPS: Final = schema(
    "gaps",
    "a piece of evidence that is not there or cannot be read",
    text("kind", "what kind of gap it is"),
    text("detail", "what is missing"),
    text("oid", "the object's id", nullable=True),
    text("path", "the file", nullable=True),
    text("commit", "the first commit that needed it", nullable=True),
)


class _Commit(NamedTuple):
    commit: str
    note: CommitNote


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
