"""The files of one target along the steps of its replay: which was canonical when, and which shadow was there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby
from operator import itemgetter, lt
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.nodes import Nodes
from forensics.analysis.shadows import canonical_path, shadow_id
from forensics.chef import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.shadows import Episode
    from forensics.chef.objects import Body
    from forensics.history.model import ObjectId
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.replay import Replay
    from forensics.uploads.uploader import Uploader

Expected: TypeAlias = "tuple[str, ObjectId, Body]"
"""The canonical file in the replayed commit's tree: path, blob and the body that the scenario's uploader would send."""


class ReplacedContent(NamedTuple):
    """A file's content that a step replaced by another (``after``), or removed."""

    step: int
    path: str
    before: ObjectId
    after: ObjectId | None


class TargetHistory:
    """The files of one target along the steps of its replay, and the shadows that ever concerned its objects."""

    def __init__(
        self,
        history: History,
        declarations: Declarations,
        replayed: Replay,
        episodes: Sequence[Episode],
        nodes: Nodes | None = None,
    ) -> None:
        self.history = history
        self.declarations = declarations
        self.nodes = Nodes(history, declarations) if nodes is None else nodes
        self.target = replayed.target
        self.steps = [step.commit for step in replayed.steps]
        # a list of commands may go back to older commits
        self._ascending = all(map(lt, self.steps, self.steps[1:]))
        self._episodes: dict[str, list[Episode]] = {}
        for episode in episodes:
            if episode.key.target == self.target:
                self._episodes.setdefault(episode.key.name, []).append(episode)
        self._paths: dict[str, dict[str, list[tuple[int, ObjectId | None]]]] = {}
        self._canonical: dict[str, tuple[list[int], list[tuple[str, ObjectId] | None]]] = {}
        self.removals: list[ReplacedContent] = []
        for step in replayed.steps:
            for change in step.since_last:
                after = change.after if isinstance(change.after, bytes) else None
                versions = self._paths.setdefault(layout.stem(change.path), {}).setdefault(change.path, [])
                versions.append((step.number, after))
                if isinstance(change.before, bytes):
                    self.removals.append(ReplacedContent(step.number, change.path, change.before, after))

    @property
    def shadowed_names(self) -> list[str]:
        """The objects that a shadow ever concerned, sorted."""
        return sorted(self._episodes)

    def canonical_steps(self, name: str) -> list[int]:
        """The steps at which a file that could be the canonical one changed."""
        return self._canonical_files(name)[0]

    def canonical(self, name: str, step: int, uploader: Uploader) -> Expected | None:
        """The canonical file after a step, with the body that an uploader would send of it."""
        steps, files = self._canonical_files(name)
        at = bisect_right(steps, step)
        found = files[at - 1] if at else None
        if found is None:
            return None
        body = uploader.body(self.declarations, self.target.kind, *found)
        return (*found, body) if body is not None else None

    def _canonical_files(self, name: str) -> tuple[list[int], list[tuple[str, ObjectId] | None]]:
        """The steps at which the canonical file of an object changed, and what it was from each of them on."""
        known = self._canonical.get(name)
        if known is None:
            kind = self.target.kind
            versions = self._paths.get(name, {}).items()
            changes = sorted(
                ((step, path, blob) for path, of_path in versions for step, blob in of_path), key=itemgetter(0)
            )
            present: dict[str, ObjectId] = {}
            steps: list[int] = []
            files: list[tuple[str, ObjectId] | None] = []
            for step, of_step in groupby(changes, key=itemgetter(0)):
                for _, path, blob in of_step:
                    present.pop(path, None)
                    if blob is not None and self.declarations.from_file(kind, path, blob).name == name:
                        present[path] = blob
                canonical = canonical_path(name, present, self.target)
                steps.append(step)
                files.append(None if canonical is None else (canonical, present[canonical]))
            known = self._canonical[name] = steps, files
        return known

    def always_canonical(self, name: str, stretches: Sequence[tuple[int, int]]) -> bool:
        """Whether an object has a canonical file at all steps of some stretches."""
        steps, files = self._canonical_files(name)
        firsts = (bisect_right(steps, start) - 1 for start, _ in stretches)
        behind = (bisect_left(steps, stop) for _, stop in stretches)
        return all(first >= 0 and None not in files[first:last] for first, last in zip(firsts, behind, strict=True))

    def shadow_of(self, name: str, paths: Sequence[str], step: int) -> str | None:
        """The id of the last shadow that held all these files, up to a step of the replay."""
        return self._last_shadow(name, set(paths), self.steps[step])

    def _last_shadow(self, name: str, paths: set[str], commit: int) -> str | None:
        best: tuple[int, str] | None = None
        for episode in self._episodes.get(name, ()):
            if not paths <= set(episode.key.paths):
                continue
            last = episode.commits.last_up_to(commit)
            if last is not None and (best is None or last > best[0]):
                best = (last, shadow_id(self.target, name, episode.key.paths))
        return best[1] if best else None

    def shadow_at(self, name: str, step: int) -> str | None:
        """The id of the shadow of an object in a step's own tree, or None."""
        commit = self.steps[step]
        for episode in self._episodes.get(name, ()):
            if commit in episode.commits:
                return shadow_id(self.target, name, episode.key.paths)
        return None

    def shadowed_steps(self, name: str) -> list[tuple[int, int]]:
        """The stretches ``[start, stop)`` of the replay in which each step's own tree has the object shadowed."""
        every = [episode.commits for episode in self._episodes.get(name, ())]
        if self._ascending:
            found = sorted(stretch for commits in every for stretch in commits.along(self.steps))
        else:
            found = [(at, at + 1) for at, commit in enumerate(self.steps) if any(commit in each for each in every)]
        return found
