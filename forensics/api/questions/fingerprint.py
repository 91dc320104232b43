"""``fingerprint``: the content hashes of every declaration, and which file a logged hash belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.fingerprint import fingerprints, redact_fingerprints
from forensics.analysis.fingerprint_results import FingerprintAnswer
from forensics.analysis.lookup import look_up, parse_hash
from forensics.analysis.redaction import Redaction
from forensics.api.result import DAY, Result, counted, listed
from forensics.deferred import deferred
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.fingerprint_results import Fingerprints, LookUp
    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.result import Frames
    from forensics.api.session import Session
    from forensics.frames import fingerprints as frames
    from forensics.frames import scans
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import fingerprint as text
    from forensics.report.text.style import Style
else:
    frames = deferred("forensics.frames.fingerprints")
    scans = deferred("forensics.frames.scans")
    documents = deferred("forensics.report.documents")
    text = deferred("forensics.report.text.fingerprint")


@dataclass(frozen=True, eq=False, repr=False)
class FingerprintResult(Result):
    """The answer of ``fingerprint``; ``matches`` has an entry for each hash that was looked up."""

    value: Fingerprints
    matches: tuple[LookUp, ...]

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def to_document(self) -> Document:
        """``forensics.fingerprint/1``."""
        return documents.document(FingerprintAnswer(self.value, self.matches), schema="forensics.fingerprint/1")

    def _text(self, style: Style) -> str:
        return text.lookup_text(self.matches, style) if self.matches else text.fingerprint_text(self.value, style)

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

    def _frames(self) -> Frames:
        return {
            "fingerprints": lambda: frames.fingerprints(self.value),
            "unresolved_bodies": lambda: frames.unresolved_bodies(self.value.unresolved),
            "problems": lambda: scans.problems(self.value.problems),
            "lookups": lambda: frames.lookups(self.matches),
            "matches": lambda: frames.matches(self.matches),
            "gaps": lambda: scans.gaps(self.evidence.gaps),
        }


def ask(session: Session, selection: Selection, hashes: Sequence[str], *, redact: bool | None) -> FingerprintResult:
    """The hashes of every declaration, and the files with one of ``hashes``."""
    wanted = tuple(dict.fromkeys(map(parse_hash, hashes)))
    examination = session.examination(selection)
    with session.stage("computing content hashes"):
        found = redact_fingerprints(fingerprints(examination), Redaction.of(asked=redact))
        matches = look_up(examination, found, wanted, every_ref=session.every_ref)
    return FingerprintResult(found, tuple(matches))
