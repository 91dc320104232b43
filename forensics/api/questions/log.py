"""``log``: how an object's declarations changed, in words, with author and commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.object_results import LogAnswer
from forensics.analysis.objects import log, parse_object
from forensics.analysis.redaction import Redaction, redact_log
from forensics.api.result import DAY, SHORT, Result, counted
from forensics.deferred import deferred
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from forensics.analysis.object_results import LogEntry
    from forensics.api.narrowing import Selection
    from forensics.api.result import Frames
    from forensics.api.session import Session
    from forensics.frames import objects as frames
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import log as text
    from forensics.report.text.style import Style
else:
    frames = deferred("forensics.frames.objects")
    documents = deferred("forensics.report.documents")
    text = deferred("forensics.report.text.log")


@dataclass(frozen=True, eq=False, repr=False)
class LogResult(Result):
    """The answer of ``log``: the commits that changed what some file says of an object."""

    object: str
    entries: tuple[LogEntry, ...]

    def to_document(self) -> Document:
        """``forensics.log/1``."""
        return documents.document(LogAnswer(self.object, self.entries), schema="forensics.log/1")

    def _text(self, style: Style) -> str:
        return text.log_text(self.object, self.entries, style)

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

    def _frames(self) -> Frames:
        return {
            "log": lambda: frames.log(self.object, self.entries),
            "log_changes": lambda: frames.log_changes(self.object, self.entries),
        }


def ask(session: Session, selection: Selection, object_: str, *, redact: bool | None) -> LogResult:
    """The changes of an object's declarations, the first one first."""
    examination = session.examination(selection)
    wanted = parse_object(object_)
    with session.stage("comparing the declarations"):
        entries = redact_log(wanted.kind, log(examination, wanted), Redaction.of(asked=redact))
    return LogResult(str(wanted), entries)
