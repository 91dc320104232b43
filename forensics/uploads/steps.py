"""The commits of a replay, as each uploader sees them: what changed in one target since when."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.history.model import Change
    from forensics.history.walk import History
    from forensics.uploads.target import Target, TargetVersion


@dataclass(frozen=True, slots=True)
class Step:
    """One commit at which a target's files may be uploaded.

    ``number`` counts the steps of this target from 0; ``commit`` is a position in the commit graph. ``since_last``
    are the differences to the tree of the step before (to nothing, at the first), ``by_commit`` those to the commit's
    own first parent: they differ only when side branches are replayed too.
    """

    number: int
    commit: int
    version: TargetVersion
    since_last: Sequence[Change]
    by_commit: Sequence[Change]


def replay_line(history: History, *, full: bool = False, start: int | None = None) -> array[int]:
    """The commits to replay, oldest first: the first-parent line, or all of them, from ``start`` on."""
    line = array("l", range(len(history.graph))) if full else history.graph.line
    if start is None:
        return line
    return array("l", (commit for commit in line if commit >= start))


def steps_of(history: History, target: Target, line: Sequence[int]) -> Iterator[Step]:
    """The steps of one target along a line of commits.

    At the first commit of the line everything present counts as changed. A commit that leaves the target as the step
    before left it, and as its own first parent had it, is no step: uploading it again would change nothing.
    """
    last = target.absent()
    number = 0
    first = True
    graph = history.graph
    previous = -1
    state_numbers = history.state_of
    for commit in line:
        parents = graph.parents[commit]
        # most commits touch no container at all
        if (
            not first
            and parents
            and state_numbers[commit] == state_numbers[previous]
            and (parents[0] == previous or state_numbers[parents[0]] == state_numbers[commit])
        ):
            previous = commit
            continue
        version = target.version(history.state(commit))
        if first or not parents:
            own = target.absent()
        elif parents[0] == previous:
            own = last
        else:
            own = target.version(history.state(parents[0]))
        if version != last or version != own:
            since_last = target.changes(history, last, version)
            by_commit = since_last if own == last else target.changes(history, own, version)
            if since_last or by_commit:
                yield Step(number, commit, version, since_last, by_commit)
                number += 1
        last = version
        previous = commit
        first = False
