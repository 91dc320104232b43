"""The contents that files ever declared of objects, and the commits between which each could be sent."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.analysis.explaining.problem import Track, Window
from forensics.analysis.objects import is_in
from forensics.errors import UsageError
from forensics.uploads.timeline import Live

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.objects import ObjectName
    from forensics.history.model import ObjectId
    from forensics.uploads.target import Target


@dataclass(frozen=True, slots=True)
class ObjectHistory:
    """One object: its contents (None for the first, which is its absence), its windows, and the commit of each.

    ``numbers`` finds a content by its file.
    """

    target: Target
    name: str
    contents: Sequence[Live | None]
    track: Track
    commits: Sequence[int]
    numbers: Mapping[tuple[str, ObjectId], int]

    def current(self, time: int) -> tuple[int, ...]:
        """The contents that the tree of the line's commit at a time has."""
        number = bisect_right(self.track.windows, time, key=lambda window: window.start) - 1
        return self.track.windows[number].current if number >= 0 else ()


class ReplayedLine:
    """The replayed commits and their times, of which none is before the one before it: the topology decides."""

    def __init__(self, examination: Examination) -> None:
        graph = examination.history.graph
        self.commits = examination.every_replay.line
        self.times: list[int] = []
        for commit in self.commits:
            self.times.append(max(graph.times[commit], self.times[-1]) if self.times else graph.times[commit])
        self._time_of = dict(zip(self.commits, self.times, strict=True))
        self._graph = graph

    def time_of(self, commit: int) -> int:
        """When a commit was made; one of the line not before those before it."""
        return self._time_of.get(commit, self._graph.times[commit])

    def between(self, first: int, last: int) -> list[tuple[int, int]]:
        """The time and the commit of each that is current at some moment from ``first`` to ``last``."""
        begin = max(bisect_right(self.times, first) - 1, 0)
        end = max(bisect_right(self.times, last), begin + 1)
        return list(zip(self.times[begin:end], self.commits[begin:end], strict=True))


def target_of(examination: Examination, subject: ObjectName) -> Target:
    """Where an object is uploaded to.

    Raises:
        UsageError: to several servers.
    """
    found = [each for each in examination.targets if is_in(subject, each)]
    if len(found) > 1:
        declaring = {
            seen.target
            for seen in examination.survey.sightings
            if seen.target in found
            and examination.declarations.in_tree(seen.target, seen.path, seen.file).name == subject.name
        }
        found = [each for each in found if each in declaring] or found
    if len(found) != 1:
        where = ", ".join(each.label.path for each in found)
        raise UsageError(f"{subject} is in several containers ({where}); name one with --container")
    return found[0]


def object_histories(
    examination: Examination, line: ReplayedLine, target: Target, names: Collection[str]
) -> dict[str, ObjectHistory]:
    """The histories of some objects of a target."""
    declarations, kind, graph = examination.declarations, target.kind, examination.history.graph
    contents: dict[str, list[Live | None]] = {name: [None] for name in names}
    since: dict[str, list[int]] = {name: [0] for name in names}
    numbers: dict[str, dict[tuple[str, ObjectId], int]] = {name: {} for name in names}
    for seen in examination.survey.sightings:
        if seen.target != target or not isinstance(seen.file, bytes):
            continue
        declared = declarations.from_file(kind, seen.path, seen.file)
        if declared.name in contents and declared.name is not None and declared.body is not None:
            name = declared.name
            numbers[name][seen.path, seen.file] = len(contents[name])
            contents[name].append(Live(seen.path, seen.file, seen.commit, declared.body))
            since[name].append(graph.times[seen.commit])
    windows: dict[str, list[Window]] = {name: [] for name in names}
    commits: dict[str, list[int]] = {name: [] for name in names}
    files: dict[str, dict[str, int]] = {name: {} for name in names}
    for step in examination.every_replay.steps.get(target, ()):
        batches: dict[str, list[int]] = {}
        for path, before, after, _ in step.since_last:
            if before is not None:
                was = declarations.from_file(kind, path, before).name
                if was in files and was is not None and files[was].pop(path, None) is not None:
                    batches.setdefault(was, [])
            if isinstance(after, bytes):
                now = declarations.from_file(kind, path, after).name
                if now in files and now is not None and (path, after) in numbers[now]:
                    files[now][path] = numbers[now][path, after]
                    batches.setdefault(now, []).append(files[now][path])
        time = line.time_of(step.commit) if batches else 0
        for name, batch in batches.items():
            _add(windows[name], commits[name], Window(time, tuple(batch), tuple(files[name].values())), step.commit)
    return {
        name: ObjectHistory(
            target, name, contents[name], Track(windows[name], since[name]), commits[name], numbers[name]
        )
        for name in names
    }


def _add(windows: list[Window], commits: list[int], window: Window, commit: int) -> None:
    """Add a window; two commits of one second are one, of which the last one's files are what was to be sent."""
    if windows and windows[-1].start == window.start:
        earlier, _ = windows.pop(), commits.pop()
        batch = dict.fromkeys((*earlier.batch, *window.batch))
        window = window._replace(batch=tuple(each for each in batch if each in window.current))
    windows.append(window)
    commits.append(commit)
