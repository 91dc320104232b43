"""Answers: the values that were found, and every form in which they can be told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.fingerprint import Fingerprints
    from forensics.analysis.lookup import LookUp
    from forensics.analysis.results import (
        Divergence,
        EvidenceSummary,
        Finding,
        LogEntry,
        ObjectStory,
        ProblemRecord,
        Report,
        Scan,
        Shadow,
        ShadowScan,
        State,
        TimelineEntry,
    )
    from forensics.analysis.trace_results import Trace
    from forensics.api.narrowing import Selection
    from forensics.api.repository import Repository
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

    def __str__(self) -> str:
        return self.to_text()


class ScanResult(Result):
    """The answer of ``scan``."""

    def __init__(self, value: Scan, repository: Repository, selection: Selection) -> None:
        self.value = value
        self._repository = repository
        self._selection = selection

    @property
    def shadows(self) -> tuple[Shadow, ...]:
        """The objects that several files declare, those at the tip first."""
        return self.value.shadows

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """The stretches in which another file's content would have been live."""
        return self.value.divergences

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found, the most severe rule first."""
        return self.value.findings

    @property
    def problems(self) -> tuple[ProblemRecord, ...]:
        """The file versions that declare nothing."""
        return self.value.problems

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The ways of uploading that were replayed."""
        return self.value.scenarios

    def to_document(self) -> Document:
        """``forensics.scan/1``."""
        from forensics.report.documents import scan_document  # noqa: PLC0415

        return scan_document(self.value)

    def _text(self, style: Style) -> str:
        from forensics.report.text.scan import scan_text  # noqa: PLC0415

        return scan_text(self.value, style)


class ReportResult(Result):
    """The answer of ``report``: a scan and the stories behind it."""

    def __init__(self, value: Report, repository: Repository, selection: Selection) -> None:
        self.value = value
        self._repository = repository
        self._selection = selection

    @property
    def scan(self) -> ScanResult:
        """The scan alone."""
        return ScanResult(self.value.scan, self._repository, self._selection)

    @property
    def stories(self) -> tuple[ObjectStory, ...]:
        """What was live of each shadowed object, and which commits touched its files."""
        return self.value.stories

    def to_document(self) -> Document:
        """``forensics.scan/1``."""
        return self.scan.to_document()

    def _text(self, style: Style) -> str:
        from forensics.report.text.scan import scan_text  # noqa: PLC0415

        return scan_text(self.value.scan, style)


class ShadowsResult(Result):
    """The answer of ``shadows``."""

    def __init__(self, value: ShadowScan, *, commits: bool = False) -> None:
        self.value = value
        self._commits = commits

    @property
    def shadows(self) -> tuple[Shadow, ...]:
        """The objects that several files declare, those at the tip first."""
        return self.value.shadows

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    def to_document(self) -> Document:
        """``forensics.shadows/1``."""
        from forensics.report.documents import shadows_document  # noqa: PLC0415

        return shadows_document(self.value, commits=self._commits)

    def _text(self, style: Style) -> str:
        from forensics.report.text.shadows import shadows_text  # noqa: PLC0415

        return shadows_text(self.value, style)


class TimelineResult(Result):
    """The answer of ``timeline``: one entry for each change of what was live."""

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self.entries = tuple(entries)

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
