"""``trace``: everything through which a recipe, role or attribute could have reached a node, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.redaction import Redaction
from forensics.analysis.trace import redacted, trace
from forensics.analysis.trace_subject import parse_subject
from forensics.api.result import DAY, Result, listed
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from forensics.analysis.results import EvidenceSummary
    from forensics.analysis.trace_results import Trace
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class TraceResult(Result):
    """The answer of ``trace``."""

    _frames = (
        "carriers",
        "stretches",
        "live",
        "live_reach",
        "recipe_files",
        "unresolved",
        "mentions",
        "commits",
        "gaps",
    )

    value: Trace

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def _text(self, style: Style) -> str:
        return text.trace.trace_text(self.value, style)

    def _gist(self) -> Gist:
        found = self.value
        naming = [each for each in found.carriers if each.names]
        now = dict.fromkeys(each.path for each in naming if each.at_head)
        copies = "" if found.visible_at_head or not now else ", a copy that shadows another file"
        beside = listed(dict.fromkeys(each.path for each in found.mentions if each.at_head))
        copies += f"; and, without counting there, by {beside}" if beside else ""
        live = ", ".join(found.live_at_head) or "no scenario"
        live += f" (not known under {', '.join(found.perhaps_at_head)})" if found.perhaps_at_head else ""
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


def ask(session: Session, selection: Selection, subject: str, *, redact: bool | None) -> TraceResult:
    """Where a recipe, role or attribute could have come from."""
    wanted = parse_subject(subject)
    examination = session.examination(selection)
    with session.stage("following run lists through the history"):
        return TraceResult(redacted(trace(examination, wanted), Redaction.of(asked=redact)))
