"""``trace``: everything through which a recipe, role or attribute could have reached a node, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.redaction import Redaction
from forensics.analysis.trace import redacted, trace
from forensics.analysis.trace_subject import parse_subject
from forensics.api.result import DAY, Result, listed
from forensics.deferred import deferred
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from forensics.analysis.trace_results import Trace
    from forensics.api.narrowing import Selection
    from forensics.api.result import Frames
    from forensics.api.session import Session
    from forensics.frames import scans
    from forensics.frames import traces as frames
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import trace as text
    from forensics.report.text.style import Style
else:
    scans = deferred("forensics.frames.scans")
    frames = deferred("forensics.frames.traces")
    documents = deferred("forensics.report.documents")
    text = deferred("forensics.report.text.trace")


@dataclass(frozen=True, eq=False, repr=False)
class TraceResult(Result):
    """The answer of ``trace``."""

    value: Trace

    def to_document(self) -> Document:
        """``forensics.trace/1``."""
        return documents.document(self.value, schema="forensics.trace/1")

    def _text(self, style: Style) -> str:
        return text.trace_text(self.value, style)

    def _gist(self) -> Gist:
        found = self.value
        naming = [each for each in found.carriers if each.names]
        now = dict.fromkeys(each.path for each in naming if each.at_head)
        copies = "" if found.visible_at_head or not now else ", a copy that shadows another file"
        live = ", ".join(found.live_at_head) or "no scenario"
        return Gist(
            f"{found.subject}: named today by {listed(now) or 'no file'}{copies}; live at the tip under {live}.",
            ("object", "file", "where", "from", "until"),
            tuple(
                (
                    each.object,
                    each.path,
                    each.where,
                    each.first_date[:DAY],
                    "still so" if each.at_head else each.last_date[:DAY],
                )
                for each in naming
            ),
        )

    def _frames(self) -> Frames:
        found = self.value
        return {
            "carriers": lambda: frames.carriers(found),
            "stretches": lambda: frames.stretches(found),
            "live": lambda: frames.live(found),
            "live_reach": lambda: frames.live_reach(found),
            "recipe_files": lambda: frames.recipe_files(found),
            "unresolved": lambda: frames.unresolved(found.unresolved),
            "commits": lambda: scans.commits(found.notes),
            "gaps": lambda: scans.gaps(found.evidence.gaps),
        }


def ask(session: Session, selection: Selection, subject: str, *, redact: bool | None) -> TraceResult:
    """Where a recipe, role or attribute could have come from."""
    wanted = parse_subject(subject)
    examination = session.examination(selection)
    with session.stage("following run lists through the history"):
        return TraceResult(redacted(trace(examination, wanted), Redaction.of(asked=redact)))
