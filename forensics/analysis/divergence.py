"""Where a scenario would have had another file's content live than the canonical file's, and what that means."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from forensics.analysis.changes import changes
from forensics.analysis.dates import commit_date, iso
from forensics.analysis.ground_results import PROVEN, ByEvidence
from forensics.analysis.impact import RolesAndNodes, reach, recipe_changes
from forensics.analysis.live_roles import LiveRoles
from forensics.analysis.proven_timeline import ProvenTimeline
from forensics.analysis.results import Divergence, Phase, Source, Unclaimed
from forensics.chef.compare import same_content, same_run
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.uploads import from_file
from forensics.uploads.scenario import SPECIAL, USUAL
from forensics.uploads.timeline import Live
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from forensics.analysis.live_roles import RolesOverTime
    from forensics.analysis.target_history import Expected, TargetHistory
    from forensics.chef.objects import Body
    from forensics.history.walk import History
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Timeline

RoleTimelines: TypeAlias = "Callable[[Target, Sequence[Scenario]], Mapping[Scenario, RolesOverTime]]"
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


def _concerned(
    track: TargetHistory, timelines: Sequence[Timeline], name: str
) -> Iterator[tuple[Timeline, Mapping[int, bool]]]:
    """The timelines that ever had an object, each with the steps from which on they disagree about it, or agree again.

    That a special way of uploading gives something else does not put the usual ones in dispute.
    """
    disputed = _disputes(track, timelines, name)
    for timeline in timelines:
        if name in timeline.events:
            yield timeline, disputed[timeline.scenario.standing]


def _disputes(track: TargetHistory, timelines: Sequence[Timeline], name: str) -> dict[str, dict[int, bool]]:
    """Where an object without a canonical file is shadowed and the scenarios disagree about it, and where that ends.

    By standing: whether the usual ones disagree among themselves, and, for the special ones, any of all. Only steps at
    which something changes are looked at.
    """
    among = {USUAL: [each for each in timelines if each.scenario.standing == USUAL], SPECIAL: timelines}
    found: dict[str, dict[int, bool]] = {standing: {} for standing in among}
    stretches = track.shadowed_steps(name)
    if not stretches or track.always_canonical(name, stretches):
        return found
    changes = {event.step for timeline in timelines for event in timeline.events.get(name, ())}
    steps = sorted(changes.union(track.canonical_steps(name)))
    for start, stop in stretches:
        inside = steps[bisect_right(steps, start) : bisect_left(steps, stop)]
        for step in (start, *inside):
            contested = track.canonical(name, step, from_file.UPLOADER) is None
            for standing, of_standing in among.items():
                found[standing][step] = contested and _disagree(of_standing, name, step)
        if stop < len(track.steps):
            for turns in found.values():
                turns.setdefault(stop, False)
    return found


def _disagree(timelines: Sequence[Timeline], name: str, step: int) -> bool:
    """Whether two scenarios have contents live that come to something else."""
    events = [timeline.at(name, step) for timeline in timelines]
    live = [event.live for event in events if event is not None and event.live is not None]
    kind = timelines[0].target.kind if timelines else Kind.ROLE
    distinct = list({id(each.body): content(kind, each.body) for each in live}.values())
    return any(_same(kind, distinct[0], other) is False for other in distinct[1:])


def _moments(track: TargetHistory, timeline: Timeline, name: str, disputes: Mapping[int, bool]) -> Iterator[_Moment]:
    """The object's situation at every step at which it may change."""
    in_dispute = False
    last: _Moment | None = None
    for step in sorted({event.step for event in timeline.events[name]}.union(track.canonical_steps(name), disputes)):
        in_dispute = disputes.get(step, in_dispute)
        event = timeline.at(name, step)
        expected = track.canonical(name, step, uploader_of(timeline.scenario))
        left = None if expected is not None or last is None else _left(last, step, event)
        last = left or _moment(track, timeline, name, step, event, expected, in_dispute=in_dispute)
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
    roles: RolesOverTime | None,
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
        by_evidence=_proof(timeline, name, first.step, until) if isinstance(timeline, ProvenTimeline) else None,
        unclaimed=_unclaimed(track, name, stretch[-1].unclaimed) if end is None else None,
    )


def _proof(timeline: ProvenTimeline, name: str, first: int, until: int | None) -> ByEvidence | None:
    """What proves a stretch that is so by evidence."""
    moment = timeline.proof_of(name, first)
    if moment is None or moment.stretch is None:
        return None
    change = moment.stretch.change
    last = timeline.times[until] if until is not None else timeline.proven_to(name)
    return ByEvidence(
        PROVEN,
        PROVEN if until is None else None,
        tuple(dict.fromkeys(each.path for each in moment.stretch.files)),
        iso(timeline.times[first]),
        iso(last),
        change.source,
        timeline.organization,
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


def _phase(track: TargetHistory, name: str, moment: _Moment, roles: RolesOverTime | None) -> Phase:
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


def _roles_and_nodes(track: TargetHistory, roles: RolesOverTime | None, step: int) -> RolesAndNodes:
    """Every role live under the scenario after a step, and the nodes of that commit's tree."""
    commit = track.steps[step]
    at = -1 if roles is None else roles.timeline.aligned_step(step, commit)
    return _roles_and_nodes_of(track, roles, at, commit)


def _roles_and_nodes_at_tip(track: TargetHistory, roles: RolesOverTime | None) -> RolesAndNodes:
    """Every role live under the scenario after the last upload, and the nodes of the revision's own tree."""
    at = -1 if roles is None else len(roles.timeline.steps) - 1
    return _roles_and_nodes_of(track, roles, at, track.history.graph.line[-1])


def _roles_and_nodes_of(track: TargetHistory, roles: RolesOverTime | None, step: int, commit: int) -> RolesAndNodes:
    state = track.history.state(commit)
    return RolesAndNodes({} if roles is None else LiveRoles(roles, step), track.nodes.run_lists(state, track.target))
