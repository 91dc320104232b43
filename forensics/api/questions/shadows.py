"""``shadows``: only the shadows, on every commit that the revision reaches."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from forensics.analysis.dates import commit_date
from forensics.analysis.scanning import scan_shadows
from forensics.api.result import DAY, Result, counted, listed
from forensics.deferred import deferred
from forensics.extras import require
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis import episodes as lives
    from forensics.analysis.examination import Examination
    from forensics.analysis.report_results import Scan
    from forensics.analysis.results import EvidenceSummary, Shadow, ShadowScan
    from forensics.analysis.trace_results import LineStretch
    from forensics.api.narrowing import Selection
    from forensics.api.result import Frames
    from forensics.api.session import Session
    from forensics.frames import scans, shadows
    from forensics.plots import shadows as chart
    from forensics.plots.figure import Plot
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import shadows as text
    from forensics.report.text.style import Style
else:
    lives = deferred("forensics.analysis.episodes")
    scans = deferred("forensics.frames.scans")
    shadows = deferred("forensics.frames.shadows")
    chart = deferred("forensics.plots.shadows", before=partial(require, "altair", "charts"))
    documents = deferred("forensics.report.documents")
    text = deferred("forensics.report.text.shadows")


class Shadowed(Result):
    """An answer with shadows in it."""

    value: ShadowScan | Scan
    _examination: Examination

    @property
    def shadows(self) -> tuple[Shadow, ...]:
        """The objects that several files declare, those at the tip first."""
        return self.value.shadows

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

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
        return chart.shadows_plot(self.to_frame("shadows"), self.to_frame("episodes"), now)

    def _frames(self) -> Frames:
        return {
            "shadows": lambda: shadows.shadows(self.shadows),
            "files": lambda: shadows.files(self.shadows),
            "possible": lambda: shadows.possible(self.shadows),
            "episodes": lambda: shadows.episodes(self.shadows, self.episodes),
            "gaps": lambda: scans.gaps(self.evidence.gaps),
        }


class ShadowsResult(Shadowed):
    """The answer of ``shadows``."""

    value: ShadowScan

    def __init__(self, value: ShadowScan, examination: Examination, *, commits: bool = False) -> None:
        self.value = value
        self._examination = examination
        self._commits = commits

    def to_document(self) -> Document:
        """``forensics.shadows/1``."""
        return documents.document(self.value, *(["commit_ids"] if self._commits else []), schema="forensics.shadows/1")

    def _text(self, style: Style) -> str:
        return text.shadows_text(self.value, style)

    def _gist(self) -> Gist:
        now = {(each.container, each.kind, each.name) for each in self.shadows if each.at_head}
        sets = f"{counted(len(self.shadows), 'set')} of files that did so in {counted(self.evidence.commits, 'commit')}"
        return Gist(
            (
                f"{counted(len(now), 'object')} declared by several files at the tip; "
                if now
                else "No shadow at the tip; "
            )
            + f"{sets}.",
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
