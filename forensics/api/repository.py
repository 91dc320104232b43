"""An opened chef-repo, and the questions that can be put to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.dates import commit_date
from forensics.api import questions
from forensics.api.narrowing import Narrowing, Selection, When, text_of
from forensics.api.result import SHORT, Shown, counted
from forensics.errors import UsageError
from forensics.report.snippet import Gist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path
    from typing import Unpack

    from forensics.analysis.examination import Examination
    from forensics.analysis.object_results import State
    from forensics.api.questions.drift import DriftResult
    from forensics.api.questions.evidence import EvidenceResult
    from forensics.api.questions.explain import ExplainResult
    from forensics.api.questions.fingerprint import FingerprintResult
    from forensics.api.questions.log import LogResult
    from forensics.api.questions.report import ReportResult
    from forensics.api.questions.scan import ScanResult
    from forensics.api.questions.shadows import ShadowsResult
    from forensics.api.questions.show import ShowResult
    from forensics.api.questions.timeline import TimelineResult
    from forensics.api.questions.trace import TraceResult
    from forensics.api.session import Session
    from forensics.config import Config


class Repository(Shown):
    """An opened chef-repo: read-only, walked once, every file parsed once, however many questions are asked.

    Every question takes the keywords of ``Narrowing``. ``redact`` is what ``--redact`` (True) and ``--no-redact``
    (False) say; by default only what data bags hold is hashed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def path(self) -> Path:
        """Where it was opened."""
        return self._session.path

    @property
    def below(self) -> str:
        """The directory in it that was named, to which everything is narrowed; empty if it was itself."""
        return self._session.below

    @property
    def settings(self) -> Config:
        """What its configuration says."""
        return self._session.settings

    @property
    def rev(self) -> str:
        """The revision as it was named."""
        return self._session.history.provenance.rev

    @property
    def head(self) -> str:
        """The id of the commit that the revision names."""
        return self._session.history.provenance.head

    @property
    def head_date(self) -> str:
        """When that commit was committed: ISO 8601 in its own offset."""
        return commit_date(self._session.history, self._session.history.graph.line[-1])

    def scan(self, *, redact: bool | None = None, **narrowing: Unpack[Narrowing]) -> ScanResult:
        """Which objects are shadowed, and where would that have changed something live?"""
        return questions.scan.ask(self._session, Selection.of(narrowing), redact=redact)

    def report(
        self,
        *,
        redact: bool = True,
        baseline: str | PathLike[str] | None = None,
        since_last: str | PathLike[str] | None = None,
        repository_uri: str | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> ReportResult:
        """The whole result with the stories behind it; values under keys that name a secret are hashed.

        ``baseline`` and ``since_last`` name an earlier report in JSON to compare with: of a baseline, what it knows
        does not make the new one fail; ``since_last`` need not exist yet. ``repository_uri`` is where others find the
        repository, for the formats that name it.

        Raises:
            BaselineError: the file is no earlier report.
            UsageError: both are given, or the address is none on the web or has a user name.
        """
        return questions.report.ask(
            self._session,
            Selection.of(narrowing),
            redact=redact,
            baseline=baseline,
            since_last=since_last,
            repository_uri=repository_uri,
        )

    def shadows(self, *, commits: bool = False, **narrowing: Unpack[Narrowing]) -> ShadowsResult:
        """Only the shadows, on every commit that the revision reaches; nothing is replayed.

        With ``commits`` the JSON holds the id of every commit in which a shadow was there.
        """
        return questions.shadows.ask(self._session, Selection.of(narrowing), commits=commits)

    def timeline(
        self, *objects: str, kinds: Sequence[str] = (), redact: bool | None = None, **narrowing: Unpack[Narrowing]
    ) -> TimelineResult:
        """What was live over time under each scenario, of these objects or of all, from which file.

        Raises:
            UnknownObjectError: no commit declares one of the objects.
        """
        return questions.timeline.ask(self._session, Selection.of(narrowing), objects, kinds, redact=redact)

    def show(
        self,
        object_: str,
        *,
        at: When = None,
        environment: str | None = None,
        why: Sequence[str] = (),
        redact: bool | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> ShowResult:
        """An object as it was at a date or commit (default: the revision) under each scenario, and what it comes to.

        ``why`` are attributes, as dotted paths, whose values are to be traced to who gave them.

        Raises:
            UnknownObjectError: no commit declares the object.
            UsageError: ``at`` is neither a date nor a commit that is examined, or lies before the history.
        """
        return questions.show.ask(
            self._session,
            Selection.of(narrowing),
            object_,
            at=text_of(at),
            environment=environment,
            why=why,
            redact=redact,
        )

    def live(self, object_: str, *, at: When = None, scenario: str = "glob", redact: bool | None = None) -> State:
        """What one scenario had live of an object at a date or commit.

        Raises:
            UnknownObjectError: no commit declares the object.
            UsageError: several servers have it; ``show`` gives them all.
        """
        states = self.show(object_, at=at, redact=redact, scenarios=[scenario]).states
        if len(states) != 1:
            places = ", ".join(state.container for state in states)
            raise UsageError(f"{object_} is in several containers ({places}); ask show(), or narrow with containers=")
        return states[0]

    def log(self, object_: str, *, redact: bool | None = None, **narrowing: Unpack[Narrowing]) -> LogResult:
        """How an object's declarations changed, in words, with author and commit.

        Raises:
            UnknownObjectError: no commit declares the object.
        """
        return questions.log.ask(self._session, Selection.of(narrowing), object_, redact=redact)

    def trace(self, subject: str, *, redact: bool | None = None, **narrowing: Unpack[Narrowing]) -> TraceResult:
        """Everything through which a recipe, role or attribute could have reached a node, and when."""
        return questions.trace.ask(self._session, Selection.of(narrowing), subject, redact=redact)

    def explain(
        self,
        object_: str,
        *,
        observed: Sequence[str] = (),
        **narrowing: Unpack[Narrowing],
    ) -> ExplainResult:
        """The sequences of uploads that fit what was observed of an object, the fewest departures from routine first.

        ``observed`` are facts as ``--observed`` takes them; those of the files of ``evidence`` count, too.

        Raises:
            FactError: a fact cannot be read.
            EvidenceFileError: a file of evidence cannot be read.
            UnknownObjectError: no commit declares the object, or what a fact is about.
        """
        return questions.explain.ask(self._session, Selection.of(narrowing), object_, observed)

    def fingerprint(
        self, *hashes: str, redact: bool | None = None, **narrowing: Unpack[Narrowing]
    ) -> FingerprintResult:
        """The content hashes of every declaration as a server logs them, and which file has one of ``hashes``.

        Raises:
            ContentHashError: a text is no content hash.
        """
        return questions.fingerprint.ask(self._session, Selection.of(narrowing), hashes, redact=redact)

    def drift(
        self, backup: str | PathLike[str], *, redact: bool | None = True, **narrowing: Unpack[Narrowing]
    ) -> DriftResult:
        """What a server holds, by a backup of it, against the revision, and which file each object came from.

        ``backup`` is a directory, a tar, a file, or a git repository of backups; ``DIR@DATE`` says when it was made,
        or which of several is meant.

        Raises:
            EvidenceFileError: there is no backup, or it cannot be read.
            UsageError: it holds several organizations, and the configuration does not say whose they are.
        """
        return questions.drift.ask(self._session, Selection.of(narrowing), str(backup), redact=redact)

    def evidence(self, *files: str, **narrowing: Unpack[Narrowing]) -> EvidenceResult:
        """What was understood of logs and tables, each ``FILE`` or ``FILE@ZONE``, and what they prove.

        Raises:
            EvidenceFileError: a file is missing, cannot be read, or has no format that is known.
        """
        return questions.evidence.ask(self._session, Selection.of(narrowing), files)

    @property
    def examination_of_everything(self) -> Examination:
        """The examination that nothing narrows."""
        return self.examination(Selection())

    def examination(self, selection: Selection) -> Examination:
        """The examination that answers questions of this selection, prepared once."""
        return self._session.examination(selection)

    def _gist(self) -> Gist:
        evidence = self.examination_of_everything.evidence()
        containers = [target.label for target in self.examination_of_everything.targets]
        return Gist(
            f"{self.path.resolve().name} at {self.rev} ({self.head[:SHORT]}): "
            f"{counted(evidence.commits, 'commit')}, {counted(len(containers), 'container')}"
            + ("" if evidence.complete else f"; {counted(len(evidence.gaps), 'piece')} of evidence missing"),
            ("container", "of"),
            tuple((each.path, str(each.kind)) for each in containers),
        )
