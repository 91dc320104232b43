"""When something live led nodes to what is traced."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.trace_reach import Reached


class LedNodes:
    """Since when nodes are led there under a scenario, counted by the sources that reach each."""

    def __init__(self, spans: dict[tuple[str, str], list[tuple[int, int | None]]], scenario: str) -> None:
        self._spans = spans
        self._scenario = scenario
        self._count: Counter[str] = Counter()
        self._touched: set[str] = set()
        self._since: dict[str, int] = {}

    def change(self, was: Iterable[Reached], now: Iterable[Reached]) -> None:
        """Count what sources of one object reach now instead of what they reached."""
        for reached in was:
            self._count.subtract(reached.nodes)
            self._touched |= reached.nodes
        for reached in now:
            self._count.update(reached.nodes)
            self._touched |= reached.nodes

    def settle(self, commit: int) -> None:
        """Note which nodes are led there from a commit on, and which no more."""
        for node in self._touched:
            if self._count[node] and node not in self._since:
                self._since[node] = commit
            elif not self._count[node] and node in self._since:
                self._spans.setdefault((self._scenario, node), []).append((self._since.pop(node), commit))
        self._touched.clear()

    def end(self) -> None:
        """Note those that are led there to the end of the line."""
        for node, since in self._since.items():
            self._spans.setdefault((self._scenario, node), []).append((since, None))


def joined(spans: Sequence[tuple[int, int | None]]) -> Iterator[tuple[int, int | None]]:
    """The same stretches of a line, those that overlap or touch as one; None is the end of the line."""
    began: int | None = None
    ended: int | None = None
    for since, until in sorted(spans, key=lambda span: span[0]):
        if began is not None and ended is not None and since > ended:
            yield began, ended
            began = None
        if began is None:
            began, ended = since, until
        elif ended is not None:
            ended = None if until is None else max(ended, until)
    if began is not None:
        yield began, ended
