"""What is kept of an opened chef-repo from one question to the next."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from forensics.analysis.dates import DateError, commit_date, parse_when
from forensics.analysis.examination import Examination, Options
from forensics.api.narrowing import Selection
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.history.model import EvidenceError, NothingToExamineError, UnknownRevisionError
from forensics.history.repository import open_evidence
from forensics.uploads.declarations import Declarations
from forensics.uploads.scenario import COMMANDS, EVIDENCE, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from forensics.analysis import given_evidence, proof
    from forensics.analysis.given_evidence import GivenEvidence
    from forensics.config import Config
    from forensics.evidence import commands as evidence_commands
    from forensics.evidence import reading
    from forensics.evidence.commands import Shells
    from forensics.evidence.reading import ReadEvidence
    from forensics.history.walk import History
    from forensics.uploads import commands, given_nodes
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.scenario import Scenario

    Stage: TypeAlias = Callable[[str], AbstractContextManager[None]]
    """Tells a waiting person what is being done, for as long as the context lasts."""
else:
    evidence_commands = deferred("forensics.evidence.commands")
    given_evidence = deferred("forensics.analysis.given_evidence")
    proof = deferred("forensics.analysis.proof")
    reading = deferred("forensics.evidence.reading")
    commands = deferred("forensics.uploads.commands")
    given_nodes = deferred("forensics.uploads.given_nodes")


def silently(what: str) -> AbstractContextManager[None]:
    """A stage of which nobody is told."""
    del what
    return nullcontext()


def usage(selection: Selection, settings: Config) -> tuple[tuple[Scenario, ...], tuple[GivenCommand, ...]]:
    """The scenarios and the commands that a selection names; what is wrong with it can be told without a repository.

    Raises:
        UsageError: a scenario, a date or a list of commands is none.
    """
    given: tuple[GivenCommand, ...] = ()
    if selection.commands is not None:
        given = commands.read(Path(selection.commands))
    for when in (selection.since, selection.until):
        if when is not None:
            parse_when(when, reference=0, end_of_day=False)
    of_commands = (COMMANDS,) if given else ()
    proven = (EVIDENCE,) if selection.evidence else ()
    if EVIDENCE.name in selection.scenarios and not proven:
        raise UsageError(f"the scenario {EVIDENCE.name} is what evidence proves: give that with --evidence FILE")
    reported = settings.reported and (*settings.reported, *(each.name for each in of_commands))
    named = selection.scenarios or reported
    # what evidence proves is told whichever ways of uploading are asked for
    names = [*named, *(each.name for each in proven if named)]
    return choose(names, (*settings.scenarios, *of_commands, *proven)), given


@dataclass(eq=False, repr=False)
class Session:
    """A chef-repo of which the history is walked once, every file parsed once, and each examination prepared once.

    ``below`` is the directory within the repository that it was opened by, empty for the repository itself.
    """

    path: Path
    below: str
    history: History
    declarations: Declarations
    settings: Config
    every_ref: bool
    trust_owner: bool
    stage: Stage
    _examinations: dict[Selection, Examination] = field(default_factory=dict)
    _read: dict[tuple[str, ...], ReadEvidence] = field(default_factory=dict)
    _given: dict[tuple[tuple[str, ...], int, tuple[str, ...]], GivenEvidence] = field(default_factory=dict)

    def examination(self, selection: Selection) -> Examination:
        """The examination that answers questions of this selection, prepared once."""
        if self.below and not selection.containers:
            selection = replace(selection, containers=(self.below,))
        if selection not in self._examinations:
            examination = self._examination(selection, self.given(selection))
            if not examination.has_objects:
                raise NothingToExamineError(examination.nothing)
            self._examinations[selection] = examination
        return self._examinations[selection]

    def _examination(self, selection: Selection, given: GivenEvidence | None = None) -> Examination:
        """One that shares with earlier ones whatever its options do not touch."""
        options = self._options(selection, given)
        history = self._history(selection)
        known = next((each for each in self._examinations.values() if each.history is history), None)
        return known.with_options(options) if known else Examination(history, self._declared(history), options)

    def read(self, files: tuple[str, ...]) -> ReadEvidence:
        """What files of evidence say, each ``FILE`` or ``FILE@ZONE``; they are read once."""
        if files not in self._read:
            with self.stage("reading the evidence"):
                self._read[files] = reading.read(files)
        return self._read[files]

    def given(self, selection: Selection) -> GivenEvidence | None:
        """What its evidence proves of the whole repository, whatever part of it is asked for; None without any."""
        if not selection.evidence:
            return None
        history = self._history(selection)
        named = selection.containers if history is not self.history else ()
        key = selection.evidence, selection.clock_skew, named
        if key not in self._given:
            found = self.read(selection.evidence)
            examination = self._examination(Selection())
            if named:
                examination = Examination(history, self._declared(history), examination.options)
            with self.stage("matching the evidence"):
                skew, shells = selection.clock_skew, self.shells
                proven = proof.prove(examination, found, skew=skew, every_ref=self.every_ref, shells=shells)
            self._given[key] = given_evidence.GivenEvidence(proven, self.settings.servers)
        return self._given[key]

    def _history(self, selection: Selection) -> History:
        return self.history.with_bags_in([path.strip("/") for path in selection.containers])

    @property
    def shells(self) -> Shells:
        """What the configuration says of the shells that histories are of."""
        return evidence_commands.Shells(self.settings.locale, self.settings.aliases)

    def _declared(self, history: History) -> Declarations:
        own = self.declarations
        return own if history is self.history else Declarations(history.blob, chef=own.chef, server=own.server)

    def examination_with_files(self, selection: Selection) -> Examination:
        """The same, where there is anything to examine: finding nothing in nothing would read as if all were well."""
        examination = self.examination(selection)
        if not (examination.survey.sightings or examination.fixtures):
            if examination.lacks_history:
                raise EvidenceError("whether there are Chef objects cannot be told: what may hold some cannot be read")
            where = ", ".join(dict.fromkeys(target.label.path for target in examination.targets))
            raise NothingToExamineError(f"no file in {where} could ever declare a Chef object")
        return examination

    def asked(self, selection: Selection) -> Mapping[str, str]:
        """What narrows or widens an examination, in the words of the command line or by the configuration."""
        chosen = selection.scenarios or self.settings.reported
        return selection.asked(self.examination(selection).options.scenarios if chosen else ())

    def commit_at(self, at: str | None) -> int:
        """The last commit of the first-parent line at a date, or the commit that is named; the revision by default."""
        graph = self.history.graph
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
            begin = commit_date(self.history, graph.line[0])[:10]
            raise UsageError(f"nothing was live at {at}: the history begins later, on {begin}")
        return graph.line[position - 1]

    def moment_at(self, at: str | None) -> int | None:
        """The time that ``commit_at`` stands for, in seconds since 1970; None: the latest that anything tells of."""
        graph = self.history.graph
        if at is None:
            return None
        try:
            return parse_when(at, reference=graph.times[graph.line[-1]], end_of_day=True)
        except DateError:
            commit = self.commit_at(at)
            return None if commit == graph.line[-1] else graph.times[commit]

    def _options(self, selection: Selection, evidence: GivenEvidence | None) -> Options:
        scenarios, given = usage(selection, self.settings)
        if evidence is not None:
            scenarios = (*(each for each in scenarios if each != EVIDENCE), *evidence.scenarios)
        graph = self.history.graph
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
            chosen=bool(selection.scenarios or self.settings.reported),
            since=since,
            until=until,
            full=selection.full,
            replay_from=self._position(selection.replay_from) if selection.replay_from is not None else None,
            commands=given,
            nodes=None
            if selection.nodes is None
            else given_nodes.read(Path(selection.nodes), chef=self.declarations.chef),
            given=evidence,
            policy=self.settings.policy,
            narrowed=selection.narrows,
        )

    def _position(self, rev: str) -> int:
        """A revision as a position in the commit graph.

        Raises:
            UnknownRevisionError: it names no commit, or one that the examined revision does not reach.
        """
        oid = open_evidence(self.path, rev=rev, trust_owner=self.trust_owner).heads[0]
        position = self.history.graph.index(oid)
        if position is None:
            raise UnknownRevisionError(f"{rev} is not among the commits that {self.history.provenance.rev} reaches")
        return position
