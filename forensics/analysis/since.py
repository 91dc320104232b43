"""Since when something holds that holds at the tip, and which commit made it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.dates import commit_date

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forensics.history.model import File
    from forensics.history.walk import History
    from forensics.uploads.target import Target, TargetVersion


class Beginning(NamedTuple):
    """The commit (a position in the graph) since which something holds without a break up to the tip.

    ``known`` is false where nobody can tell whether it held before: the history is cut off, or a file cannot be read.
    """

    commit: int
    known: bool

    def text(self, history: History) -> str:
        """``since DATE (COMMIT)``, or that the past is not known."""
        when = f"{commit_date(history, self.commit)[:10]} ({history.graph.ids[self.commit].hex()[:12]})"
        return f"since {when}" if self.known else f"at least since {when}"

    def id(self, history: History) -> str | None:
        """The commit that made it so, None if that is not known."""
        return history.graph.ids[self.commit].hex() if self.known else None


def began(history: History, holds: Callable[[int], bool]) -> Beginning:
    """Where what holds at the tip began: each commit is compared with its own parents only.

    Of several parents under which it holds, the first is followed.
    """
    graph = history.graph
    commit = graph.line[-1]
    while True:
        before = next((parent for parent in graph.parents[commit] if holds(parent)), None)
        if before is None:
            return Beginning(commit, graph.ids[commit] not in graph.boundary)
        commit = before


class Marked:
    """Which files of some targets have a property, at any commit.

    A version of a target is compared with the one that was asked for before.
    """

    def __init__(self, history: History, targets: Sequence[Target], has: Callable[[Target, str, File], bool]) -> None:
        self._history = history
        self._targets = targets
        self._has = has
        self._known: dict[int, bool] = {}
        self._current: list[tuple[TargetVersion, frozenset[str]]] = [(t.absent(), frozenset()) for t in targets]

    def any(self, commit: int) -> bool:
        """Whether some file has it."""
        number = self._history.state_of[commit]
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = any(self._at(place, commit) for place in range(len(self._targets)))
        return known

    def paths(self, commit: int) -> tuple[str, ...]:
        """The files that have it, in the order of the targets and their paths."""
        for place in range(len(self._targets)):
            self._at(place, commit)
        return tuple(path for _, paths in self._current for path in sorted(paths))

    def _at(self, place: int, commit: int) -> bool:
        target, (version, paths) = self._targets[place], self._current[place]
        wanted = target.version(self._history.state(commit))
        if wanted == version:
            return bool(paths)
        found = set(paths)
        # going back in time, the pair of versions is one that the survey has compared
        for change in target.changes(self._history, wanted, version):
            found.discard(change.path)
            if change.before is not None and self._has(target, change.path, change.before):
                found.add(change.path)
        self._current[place] = (wanted, frozenset(found))
        return bool(found)
