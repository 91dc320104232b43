"""One examination of a repository: from the opened evidence to a result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from forensics.analysis.collation import collation_gaps
from forensics.analysis.cookbooks import CookbookIndex
from forensics.analysis.dates import commit_date
from forensics.analysis.divergence import TargetHistory, divergences
from forensics.analysis.policy import Policy
from forensics.analysis.results import (
    Divergence,
    EvidenceSummary,
    ProblemRecord,
    Shadow,
)
from forensics.analysis.shadows import Survey, describe, survey
from forensics.analysis.shared import Shared
from forensics.chef.objects import Kind
from forensics.uploads.replay import Replay, follow, replay
from forensics.uploads.scenario import COMMANDS, SHIPPED, Scenario
from forensics.uploads.steps import replay_line
from forensics.uploads.target import chosen, nowhere, targets_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from forensics.history.model import File, Gap
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations, Declared
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Options:
    """What narrows or widens an examination.

    ``containers`` are paths at or above the containers to examine (all, if empty); ``servers`` the directories that
    share a server; ``since`` and ``until`` cut the report (seconds since 1970), not the knowledge of what was live;
    ``full`` replays side branches too; ``replay_from`` is the commit (a position in the graph) that meets an empty
    server. ``policy`` judges what is found; ``narrowed`` tells it that only a part of everything was asked for.
    """

    containers: tuple[str, ...] = ()
    servers: tuple[tuple[str, ...], ...] = ()
    scenarios: tuple[Scenario, ...] = SHIPPED
    since: int | None = None
    until: int | None = None
    full: bool = False
    replay_from: int | None = None
    commands: tuple[GivenCommand, ...] = ()
    policy: Policy = field(default_factory=Policy)
    narrowed: bool = False


@dataclass(slots=True)
class Examination:
    """What is known about a repository; rules read it, results are made of it.

    Everything is found out when it is first asked for: listing shadows replays nothing.
    """

    history: History
    declarations: Declarations
    options: Options = field(default_factory=Options)
    shared: Shared = field(init=False, default_factory=Shared)
    _survey: Survey | None = None
    _shadows: tuple[Shadow, ...] | None = None
    _contested: tuple[Replay, ...] | None = None
    _tracks: tuple[TargetHistory, ...] | None = None
    _divergences: tuple[Divergence, ...] | None = None
    _targets: tuple[Target, ...] | None = None
    _unordered: tuple[Gap, ...] | None = None
    _brought: dict[str, int] | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where uploads go, as far as the options choose."""
        if self._targets is None:
            self._targets = chosen(targets_of(self.history, self.options.servers), self.options.containers)
        return self._targets

    def with_options(self, options: Options) -> Examination:
        """An examination of the same with other options, which shares with this one whatever these do not touch."""
        other = Examination(self.history, self.declarations, options)
        other.shared = self.shared
        return other

    @property
    def _line(self) -> Hashable:
        """The options that a replay depends on; what is reported of it may still differ."""
        options = self.options
        return self.targets, self.scenarios, options.full, options.replay_from, options.commands

    @property
    def cookbooks(self) -> CookbookIndex:
        """The recipes of the history's cookbooks."""
        return self.shared.once("cookbooks", (), lambda: CookbookIndex(self.history))

    def position(self, commit: str) -> int:
        """Where a commit, named by its id, stands in the commit graph."""
        found = self.history.graph.index(bytes.fromhex(commit))
        if found is None:
            raise LookupError(f"{commit} is not among the commits examined")
        return found

    def time(self, commit: str) -> int:
        """The committer time of a commit, named by its id."""
        return self.history.graph.times[self.position(commit)]

    @property
    def head_commit(self) -> int:
        """The examined revision, as a position in the commit graph."""
        return self.history.graph.line[-1]

    @property
    def head(self) -> str:
        """The examined revision's id."""
        return self.history.graph.ids[self.head_commit].hex()

    @property
    def survey(self) -> Survey:
        """Every shadow and every file version of the whole graph."""
        if self._survey is None:
            self._survey = self.shared.once(
                "survey", self.targets, lambda: survey(self.history, self.declarations, self.targets)
            )
        return self._survey

    @property
    def shadows(self) -> tuple[Shadow, ...]:
        """The shadows within the time asked for, the ones at the tip first, then the latest."""
        if self._shadows is None:
            found = self.shared.once(
                "shadows",
                self.targets,
                lambda: [describe(self.history, self.declarations, episode) for episode in self.survey.episodes],
            )
            time = self.time
            kept = [s for s in found if self._within(time(s.first_commit), None if s.at_head else time(s.last_commit))]
            self._shadows = tuple(
                sorted(kept, key=lambda s: (not s.at_head, -time(s.last_commit), s.container, s.kind, s.name, s.paths))
            )
        return self._shadows

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every shipped and every chosen scenario that is replayed over the history.

        All shipped ones are, whatever is asked for: whether an object without a canonical file diverges depends on
        whether they agree.
        """
        return tuple(dict.fromkeys((*SHIPPED, *(each for each in self.options.scenarios if each is not COMMANDS))))

    @property
    def replays(self) -> tuple[Replay, ...]:
        """Every target under every scenario, with all of its objects."""
        return self.shared.once(
            "replays",
            self._line,
            lambda: (*self._replayed(self.targets, self.scenarios), *self.command_replays),
        )

    @property
    def contested_replays(self) -> tuple[Replay, ...]:
        """Every target under every scenario, with those objects only that more than one file ever declared.

        No other object can diverge: what this leaves out are the uneventful lives of nearly all of them.
        """
        if self._contested is None:
            self._contested = self.shared.once(
                "contested replays",
                self._line,
                lambda: (*self._replayed(self.targets, self.scenarios, self._contest()), *self.command_replays),
            )
        return self._contested

    def _contest(self) -> dict[Target, frozenset[str]]:
        """The objects of each target that more than one file ever declared."""
        paths: dict[Target, dict[str, set[str]]] = {target: {} for target in self.targets}
        for seen in self.survey.sightings:
            name = self.declarations.from_file(seen.target.kind, seen.path, seen.file).name
            if name is not None:
                paths[seen.target].setdefault(name, set()).add(seen.path)
        return {
            target: frozenset(name for name, found in names.items() if len(found) > 1)
            for target, names in paths.items()
        }

    @property
    def command_replays(self) -> tuple[Replay, ...]:
        """Every target after the commands that were given; empty if none were."""
        if not self.options.commands:
            return ()
        # most examinations have no list of commands, and need none of what understands knife's verbs
        from forensics.uploads.commands import replay_commands  # noqa: PLC0415

        return self.shared.once(
            "command replays",
            (self.targets, self.options.commands),
            lambda: tuple(
                replay_commands(
                    self.history,
                    self.targets,
                    self.options.commands,
                    chef=self.declarations.chef,
                    strict=self.declarations.strict,
                )
            ),
        )

    def _replayed(
        self,
        targets: Sequence[Target],
        scenarios: Sequence[Scenario],
        only: Mapping[Target, frozenset[str]] | None = None,
    ) -> tuple[Replay, ...]:
        line = replay_line(self.history, full=self.options.full, start=self.options.replay_from)
        every = targets_of(self.history, self.options.servers) if self.options.containers else ()
        beside = [target for target in every if target not in targets]
        return replay(self.history, self.declarations, targets, line, scenarios, only, beside)

    @property
    def tracks(self) -> tuple[TargetHistory, ...]:
        """The files of every target along its replay."""
        if self._tracks is None:
            self._tracks = self.shared.once(
                "tracks",
                self._line,
                lambda: tuple(
                    TargetHistory(self.history, self.declarations, replayed, self.survey.episodes)
                    for replayed in self.contested_replays
                ),
            )
        return self._tracks

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """Every divergence under the chosen scenarios within the time asked for, by target, object and start."""
        if self._divergences is None:
            names = {scenario.name for scenario in self.options.scenarios}
            found = self.shared.once(
                "divergences",
                self._line,
                lambda: [
                    divergence
                    for track, replayed in zip(self.tracks, self.contested_replays, strict=True)
                    for divergence in divergences(track, replayed.timelines, self.roles_beside)
                ],
            )
            self._divergences = tuple(
                divergence
                for divergence in found
                if divergence.scenario in names
                and self._within(
                    self.time(divergence.from_commit),
                    self.time(divergence.until_commit) if divergence.until_commit else None,
                )
            )
        return self._divergences

    def tracked(self) -> Iterator[tuple[TargetHistory, tuple[Timeline, ...]]]:
        """Every target's files and its timelines under the chosen scenarios."""
        for track, replayed in zip(self.tracks, self.contested_replays, strict=True):
            yield track, self.chosen_timelines(replayed)

    def chosen_timelines(self, replayed: Replay) -> tuple[Timeline, ...]:
        """A target's timelines under the scenarios asked for."""
        return tuple(timeline for timeline in replayed.timelines if timeline.scenario in self.options.scenarios)

    def at_head(self) -> Iterator[tuple[Target, str, Declared]]:
        """Every file of the tip that may declare something, with what it declares."""
        state = self.history.state(self.head_commit)
        for target in self.targets:
            for path, file in sorted(target.files(self.history, target.version(state)).items()):
                yield target, path, self.declarations.from_file(target.kind, path, file)

    def file_at_head(self, target: Target, path: str) -> File | None:
        """The file at a path of the tip, None if there is none that may declare something."""
        return target.files(self.history, target.version(self.history.state(self.head_commit))).get(path)

    def brought_by(self, *paths: str) -> str:
        """The commit that brought files of the tip in their present version; of several files, the latest commit."""
        if self._brought is None:
            present = self._present()
            self._brought = {
                sighting.path: sighting.commit
                for sighting in self.survey.sightings
                if present[sighting.target].get(sighting.path) == sighting.file
            }
        times, brought = self.history.graph.times, self._brought
        latest = max((brought[path] for path in paths), key=lambda commit: (times[commit], commit))
        return self.history.graph.ids[latest].hex()

    def _present(self) -> dict[Target, Mapping[str, File]]:
        """The files of the tip, for each target."""
        state = self.history.state(self.head_commit)
        return {target: target.files(self.history, target.version(state)) for target in self.targets}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read, and where the order of uploads is not known: asked for by what rests on a replay."""
        if self._unordered is None:
            whole: tuple[Replay, ...] | None = self.shared.get("replays", self._line)
            self._unordered = collation_gaps(self, whole if whole is not None else self.contested_replays)
        return (*self.history.gaps, *self._unordered)

    def evidence(self, *, replayed: bool = False) -> EvidenceSummary:
        """What was examined, and what could not be; with ``replayed``, for an answer that rests on a replay."""
        provenance = self.history.provenance
        return EvidenceSummary(
            provenance=replace(provenance, notes=(*provenance.notes, *self._reservations())),
            commits=len(self.history.graph),
            first_parent_commits=len(self.history.graph.line),
            gaps=self.gaps if replayed else self.history.gaps,
            full=self.options.full,
        )

    def _reservations(self) -> Iterator[str]:
        """What to know of what was asked for: nothing found there does not mean that all is well."""
        for directory in nowhere(self.history, self.options.servers):
            yield f"a [[server]] names the directory {directory}, where no commit has a container: is it misspelt?"
        since, until = self.options.since, self.options.until
        if (since, until) != (None, None) and not any(self._within(time, time) for time in self.history.graph.times):
            when = commit_date(self.history, self.head_commit)[:10]
            yield (
                f"no commit lies within the time asked for (the revision is of {when}); what was there before and "
                "lasts into it is told all the same"
            )

    @property
    def lacks_history(self) -> bool:
        """Whether objects are missing or unreadable, so that something may have happened that nobody sees.

        A link or a submodule that leads out of the repository leaves no such hole.
        """
        return any(gap.oid is not None for gap in self.history.gaps)

    def problems(self) -> tuple[ProblemRecord, ...]:
        """Every file version in the graph that declares nothing, by path and first commit."""
        records: list[tuple[str, int, ProblemRecord]] = []
        present = self._present()
        for sighting in self.survey.sightings:
            kind = sighting.target.kind
            declared = self.declarations.from_file(kind, sighting.path, sighting.file)
            if declared.name is not None:
                continue
            blob = sighting.file.hex() if isinstance(sighting.file, bytes) else None
            if declared.problem is not None:
                word, message, line = declared.problem.kind, declared.problem.message, declared.problem.line
                message = f"{declared.problem.error_class}: {message}"
            elif declared.unresolved is not None:
                word, message, line = "unresolved-name", declared.unresolved.source, declared.unresolved.line
            else:
                word, message, line = "unreadable", "its content is missing from the evidence", None
            records.append(
                (
                    sighting.path,
                    sighting.commit,
                    ProblemRecord(
                        path=sighting.path,
                        blob=blob,
                        first_commit=self.history.graph.ids[sighting.commit].hex(),
                        kind=word,
                        message=message,
                        line=line,
                        at_head=present[sighting.target].get(sighting.path) == sighting.file,
                    ),
                )
            )
        return tuple(record for _, _, record in sorted(records, key=lambda each: each[:2]))

    def roles_beside(self, target: Target, scenario: Scenario, wanted: Sequence[Scenario]) -> Timeline | None:
        """The whole timeline of the roles that share a chef-repo with a target, under one of the scenarios wanted."""
        roles = next(
            (each for each in self.targets if each.kind is Kind.ROLE and each.label.root == target.label.root), None
        )
        if roles is None:
            return None
        known: dict[tuple[Target, Scenario], Timeline] = self.shared.once("roles", self._line, dict)
        if (roles, scenario) not in known:
            known |= {
                (roles, timeline.scenario): timeline
                for timeline in self._whole(roles, scenario, wanted).timelines
                if timeline.only is None
            }
        return known[roles, scenario]

    def _whole(self, target: Target, scenario: Scenario, wanted: Sequence[Scenario]) -> Replay:
        """A replay of all of a target's objects under a scenario, and under those wanted that cost little beside it."""
        if scenario is COMMANDS:
            return next(each for each in self.command_replays if each.target == target)
        whole: tuple[Replay, ...] | None = self.shared.get("replays", self._line)
        if whole is not None:
            return next(each for each in whole if each.target == target)
        known = next(each for each in self.contested_replays if each.target == target)
        if any(timeline.scenario == scenario and timeline.only is None for timeline in known.timelines):
            return known
        alike = [each for each in wanted if (each.uploader, each.scope) == (scenario.uploader, scenario.scope)]
        return follow(self.declarations, target, known.steps, alike)

    def _within(self, first: int, last: int | None) -> bool:
        since, until = self.options.since, self.options.until
        return (since is None or last is None or last >= since) and (until is None or first <= until)
