"""``shadows``: only the shadows, on every commit that the revision reaches."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from forensics import plots
from forensics.analysis.dates import commit_date
from forensics.analysis.scanning import scan_shadows
from forensics.api.result import DAY, Result, counted, listed, of_value
from forensics.deferred import deferred
from forensics.report import text
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis import episodes as lives
    from forensics.analysis.examination import Examination
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import EvidenceSummary, Shadow, ShadowScan
    from forensics.analysis.trace_results import LineStretch
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.plots.figure import Plot
    from forensics.report.text.style import Style
else:
    lives = deferred("forensics.analysis.episodes")


class Shadowed(Result):
    """An answer with shadows in it."""

    value: ShadowScan | Scan
    _examination: Examination

    shadows: tuple[Shadow, ...] = of_value("The objects that several files declare, those at the tip first.")
    evidence: EvidenceSummary = of_value("What was examined, and how complete it was.")

    @cached_property
    def episodes(self) -> Mapping[str, tuple[LineStretch, ...]]:
        """When each shadow, named by its id, was there along the first-parent line."""
        return lives.episodes(self._examination)

    def plot_shadows(self) -> Plot:
        """When several files declared one object, and how many such objects there were at a time.

        Raises:
            MissingExtraError: altair is not installed.
        """
        now = commit_date(self._examination.history, self._examination.head_commit)
        return plots.shadows.shadows_plot(self.to_frame("shadows"), self.to_frame("episodes"), now)


class ShadowsResult(Shadowed):
    """The answer of ``shadows``."""

    _frames = ("shadows", "files", "possible", "episodes", "gaps")

    value: ShadowScan

    def __init__(self, value: ShadowScan, examination: Examination, *, commits: bool = False) -> None:
        self.value = value
        self._examination = examination
        self._asked = ("commit_ids",) if commits else ()

    def _text(self, style: Style) -> str:
        return text.shadows.shadows_text(self.value, style)

    def _gist(self) -> Gist:
        own = [each for each in self.shadows if not each.fixture]
        now = {(each.container, each.kind, each.name) for each in own if each.at_head}
        apart = len(self.shadows) - len(own)
        sets = f"{counted(len(own), 'set')} of files that did so in {counted(self.evidence.commits, 'commit')}"
        return Gist(
            (
                f"{counted(len(now), 'object')} declared by several files at the tip; "
                if now
                else "No shadow at the tip; "
            )
            + f"{sets}"
            + (f"; {counted(apart, 'set')} more among fixtures of tests." if apart else "."),
            ("object", "files", "from", "until", "commits"),
            tuple(
                (
                    each.object,
                    listed(each.paths),
                    each.first_date[:DAY],
                    "still so" if each.at_head else each.last_date[:DAY],
                    str(each.commits),
                )
                for each in self.shadows
            ),
        )


def ask(session: Session, selection: Selection, *, commits: bool) -> ShadowsResult:
    """The shadows; nothing is replayed."""
    examination = session.examination_with_files(selection)
    with session.stage("looking for shadows"):
        return ShadowsResult(scan_shadows(examination), examination, commits=commits)
