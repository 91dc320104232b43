"""``explain``: which sequences of uploads fit what was observed of an object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forensics.analysis.explain import explain
from forensics.analysis.objects import check_known, find_object
from forensics.api.result import DAY, SHORT, Result, counted, listed
from forensics.evidence.observed import parse_fact
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.explain_results import FittingUploads
    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class ExplainResult(Result):
    """The answer of ``explain``."""

    _frames = ("acts", "sent", "facts", "verdicts", "gaps")

    value: FittingUploads

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def _text(self, style: Style) -> str:
        return text.explain.explain_text(self.value, style)

    def _gist(self) -> Gist:
        found = self.value
        if found.contradiction is not None:
            what = f"no story fits: {', '.join(found.contradiction)} contradict each other"
        elif not found.stories:
            what = "no fact decides anything"
        else:
            what = f"{counted(found.stories_in_all, 'cheapest story', 'cheapest stories')}"
        return Gist(
            f"{found.subject}: {what}.",
            ("story", "from", "until", "sent", "commit", "kind"),
            tuple(
                (
                    str(number),
                    act.from_[:DAY],
                    act.until[:DAY],
                    listed(each.path or "nothing of a file" for each in act.uploads) or "nothing",
                    next((each.commit[:SHORT] for each in act.uploads if each.commit), ""),
                    act.kind,
                )
                for number, story in enumerate(found.stories, 1)
                for act in story.acts
            ),
        )


def ask(session: Session, selection: Selection, object_: str, observed: Sequence[str]) -> ExplainResult:
    """The stories of an object that fit facts and evidence."""
    observations = [parse_fact(each, number) for number, each in enumerate(observed, 1)]
    read_evidence = session.read(selection.evidence)
    changes = [each.time for each in read_evidence.requests if each.time is not None]
    if changes:
        observations = [parse_fact(each, number, changes) for number, each in enumerate(observed, 1)]
    observations += read_evidence.observations
    # what is proven is one of the facts here, and no way of uploading
    examination = session.examination(replace(selection, evidence=()))
    wanted = find_object(examination, object_)
    with session.stage("looking for uploads that fit"):
        check_known(examination, [wanted])
        return ExplainResult(explain(examination, wanted, observations, selection.clock_skew, read_evidence))
