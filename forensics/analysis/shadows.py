"""Shadows and their episodes, on every commit reachable from the revision."""

from __future__ import annotations

import hashlib
from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.dates import commit_date
from forensics.analysis.results import FileVersion, Shadow
from forensics.chef import layout
from forensics.chef.compare import same_content
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
    """All commits in which exactly these files declare the object (positions in the graph, ascending)."""

    key: Key
    commits: list[int] = field(default_factory=list)
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
    """Keeps track of who declares what in one target, from one of its versions to the next."""

    def __init__(self, history: History, declarations: Declarations, target: Target) -> None:
        self._history = history
        self._declarations = declarations
        self._target = target
        self._current = target.absent()
        self._known: dict[TargetVersion, tuple[tuple[Key, Members], ...]] = {self._current: ()}
        self._by_name: dict[str, list[tuple[bytes, str]]] = {}
        self._blobs: dict[str, ObjectId] = {}
        self._shared: set[str] = set()
        self.sightings: dict[tuple[str, File], int] = {}

    def shadows(self, version: TargetVersion, commit: int) -> tuple[tuple[Key, Members], ...]:
        """The shadows of one version; versions are compared with whichever was looked at before."""
        known = self._known.get(version)
        if known is not None:
            return known
        kind = self._target.kind
        for change in self._target.changes(self._history, self._current, version):
            if change.before is not None:
                self._forget(change.path, self._declarations.from_file(kind, change.path, change.before).name)
            if change.after is not None:
                self.sightings.setdefault((change.path, change.after), commit)
                declared = self._declarations.from_file(kind, change.path, change.after)
                if declared.name is not None and isinstance(change.after, bytes):
                    self._note(change.path, declared.name, change.after)
        self._current = version
        found = []
        for name in sorted(self._shared):
            paths = tuple(path for _, path in self._by_name[name])
            key = Key(self._target, name, paths)
            found.append((key, tuple((path, self._blobs[path]) for path in paths)))
        self._known[version] = tuple(found)
        return self._known[version]

    def _note(self, path: str, name: str, blob: ObjectId) -> None:
        paths = self._by_name.setdefault(name, [])
        insort(paths, (path.encode("utf-8", "surrogateescape"), path))
        self._blobs[path] = blob
        if len(paths) > 1:
            self._shared.add(name)

    def _forget(self, path: str, name: str | None) -> None:
        if name is None or path not in self._blobs:
            return
        paths = self._by_name[name]
        paths.remove((path.encode("utf-8", "surrogateescape"), path))
        del self._blobs[path]
        if len(paths) < 2:  # noqa: PLR2004 (a shadow takes two)
            self._shared.discard(name)


def survey(history: History, declarations: Declarations, targets: Sequence[Target]) -> Survey:
    """Look at every commit of the graph for objects that two or more files declare."""
    surveys = {target: _TargetSurvey(history, declarations, target) for target in targets}
    target_of = {member: target for target in targets for member in target.members}
    first_with: dict[int, int] = {}
    for commit, number in enumerate(history.state_of):
        first_with.setdefault(number, commit)
    current: dict[Target, tuple[tuple[Key, Members], ...]] = {}
    of_state: list[tuple[tuple[Key, Members], ...]] = []
    last: State = {}
    for number, state in enumerate(history.states):
        for target in dict.fromkeys(target_of[each] for each in differing(last, state) if each in target_of):
            found = surveys[target].shadows(target.version(state), first_with[number])
            if found:
                current[target] = found
            else:
                current.pop(target, None)
        of_state.append(
            tuple(shadow for target in targets if target in current for shadow in current[target]) if current else ()
        )
        last = state
    episodes: dict[Key, Episode] = {}
    for commit, number in enumerate(history.state_of):
        for key, members in of_state[number]:
            episode = episodes.get(key)
            if episode is None:
                episode = episodes[key] = Episode(key)
            episode.commits.append(commit)
            episode.members[members] = None
    sightings = tuple(
        Sighting(target, path, file, commit)
        for target, each in surveys.items()
        for (path, file), commit in each.sightings.items()
    )
    return Survey(tuple(episodes.values()), sightings)


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
    first = min(episode.commits, key=lambda commit: (graph.times[commit], commit))
    last = max(episode.commits, key=lambda commit: (graph.times[commit], commit))
    line = set(graph.line)
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
        first_parent_commits=sum(commit in line for commit in episode.commits),
        at_head=head in episode.commits,
        contents_differ=differ,
        possible=possible,
        commit_ids=tuple(sorted(graph.ids[commit].hex() for commit in episode.commits)),
    )


def _contents(
    declarations: Declarations, kind: Kind, states: Iterable[Members]
) -> tuple[bool | None, tuple[FileVersion, ...]]:
    """Whether the members' contents ever differ at one commit, and the distinct contents over the episode."""
    differ: bool | None = False
    distinct: dict[tuple[str, ObjectId], Body] = {}
    seen: set[tuple[str, ObjectId]] = set()
    for members in states:
        bodies = [content(kind, _body(declarations, kind, path, blob)) for path, blob in members]
        for other in bodies[1:]:
            same = same_content(bodies[0], other)
            if same is False:
                differ = True
            elif same is None and differ is False:
                differ = None
        for member, body in zip(members, bodies, strict=True):
            if member in seen:
                continue
            seen.add(member)
            if not any(same_content(body, known) is True for known in distinct.values()):
                distinct[member] = body
    versions = sorted(distinct, key=lambda member: (member[0].encode("utf-8", "surrogateescape"), member[1]))
    return differ, tuple(FileVersion(path, blob.hex()) for path, blob in versions)


def _body(declarations: Declarations, kind: Kind, path: str, blob: ObjectId) -> Body:
    body = declarations.from_file(kind, path, blob).body
    if body is None:
        raise AssertionError(f"{path} was counted as a declaration and is none")
    return body
