"""History and scenarios to live objects over time."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.chef import layout
from forensics.uploads.scenario import PUSH
from forensics.uploads.steps import listed_steps, steps_of
from forensics.uploads.timeline import ListedTimeline, Timeline
from forensics.uploads.uploader import LineUploader, ListUploader
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from forensics.chef.objects import Kind
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.steps import MayDeclare, Step
    from forensics.uploads.target import Target


@dataclass(frozen=True, slots=True)
class Replay:
    """One target under every scenario, and the steps that all of them took."""

    target: Target
    steps: tuple[Step, ...]
    timelines: tuple[Timeline, ...]


def steps_under(
    history: History,
    declarations: Declarations,
    targets: Sequence[Target],
    line: Sequence[int],
    scenarios: Sequence[Scenario],
    beside: Sequence[Target] = (),
    *,
    cut: Collection[int] = (),
    may_declare: Callable[[Target], MayDeclare] = lambda _: {},
) -> Mapping[Target, tuple[Step, ...]]:
    """The steps of each target along a line of commits, with what uploaders find out for all targets at once.

    ``beside`` are the targets of the history that are not asked for. ``cut`` are the commits whose past is not there.
    ``may_declare`` gives for each target what its files may declare of which that cannot be told.
    """
    steps: Mapping[Target, tuple[Step, ...]] = steps_of(history, targets, line, cut)
    groups: dict[LineUploader, list[Scenario]] = {}
    for scenario in scenarios:
        uploader = uploader_of(scenario)
        if isinstance(uploader, LineUploader) and uploader.deliver is not None:
            groups.setdefault(uploader, []).append(scenario)
    for uploader, group in groups.items():
        if uploader.deliver is not None:
            steps = uploader.deliver(history, declarations, (*targets, *beside), line, steps, group, may_declare)
    return steps


def replay(
    declarations: Declarations,
    steps: Mapping[Target, tuple[Step, ...]],
    scenarios: Sequence[Scenario],
    only: Mapping[Target, frozenset[str]] | None = None,
    *,
    may_declare: Mapping[Target, MayDeclare] | None = None,
) -> tuple[Replay, ...]:
    """Every target along its steps under every scenario that runs at commits.

    ``only`` names the objects of each target whose changes are wanted (default: all): where the uploads stop is known
    all the same. ``may_declare`` has for each target what its files may declare of which that cannot be told.
    """
    return tuple(
        follow(
            declarations,
            target,
            of_target,
            scenarios,
            None if only is None else only[target],
            may_declare=(may_declare or {}).get(target),
        )
        for target, of_target in steps.items()
    )


def replay_pushes(
    history: History,
    declarations: Declarations,
    targets: Sequence[Target],
    scenarios: Sequence[Scenario],
    only: Mapping[Target, frozenset[str]] | None = None,
    *,
    may_declare: Mapping[Target, MayDeclare] | None = None,
) -> tuple[Replay, ...]:
    """Every target under every scenario that runs at pushed commits, each along its own; see ``replay``."""
    found = []
    for scenario in scenarios:
        if scenario.scope == PUSH:
            commits = pushed(history, scenario)
            for target in targets:
                steps = listed_steps(history, target, commits)
                wanted = None if only is None else only[target]
                undecided = (may_declare or {}).get(target)
                found.append(
                    follow(declarations, target, steps, (scenario,), wanted, may_declare=undecided, of_line=False)
                )
    return tuple(found)


def pushed(history: History, scenario: Scenario) -> list[int]:
    """The pushed commits of a scenario that are examined, as positions in the graph."""
    positions = (history.graph.index(bytes.fromhex(commit)) for commit in scenario.pushes)
    return [position for position in positions if position is not None]


def follow(
    declarations: Declarations,
    target: Target,
    steps: tuple[Step, ...],
    scenarios: Sequence[Scenario],
    only: frozenset[str] | None = None,
    *,
    may_declare: MayDeclare | None = None,
    of_line: bool = True,
) -> Replay:
    """One target along its steps; the scenarios of one uploader share what they have in common.

    Those that run at pushed commits are passed over, unless the steps are such (not ``of_line``).
    """
    kind_of_timeline = Timeline if of_line else ListedTimeline
    commits = array("l", (step.commit for step in steps))
    timelines: list[Timeline] = []
    groups: dict[LineUploader, list[Timeline]] = {}
    for scenario in scenarios:
        uploader = uploader_of(scenario)
        if isinstance(uploader, LineUploader) and (scenario.scope == PUSH) != of_line:
            wanted = None if uploader.every_object else only
            timelines.append(kind_of_timeline(scenario, target, commits, only=wanted, may_declare=may_declare or {}))
            groups.setdefault(uploader, []).append(timelines[-1])
    concerning = steps if only is None else [step for step in steps if _concerns(step, target.kind, only, declarations)]
    for uploader, group in groups.items():
        for run in uploader.start(group, declarations):
            for step in steps if uploader.every_object else concerning:
                run.step(step)
    return Replay(target, steps, tuple(timelines))


def replay_lists(
    history: History,
    declarations: Declarations,
    targets: Sequence[Target],
    scenarios: Sequence[Scenario],
    commands: Sequence[GivenCommand],
) -> tuple[Replay, ...]:
    """Every target under every scenario that runs a list of commands.

    Raises:
        CommandListError: a command names a commit that is not there, or cannot be understood.
    """
    return tuple(
        Replay(timeline.target, steps, (timeline,))
        for scenario in scenarios
        if isinstance(uploader := uploader_of(scenario), ListUploader)
        for steps, timeline in uploader.replay(history, declarations, targets, commands)
    )


def _concerns(step: Step, kind: Kind, only: frozenset[str], declarations: Declarations) -> bool:
    """Whether a replay of some objects alone has to look at a step.

    Nearly every commit edits plain files that are called after their objects. Such a file stops no command, before or
    after; it declares what it declared, and if that is not wanted, no uploader has anything to do.
    """
    changes = step.since_last if step.by_commit is step.since_last else (*step.since_last, *step.by_commit)
    for path, before, after, _ in changes:
        if before is None or after is None:
            return True
        was, now = declarations.from_file(kind, path, before), declarations.from_file(kind, path, after)
        if not (was.plain and now.plain and was.ascii and now.ascii):
            return True
        if was.name != now.name or was.name != layout.stem(path) or was.name in only:
            return True
    return False
