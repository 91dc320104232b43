"""When something holds, told of every commit of a graph: how often, first and last, and its stretches on the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from forensics.analysis.dates import commit_date
from forensics.analysis.trace_results import LineStretch

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from forensics.history.model import File
    from forensics.history.walk import History
    from forensics.uploads.target import Target, TargetVersion

Row = TypeVar("Row", bound="Hashable")
Detail = TypeVar("Detail")


@dataclass(frozen=True, slots=True)
class Presence(Generic[Row, Detail]):
    """Everything about one row; ``detail`` is what it was at the last of its commits.

    ``dropped`` is the commit after the last one that has it no more, of what is not at the tip.
    """

    row: Row
    detail: Detail
    commits: int
    first: int
    last: int
    at_head: bool
    stretches: tuple[LineStretch, ...]
    dropped: int | None = None


def presences(
    history: History, key_of: Sequence[Hashable], rows_of: Mapping[Hashable, Mapping[Row, Detail]]
) -> list[Presence[Row, Detail]]:
    """The presence of every row, in the order in which they first appear.

    ``key_of`` gives each commit's key, by its position in the graph, ``rows_of`` what holds under a key.
    """
    times = history.graph.times
    counts: dict[Hashable, int] = {}
    first: dict[Hashable, tuple[int, int]] = {}
    last: dict[Hashable, tuple[int, int]] = {}
    for commit, key in enumerate(key_of):
        moment = (times[commit], commit)
        counts[key] = counts.get(key, 0) + 1
        first[key] = min(first.get(key, moment), moment)
        last[key] = max(last.get(key, moment), moment)
    keys_of: dict[Row, list[Hashable]] = {}
    for key in sorted(counts, key=lambda key: first[key][1]):
        for row in rows_of[key]:
            keys_of.setdefault(row, []).append(key)
    stretches = _stretches(history, key_of, rows_of)
    at_head = rows_of[key_of[history.graph.line[-1]]]
    children: dict[int, list[int]] = {}
    for commit, parents in enumerate(history.graph.parents):
        for parent in parents:
            children.setdefault(parent, []).append(commit)
    found = []
    for row, keys in keys_of.items():
        latest = max(keys, key=lambda key: last[key])
        after = (each for each in children.get(last[latest][1], ()) if row not in rows_of[key_of[each]])
        found.append(
            Presence(
                row=row,
                detail=rows_of[latest][row],
                commits=sum(counts[key] for key in keys),
                first=min(first[key] for key in keys)[1],
                last=last[latest][1],
                at_head=row in at_head,
                stretches=tuple(stretches.get(row, ())),
                dropped=None if row in at_head else min(after, default=None),
            )
        )
    return found


def in_states(history: History, of_file: Mapping[tuple[Target, str, File], Row]) -> dict[Target, list[frozenset[Row]]]:
    """For each target what its files come to in every state of the history, known for some file versions."""
    found: dict[Target, list[frozenset[Row]]] = {}
    for target in dict.fromkeys(target for target, *_ in of_file):
        known: dict[TargetVersion, frozenset[Row]] = {}
        current, here, states = target.absent(), dict[str, Row](), []
        for state in history.states:
            version = target.version(state)
            if version not in known:
                for change in target.changes(history, current, version):
                    here.pop(change.path, None)
                    after = change.after
                    if after is not None and (target, change.path, after) in of_file:
                        here[change.path] = of_file[target, change.path, after]
                current = version
                known[version] = frozenset(here.values())
            states.append(known[version])
        found[target] = states
    return found


def _stretches(
    history: History, key_of: Sequence[Hashable], rows_of: Mapping[Hashable, Mapping[Row, Detail]]
) -> dict[Row, list[LineStretch]]:
    found: dict[Row, list[LineStretch]] = {}
    since: dict[Row, int] = {}
    before: Mapping[Row, Detail] = {}
    for commit in history.graph.line:
        now = rows_of[key_of[commit]]
        if now is before:
            continue
        for row in [row for row in since if row not in now]:
            found.setdefault(row, []).append(stretch(history, since.pop(row), commit))
        for row in now:
            since.setdefault(row, commit)
        before = now
    for row, commit in since.items():
        found.setdefault(row, []).append(stretch(history, commit, None))
    return found


def stretch(history: History, start: int, end: int | None) -> LineStretch:
    """A stretch between two commits (positions in the graph)."""
    ids = history.graph.ids
    return LineStretch(
        ids[start].hex(),
        commit_date(history, start),
        None if end is None else ids[end].hex(),
        None if end is None else commit_date(history, end),
    )
