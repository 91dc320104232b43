"""What one scenario has of the objects that decide over a node: the node itself, its environment, the roles.

Some scenarios upload no nodes or no environments. There the file in the commit's tree stands in for the object, and
what is made of it says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.divergence import source_of
from forensics.analysis.results import Source
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.examination import Examination
    from forensics.chef.objects import Body
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Timeline

LIVE: Final = "live"
TREE: Final = "tree"


class Held(NamedTuple):
    """An object as a scenario has it.

    ``basis`` is ``live`` for what the scenario uploaded, ``tree`` for the file that stands in for it. ``exact`` is
    False where an aborted upload left open what is live.
    """

    body: Body
    source: Source
    basis: str = LIVE
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The objects of one server under one scenario after one commit.

    ``timelines`` has those of every kind but data bag items that the chef-repo keeps, ``commit`` is a position in the
    commit graph.
    """

    examination: Examination
    scenario: Scenario
    commit: int
    timelines: Mapping[Kind, Timeline]

    def keeps(self, kind: Kind) -> bool:
        """Whether the chef-repo keeps objects of a kind at all."""
        return kind in self.timelines

    def uploads(self, kind: Kind) -> bool:
        """Whether the scenario says anything of objects of this kind."""
        timeline = self.timelines.get(kind)
        return kind in uploader_of(self.scenario).kinds and (timeline is None or timeline.complete)

    def held(self, kind: Kind, name: str) -> Held | None:
        """One object, or the file that stands in for it; None if there is none."""
        timeline = self.timelines.get(kind)
        return None if timeline is None else self.held_in(timeline, name, stand_in=kind is not Kind.ROLE)

    def held_in(self, timeline: Timeline, name: str, *, stand_in: bool) -> Held | None:
        """One object of a timeline of this scenario; with ``stand_in`` a file may stand in for it."""
        if stand_in and not self.uploads(timeline.target.kind):
            return self._in_tree(timeline.target, name)
        event = timeline.at(name, timeline.step_at(self.commit))
        if event is None or event.live is None:
            return None
        return Held(event.live.body, source_of(self.examination.history, event.live), LIVE, event.exact)

    def roles(self) -> dict[str, Body]:
        """The bodies of all live roles."""
        timeline = self.timelines.get(Kind.ROLE)
        if timeline is None:
            return {}
        return {name: live.body for name, live in timeline.live_at(timeline.step_at(self.commit)).items()}

    def is_exact(self, kind: Kind, name: str) -> bool:
        """Whether it is known what is live of an object, or that nothing is."""
        timeline = self.timelines.get(kind)
        event = timeline.at(name, timeline.step_at(self.commit)) if timeline is not None else None
        return event is None or event.exact

    def declaring(self, kind: Kind, name: str) -> tuple[str, ...]:
        """The files of the commit's tree that declare an object, by path."""
        timeline = self.timelines.get(kind)
        return () if timeline is None else tuple(sorted(self._declarations(timeline.target, name)))

    def _declarations(self, target: Target, name: str) -> dict[str, Held]:
        history, declarations = self.examination.history, self.examination.declarations
        commit = history.graph.ids[self.commit].hex()
        found: dict[str, Held] = {}
        for path, file in target.files(history, target.version(history.state(self.commit))).items():
            declared = declarations.from_file(target.kind, path, file)
            if declared.name == name and declared.body is not None and isinstance(file, bytes):
                found[path] = Held(declared.body, Source(path, file.hex(), commit), TREE)
        return found

    def _in_tree(self, target: Target, name: str) -> Held | None:
        """What the canonical file says, or the only one; nobody can tell which of several others stands for it."""
        found = self._declarations(target, name)
        canonical = [path for path in found if layout.stem(path) == name]
        if len(found) > 1:
            found = {path: found[path] for path in canonical}
        if len(found) > 1:
            found = {path: held for path, held in found.items() if path.endswith(".rb")} or found
        return next(iter(found.values())) if len(found) == 1 else None


@dataclass(slots=True)
class Neighbourhood:
    """The timelines around an examination's targets, found once for all scenarios."""

    examination: Examination
    _wide: Examination | None = None

    def around(self, target: Target, scenario: Scenario, commit: int) -> Surroundings:
        """What surrounds a target under a scenario after a commit, even where the options leave it out."""
        wide = self._widened()
        timelines: dict[Kind, Timeline] = {
            timeline.target.kind: timeline
            for replayed in wide.replays
            if self._are_together(replayed.target, target)
            for timeline in replayed.timelines
            if timeline.scenario == scenario and timeline.target.kind is not Kind.DATA_BAG_ITEM
        }
        return Surroundings(wide, scenario, commit, timelines)

    def _widened(self) -> Examination:
        """The examination without its narrowing to some containers: a node's roles are in others."""
        if self._wide is None:
            known = self.examination
            self._wide = (
                known.with_options(replace(known.options, containers=())) if known.options.containers else known
            )
        return self._wide

    def _are_together(self, one: Target, other: Target) -> bool:
        """Whether the objects of two targets are on one server: of one chef-repo, or of several that share it."""
        return self._server(one) == self._server(other)

    def _server(self, target: Target) -> str | int:
        top = target.label.path
        for number, directories in enumerate(self.examination.options.servers):
            if any(each in {"", "."} or top == each or top.startswith(each + "/") for each in directories):
                return number
        return target.label.root
