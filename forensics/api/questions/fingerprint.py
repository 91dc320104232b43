"""``fingerprint``: the content hashes of every declaration, and which file a logged hash belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.fingerprint import fingerprints, redact_fingerprints
from forensics.analysis.fingerprint_results import FingerprintAnswer, Fingerprints, LookUp
from forensics.analysis.lookup import look_up, parse_hash
from forensics.analysis.redaction import Redaction
from forensics.api.result import DAY, Result, counted, listed
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class FingerprintResult(Result):
    """The answer of ``fingerprint``; ``matches`` has an entry for each hash that was looked up."""

    _frames = ("fingerprints", "unresolved_bodies", "problems", "lookups", "matches", "gaps")

    value: Fingerprints
    matches: tuple[LookUp, ...]

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def _told(self) -> FingerprintAnswer:
        return FingerprintAnswer(self.value, self.matches)

    def _text(self, style: Style) -> str:
        told = text.fingerprint
        return told.lookup_text(self.matches, style) if self.matches else told.fingerprint_text(self.value, style)

    def _gist(self) -> Gist:
        contents = counted(len(self.value.declarations), "content")
        if not self.matches:
            return Gist(
                f"{contents} with a hash, {len(self.value.unresolved)} without.",
                ("object", "files", "X-Ops-Content-Hash of knife ... from file"),
                tuple(
                    (each.object, listed(each.paths), each.sent.sha256 if each.sent else "")
                    for each in self.value.declarations
                ),
            )
        known = sum(answer.known for answer in self.matches)
        return Gist(
            f"{known} of {counted(len(self.matches), 'hash', 'hashes')} known among {contents}.",
            ("hash", "object", "file", "from", "until"),
            tuple(
                (
                    answer.hash.text,
                    file.object or "",
                    file.path,
                    one.first_date[:DAY],
                    "still so" if one.at_tip else one.last_date[:DAY],
                )
                for answer in self.matches
                for file in answer.files
                for one in file.stretches
            ),
        )


def ask(session: Session, selection: Selection, hashes: Sequence[str], *, redact: bool | None) -> FingerprintResult:
    """The hashes of every declaration, and the files with one of ``hashes``."""
    wanted = tuple(dict.fromkeys(map(parse_hash, hashes)))
    examination = session.examination(selection)
    with session.stage("computing content hashes"):
        found = redact_fingerprints(fingerprints(examination), Redaction.of(asked=redact))
        matches = look_up(examination, found, wanted, every_ref=session.every_ref)
    return FingerprintResult(found, tuple(matches))
