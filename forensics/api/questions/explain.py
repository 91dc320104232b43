"""``explain``: which sequences of uploads fit what was observed of an object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from forensics import plots
from forensics.analysis.explain import explain
from forensics.analysis.objects import check_known, find_object
from forensics.api.result import DAY, SHORT, Result, counted, listed
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.evidence.commands import Shells
from forensics.evidence.observed import parse_fact
from forensics.report import text
from forensics.report.snippet import Gist
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.explain_results import FittingUploads
    from forensics.analysis.results import EvidenceSummary
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.plots.figure import Plot
    from forensics.report.html import explain as page
    from forensics.report.text.style import Style
else:
    page = deferred("forensics.report.html.explain")

FORMATS: Final = ("html",)


@dataclass(frozen=True, eq=False, repr=False)
class ExplainResult(Result):
    """The answer of ``explain``."""

    _frames = ("acts", "sent", "facts", "verdicts", "gaps")

    value: FittingUploads

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def render(self, form: str) -> str:
        """The answer as ``html``.

        Raises:
            UsageError: it is another form.
        """
        if form not in FORMATS:
            raise UsageError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
        return page.explain_html(self.value)

    def plot_story(self, number: int = 1) -> Plot:
        """The facts and the acts of one of the cheapest stories over time; ``number`` counts them from 1.

        Raises:
            UsageError: there is no such story.
            MissingExtraError: altair is not installed.
        """
        found = self.value
        if not 1 <= number <= max(len(found.stories), 1):
            raise UsageError(f"there is no story {number}; {len(found.stories)} are told")
        frames = (self.to_frame("acts"), self.to_frame("sent"), self.to_frame("facts"))
        return plots.story.story_plot(*frames, clean(found.subject), stories=found.stories_in_all, number=number - 1)

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
    shells = Shells(session.settings.locale, session.settings.aliases)
    # what is proven is one of the facts here, and no way of uploading
    examination = session.examination(replace(selection, evidence=()))
    wanted = find_object(examination, object_)
    with session.stage("looking for uploads that fit"):
        check_known(examination, [wanted])
        return ExplainResult(explain(examination, wanted, observations, selection.clock_skew, read_evidence, shells))
