"""Answers: the values that were found, and every form in which they can be told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from forensics.analysis.verdict import DEFAULT, failed
from forensics.api.charts import Charted
from forensics.extras import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from forensics.analysis.check_results import Check, StagedShadow
    from forensics.analysis.fingerprint import Fingerprints
    from forensics.analysis.lookup import LookUp
    from forensics.analysis.report_results import Comparison, ObjectStory, Scan
    from forensics.analysis.results import (
        CommitNote,
        Divergence,
        EvidenceSummary,
        Finding,
        Ignore,
        LogEntry,
        ProblemRecord,
        Shadow,
        ShadowScan,
        State,
        Suppression,
        TimelineEntry,
    )
    from forensics.analysis.trace_results import Stretch, Trace
    from forensics.analysis.verdict import FailOn
    from forensics.api.narrowing import Selection
    from forensics.api.repository import Repository
    from forensics.history.model import Gap
    from forensics.plots.figure import Plot
    from forensics.report.documents import Document
    from forensics.report.text.style import Style
    from forensics.uploads.scenario import Scenario


class Result(ABC):
    """An answer: frozen values inside, and what the command line would print of them."""

    @abstractmethod
    def to_document(self) -> Document:
        """The answer as plain dictionaries and lists, with the fields of ``--format json``."""

    @abstractmethod
    def _text(self, style: Style) -> str:
        """What the command prints for people."""

    def to_text(self, style: Style | None = None, *, verbose: bool = False) -> str:
        """The answer as the command line tells it; ``style`` says how it should look."""
        from forensics.report.text.style import Style as TextStyle  # noqa: PLC0415 (tabulate is not needed for JSON)

        return self._text(style or TextStyle(verbose=verbose))

    def to_json(self) -> str:
        """The answer as ``--format json`` prints it."""
        from forensics.report.documents import render  # noqa: PLC0415

        return render(self.to_document())

    @property
    def frames(self) -> tuple[str, ...]:
        """The names of the frames that ``to_frame`` gives, the one that it gives unasked first."""
        from forensics.api.framing import frames_of  # noqa: PLC0415

        return tuple(frames_of(self))

    def to_frame(self, name: str | None = None) -> pd.DataFrame:
        """One of ``frames``, with the columns of its schema in ``forensics.frames.catalogue``.

        Raises:
            UsageError: the answer has no frame of this name.
            MissingExtraError: pandas is not installed.
        """
        from forensics.api.framing import frame_of  # noqa: PLC0415 (only who asks for a frame pays for it)

        return frame_of(self, name)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        from forensics.api.gists import line_of  # noqa: PLC0415

        return line_of(self)

    def _repr_html_(self) -> str:
        from forensics.api.gists import gist_of  # noqa: PLC0415
        from forensics.report.snippet import snippet  # noqa: PLC0415

        return snippet(gist_of(self))


class _Judged(Charted, Result):
    """An answer that can fail: a scan, or a report with one inside."""

    def __init__(self, value: Scan, repository: Repository, selection: Selection) -> None:
        self._report = value
        self._repository = repository
        self._selection = selection

    @property
    def _scan(self) -> Scan:
        return self._report

    @property
    def shadows(self) -> tuple[Shadow, ...]:
        """The objects that several files declare, those at the tip first."""
        return self._report.shadows

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """The stretches in which another file's content would have been live."""
        return self._report.divergences

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found and the configuration does not let pass, the most severe rule first."""
        return self._report.findings

    @property
    def suppressed(self) -> tuple[Suppression, ...]:
        """What the configuration lets pass, each with its reason."""
        return self._report.suppressed

    @property
    def stale_ignores(self) -> tuple[Ignore, ...]:
        """The entries of the configuration that have expired, or match nothing."""
        return self._report.stale_ignores

    @property
    def problems(self) -> tuple[ProblemRecord, ...]:
        """The file versions that declare nothing."""
        return self._report.problems

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self._report.evidence

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The ways of uploading that were replayed."""
        return self._report.scenarios

    @property
    def stories(self) -> tuple[ObjectStory, ...]:
        """What was live of each shadowed object, and which commits touched its files."""
        return self._with_stories.stories

    @property
    def notes(self) -> Mapping[str, CommitNote]:
        """What people want to read of every commit that is named, by its id."""
        return self._with_stories.notes

    @cached_property
    def episodes(self) -> Mapping[str, tuple[Stretch, ...]]:
        """When each shadow, named by its id, was there along the first-parent line."""
        from forensics.analysis.episodes import episodes  # noqa: PLC0415

        return episodes(self._repository.examination(self._selection))

    @cached_property
    def _with_stories(self) -> Scan:
        return self._report

    def failed(self, fail_on: FailOn | None = None, *, history: bool = False) -> bool:
        """Whether something is wrong at the tip, as ``--fail-on`` means it; with ``history``, whether it ever was.

        By default the configuration says what counts, else divergences do. Findings that the configuration lets pass do
        not; with a baseline, only those that are new or have become worse.
        """
        return failed(
            self.findings,
            fail_on or self._repository.settings.fail_on or DEFAULT,
            history=history,
            recent=self._selection.since is not None,
            baseline=self._counted_against,
        )

    @property
    def _counted_against(self) -> Comparison | None:
        return None


class ScanResult(_Judged):
    """The answer of ``scan``."""

    @property
    def value(self) -> Scan:
        """The frozen values."""
        return self._report

    @cached_property
    def _with_stories(self) -> Scan:
        from forensics.analysis.redaction import Redaction, redact_scan  # noqa: PLC0415
        from forensics.analysis.stories import with_stories  # noqa: PLC0415

        told = with_stories(self._repository.examination(self._selection), self.value)
        return redact_scan(told, Redaction.DATA_BAGS)

    def to_document(self) -> Document:
        """``forensics.scan/1``."""
        from forensics.report.documents import scan_document  # noqa: PLC0415

        return scan_document(self.value)

    def _text(self, style: Style) -> str:
        from forensics.report.text.scan import scan_text  # noqa: PLC0415

        return scan_text(self.value, style)


class ReportResult(_Judged):
    """The answer of ``report``: a scan and the stories behind it.

    ``gating`` says that only what an earlier report does not know can make it fail.
    """

    def __init__(self, value: Scan, repository: Repository, selection: Selection, *, gating: bool = False) -> None:
        super().__init__(value, repository, selection)
        self._gating = gating

    @property
    def value(self) -> Scan:
        """The frozen values."""
        return self._report

    @property
    def scan(self) -> ScanResult:
        """The scan alone."""
        told = replace(self._report, stories=(), baseline=None, first=False)
        return ScanResult(told, self._repository, self._selection)

    @property
    def baseline(self) -> Comparison | None:
        """How it differs from the earlier report that it was to be compared with."""
        return self._report.baseline

    def render(self, format_: str = "text") -> str:
        """The report in one of the formats of ``--format``.

        Raises:
            UsageError: there is no such format.
        """
        if format_ == "text":
            return self.to_text()
        from forensics.report.formats import render_report  # noqa: PLC0415

        return render_report(self._report, format_)

    def summary(self) -> str:
        """The Markdown that GitHub shows as the summary of a step, cut to what it takes."""
        from forensics.report.github import github_summary  # noqa: PLC0415

        return github_summary(self._report)

    def changes(self) -> str:
        """Only what changed since the earlier report, for a mail; empty if nothing did, all of it for a first one."""
        if self._report.first:
            return self.to_text()
        from forensics.report.text.comparison import changes_text  # noqa: PLC0415
        from forensics.report.text.style import Style as TextStyle  # noqa: PLC0415

        return changes_text(self._report, TextStyle(verbose=True))

    def to_document(self) -> Document:
        """``forensics.report/1``."""
        from forensics.report.report_document import report_document  # noqa: PLC0415

        return report_document(self._report)

    def _text(self, style: Style) -> str:
        from forensics.report.text.scan import report_text  # noqa: PLC0415

        return report_text(self._report, style)

    @property
    def _counted_against(self) -> Comparison | None:
        return self._report.baseline if self._gating else None


class ShadowsResult(Result):
    """The answer of ``shadows``."""

    def __init__(
        self, value: ShadowScan, repository: Repository, selection: Selection, *, commits: bool = False
    ) -> None:
        self.value = value
        self._repository = repository
        self._selection = selection
        self._commits = commits

    @property
    def shadows(self) -> tuple[Shadow, ...]:
        """The objects that several files declare, those at the tip first."""
        return self.value.shadows

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    @cached_property
    def episodes(self) -> Mapping[str, tuple[Stretch, ...]]:
        """When each shadow, named by its id, was there along the first-parent line."""
        from forensics.analysis.episodes import episodes  # noqa: PLC0415

        return episodes(self._repository.examination(self._selection))

    def plot_shadows(self) -> Plot:
        """When several files declared one object, and how many such objects there were at a time.

        Raises:
            MissingExtraError: altair or pandas is not installed.
        """
        require("altair", "charts")
        from forensics.plots.shadows import shadows_plot  # noqa: PLC0415

        return shadows_plot(self.to_frame("shadows"), self.to_frame("episodes"), self._repository.head_date)

    def to_document(self) -> Document:
        """``forensics.shadows/1``."""
        from forensics.report.documents import shadows_document  # noqa: PLC0415

        return shadows_document(self.value, commits=self._commits)

    def _text(self, style: Style) -> str:
        from forensics.report.text.shadows import shadows_text  # noqa: PLC0415

        return shadows_text(self.value, style)


class TimelineResult(Result):
    """The answer of ``timeline``: one entry for each change of what was live.

    ``gaps`` is the evidence that was missing; one of kind ``collation`` says for which file's sake it is not certain.
    """

    def __init__(self, entries: Sequence[TimelineEntry], gaps: Sequence[Gap] = ()) -> None:
        self.entries = tuple(entries)
        self.gaps = tuple(gaps)

    def to_document(self) -> Document:
        """``forensics.timeline/1``."""
        from forensics.report.documents import timeline_document  # noqa: PLC0415

        return timeline_document(self.entries)

    def _text(self, style: Style) -> str:
        from forensics.report.text.timeline import timeline_text  # noqa: PLC0415

        return timeline_text(self.entries, style)


class ShowResult(Result):
    """The answer of ``show``: an object at a moment, under each scenario."""

    def __init__(self, object_: str, at: str, commit: str, states: Sequence[State]) -> None:
        self.object = object_
        self.at = at
        self.commit = commit
        self.states = tuple(states)

    def to_document(self) -> Document:
        """``forensics.show/1``."""
        from forensics.report.documents import show_document  # noqa: PLC0415

        return show_document(self.object, self.at, self.states)

    def _text(self, style: Style) -> str:
        from forensics.report.text.show import show_text  # noqa: PLC0415

        return show_text(self.object, self.at, self.commit, self.states, style)


class LogResult(Result):
    """The answer of ``log``: the commits that changed what some file says of an object."""

    def __init__(self, object_: str, entries: Sequence[LogEntry]) -> None:
        self.object = object_
        self.entries = tuple(entries)

    def to_document(self) -> Document:
        """``forensics.log/1``."""
        from forensics.report.documents import log_document  # noqa: PLC0415

        return log_document(self.object, self.entries)

    def _text(self, style: Style) -> str:
        from forensics.report.text.log import log_text  # noqa: PLC0415

        return log_text(self.object, self.entries, style)


class TraceResult(Result):
    """The answer of ``trace``."""

    def __init__(self, value: Trace) -> None:
        self.value = value

    def to_document(self) -> Document:
        """``forensics.trace/1``."""
        from forensics.report.trace_document import trace_document  # noqa: PLC0415

        return trace_document(self.value)

    def _text(self, style: Style) -> str:
        from forensics.report.text.trace import trace_text  # noqa: PLC0415

        return trace_text(self.value, style)


class FingerprintResult(Result):
    """The answer of ``fingerprint``; ``matches`` has an entry for each hash that was looked up."""

    def __init__(self, value: Fingerprints, matches: Sequence[LookUp]) -> None:
        self.value = value
        self.matches = tuple(matches)

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def to_document(self) -> Document:
        """``forensics.fingerprint/1``."""
        from forensics.report.documents import fingerprint_document  # noqa: PLC0415

        return fingerprint_document(self.value, self.matches)

    def _text(self, style: Style) -> str:
        from forensics.report.text.fingerprint import fingerprint_text, lookup_text  # noqa: PLC0415

        return lookup_text(self.matches, style) if self.matches else fingerprint_text(self.value, style)


class CheckResult(Result):
    """The answer of ``check``."""

    def __init__(self, value: Check) -> None:
        self.value = value

    @property
    def introduced(self) -> tuple[StagedShadow, ...]:
        """The shadows that a commit of what is staged would bring, but for those that the configuration lets pass."""
        return self.value.introduced

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    @property
    def failed(self) -> bool:
        """Whether it would introduce any."""
        return bool(self.value.introduced)

    def to_document(self) -> Document:
        """``forensics.check/1``."""
        from forensics.report.check_document import check_document  # noqa: PLC0415

        return check_document(self.value)

    def _text(self, style: Style) -> str:
        from forensics.report.text.check import check_text  # noqa: PLC0415

        return check_text(self.value, style)


class ScenariosResult(Result):
    """The answer of ``scenarios``."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self.scenarios = tuple(scenarios)

    def to_document(self) -> Document:
        """``forensics.scenarios/1``."""
        from forensics.report.documents import scenarios_document  # noqa: PLC0415

        return scenarios_document(self.scenarios)

    def _text(self, style: Style) -> str:
        from forensics.report.text.scenarios import scenarios_text  # noqa: PLC0415

        return scenarios_text(self.scenarios, style)
