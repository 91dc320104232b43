"""``evidence``: what was understood of logs and the like, and what they prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.proof import prove
from forensics.analysis.proof_live import proven_timelines
from forensics.api.result import Result, counted
from forensics.report import text
from forensics.report.snippet import Gist
from forensics.report.timesketch import timesketch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.analysis.proof_results import Proven, ProvenStretch, SeenUpload
    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class EvidenceResult(Result):
    """The answer of ``evidence``."""

    _frames = (
        "uploads",
        "upload_matches",
        "evidence_sources",
        "unseen_changes",
        "saved_nodes",
        "uncovered_periods",
        "commands",
        "client_runs",
        "observations",
        "snapshots",
        "gaps",
    )

    value: Proven

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined of the repository, and how complete it was."""
        return self.value.evidence

    @property
    def uploads(self) -> tuple[SeenUpload, ...]:
        """Every request that changed an object, in order."""
        return self.value.uploads

    def timelines(self) -> Mapping[tuple[str, str], tuple[ProvenStretch, ...]]:
        """What was live of each object, as requests prove it, by its organization and the object."""
        return proven_timelines(self.value)

    def to_timesketch(self) -> str:
        """The uploads as ``--format timesketch`` prints them: JSON Lines."""
        return timesketch(self.value)

    def _text(self, style: Style) -> str:
        return text.proof.proof_text(self.value, style)

    def _gist(self) -> Gist:
        explained = sum(bool(each.matches) for each in self.value.uploads)
        return Gist(
            f"{counted(len(self.value.uploads), 'request')} that changed something, {explained} of them with files of "
            f"this repository; {counted(len(self.value.uncovered), 'period')} that no log covers.",
            ("time", "user", "request", "object", "files", "proven by"),
            tuple(
                (
                    each.time or "?",
                    each.user,
                    each.action,
                    each.object or "",
                    " or ".join(dict.fromkeys(match.path for match in each.matches)) or each.note,
                    str(each.source),
                )
                for each in self.value.uploads
            ),
        )


def ask(session: Session, selection: Selection, files: Sequence[str]) -> EvidenceResult:
    """What some files of evidence, each ``FILE`` or ``FILE@ZONE``, prove of the repository's objects."""
    found = session.read(tuple(files))
    examination = session.examination(selection)
    with session.stage("matching the evidence"):
        return EvidenceResult(
            prove(examination, found, skew=selection.clock_skew, every_ref=session.every_ref, shells=session.shells)
        )
