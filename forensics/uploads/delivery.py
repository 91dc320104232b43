"""What grocery-delivery did to each target at each commit, found out for all of a history at once.

Its one checkpoint ties the roles, data bags and cookbooks of a chef-repo together: a run that fails over one of them
keeps the others as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.uploads.installation import NAMED, Installation
from forensics.uploads.refused_cookbooks import RefusedCookbooks
from forensics.uploads.steps import Delivery, Step
from forensics.uploads.target import differing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from forensics.history.model import Container
    from forensics.history.states import State
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.installation import Live, Outcomes
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.steps import MayDeclare
    from forensics.uploads.stops import StoppedRun
    from forensics.uploads.target import Target


def deliver(
    history: History,
    declarations: Declarations,
    targets: Sequence[Target],
    line: Sequence[int],
    steps: Mapping[Target, tuple[Step, ...]],
    scenarios: Sequence[Scenario],
    may_declare: Callable[[Target], MayDeclare],
) -> dict[Target, tuple[Step, ...]]:
    """The steps of targets, with what grocery-delivery does at each, and those at which only it does something.

    ``targets`` are all that a history has, whether they have steps here or not: a run that fails over one of them keeps
    the others as they are. ``may_declare`` gives, by path, what files of each may declare of which that cannot be told.
    """
    found: dict[Target, dict[int, dict[str | None, Delivery]]] = {target: {} for target in steps}
    target_of = {member: target for target in targets for member in target.members if target.kind in NAMED}
    cookbooks = RefusedCookbooks(history)
    for role_type in dict.fromkeys(scenario.role_type for scenario in scenarios):
        live: Live = {}
        installations = {
            root: Installation(history, declarations, target_of, live, root, role_type, may_declare)
            for root in sorted({container.root for container in target_of})
        }
        for target, commit, delivery in _deliveries(history, target_of, line, cookbooks, installations):
            if target in found:
                found[target].setdefault(commit, {})[role_type] = delivery
    return {target: _with_deliveries(history, target, of_target, found[target]) for target, of_target in steps.items()}


def _with_deliveries(
    history: History,
    target: Target,
    steps: tuple[Step, ...],
    deliveries: dict[int, dict[str | None, Delivery]],
) -> tuple[Step, ...]:
    if not deliveries:
        return steps
    at = {step.commit: step for step in steps}
    if at.keys() >= deliveries.keys():
        return tuple(
            [
                step if step.commit not in deliveries else step._replace(deliveries=deliveries[step.commit])
                for step in steps
            ]
        )
    found = [
        (at.get(commit) or Step(0, commit, target.version(history.state(commit)), (), ()))._replace(
            number=number, deliveries=deliveries.get(commit, {})
        )
        for number, commit in enumerate(sorted(at.keys() | deliveries.keys()))
    ]
    return tuple(found)


def _deliveries(
    history: History,
    target_of: Mapping[Container, Target],
    line: Sequence[int],
    cookbooks: RefusedCookbooks,
    installations: Mapping[str, Installation],
) -> Iterator[tuple[Target, int, Delivery]]:
    """What every installation does to every target, commit by commit."""
    stops: dict[str, StoppedRun | None] = {}
    last: State = {}
    number, before = -1, -1
    for commit in line:
        touched: dict[str, None] = {} if before >= 0 else dict.fromkeys(installations)
        if cookbooks:
            for root, installation in installations.items():
                refused = cookbooks.at(commit, root)
                if refused != installation.cookbooks:
                    installation.cookbooks = refused
                    touched[root] = None
        if history.state_of[commit] != number:
            number = history.state_of[commit]
            # what could not be read brings no run: the next one compares with the checkpoint all the same
            state = {
                container: last[container] if history.is_unread(version) else version
                for container, version in history.states[number].items()
                if container in last or not history.is_unread(version)
            }
            for container in differing(last, state):
                if container in target_of:
                    installations[container.root].note(container, last.get(container), state.get(container))
                    touched[container.root] = None
            last = state
        for root in touched:
            outcomes, stopped = installations[root].poll(commit, before)
            yield from _of_targets(commit, outcomes, stops.get(root), stopped)
            stops[root] = stopped
        before = commit


def _of_targets(
    commit: int, outcomes: Outcomes, before: StoppedRun | None, stopped: StoppedRun | None
) -> Iterator[tuple[Target, int, Delivery]]:
    concerned = dict.fromkeys(outcomes)
    if (before and before[:2]) != (stopped and stopped[:2]):
        concerned |= dict.fromkeys(stop.target for stop in (before, stopped) if stop is not None)
    for target in concerned:
        here = stopped[1:] if stopped is not None and stopped.target == target else None
        yield target, commit, Delivery(outcomes.get(target, {}), here)
