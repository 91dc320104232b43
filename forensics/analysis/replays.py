"""What uploads left live, and where that was not what the canonical files say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from forensics.analysis.divergence import divergences
from forensics.analysis.held_back import with_stops
from forensics.analysis.live_roles import Naming, RolesOverTime
from forensics.analysis.nodes import Nodes
from forensics.analysis.target_history import TargetHistory
from forensics.chef.objects import Kind
from forensics.deferred import deferred
from forensics.uploads.replay import follow, replay, replay_lists, replay_pushes, steps_under
from forensics.uploads.steps import replay_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from forensics.analysis import proven_replay, proven_verdict
    from forensics.analysis.given_evidence import GivenEvidence
    from forensics.analysis.proven_verdict import ProvenVerdict
    from forensics.analysis.results import Divergence
    from forensics.analysis.shadows import Survey
    from forensics.analysis.undecided import MayDeclare
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.given_nodes import GivenNodes
    from forensics.uploads.replay import Replay
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.steps import Step
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Timeline
else:
    proven_verdict = deferred("forensics.analysis.proven_verdict")
    proven_replay = deferred("forensics.analysis.proven_replay")


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """All that a replay depends on beside the history: see ``examination.Options``.

    ``beside`` are the targets of the history that are not asked for; ``given`` is what evidence proves.
    """

    targets: tuple[Target, ...]
    scenarios: tuple[Scenario, ...]
    full: bool
    replay_from: int | None
    commands: tuple[GivenCommand, ...]
    nodes: GivenNodes | None = None
    beside: tuple[Target, ...] = ()
    given: GivenEvidence | None = None


class Replays:
    """The targets under every scenario; each part is found out when it is first asked for."""

    def __init__(
        self,
        history: History,
        declarations: Declarations,
        options: ReplayOptions,
        survey: Callable[[tuple[Target, ...]], Survey],
        may_declare: Callable[[tuple[Target, ...]], MayDeclare],
    ) -> None:
        self.history = history
        self.options = options
        self._declarations = declarations
        self._find_survey = survey
        self._find_may_declare = may_declare
        self._roles: dict[tuple[Target, Scenario], Timeline] = {}
        self._over_time: dict[int, RolesOverTime] = {}
        self._naming = Naming()

    @property
    def survey(self) -> Survey:
        """Every shadow and every file version of the targets."""
        return self._find_survey(self.options.targets)

    @property
    def may_declare(self) -> MayDeclare:
        """What files may declare of which that cannot be told."""
        return self._find_may_declare(self.options.targets)

    @cached_property
    def line(self) -> Sequence[int]:
        """The commits that are replayed."""
        return replay_line(self.history, full=self.options.full, start=self.options.replay_from)

    @cached_property
    def steps(self) -> Mapping[Target, tuple[Step, ...]]:
        """The steps of each target along the line."""
        graph, chosen = self.history.graph, self.options
        # who names the commit that meets an empty server knows what came before
        cut = () if chosen.replay_from is not None else frozenset(graph.positions[oid] for oid in graph.boundary)
        return steps_under(
            self.history,
            self._declarations,
            chosen.targets,
            self.line,
            chosen.scenarios,
            chosen.beside,
            cut=cut,
            may_declare=lambda target: self._find_may_declare((*chosen.targets, *chosen.beside)).get(target, {}),
        )

    @cached_property
    def whole(self) -> tuple[Replay, ...]:
        """Every target with all of its objects."""
        return (*self._replay(), *self.of_lists, *self.of_evidence)

    @cached_property
    def contested(self) -> tuple[Replay, ...]:
        """Every target with those objects only that more than one file ever declared, where that saves work.

        No other object can diverge: what this leaves out are the uneventful lives of nearly all of them.
        """
        return (*self._replay(self._contest()), *self.of_lists, *self.of_evidence)

    def of_objects(self, only: Mapping[Target, frozenset[str]]) -> tuple[Replay, ...]:
        """Every target with these objects only, where that saves work."""
        none: frozenset[str] = frozenset()
        return (*self._replay({each: only.get(each, none) for each in self.options.targets}), *self.of_lists)

    def _replay(self, only: Mapping[Target, frozenset[str]] | None = None) -> tuple[Replay, ...]:
        """Along the line, then at pushed commits."""
        options = self.options
        return (
            *replay(self._declarations, self.steps, options.scenarios, only, may_declare=self.may_declare),
            *replay_pushes(
                self.history,
                self._declarations,
                options.targets,
                options.scenarios,
                only,
                may_declare=self.may_declare,
            ),
        )

    @cached_property
    def of_lists(self) -> tuple[Replay, ...]:
        """Those of the targets' replays in which a list says what was uploaded; they are whole."""
        return replay_lists(
            self.history, self._declarations, self.options.targets, self.options.scenarios, self.options.commands
        )

    @cached_property
    def of_evidence(self) -> tuple[Replay, ...]:
        """Those in which evidence says what was uploaded, whole, too."""
        options = self.options
        if options.given is None:
            return ()
        commits = {target: [step.commit for step in steps] for target, steps in self.steps.items()}
        return tuple(
            proven_replay.proven_replays(
                self.history, self._declarations, options.targets, self.line, commits, self.survey, options.given
            )
        )

    def _contest(self) -> dict[Target, frozenset[str]]:
        """The objects of each target that more than one file ever declared."""
        paths: dict[Target, dict[str, set[str]]] = {target: {} for target in self.options.targets}
        for seen in self.survey.sightings:
            name = self._declarations.from_file(seen.target.kind, seen.path, seen.file).name
            if name is not None:
                paths[seen.target].setdefault(name, set()).add(seen.path)
        for target, undecided in self.may_declare.items():
            for path, possible in undecided.items():
                for name in possible:
                    paths[target].setdefault(name, set()).add(path)
        return {
            target: frozenset(name for name, found in names.items() if len(found) > 1)
            for target, names in paths.items()
        }

    @cached_property
    def target_histories(self) -> tuple[TargetHistory, ...]:
        """The files of every target along its replay, in the order of ``contested``."""
        nodes = Nodes(self.history, self._declarations, self.options.nodes)
        return tuple(
            TargetHistory(self.history, self._declarations, replayed, self.survey.episodes, nodes)
            for replayed in self.contested
        )

    @cached_property
    def divergences(self) -> tuple[Divergence, ...]:
        """Every divergence, by target, object and start, with what evidence says of it if there is any."""
        found = tuple(
            divergence
            for track, replayed in zip(self.target_histories, self.contested, strict=True)
            for divergence in with_stops(
                track,
                replayed,
                tuple(divergences(track, replayed.timelines, self.role_timelines)),
                self.may_declare.get(track.target),
            )
        )
        return found if self.verdict is None else self.verdict.judged(found)

    @cached_property
    def verdict(self) -> ProvenVerdict | None:
        """What compares these replays with what evidence proves; None without any."""
        given = self.options.given
        if given is None:
            return None
        return proven_verdict.ProvenVerdict(self.history, self._declarations, self.contested, given)

    def role_timelines(self, target: Target, scenarios: Sequence[Scenario]) -> Mapping[Scenario, RolesOverTime]:
        """The timelines of all roles that share a chef-repo with a target; empty where none do."""
        roles = next((t for t in self.options.targets if t.kind is Kind.ROLE and target.is_beside(t.label)), None)
        if roles is None:
            return {}
        known = {
            timeline.scenario: timeline
            for replayed in self.contested
            if replayed.target == roles
            for timeline in replayed.timelines
            if timeline.only is None
        }
        known |= {scenario: timeline for (of, scenario), timeline in self._roles.items() if of == roles}
        missing = [scenario for scenario in scenarios if scenario not in known]
        if missing:
            undecided = self.may_declare.get(roles)
            replays = (
                follow(self._declarations, roles, self.steps[roles], missing, may_declare=undecided),
                *replay_pushes(self.history, self._declarations, (roles,), missing, may_declare=self.may_declare),
            )
            for timeline in (timeline for each in replays for timeline in each.timelines):
                known[timeline.scenario] = self._roles[roles, timeline.scenario] = timeline
        return {
            scenario: self._over_time.setdefault(id(timeline), RolesOverTime(timeline, self._naming))
            for scenario, timeline in known.items()
        }
