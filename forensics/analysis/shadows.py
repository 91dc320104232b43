"""Shadows and their episodes, on every commit reachable from the revision."""

from __future__ import annotations

import hashlib
from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.commit_runs import CommitIds, CommitRuns
from forensics.analysis.dates import commit_date
from forensics.analysis.results import FileVersion, Shadow
from forensics.chef import layout
from forensics.chef.compare import content_key, same_content
from forensics.chef.wire import content
from forensics.uploads.target import differing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.chef.objects import Body, Kind
    from forensics.history.model import File, ObjectId
    from forensics.history.states import State
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.target import Target, TargetVersion

Members: TypeAlias = "tuple[tuple[str, ObjectId], ...]"
"""The files of one shadow at one commit, byte-sorted by path, each with its content."""


class Key(NamedTuple):
    """What makes a shadow one and the same: the object and the exact set of files."""

    target: Target
    name: str
    paths: tuple[str, ...]


@dataclass(slots=True)
class Episode:
    """All commits in which exactly these files declare the object."""

    key: Key
    commits: CommitRuns = field(default_factory=CommitRuns)
    members: dict[Members, None] = field(default_factory=dict)


class Sighting(NamedTuple):
    """A file version, and the first commit (a position in the graph) of all that hold it."""

    target: Target
    path: str
    file: File
    commit: int


@dataclass(frozen=True, slots=True)
class Survey:
    """Every shadow of a history, and every file version that was seen on the way."""

    episodes: tuple[Episode, ...]
    sightings: tuple[Sighting, ...]


class _TargetSurvey:
    """Keeps track of who declares what in one target, from one commit to the next."""

    def __init__(self, history: History, declarations: Declarations, target: Target) -> None:
        self._history = history
        self._declarations = declarations
        self._target = target
        self._current = target.absent()
        self._by_name: dict[str, list[tuple[bytes, str]]] = {}
        self._blobs: dict[str, ObjectId] = {}
        # the shadows that are there, each since which commit without a change of its files
        self._open: dict[str, tuple[Key, int]] = {}
        self.sightings: dict[tuple[str, File], int] = {}

    def move(self, version: TargetVersion, commit: int, episodes: dict[Key, Episode]) -> None:
        """Go on to the version of a commit: only names that differ between the two are looked at."""
        kind = self._target.kind
        touched: set[str] = set()
        for change in self._target.changes(self._history, self._current, version):
            if change.before is not None:
                name = self._declarations.from_file(kind, change.path, change.before).name
                if name is not None and change.path in self._blobs:
                    self._by_name[name].remove((_as_sorted(change.path), change.path))
                    del self._blobs[change.path]
                    touched.add(name)
            if change.after is not None:
                self.sightings.setdefault((change.path, change.after), commit)
                name = self._declarations.from_file(kind, change.path, change.after).name
                if name is not None and isinstance(change.after, bytes):
                    insort(self._by_name.setdefault(name, []), (_as_sorted(change.path), change.path))
                    self._blobs[change.path] = change.after
                    touched.add(name)
        self._current = version
        for name in sorted(touched):
            if len(self._by_name[name]) > 1 or name in self._open:
                self._note(name, commit, episodes)

    def _note(self, name: str, commit: int, episodes: dict[Key, Episode]) -> None:
        paths = tuple([path for _, path in self._by_name[name]])
        before = self._open.get(name)
        if before is not None and before[0].paths != paths:
            episodes[before[0]].commits.add(before[1], commit)
            del self._open[name]
        if len(paths) > 1:
            key, _ = self._open.setdefault(name, (Key(self._target, name, paths), commit))
            episodes.setdefault(key, Episode(key)).members[tuple([(path, self._blobs[path]) for path in paths])] = None

    def finish(self, commits: int, episodes: dict[Key, Episode]) -> None:
        """Say that the history ends here."""
        for key, since in self._open.values():
            episodes[key].commits.add(since, commits)


def survey(history: History, declarations: Declarations, targets: Sequence[Target]) -> Survey:
    """Look at every commit of the graph for objects that two or more files declare."""
    surveys = {target: _TargetSurvey(history, declarations, target) for target in targets}
    target_of = {member: (number, target) for number, target in enumerate(targets) for member in target.members}
    episodes: dict[Key, Episode] = {}
    last: State = {}
    for commit, number in enumerate(history.state_of):
        state = history.states[number]
        if state is last:
            continue
        for _, target in sorted({target_of[each] for each in differing(last, state) if each in target_of}, key=_first):
            surveys[target].move(target.version(state), commit, episodes)
        last = state
    for each in surveys.values():
        each.finish(len(history.graph), episodes)
    sightings = tuple(
        Sighting(target, path, file, commit)
        for target, each in surveys.items()
        for (path, file), commit in each.sightings.items()
    )
    return Survey(tuple(episodes.values()), sightings)


def _first(numbered: tuple[int, Target]) -> int:
    return numbered[0]


def _as_sorted(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def canonical_path(name: str, paths: Iterable[str], target: Target) -> str | None:
    """The file among those declaring an object whose stem is its name, or None.

    Of twins in one directory it is the one that every tool prefers now: .rb before .json, as ``knife upload`` and local
    mode do. Where several directories have one, nobody can tell which is meant, unless the configuration of their
    server names the order.
    """
    candidates = [path for path in paths if layout.stem(path) == name]
    for top in target.canonical:
        below = [path for path in candidates if layout.at_or_below(path, top)]
        if below:
            candidates = [path for path in below if path.rpartition("/")[0] == top] or below
            break
    if len({path.rpartition("/")[0] for path in candidates}) > 1:
        return None
    return min(candidates, key=_preference, default=None)


def _preference(path: str) -> tuple[int, str]:
    return {".rb": 0, ".json": 1}.get(layout.extension(path), 2), path


def shadow_id(target: Target, name: str, paths: Sequence[str]) -> str:
    """A short id that depends on the object and the files only, so that it survives rewritten history."""
    text = "\0".join([target.kind, target.label.path, name, *paths])
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def describe(history: History, declarations: Declarations, episode: Episode) -> Shadow:
    """The public record of an episode."""
    key, graph = episode.key, history.graph
    head = graph.line[-1] if graph.line else len(graph) - 1
    first, last = episode.commits.ends(history)
    differ, possible = _contents(declarations, key.target.kind, episode.members)
    return Shadow(
        id=shadow_id(key.target, key.name, key.paths),
        kind=str(key.target.kind),
        container=key.target.label.path,
        name=key.name,
        paths=key.paths,
        canonical=canonical_path(key.name, key.paths, key.target),
        first_commit=graph.ids[first].hex(),
        first_date=commit_date(history, first),
        last_commit=graph.ids[last].hex(),
        last_date=commit_date(history, last),
        commits=len(episode.commits),
        first_parent_commits=sum(stop - start for start, stop in episode.commits.along(graph.line)),
        at_head=head in episode.commits,
        contents_differ=differ,
        possible=possible,
        commit_ids=CommitIds(graph, episode.commits),
    )


def _contents(
    declarations: Declarations, kind: Kind, states: Iterable[Members]
) -> tuple[bool | None, tuple[FileVersion, ...]]:
    """Whether the members' contents ever differ at one commit, and the distinct contents over the episode."""
    differ: bool | None = False
    bodies: dict[tuple[str, ObjectId], Body] = {}
    for members in states:
        for path, blob in members:
            if (path, blob) not in bodies:
                bodies[path, blob] = content(kind, _body(declarations, kind, path, blob))
        for member in members[1:]:
            if differ is True:
                break
            same = same_content(bodies[members[0]], bodies[member])
            if same is False:
                differ = True
            elif same is None:
                differ = None
    distinct: dict[tuple[str, ObjectId], Body] = {}
    keys: set[str] = set()
    without_key: list[Body] = []
    for member, body in bodies.items():
        key = content_key(body)
        if key in keys or any(same_content(body, known) is True for known in without_key):
            continue
        if key is None:
            if any(same_content(body, known) is True for known in distinct.values()):
                continue
            without_key.append(body)
        else:
            keys.add(key)
        distinct[member] = body
    versions = sorted(distinct, key=lambda member: (member[0].encode("utf-8", "surrogateescape"), member[1]))
    return differ, tuple(FileVersion(path, blob.hex()) for path, blob in versions)


def _body(declarations: Declarations, kind: Kind, path: str, blob: ObjectId) -> Body:
    body = declarations.from_file(kind, path, blob).body
    if body is None:
        raise AssertionError(f"{path} was counted as a declaration and is none")
    return body
