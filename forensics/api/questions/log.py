"""``log``: how an object's declarations changed, in words, with author and commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.object_log import log
from forensics.analysis.object_results import LogAnswer, LogEntry
from forensics.analysis.objects import find_object
from forensics.analysis.redaction import Redaction, redact_log
from forensics.api.result import DAY, SHORT, Result, counted
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class LogResult(Result):
    """The answer of ``log``: the commits that changed what some file says of an object."""

    _frames = ("log", "log_changes", "gaps")

    object: str
    entries: tuple[LogEntry, ...]
    evidence: EvidenceSummary
    file: str | None = None

    def _told(self) -> LogAnswer:
        return LogAnswer(self.evidence, self.object, self.entries, self.file)

    def _text(self, style: Style) -> str:
        return text.log.log_text(self.object, self.entries, self.evidence, style, file=self.file)

    def _gist(self) -> Gist:
        paths = {entry.path for entry in self.entries}
        return Gist(
            f"{self.object}: {counted(len(self.entries), 'change')} in {counted(len(paths), 'file')}.",
            ("date", "commit", "author", "subject", "file", "event"),
            tuple(
                (
                    each.note.date[:DAY],
                    each.commit[:SHORT],
                    each.note.author,
                    each.note.subject,
                    each.path,
                    each.event,
                )
                for each in self.entries
            ),
        )


def ask(session: Session, selection: Selection, object_: str, *, redact: bool | None) -> LogResult:
    """The changes of an object's declarations, the first one first."""
    examination = session.examination(selection)
    wanted = find_object(examination, object_, live=False)
    with session.stage("comparing the declarations"):
        entries = redact_log(wanted.kind, log(examination, wanted), Redaction.of(asked=redact))
    return LogResult(str(wanted), entries, examination.evidence(), wanted.file)
