"""What a check of the index yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from forensics.analysis.policy_results import Suppression
from forensics.analysis.problem_results import ProblemRecord
from forensics.analysis.results import EvidenceSummary, Finding, Shadow
from forensics.analysis.terms import Count
from forensics.facts import INTERNAL, document_view, only
from forensics.history.model import FilePath


@document_view(
    "shadow.id",
    "shadow.object",
    "shadow.kind",
    "shadow.container",
    "shadow.name",
    "shadow.paths",
    "shadow.canonical",
    "shadow.contents_differ",
    "added",
    "edited",
    "mend",
    "finding.fingerprint",
)
@dataclass(frozen=True, slots=True)
class StagedShadow:
    """A shadow that the commit would have."""

    shadow: Annotated[Shadow, "The shadow."]
    added: Annotated[
        tuple[FilePath, ...],
        "Those of the files that the commit makes declare the object; empty for a shadow that was there before.",
    ]
    edited: Annotated[
        tuple[FilePath, ...], "Those of the files that declare the object already and that the commit changes."
    ]
    finding: Annotated[Finding, "What a scan of the commit would report."]
    mend: Annotated[
        tuple[FilePath, ...],
        "Those of the files that should get a name of their own; in a merge one that the current branch had, if any.",
    ] = ()
    merged: Annotated[
        tuple[FilePath, ...],
        INTERNAL,
        "Those of the files that a merge brings: leaving one out would undo its branch.",
    ] = ()


@document_view("evidence.tool", "evidence", "files", "unreadable")
@dataclass(frozen=True, slots=True)
class Check:
    """What ``git commit`` would commit now, compared with what it follows."""

    evidence: Annotated[
        EvidenceSummary,
        only("checked", "provenance.repository", "head=base", "complete", "gaps", "undecided", "provenance.notes"),
        "What was examined, and what could not be.",
    ]
    introduced: Annotated[
        tuple[StagedShadow, ...], "The shadows that the commit would bring: for each of them the exit code is 1."
    ]
    standing: Annotated[tuple[StagedShadow, ...], "The shadows that were there before."]
    suppressed: Annotated[
        tuple[Suppression, ...], "What the commit would bring and an ignore of forensics.toml lets pass."
    ]
    files: Annotated[Count, "How many staged files could declare something."]
    unreadable: Annotated[
        tuple[ProblemRecord, ...],
        "Staged files, new or changed, that Chef would not load; they declare nothing.",
    ] = ()
