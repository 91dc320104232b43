"""The commits of a replay, as each uploader sees them: what changed in one target since when."""

from __future__ import annotations

from array import array
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.uploads.target import differing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from forensics.chef.objects import Problem
    from forensics.history.model import Change, File
    from forensics.history.states import State
    from forensics.history.walk import History
    from forensics.uploads.target import Target, TargetVersion


Outcome: TypeAlias = "dict[str, tuple[str, File] | None]"
"""What runs did to objects, by name: the file that was uploaded last, or None for a deletion."""


MayDeclare: TypeAlias = "Mapping[str, tuple[str, ...]]"
"""The objects that a file may declare when it cannot be told what it declares, by path."""


class Delivery(NamedTuple):
    """What grocery-delivery did to one target at one commit.

    ``stopped`` is the path at which its runs ended, why, and how many other files did not go up; None if they went
    through, or ended over another target.
    """

    outcome: Outcome
    stopped: tuple[str, Problem, int | None] | None


_NONE: Final[Mapping[str | None, Delivery]] = MappingProxyType({})


class Step(NamedTuple):
    """One commit at which a target's files may be uploaded.

    ``number`` counts the steps of this target from 0; ``commit`` is a position in the commit graph. ``since_last``
    are the differences to the tree of the step before (to nothing, at the first), ``by_commit`` those to the commit's
    own first parent: they differ only when side branches are replayed too. With ``cut`` the history before the commit
    is not there, so that nobody knows what it changed, and what was uploaded before. ``deliveries`` are the runs of
    grocery-delivery here, by role type; some steps have nothing else.
    """

    number: int
    commit: int
    version: TargetVersion
    since_last: Sequence[Change]
    by_commit: Sequence[Change]
    cut: bool = False
    deliveries: Mapping[str | None, Delivery] = _NONE


def replay_line(history: History, *, full: bool = False, start: int | None = None) -> array[int]:
    """The commits to replay, oldest first: the first-parent line, or all of them, from ``start`` on."""
    line = array("l", range(len(history.graph))) if full else history.graph.line
    if start is None:
        return line
    return array("l", (commit for commit in line if commit >= start))


def steps_of(
    history: History, targets: Sequence[Target], line: Sequence[int], cut: Collection[int] = ()
) -> dict[Target, tuple[Step, ...]]:
    """The steps of each target along a line of commits, of which those of ``cut`` have a past that is not there.

    At the first commit of the line everything present counts as changed. A commit that leaves a target as the commit
    before left it, and as its own first parent had it, is no step for it: uploading it again would change nothing.
    """
    target_of = {member: target for target in targets for member in target.members}
    walkers = {target: _Walker(history, target) for target in targets}
    graph, state_of = history.graph, history.state_of
    nothing: State = {}
    last, previous = nothing, -1
    for commit in line:
        parents = graph.parents[commit]
        follows = bool(parents) and parents[0] == previous
        if follows and state_of[commit] == state_of[previous]:
            previous = commit  # most commits touch no container at all
            continue
        state = history.states[state_of[commit]]
        own = last if follows else history.state(parents[0]) if parents and previous >= 0 else nothing
        touched = dict.fromkeys(differing(last, state))
        if own is not last:
            touched.update(dict.fromkeys(differing(own, state)))
        for target in dict.fromkeys(target_of[container] for container in touched if container in target_of):
            walkers[target].visit(commit, last, own, state, cut=commit in cut)
        last, previous = state, commit
    return {target: tuple(walker.steps) for target, walker in walkers.items()}


def listed_steps(history: History, target: Target, commits: Sequence[int]) -> tuple[Step, ...]:
    """A step of a target for each of these commits, in any order: what changed since the one before in the list."""
    steps = []
    last = target.absent()
    for number, commit in enumerate(commits):
        version = target.version(history.state(commit))
        changes = target.changes(history, last, version)
        steps.append(Step(number, commit, version, changes, changes))
        last = version
    return tuple(steps)


class _Walker:
    """Collects the steps of one target."""

    def __init__(self, history: History, target: Target) -> None:
        self._history = history
        self._target = target
        self.steps: list[Step] = []

    def visit(self, commit: int, last: State, own: State, state: State, *, cut: bool) -> None:
        """Look at a commit at which the target is in another state than before, or than its first parent's."""
        target, history = self._target, self._history
        version, before = target.version(state), target.version(last)
        since_last = target.changes(history, before, version)
        by_commit = since_last if own is last else target.changes(history, target.version(own), version)
        if since_last or by_commit:
            self.steps.append(Step(len(self.steps), commit, version, since_last, by_commit, cut))
