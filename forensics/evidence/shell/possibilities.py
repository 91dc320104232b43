"""Everything that one line can have run, for each of the commits and outcomes that make a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.evidence.shell.interpreter import Fork, LineInterpreter
from forensics.evidence.shell.syntax import NotUnderstood
from forensics.evidence.shell.work_tree import Split, WorkTree

if TYPE_CHECKING:
    from forensics.evidence.records import Shell
    from forensics.evidence.shell.commits import Candidates, ClonePoints
    from forensics.evidence.shell.state import Act, Settings, ShellState
    from forensics.evidence.shell.syntax import Node

_MOST_CASES: Final = 1024


class LineOutcome(NamedTuple):
    """What a line ran if the clone stood at one of these commits, what is not told of it, and the shell afterwards."""

    candidates: Candidates
    acts: tuple[Act, ...]
    failures: tuple[str, ...]
    state: ShellState


def outcomes(
    node: Node, shell: Shell, state: ShellState, commits: ClonePoints, settings: Settings, time: int | None
) -> list[LineOutcome]:
    """Everything that a line can have run.

    Raises:
        NotUnderstood: that would be too much.
    """
    start = state.clone if state.clone is not None else commits.by(None if time is None else time + settings.skew)
    pending: list[tuple[Candidates, tuple[bool, ...]]] = [(start, ())]
    found: list[LineOutcome] = []
    steps = 0
    while pending:
        candidates, choices = pending.pop()
        tree = WorkTree(commits, candidates, state.changes)
        interpreter = LineInterpreter(shell, state.copy(), tree, settings, time, choices)
        interpreter.steps = steps
        try:
            interpreter.whole(node)
        except Split as split:
            pending += [(group, choices) for group in split.groups]
        except Fork:
            pending += [(candidates, (*choices, False)), (candidates, (*choices, True))]
        else:
            outcome = LineOutcome(candidates, tuple(interpreter.acts), tuple(interpreter.failures), interpreter.state)
            found.append(outcome)
        steps = interpreter.steps
        if len(pending) + len(found) > _MOST_CASES:
            raise NotUnderstood("too many commits and outcomes are possible")
    return found
