"""Where a scenario would have had another file's content live than the canonical file's, and what that means."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.changes import changes
from forensics.analysis.dates import commit_date
from forensics.analysis.impact import RolesAndNodes, node_run_lists, reach, recipe_changes
from forensics.analysis.nodes import Nodes
from forensics.analysis.results import Divergence, Phase, Source, Unclaimed
from forensics.analysis.shadows import canonical_path, shadow_id
from forensics.chef import layout
from forensics.chef.compare import same_content, same_run
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads import from_file
from forensics.uploads.scenario import SPECIAL, USUAL
from forensics.uploads.timeline import Live
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from forensics.analysis.shadows import Episode
    from forensics.chef.objects import Body
    from forensics.history.model import ObjectId
    from forensics.history.walk import History
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.replay import Replay
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Timeline
    from forensics.uploads.uploader import Uploader

Expected: TypeAlias = "tuple[str, ObjectId, Body]"
"""The canonical file in the replayed commit's tree: path, blob and the body that the scenario's uploader would send."""

RoleTimelines: TypeAlias = "Callable[[Target, Sequence[Scenario]], Mapping[Scenario, Timeline]]"
"""Gives the timelines of the roles beside a target under several scenarios at least; empty if there are no roles."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """What one step has for an object: what is live, what its canonical file says, whether they diverge."""

    step: int
    event: Event | None
    expected: Expected | None
    live: Live | None
    """The diverging live content, or None where there is no divergence; if that is unknown, with an empty body."""
    certainty: str = "exact"
    unclaimed: int | None = None
    """The step at which the canonical file went, if there is none any more: ``expected`` is what it last said."""


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
        self._episodes: dict[str, list[Episode]] = {}
        for episode in episodes:
            if episode.key.target == self.target:
                self._episodes.setdefault(episode.key.name, []).append(episode)
        self._paths: dict[str, dict[str, list[tuple[int, ObjectId | None]]]] = {}
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
        return sorted({step for found in self._paths.get(name, {}).values() for step, _ in found})

    def canonical(self, name: str, step: int, uploader: Uploader) -> Expected | None:
        """The canonical file after a step, with the body that an uploader would send of it."""
        present: dict[str, ObjectId] = {}
        for path, versions in self._paths.get(name, {}).items():
            at = bisect_right(versions, step, key=lambda version: version[0])
            blob = versions[at - 1][1] if at else None
            if blob is not None and self.declarations.from_file(self.target.kind, path, blob).name == name:
                present[path] = blob
        canonical = canonical_path(name, present, self.target)
        if canonical is None:
            return None
        body = uploader.body(self.declarations, self.target.kind, canonical, present[canonical])
        return (canonical, present[canonical], body) if body is not None else None

    def shadow_of(self, name: str, paths: Sequence[str], step: int) -> str | None:
        """The id of the last shadow that held all these files, up to a step of the replay."""
        return self._last_shadow(name, set(paths), self.steps[step])

    def _last_shadow(self, name: str, paths: set[str], commit: int) -> str | None:
        best: tuple[int, str] | None = None
        for episode in self._episodes.get(name, ()):
            if not paths <= set(episode.key.paths):
                continue
            at = bisect_right(episode.commits, commit)
            if at and (best is None or episode.commits[at - 1] > best[0]):
                best = (episode.commits[at - 1], shadow_id(self.target, name, episode.key.paths))
        return best[1] if best else None

    def shadow_at(self, name: str, step: int) -> str | None:
        """The id of the shadow of an object in a step's own tree, or None."""
        commit = self.steps[step]
        for episode in self._episodes.get(name, ()):
            at = bisect_right(episode.commits, commit)
            if at and episode.commits[at - 1] == commit:
                return shadow_id(self.target, name, episode.key.paths)
        return None

    def episode_steps(self, name: str) -> list[int]:
        """The steps of the replay whose own tree has the object shadowed."""
        commits = {commit for episode in self._episodes.get(name, ()) for commit in episode.commits}
        return [number for number, commit in enumerate(self.steps) if commit in commits]


def divergences(
    track: TargetHistory, timelines: Sequence[Timeline], role_timelines: RoleTimelines
) -> Iterator[Divergence]:
    """Every divergence of one target.

    ``timelines`` are those of all scenarios over the same steps; ``role_timelines`` gives the timeline of the roles on
    the same server under a scenario, against which run lists are expanded.
    """
    found = [
        (name, timeline, stretch, until)
        for name in track.shadowed_names
        for timeline, disputed in _concerned(track, timelines, name)
        for stretch, until in _stretches(list(_moments(track, timeline, name, disputed)))
    ]
    # found before they are described: roles are replayed only for scenarios that diverge, and together for those alike
    diverging = tuple(dict.fromkeys(timeline.scenario for _, timeline, _, _ in found))
    roles = role_timelines(track.target, diverging) if diverging else {}
    for name, timeline, stretch, until in found:
        yield _describe(track, timeline, name, stretch, until, roles.get(timeline.scenario))


def _concerned(track: TargetHistory, timelines: Sequence[Timeline], name: str) -> Iterator[tuple[Timeline, set[int]]]:
    """The timelines that ever had an object, each with the steps at which they disagree about it.

    That a special way of uploading gives something else does not put the usual ones in dispute.
    """
    disputed = _disputed_steps(track, timelines, name)
    for timeline in timelines:
        if name in timeline.events:
            yield timeline, disputed[timeline.scenario.standing]


def _disputed_steps(track: TargetHistory, timelines: Sequence[Timeline], name: str) -> dict[str, set[int]]:
    """The steps at which an object without a canonical file is shadowed and the scenarios disagree about it.

    By standing: those at which the usual ones disagree among themselves, and, for the special ones, any of all.
    """
    among = {USUAL: [each for each in timelines if each.scenario.standing == USUAL], SPECIAL: timelines}
    disputed: dict[str, set[int]] = {standing: set() for standing in among}
    for step in track.episode_steps(name):
        if track.canonical(name, step, from_file.UPLOADER) is not None:
            continue
        for standing, of_standing in among.items():
            events = [timeline.at(name, step) for timeline in of_standing]
            live = [event.live for event in events if event is not None and event.live is not None]
            first = content(track.target.kind, live[0].body) if live else {}
            others = (content(track.target.kind, other.body) for other in live[1:])
            if any(_same(track.target.kind, first, other) is False for other in others):
                disputed[standing].add(step)
    return disputed


def _moments(track: TargetHistory, timeline: Timeline, name: str, disputed: set[int]) -> Iterator[_Moment]:
    """The object's situation at every step at which it may change."""
    steps = {event.step for event in timeline.events[name]} | set(track.canonical_steps(name)) | disputed
    if disputed:
        steps |= {step + 1 for step in disputed if step + 1 < len(track.steps)}
    last: _Moment | None = None
    for step in sorted(steps):
        event = timeline.at(name, step)
        expected = track.canonical(name, step, uploader_of(timeline.scenario))
        left = None if expected is not None or last is None else _left(last, step, event)
        last = left or _moment(track, timeline, name, step, event, expected, in_dispute=step in disputed)
        yield last


def _left(last: _Moment, step: int, event: Event | None) -> _Moment | None:
    """What goes on where the canonical file went: no server deletes an object for that."""
    if last.live is None or last.expected is None or last.certainty == "unknown" or event is None:
        return None
    for live in (event.live, *event.possible) if event.undecided is None else ():
        if live is not None and (live.path, live.blob) == (last.live.path, last.live.blob):
            unclaimed = step if last.unclaimed is None else last.unclaimed
            return replace(last, step=step, event=event, live=live, certainty=event.certainty, unclaimed=unclaimed)
    return None


def _moment(
    track: TargetHistory,
    timeline: Timeline,
    name: str,
    step: int,
    event: Event | None,
    expected: Expected | None,
    *,
    in_dispute: bool,
) -> _Moment:
    quiet = _Moment(step, event, expected, None)
    if event is None:
        return quiet
    if event.undecided is not None:
        unknown = _unknown(track, timeline, name, step, event, expected)
        return quiet if unknown is None else _Moment(step, event, expected, unknown, event.certainty)
    if expected is None:
        return _Moment(step, event, None, event.live) if in_dispute and event.live is not None else quiet
    kind = timeline.target.kind
    wanted = content(kind, expected[2])
    for live in (event.live, *event.possible):
        if live is None or live.path is None or live.path == expected[0]:
            continue
        if _same(kind, content(kind, live.body), wanted) is not False:
            continue
        if track.shadow_of(name, (live.path, expected[0]), step) is None:
            continue
        return _Moment(step, event, expected, live, event.certainty)
    return quiet


def _unknown(
    track: TargetHistory, timeline: Timeline, name: str, step: int, event: Event, expected: Expected | None
) -> Live | None:
    """The file that may be live instead of the canonical one, where nobody can tell which is; without its body."""
    for each in (event.undecided, event.live):
        if each is None or each.path is None or expected is None or each.path == expected[0]:
            continue
        if track.shadow_of(name, (each.path, expected[0]), step) is not None:
            return Live(each.path, each.blob, timeline.steps[event.step], {})
    return None


def _same(kind: Kind, one: Body, other: Body) -> bool | None:
    """Whether two contents come to the same for the nodes."""
    return same_content(one, other) if kind is Kind.DATA_BAG_ITEM else same_run(one, other)


def _stretches(moments: Sequence[_Moment]) -> Iterator[tuple[list[_Moment], int | None]]:
    """Runs of diverging moments under one live file, each with the step that ends it."""
    stretch: list[_Moment] = []
    for moment in moments:
        before = stretch[-1] if stretch else None
        continues = (
            before is not None
            and moment.live is not None
            and before.live is not None
            and moment.live.path == before.live.path
            and (moment.expected is None) == (before.expected is None)
            and moment.certainty == before.certainty
        )
        if stretch and not continues:
            yield stretch, moment.step
            stretch = []
        if moment.live is not None:
            stretch.append(moment)
    if stretch:
        yield stretch, None


def _describe(
    track: TargetHistory,
    timeline: Timeline,
    name: str,
    stretch: Sequence[_Moment],
    until: int | None,
    roles: Timeline | None,
) -> Divergence:
    first = stretch[0]
    phases: list[Phase] = []
    last: tuple[object, object] | None = None
    for moment in stretch:
        live, expected = moment.live, moment.expected
        key = ((live.path, live.blob) if live else None, (expected[0], expected[1]) if expected else None)
        if key != last:
            phases.append(_phase(track, name, moment, roles))
            last = key
    paths = [first.live.path] if first.live and first.live.path else []
    paths += [first.expected[0]] if first.expected else []
    shadow = track.shadow_of(name, paths, first.step) or track.shadow_at(name, first.step) or ""
    history, steps = track.history, track.steps
    start = steps[first.step]
    end = steps[until] if until is not None else None
    return Divergence(
        shadow=shadow,
        scenario=timeline.scenario.name,
        kind=str(track.target.kind),
        container=track.target.label.path,
        name=name,
        from_commit=history.graph.ids[start].hex(),
        from_date=commit_date(history, start),
        until_commit=history.graph.ids[end].hex() if end is not None else None,
        until_date=commit_date(history, end) if end is not None else None,
        certainty=first.certainty,
        reach=reach(_roles_and_nodes(track, roles, first.step), track.target.kind, name),
        reach_at_tip=None if end is not None else reach(_roles_and_nodes_at_tip(track, roles), track.target.kind, name),
        phases=tuple(phases),
        unclaimed=_unclaimed(track, name, stretch[-1].unclaimed) if end is None else None,
    )


def _unclaimed(track: TargetHistory, name: str, step: int | None) -> Unclaimed | None:
    if step is None:
        return None
    history, target, commit = track.history, track.target, track.steps[step]
    files = target.files(history, target.version(history.state(history.graph.line[-1])))
    declaring = (
        path for path, file in files.items() if track.declarations.from_file(target.kind, path, file).name == name
    )
    return Unclaimed(history.graph.ids[commit].hex(), commit_date(history, commit), tuple(sorted(declaring)))


def _phase(track: TargetHistory, name: str, moment: _Moment, roles: Timeline | None) -> Phase:
    history, kind = track.history, track.target.kind
    commit = track.steps[moment.step]
    live, expected = moment.live, moment.expected
    known = live is not None and moment.certainty != "unknown"
    live_content = content(kind, live.body) if live and known else {}
    expected_content = content(kind, expected[2]) if expected and known else None
    added: dict[str, tuple[str, ...]] = {"_default": ()}
    removed: dict[str, tuple[str, ...]] = {"_default": ()}
    if kind is Kind.ROLE and live is not None and expected is not None and known:
        world = _roles_and_nodes(track, roles, moment.step)
        added, removed = recipe_changes(world, name, expected[2], live.body)
    return Phase(
        from_commit=history.graph.ids[commit].hex(),
        from_date=commit_date(history, commit),
        live=source_of(history, live) if live else None,
        expected=Source(expected[0], expected[1].hex(), history.graph.ids[commit].hex()) if expected else None,
        changes=changes(expected_content, live_content) if expected_content is not None else (),
        recipes_added=added,
        recipes_removed=removed,
    )


def source_of(history: History, live: Live) -> Source:
    """Where a live content came from, for reports."""
    return Source(live.path, live.blob.hex() if live.blob else None, history.graph.ids[live.commit].hex())


def _roles_and_nodes(track: TargetHistory, roles: Timeline | None, step: int) -> RolesAndNodes:
    """Every role live under the scenario after a step, and the nodes of that commit's tree."""
    commit = track.steps[step]
    at = -1 if roles is None else roles.aligned_step(step, commit)
    return _roles_and_nodes_of(track, roles, at, commit)


def _roles_and_nodes_at_tip(track: TargetHistory, roles: Timeline | None) -> RolesAndNodes:
    """Every role live under the scenario after the last upload, and the nodes of the revision's own tree."""
    at = -1 if roles is None else len(roles.steps) - 1
    return _roles_and_nodes_of(track, roles, at, track.history.graph.line[-1])


def _roles_and_nodes_of(track: TargetHistory, roles: Timeline | None, step: int, commit: int) -> RolesAndNodes:
    bodies: dict[str, Body] = {}
    if roles is not None:
        bodies = {role: live.body for role, live in roles.live_at(step).items()}
    state = track.history.state(commit)
    return RolesAndNodes(bodies, node_run_lists(track.nodes, state, track.target))
