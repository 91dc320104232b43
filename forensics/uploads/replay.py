"""History and scenarios to live objects over time."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.uploads.chef_solo import ChefSolo, LegacyDataBag
from forensics.uploads.delivery import deliver
from forensics.uploads.from_file import ChangedFiles, EveryFile
from forensics.uploads.grocery_delivery import GroceryDelivery
from forensics.uploads.knife_upload import KnifeUpload
from forensics.uploads.steps import steps_of
from forensics.uploads.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.steps import Step
    from forensics.uploads.target import Target


class Uploader(Protocol):
    """Takes the commits one by one and records in its timeline what becomes live."""

    def step(self, step: Step) -> None:
        """Upload what the scenario uploads at this commit."""


def uploaders_for(timelines: Sequence[Timeline], declarations: Declarations) -> list[Uploader]:
    """The uploaders that the timelines' scenarios name; those that differ in order only share one."""
    shared: dict[str, list[Timeline]] = {"all": [], "changed": []}
    single: list[Uploader] = []
    for timeline in timelines:
        if timeline.scenario.uploader == "from-file":
            shared[timeline.scenario.scope].append(timeline)
        else:
            single.append(_uploader_for(timeline, declarations))
    if shared["changed"]:
        single.append(ChangedFiles(shared["changed"], declarations))
    if shared["all"]:
        single.append(EveryFile(shared["all"], declarations))
    return single


def _uploader_for(timeline: Timeline, declarations: Declarations) -> Uploader:
    others: dict[str, Callable[[], Uploader]] = {
        "knife-upload": lambda: KnifeUpload(timeline, declarations),
        "grocery-delivery": lambda: GroceryDelivery(timeline, declarations),
        "chef-solo": lambda: ChefSolo(timeline, declarations, legacy=False),
        "chef-solo-legacy": lambda: (
            LegacyDataBag(timeline, declarations)
            if timeline.target.kind is Kind.DATA_BAG_ITEM
            else ChefSolo(timeline, declarations, legacy=True)
        ),
    }
    return others[timeline.scenario.uploader]()


@dataclass(frozen=True, slots=True)
class Replay:
    """One target under every scenario, and the steps that all of them took."""

    target: Target
    steps: tuple[Step, ...]
    timelines: tuple[Timeline, ...]


def replay(
    history: History,
    declarations: Declarations,
    targets: Sequence[Target],
    line: Sequence[int],
    scenarios: Sequence[Scenario],
    only: Mapping[Target, frozenset[str]] | None = None,
    beside: Sequence[Target] = (),
) -> tuple[Replay, ...]:
    """Every target under every scenario; what differs between two commits is found out once for all of them.

    ``only`` names the objects of each target whose changes are wanted (default: all): where the uploads stop is known
    all the same. grocery-delivery has to know of every object, since it deletes them, and of every target: ``beside``
    are those of the history that are not asked for.
    """
    steps_by_target: Mapping[Target, tuple[Step, ...]] = steps_of(history, targets, line)
    role_types = [scenario.role_type for scenario in scenarios if scenario.uploader == "grocery-delivery"]
    if role_types:
        steps_by_target = deliver(history, declarations, (*targets, *beside), line, steps_by_target, role_types)
    return tuple(
        follow(declarations, target, steps, scenarios, None if only is None else only[target])
        for target, steps in steps_by_target.items()
    )


def follow(
    declarations: Declarations,
    target: Target,
    steps: tuple[Step, ...],
    scenarios: Sequence[Scenario],
    only: frozenset[str] | None = None,
) -> Replay:
    """One target along steps that are known already."""
    commits = array("l", (step.commit for step in steps))
    timelines = tuple(
        Timeline(scenario, target, commits, only=None if scenario.uploader == "grocery-delivery" else only)
        for scenario in scenarios
    )
    for uploader in uploaders_for([each for each in timelines if each.only is None], declarations):
        for step in steps:
            uploader.step(step)
    if only is not None:
        concerning = [step for step in steps if _concerns(step, target.kind, only, declarations)]
        for uploader in uploaders_for([each for each in timelines if each.only is not None], declarations):
            for step in concerning:
                uploader.step(step)
    return Replay(target, steps, timelines)


def _concerns(step: Step, kind: Kind, only: frozenset[str], declarations: Declarations) -> bool:
    """Whether a replay of some objects alone has to look at a step.

    Nearly every commit edits plain roles that are called after their files. Such a file stops no command, before or
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
