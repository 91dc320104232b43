"""What one scenario has of the objects that decide over a node: the node itself, its environment, the roles.

Some scenarios upload no nodes or no environments. There the file in the commit's tree stands in for the object, and
what is made of it says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.collation import KIND as COLLATION
from forensics.analysis.divergence import source_of
from forensics.analysis.results import Source
from forensics.analysis.terms import CERTAINTY
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.uploads.target import server_of
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from forensics.analysis.examination import Examination
    from forensics.chef.objects import Body
    from forensics.uploads.replay import Replay
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Timeline

LIVE: Final = "live"
TREE: Final = "tree"
GIVEN: Final = "given"
EXACT: Final = "exact"


def least_certain(certainties: Iterable[str]) -> str:
    """The least certain of several words for that; ``exact`` of none."""
    return min(certainties, key=CERTAINTY.words.index, default=EXACT)


class ServerObject(NamedTuple):
    """An object as a scenario has it.

    ``basis`` is ``live`` for what the scenario uploaded, ``tree`` for the file that stands in for it, ``given`` for a
    node from outside of the repository. ``certainty`` is
    ``race`` where an aborted upload left open what is live, ``unknown`` where nobody can tell what a file declared.
    """

    body: Body
    source: Source
    basis: str = LIVE
    certainty: str = EXACT


@dataclass(frozen=True, slots=True)
class ServerState:
    """The objects of one server under one scenario after one commit.

    ``timelines`` has those of every kind but data bag items that the chef-repo keeps, ``commit`` is a position in the
    commit graph; ``moment``, in seconds since 1970, is the time that is meant where uploads have times of their own.
    """

    examination: Examination
    scenario: Scenario
    commit: int
    timelines: Mapping[Kind, Timeline]
    moment: int | None = None

    def step(self, timeline: Timeline) -> int:
        """The last step of a timeline of this scenario."""
        return timeline.step_when(self.commit, self.moment)

    def has_container(self, kind: Kind) -> bool:
        """Whether the chef-repo keeps objects of a kind at all."""
        return kind in self.timelines

    def uploads(self, kind: Kind) -> bool:
        """Whether the scenario says anything of objects of this kind."""
        timeline = self.timelines.get(kind)
        return kind in uploader_of(self.scenario).kinds and (timeline is None or timeline.complete)

    def object(self, kind: Kind, name: str) -> ServerObject | None:
        """One object, or the file that stands in for it; None if there is none."""
        timeline = self.timelines.get(kind)
        return None if timeline is None else self.object_in(timeline, name, stand_in=kind is not Kind.ROLE)

    def object_in(self, timeline: Timeline, name: str, *, stand_in: bool) -> ServerObject | None:
        """One object of a timeline of this scenario; with ``stand_in`` a file may stand in for it."""
        if stand_in and not self.uploads(timeline.target.kind):
            return self._in_tree(timeline.target, name)
        event = timeline.at(name, self.step(timeline))
        if event is None or event.live is None:
            return None
        return ServerObject(event.live.body, source_of(self.examination.history, event.live), LIVE, event.certainty)

    def given_node(self, name: str) -> ServerObject | None:
        """A node from outside of the repository, if such are given and one is called so."""
        given = self.examination.nodes.given
        body = None if given is None else given.bodies.get(name)
        if body is None:
            return None
        return ServerObject(body, Source(None, None, self.examination.history.graph.ids[self.commit].hex()), GIVEN)

    def undecided(self, timeline: Timeline, name: str) -> Source | None:
        """The file of which it cannot be told what it declares and whose upload may have left the object as it is."""
        event = timeline.at(name, self.step(timeline))
        if event is None or event.undecided is None:
            return None
        path, blob = event.undecided
        commit = self.examination.history.graph.ids[timeline.steps[event.step]]
        return Source(path, None if blob is None else blob.hex(), commit.hex())

    def declares(self, kind: Kind, source: Source) -> bool:
        """Whether it is known what a file declares."""
        if source.path is None or source.blob is None:
            return False
        return self.examination.declarations.from_file(kind, source.path, bytes.fromhex(source.blob)).name is not None

    def failure(self, timeline: Timeline, name: str) -> str | None:
        """Why nodes that read the files themselves cannot read an object that is there."""
        event = timeline.at(name, timeline.step_at(self.commit))
        return None if event is None else event.failure

    def roles(self) -> dict[str, Body]:
        """The bodies of all live roles."""
        timeline = self.timelines.get(Kind.ROLE)
        if timeline is None:
            return {}
        return {name: live.body for name, live in timeline.live_at(self.step(timeline)).items()}

    def certainty(self, kind: Kind, name: str) -> str:
        """Whether it is known what is live of an object, or that nothing is."""
        timeline = self.timelines.get(kind)
        return EXACT if timeline is None else self.certainty_in(timeline, name)

    def certainty_in(self, timeline: Timeline, name: str) -> str:
        """The same in a timeline of this scenario."""
        event = timeline.at(name, self.step(timeline))
        return EXACT if event is None else event.certainty

    def declaring(self, kind: Kind, name: str) -> tuple[str, ...]:
        """The files of the commit's tree that declare an object, by path."""
        timeline = self.timelines.get(kind)
        return () if timeline is None else tuple(sorted(self._declarations(timeline.target, name)))

    def _declarations(self, target: Target, name: str) -> dict[str, ServerObject]:
        history, declarations = self.examination.history, self.examination.declarations
        commit = history.graph.ids[self.commit].hex()
        found: dict[str, ServerObject] = {}
        for path, file in target.files(history, target.version(history.state(self.commit))).items():
            declared = declarations.in_tree(target, path, file)
            if declared.name == name and declared.body is not None and isinstance(file, bytes):
                found[path] = ServerObject(declared.body, Source(path, file.hex(), commit), TREE)
        return found

    def _in_tree(self, target: Target, name: str) -> ServerObject | None:
        """What the canonical file says, or the only one; nobody can tell which of several others stands for it."""
        found = self._declarations(target, name)
        canonical = [path for path in found if layout.stem(path) == name]
        if len(found) > 1:
            found = {path: found[path] for path in canonical}
        if len(found) > 1:
            found = {path: each for path, each in found.items() if path.endswith(".rb")} or found
        return next(iter(found.values())) if len(found) == 1 else None


class ServerStates:
    """The servers of an examination, under any of its scenarios at any commit."""

    def __init__(self, examination: Examination) -> None:
        # a node's roles are in other containers than those that the options may name
        self._examination = examination.with_options(replace(examination.options, containers=()))

    def at(self, target: Target, scenario: Scenario, commit: int, moment: int | None = None) -> ServerState:
        """The server of a target under a scenario after a commit, with what the options leave out."""
        timelines: dict[Kind, Timeline] = {
            timeline.target.kind: timeline
            for replayed in self._examination.replays
            if self._are_together(replayed.target, target)
            for timeline in replayed.timelines
            if timeline.scenario == scenario and timeline.target.kind is not Kind.DATA_BAG_ITEM
        }
        return ServerState(self._examination, scenario, commit, timelines, moment)

    def _are_together(self, one: Target, other: Target) -> bool:
        """Whether the objects of two targets are on one server: of one chef-repo, or of several that share it."""
        servers = self._examination.options.servers
        return server_of(one.label, servers) == server_of(other.label, servers)


def one_for_each_server(examination: Examination) -> Iterator[Replay]:
    """Some target of each server: any has the same roles and environments beside it."""
    servers = examination.options.servers
    yield from {server_of(each.target.label, servers): each for each in reversed(examination.replays)}.values()


def doubts(examination: Examination, one: Timeline) -> Iterator[str]:
    """Why it is not certain which files a timeline's uploads left live."""
    for gap in examination.gaps if one.scenario.order == "locale" else ():
        if gap.kind == COLLATION and gap.path is not None and one.target.container_of(gap.path) is not None:
            yield f"{gap.path}: {gap.detail}"
