"""History and scenarios to live objects over time."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.chef import layout
from forensics.uploads.steps import steps_of
from forensics.uploads.timeline import Timeline
from forensics.uploads.uploader import LineUploader, ListUploader
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.chef.objects import Kind
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.steps import Step
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
) -> Mapping[Target, tuple[Step, ...]]:
    """The steps of each target along a line of commits, with what uploaders find out for all targets at once.

    ``beside`` are the targets of the history that are not asked for.
    """
    steps: Mapping[Target, tuple[Step, ...]] = steps_of(history, targets, line)
    groups: dict[LineUploader, list[Scenario]] = {}
    for scenario in scenarios:
        uploader = uploader_of(scenario)
        if isinstance(uploader, LineUploader) and uploader.deliver is not None:
            groups.setdefault(uploader, []).append(scenario)
    for uploader, group in groups.items():
        if uploader.deliver is not None:
            steps = uploader.deliver(history, declarations, (*targets, *beside), line, steps, group)
    return steps


def replay(
    declarations: Declarations,
    steps: Mapping[Target, tuple[Step, ...]],
    scenarios: Sequence[Scenario],
    only: Mapping[Target, frozenset[str]] | None = None,
) -> tuple[Replay, ...]:
    """Every target along its steps under every scenario that runs at commits.

    ``only`` names the objects of each target whose changes are wanted (default: all): where the uploads stop is known
    all the same.
    """
    return tuple(
        follow(declarations, target, of_target, scenarios, None if only is None else only[target])
        for target, of_target in steps.items()
    )


def follow(
    declarations: Declarations,
    target: Target,
    steps: tuple[Step, ...],
    scenarios: Sequence[Scenario],
    only: frozenset[str] | None = None,
) -> Replay:
    """One target along its steps; the scenarios of one uploader share what they have in common."""
    commits = array("l", (step.commit for step in steps))
    timelines: list[Timeline] = []
    groups: dict[LineUploader, list[Timeline]] = {}
    for scenario in scenarios:
        uploader = uploader_of(scenario)
        if isinstance(uploader, LineUploader):
            timelines.append(Timeline(scenario, target, commits, only=None if uploader.every_object else only))
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
