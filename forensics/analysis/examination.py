"""One examination of a repository: from the opened evidence to a result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from forensics.analysis.collation import collation_gaps
from forensics.analysis.cookbooks import CookbookIndex
from forensics.analysis.dates import commit_date
from forensics.analysis.deciding_gaps import that_decide
from forensics.analysis.nodes import Nodes
from forensics.analysis.policy import Policy
from forensics.analysis.problems import problem_records
from forensics.analysis.replays import ReplayOptions
from forensics.analysis.results import Divergence, EvidenceSummary, Shadow
from forensics.analysis.shadows import shadow_id
from forensics.analysis.shared import Shared
from forensics.analysis.tip import Tip
from forensics.analysis.undecided import kept_elsewhere, undecided_paths
from forensics.chef.layout import at_or_below
from forensics.chef.recognition import cookbook_above
from forensics.history.gaps import in_order
from forensics.uploads.replay import pushed
from forensics.uploads.scenario import COMMANDS, SHIPPED, Scenario, deciding
from forensics.uploads.target import SharedServer, Target, chosen, directories_of, nowhere, targets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from forensics.analysis.commit_runs import CommitRuns
    from forensics.analysis.given_evidence import GivenEvidence
    from forensics.analysis.problem_results import ProblemRecord, UndecidedPath
    from forensics.analysis.replays import Replays
    from forensics.analysis.shadows import Sighting, Survey
    from forensics.analysis.target_history import TargetHistory
    from forensics.history.model import Gap
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.given_nodes import GivenNodes
    from forensics.uploads.replay import Replay
    from forensics.uploads.timeline import Timeline

_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What narrows or widens an examination.

    ``containers`` are paths at or above the containers to examine (all, if empty); ``servers`` those that several
    chef-repos share; ``since`` and ``until`` cut the report (seconds since 1970), not the knowledge of what was live;
    ``full`` replays side branches too; ``replay_from`` is the commit (a position in the graph) that meets an empty
    server. ``chosen`` says that somebody named the ``scenarios`` that are used; ``nodes`` are node objects elsewhere;
    ``given`` is what evidence proves. ``policy`` judges what is found; ``narrowed`` tells it that only a part of
    everything was asked for.
    """

    containers: tuple[str, ...] = ()
    servers: tuple[SharedServer, ...] = ()
    scenarios: tuple[Scenario, ...] = SHIPPED
    chosen: bool = False
    since: int | None = None
    until: int | None = None
    full: bool = False
    replay_from: int | None = None
    commands: tuple[GivenCommand, ...] = ()
    nodes: GivenNodes | None = None
    given: GivenEvidence | None = None
    policy: Policy = field(default_factory=Policy)
    narrowed: bool = False


class Examination:
    """What is known about a repository; rules read it, results are made of it.

    Everything is found out when it is first asked for, and once: listing shadows replays nothing.
    """

    def __init__(
        self,
        history: History,
        declarations: Declarations,
        options: Options | None = None,
        *,
        shared: Shared | None = None,
    ) -> None:
        self.history = history
        self.declarations = declarations
        self.options = Options() if options is None else options
        self._shared = Shared(history, declarations) if shared is None else shared

    def with_options(self, options: Options) -> Examination:
        """An examination of the same with other options, which shares with this one whatever these do not touch."""
        return Examination(self.history, self.declarations, options, shared=self._shared)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Where uploads go, as far as the options choose: the containers of Chef objects, but for tests' fixtures."""
        return chosen(self.all_targets, self.options.containers)

    @cached_property
    def all_targets(self) -> tuple[Target, ...]:
        """The same, whatever part of them is examined."""
        options = self.options
        asked_for = (*options.containers, *(top for server in options.servers for top in server.directories))
        return targets_of(self._shared.recognized.to_examine(asked_for), options.servers)

    @property
    def has_objects(self) -> bool:
        """Whether there is anything of this repository's own: the fixtures of the cookbooks that it keeps are not."""
        return bool(self.targets) or any(cookbook_above(each.label.path) is None for each in self.fixtures)

    @property
    def nothing(self) -> str:
        """What to say where there is nothing to examine."""
        asked, places = self.options.containers, self.history.containers
        below = [each for each in places if not asked or at_or_below(each.path, *(top.strip("/") for top in asked))]
        if not below:
            return f"no container lies at or below {', '.join(asked)}"
        named = dict.fromkeys(directories_of(Target(each, (each,)) for each in below))
        where = ", ".join(list(named)[:_FEW]) + (f" and {len(named) - _FEW} more" if len(named) > _FEW else "")
        nothing = f"nothing in {where} is Chef's: no file has a run list, or another key that only Chef knows"
        if self.fixtures:
            nothing = f"only tests of cookbooks have Chef objects, in {', '.join(directories_of(self.fixtures))}"
        return "; ".join(filter(None, (nothing, self.history.unexamined)))

    @cached_property
    def fixtures(self) -> tuple[Target, ...]:
        """The fixtures of tests, which nobody uploads: each container by itself."""
        examined = {member for target in self.targets for member in target.members}
        apart = [each for each in self._shared.recognized.fixtures if each not in examined]
        return chosen(targets_of(apart), self.options.containers)

    @property
    def examples(self) -> tuple[str, ...]:
        """The directories of what came with cookbooks, which are not examined unless somebody names them."""
        examined = {member for target in self.targets for member in target.members}
        apart = [each for each in self._shared.recognized.examples if each not in examined]
        return tuple(directories_of(chosen(targets_of(apart), self.options.containers)))

    @cached_property
    def cookbooks(self) -> CookbookIndex:
        """The recipes of the history's cookbooks, for rules, which look into few of them."""
        return CookbookIndex(self.history)

    @property
    def traced_cookbooks(self) -> CookbookIndex:
        """The same for traces, which look into all of them."""
        return self._shared.cookbooks

    def position(self, commit: str) -> int:
        """Where a commit, named by its id, stands in the commit graph."""
        found = self.history.graph.index(bytes.fromhex(commit))
        if found is None:
            raise LookupError(f"{commit} is not among the commits examined")
        return found

    @property
    def head_commit(self) -> int:
        """The examined revision, as a position in the commit graph."""
        return self.history.graph.line[-1]

    @property
    def head(self) -> str:
        """The examined revision's id."""
        return self.history.graph.ids[self.head_commit].hex()

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The names of the scenarios by which severity and exit code go."""
        return deciding(self.options.scenarios, chosen=self.options.chosen)

    def only_if(self, names: Collection[str]) -> tuple[str, ...]:
        """These scenarios, if what only they give does not count: none of them decides."""
        if not set(names).isdisjoint(self.deciding):
            return ()
        return tuple(each.name for each in self.options.scenarios if each.name in names)

    @cached_property
    def nodes(self) -> Nodes:
        """The nodes of every server."""
        return Nodes(self.history, self.declarations, self.options.nodes)

    @cached_property
    def tip(self) -> Tip:
        """The files of the examined revision."""
        return Tip(self.history, self.declarations, self.survey, self.targets)

    @cached_property
    def survey(self) -> Survey:
        """Every shadow and every file version of the whole graph."""
        return self._shared.survey(self.targets)

    @property
    def episodes(self) -> Mapping[str, CommitRuns]:
        """The commits of each shadow, those of tests' fixtures, too, by the shadow's id."""
        every = (*self.survey.episodes, *self._shared.survey(self.fixtures).episodes)
        return {shadow_id(*each.key): each.commits for each in every}

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """Every file version, those of tests' fixtures, too: somebody may have uploaded one all the same."""
        return (*self.survey.sightings, *self._shared.survey(self.fixtures).sightings)

    @cached_property
    def shadows(self) -> tuple[Shadow, ...]:
        """The shadows within the time asked for, the ones at the tip first, then the latest."""
        return self._sorted(self._shared.shadows(self.targets))

    @cached_property
    def fixture_shadows(self) -> tuple[Shadow, ...]:
        """The same of the fixtures of tests."""
        return self._sorted(replace(each, fixture=True) for each in self._shared.shadows(self.fixtures))

    def _sorted(self, shadows: Iterable[Shadow]) -> tuple[Shadow, ...]:
        time = self._time
        kept = [each for each in shadows if self._within(each.first_commit, None if each.at_head else each.last_commit)]
        kept.sort(key=lambda s: (not s.at_head, -time(s.last_commit), s.container, s.kind, s.name, s.paths))
        return tuple(kept)

    @cached_property
    def every_replay(self) -> Replays:
        """What was replayed: all shipped scenarios and the commands that are given, whatever is asked for.

        Whether an object without a canonical file diverges depends on whether they agree.
        """
        options = self.options
        commands = (COMMANDS,) if options.commands else ()
        scenarios = tuple(dict.fromkeys((*SHIPPED, *options.scenarios, *commands)))
        beside = tuple(target for target in self.all_targets if target not in self.targets)
        return self._shared.replays(
            ReplayOptions(
                self.targets,
                scenarios,
                options.full,
                options.replay_from,
                options.commands,
                options.nodes,
                beside,
                options.given,
            )
        )

    @property
    def replays(self) -> tuple[Replay, ...]:
        """Every target under every scenario, with all of its objects."""
        return self.every_replay.whole

    @property
    def contested_replays(self) -> tuple[Replay, ...]:
        """The same, with those objects at least that more than one file ever declared: no other can diverge."""
        return self.every_replay.contested

    def chosen_timelines(self, replayed: Replay) -> tuple[Timeline, ...]:
        """A target's timelines under the scenarios asked for."""
        return tuple(timeline for timeline in replayed.timelines if timeline.scenario in self.options.scenarios)

    def tracked(self) -> Iterator[tuple[TargetHistory, tuple[Timeline, ...]]]:
        """Every target's files and its timelines of contested objects under the scenarios asked for."""
        for track, replayed in zip(self.every_replay.target_histories, self.contested_replays, strict=True):
            yield track, self.chosen_timelines(replayed)

    @cached_property
    def divergences(self) -> tuple[Divergence, ...]:
        """Every divergence under the chosen scenarios within the time asked for, by target, object and start."""
        names = {scenario.name for scenario in self.options.scenarios}
        return tuple(
            each
            for each in self.every_replay.divergences
            if each.scenario in names and self._within(each.from_commit, each.until_commit)
        )

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read, and where the order of uploads is not known: asked for by what rests on a replay."""
        unordered = self._unordered
        return (*self._unread(), *unordered)

    @cached_property
    def _unordered(self) -> tuple[Gap, ...]:
        return collation_gaps(self.every_replay, self.options.scenarios)

    def _unread(self, beyond: History | None = None) -> tuple[Gap, ...]:
        """What could not be read of the targets, all of whose files were looked at, and of what lies beyond them."""
        _ = self.survey
        every = self.history.gaps
        found = tuple(gap for gap in every if self._concerns(gap))
        if beyond is None or beyond is self.history:
            return found
        known = {gap.oid for gap in every if gap.oid is not None}
        return in_order((*found, *(gap for gap in beyond.gaps if gap not in every and gap.oid not in known)))

    def _concerns(self, gap: Gap) -> bool:
        """Whether a gap may hide something at or below what is asked for: it lies there, or above it."""
        tops = [path.strip("/") for path in self.options.containers]
        if not tops or gap.path is None:
            return True
        path = gap.path.strip("/")
        return any(at_or_below(path, top) or at_or_below(top, path) for top in tops)

    def evidence(self, *, replayed: bool = False, beyond: History | None = None) -> EvidenceSummary:
        """What was examined, and what could not be; with ``replayed``, for an answer that rests on a replay.

        ``beyond`` has the account of what else the answer looked at: by default, what rules look at.
        """
        provenance = self.history.provenance
        unordered = self._unordered if replayed else ()
        further = self.cookbooks.history if replayed and beyond is None else beyond
        gaps = *self._unread(further), *unordered
        return EvidenceSummary(
            provenance=replace(provenance, notes=(*provenance.notes, *self._reservations())),
            commits=len(self.history.graph),
            first_parent_commits=len(self.history.graph.line),
            gaps=gaps if beyond else that_decide(gaps, self.options.scenarios, self.deciding),
            full=self.options.full,
            undecided=self.undecided,
            elsewhere=self.elsewhere,
        )

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        """The containers, and files of containers, that lead out of the repository at the tip."""
        return kept_elsewhere(self.history, self.head_commit, self._unread())

    def _reservations(self) -> Iterator[str]:
        """What to know of what was asked for: nothing found there does not mean that all is well."""
        if self.options.nodes is not None:
            yield str(self.options.nodes)
        for directory in nowhere(self.history.containers, self.options.servers):
            yield f"a [[server]] names the directory {directory}, where no commit has a container: is it misspelt?"
        for scenario in self.options.scenarios:
            if lost := len(scenario.pushes) - len(pushed(self.history, scenario)):
                yield (
                    f"{scenario.name}: {lost} of {len(scenario.pushes)} pushed commits are not among those that the "
                    "revision reaches, and are passed over"
                )
        yield from self._apart()
        yield from self.tip.told_apart_by_case()
        since, until = self.options.since, self.options.until
        if (since, until) != (None, None) and not any(
            (since is None or time >= since) and (until is None or time <= until) for time in self.history.graph.times
        ):
            when = commit_date(self.history, self.head_commit)[:10]
            yield (
                f"no commit lies within the time asked for (the revision is of {when}); what was there before and "
                "lasts into it is told all the same"
            )

    @cached_property
    def undecided(self) -> tuple[UndecidedPath, ...]:
        """The files of which it cannot be told what they declare, those at the tip first."""
        return undecided_paths(self.declarations, self.survey, self.tip, self._shared.may_declare(self.targets))

    @cached_property
    def undecided_objects(self) -> frozenset[str]:
        """What these files may declare, as people write it."""
        return frozenset(name for each in self.undecided for name in each.objects)

    def _apart(self) -> Iterator[str]:
        """What is not examined as objects of a server, and why."""
        if self.fixtures:
            shadowed = dict.fromkeys(shadow.object for shadow in self.fixture_shadows if shadow.at_head)
            several = f"; several files of them declare {', '.join(shadowed)}" if shadowed else ""
            where = ", ".join(directories_of(self.fixtures))
            yield (
                f"fixtures of tests, which nobody uploads, are in {where}: shadows lists them, and they are judged "
                f"only where --container or [layout] names them{several}"
            )
        if self.history.unexamined:
            yield self.history.unexamined

    @property
    def lacks_history(self) -> bool:
        """Whether objects are missing or unreadable, so that something may have happened that nobody sees.

        A link or a submodule that leads out of the repository leaves no such hole.
        """
        return any(gap.oid is not None for gap in self._unread())

    def problems(self) -> tuple[ProblemRecord, ...]:
        """Every file version in the graph that declares nothing, by path and first commit."""
        return problem_records(self.history, self.declarations, self.survey, self.tip)

    def _within(self, first: str, last: str | None) -> bool:
        """Whether what was there from one commit to another, or for good, is in the time asked for."""
        since, until = self.options.since, self.options.until
        return (since is None or last is None or self._time(last) >= since) and (
            until is None or self._time(first) <= until
        )

    def _time(self, commit: str) -> int:
        return self.history.graph.times[self.position(commit)]
