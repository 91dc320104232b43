"""An opened chef-repo, and the questions that can be put to it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.analysis.dates import DateError, commit_date, parse_when
from forensics.analysis.examination import Examination, Options
from forensics.analysis.redaction import Redaction
from forensics.api.narrowing import Selection
from forensics.api.results import (
    FingerprintResult,
    LogResult,
    ReportResult,
    ScanResult,
    ShadowsResult,
    ShowResult,
    TimelineResult,
    TraceResult,
)
from forensics.errors import UsageError
from forensics.history.model import NothingToExamineError, UnknownRevisionError
from forensics.history.repository import open_evidence
from forensics.uploads.scenario import COMMANDS, EVERY, choose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike
    from typing import Unpack

    from forensics.analysis.results import State
    from forensics.api.narrowing import Narrowing, When
    from forensics.api.opening import Stage
    from forensics.config import Config
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations


class Repository:
    """An opened chef-repo: read-only, walked once, every file parsed once, however many questions are asked.

    Every question takes the keywords of ``Narrowing``. ``redact`` is what ``--redact`` (True) and ``--no-redact``
    (False) say; by default only what data bags hold is hashed.
    """

    def __init__(
        self,
        path: Path,
        history: History,
        declarations: Declarations,
        settings: Config,
        *,
        every_ref: bool,
        trust_owner: bool,
        stage: Stage,
    ) -> None:
        self.path = path
        self.settings = settings
        self._history = history
        self._declarations = declarations
        self._every_ref = every_ref
        self._trust_owner = trust_owner
        self._stage = stage
        self._examinations: dict[Selection, Examination] = {}

    @property
    def rev(self) -> str:
        """The revision as it was named."""
        return self._history.provenance.rev

    @property
    def head(self) -> str:
        """The id of the commit that the revision names."""
        return self._history.provenance.head

    @property
    def head_date(self) -> str:
        """When that commit was committed: ISO 8601 in its own offset."""
        return commit_date(self._history, self._history.graph.line[-1])

    def scan(self, *, redact: bool | None = None, **narrowing: Unpack[Narrowing]) -> ScanResult:
        """Which objects are shadowed, and where would that have changed something live?"""
        from forensics.analysis.redaction import redact_scan  # noqa: PLC0415
        from forensics.analysis.scanning import scan  # noqa: PLC0415

        selection = Selection.of(narrowing)
        examination = self._with_files(selection)
        with self._stage("replaying the uploads"):
            found = redact_scan(scan(examination, self._asked(selection, examination)), Redaction.of(asked=redact))
        return ScanResult(found, self, selection)

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
        from forensics.analysis.baseline import compare  # noqa: PLC0415
        from forensics.analysis.redaction import redact_scan  # noqa: PLC0415
        from forensics.analysis.stories import report  # noqa: PLC0415
        from forensics.api.addresses import repository_address  # noqa: PLC0415
        from forensics.api.earlier import read_earlier  # noqa: PLC0415

        address = repository_address(repository_uri) if repository_uri is not None else None
        # read first: the new report may be written over it
        earlier = read_earlier(baseline, since_last)
        selection = Selection.of(narrowing)
        examination = self._with_files(selection)
        with self._stage("replaying the uploads"):
            found = report(examination, self._asked(selection, examination))
        if earlier is not None:
            found = replace(found, baseline=compare(earlier, found, self._history.graph))
        found = redact_scan(
            replace(found, first=since_last is not None and earlier is None, repository_uri=address),
            Redaction.of(asked=redact),
        )
        return ReportResult(found, self, selection, gating=baseline is not None)

    def shadows(self, *, commits: bool = False, **narrowing: Unpack[Narrowing]) -> ShadowsResult:
        """Only the shadows, on every commit that the revision reaches; nothing is replayed.

        With ``commits`` the JSON holds the id of every commit in which a shadow was there.
        """
        from forensics.analysis.scanning import scan_shadows  # noqa: PLC0415

        selection = Selection.of(narrowing)
        examination = self._with_files(selection)
        with self._stage("looking for shadows"):
            return ShadowsResult(scan_shadows(examination), self, selection, commits=commits)

    def timeline(
        self, *objects: str, kinds: Sequence[str] = (), redact: bool | None = None, **narrowing: Unpack[Narrowing]
    ) -> TimelineResult:
        """What was live over time under each scenario, of these objects or of all, from which file.

        Raises:
            UnknownObjectError: no commit declares one of the objects.
        """
        from forensics.analysis import objects as questions  # noqa: PLC0415
        from forensics.analysis.redaction import redact_timeline  # noqa: PLC0415
        from forensics.chef.objects import Kind  # noqa: PLC0415

        examination = self.examination(Selection.of(narrowing))
        with self._stage("replaying the uploads"):
            wanted = [questions.parse_object(text) for text in objects]
            entries = questions.timeline(examination, wanted, [Kind(each) for each in kinds])
        return TimelineResult(redact_timeline(entries, Redaction.of(asked=redact)), examination.gaps)

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
        from forensics.analysis import objects as questions  # noqa: PLC0415
        from forensics.analysis.redaction import redact_states  # noqa: PLC0415

        wanted = questions.parse_object(object_)
        if why and wanted.kind == "data_bag_item":
            raise UsageError("--why explains attributes: a data bag item has none")
        examination = self.examination(Selection.of(narrowing))
        commit = self._moment(at if at is None or isinstance(at, str) else at.isoformat())
        with self._stage("replaying the uploads"):
            states = questions.show(examination, wanted, commit, environment=environment, explained=why)
        return ShowResult(
            str(wanted),
            commit_date(self._history, commit),
            self._history.graph.ids[commit].hex(),
            redact_states(wanted.kind, states, Redaction.of(asked=redact)),
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
        from forensics.analysis import objects as questions  # noqa: PLC0415
        from forensics.analysis.redaction import redact_log  # noqa: PLC0415

        examination = self.examination(Selection.of(narrowing))
        wanted = questions.parse_object(object_)
        with self._stage("comparing the declarations"):
            entries = redact_log(wanted.kind, questions.log(examination, wanted), Redaction.of(asked=redact))
        return LogResult(str(wanted), entries)

    def trace(self, subject: str, *, redact: bool | None = None, **narrowing: Unpack[Narrowing]) -> TraceResult:
        """Everything through which a recipe, role or attribute could have reached a node, and when."""
        from forensics.analysis import trace as questions  # noqa: PLC0415
        from forensics.analysis.trace_subject import parse_subject  # noqa: PLC0415

        wanted = parse_subject(subject)
        examination = self.examination(Selection.of(narrowing))
        with self._stage("following run lists through the history"):
            return TraceResult(questions.redacted(questions.trace(examination, wanted), Redaction.of(asked=redact)))

    def fingerprint(
        self, *hashes: str, redact: bool | None = None, **narrowing: Unpack[Narrowing]
    ) -> FingerprintResult:
        """The content hashes of every declaration as a server logs them, and which file has one of ``hashes``.

        Raises:
            ContentHashError: a text is no content hash.
        """
        from forensics.analysis.fingerprint import fingerprints, redact_fingerprints  # noqa: PLC0415
        from forensics.analysis.lookup import look_up, parse_hash  # noqa: PLC0415

        wanted = tuple(dict.fromkeys(map(parse_hash, hashes)))
        examination = self.examination(Selection.of(narrowing))
        with self._stage("computing content hashes"):
            found = redact_fingerprints(fingerprints(examination), Redaction.of(asked=redact))
            return FingerprintResult(found, look_up(examination, found, wanted, every_ref=self._every_ref))

    @property
    def examination_of_everything(self) -> Examination:
        """The examination that nothing narrows."""
        return self.examination(Selection())

    def __repr__(self) -> str:
        from forensics.api.gists import line_of  # noqa: PLC0415

        return line_of(self)

    def _repr_html_(self) -> str:
        from forensics.api.gists import gist_of  # noqa: PLC0415
        from forensics.report.snippet import snippet  # noqa: PLC0415

        return snippet(gist_of(self))

    def examination(self, selection: Selection) -> Examination:
        """The examination that answers questions of this selection, prepared once."""
        if selection not in self._examinations:
            known = next(iter(self._examinations.values()), None)
            options = self._options(selection)
            examination = (
                Examination(self._history, self._declarations, options)
                if known is None
                else known.with_options(options)
            )
            if not examination.targets:
                raise NothingToExamineError(f"no container lies at or below {', '.join(selection.containers)}")
            self._examinations[selection] = examination
        return self._examinations[selection]

    def _with_files(self, selection: Selection) -> Examination:
        """The same, where there is anything to examine: finding nothing in nothing would read as if all were well."""
        examination = self.examination(selection)
        if not examination.survey.sightings:
            where = ", ".join(dict.fromkeys(target.label.path for target in examination.targets))
            raise NothingToExamineError(f"no file in {where} could ever declare a Chef object")
        return examination

    def _asked(self, selection: Selection, examination: Examination) -> Mapping[str, str]:
        """What narrows or widens an examination, in the words of the command line or by the configuration."""
        return selection.asked(
            examination.options.scenarios if selection.scenarios or self.settings.reported else (),
        )

    def _options(self, selection: Selection) -> Options:
        given: tuple[GivenCommand, ...] = ()
        if selection.commands is not None:
            from forensics.uploads.commands import read  # noqa: PLC0415 (most questions come without)

            given = read(Path(selection.commands))
        wanted = selection.scenarios or self.settings.reported
        named = [name for name in wanted if name != COMMANDS.name or not given]
        scenarios = choose(named, self.settings.scenarios) if named or not wanted else ()
        if given and (not selection.scenarios or {COMMANDS.name, EVERY}.intersection(selection.scenarios)):
            scenarios = (*scenarios, COMMANDS)
        graph = self._history.graph
        reference = graph.times[graph.line[-1]]
        since = until = None
        if selection.since is not None:
            since = parse_when(selection.since, reference=reference, end_of_day=False)
        if selection.until is not None:
            until = parse_when(selection.until, reference=reference, end_of_day=True)
            if until < min(graph.times):
                raise NothingToExamineError(f"--until {selection.until}: the history begins later")
        if since is not None and until is not None and until < since:
            raise UsageError(f"--until {selection.until} lies before --since {selection.since}")
        return Options(
            containers=selection.containers,
            servers=self.settings.servers,
            scenarios=scenarios,
            since=since,
            until=until,
            full=selection.full,
            replay_from=self._position(selection.replay_from) if selection.replay_from is not None else None,
            commands=given,
            policy=self.settings.policy,
            narrowed=selection.narrows,
        )

    def _position(self, rev: str) -> int:
        """A revision as a position in the commit graph.

        Raises:
            UnknownRevisionError: it names no commit, or one that the examined revision does not reach.
        """
        oid = open_evidence(self.path, rev=rev, trust_owner=self._trust_owner).heads[0]
        position = self._history.graph.index(oid)
        if position is None:
            raise UnknownRevisionError(f"{rev} is not among the commits that {self.rev} reaches")
        return position

    def _moment(self, at: str | None) -> int:
        """The last commit of the first-parent line at a date, or the commit that is named."""
        graph = self._history.graph
        if at is None:
            return graph.line[-1]
        try:
            moment = parse_when(at, reference=graph.times[graph.line[-1]], end_of_day=True)
        except DateError:
            try:
                return self._position(at)
            except UnknownRevisionError:
                raise UsageError(
                    f"{at!r} is neither a date nor a commit that is examined; write 2014-08-31, '3 weeks ago' or an id"
                ) from None
        # a clock that went backwards must not hide what came before: the topology decides
        times: list[int] = []
        for commit in graph.line:
            times.append(max(graph.times[commit], times[-1]) if times else graph.times[commit])
        position = bisect_right(times, moment)
        if not position:
            begin = commit_date(self._history, graph.line[0])[:10]
            raise UsageError(f"nothing was live at {at}: the history begins later, on {begin}")
        return graph.line[position - 1]
