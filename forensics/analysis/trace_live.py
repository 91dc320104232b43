"""Under which scenario, and when, something live led to what is traced, and which nodes that reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from forensics.analysis.presence import stretch
from forensics.analysis.proven_timeline import ProvenTimeline
from forensics.analysis.run_lists import DEFAULT, follows_policy, run_lists
from forensics.analysis.trace_carriers import leading_at, relevant_contents
from forensics.analysis.trace_doubt import KINDS, other_content
from forensics.analysis.trace_nodes import LedNodes, joined
from forensics.analysis.trace_occurrences import (
    ObjectContent,
    ObjectContents,
    Occurrences,
)
from forensics.analysis.trace_reach import (
    NO_SHAPE,
    Reached,
    RoleWays,
    differing_ways,
    reached,
    roles_below,
    shape_of,
    told,
)
from forensics.analysis.trace_results import LineStretch, LiveStretch, NodeStretch
from forensics.analysis.trace_subject import values_of
from forensics.chef.objects import Kind, Unresolved
from forensics.deferred import deferred
from forensics.uploads.steps import replay_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis import grounds
    from forensics.analysis.cookbooks import CookbookIndex, Leading
    from forensics.analysis.examination import Examination
    from forensics.analysis.trace_reach import Shape
    from forensics.analysis.trace_subject import Subject
    from forensics.chef.objects import Body
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Timeline
else:
    grounds = deferred("forensics.analysis.grounds")

_Member = TypeVar("_Member")


class _Source(NamedTuple):
    """A live object whose own content carries the subject."""

    name: str
    path: str | None
    certainty: str


@dataclass(frozen=True, slots=True, eq=False)
class _MayHold:
    """What an object holds, or each content that it may hold, with its file and how certain that is.

    Equal ones are one value: most versions of a role differ in what does not matter here.
    """

    name: str
    contents: tuple[tuple[ObjectContent, str | None, str], ...]
    shape: Shape


@dataclass(slots=True)
class _Open:
    """A stretch that is not over."""

    since: int
    step: int | None
    items: dict[str, None] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    nodes: set[str] = field(default_factory=set)
    environments: set[str] = field(default_factory=set)
    last: frozenset[str] = frozenset()

    def widen(self, reached: Reached) -> None:
        """Add what is reached now."""
        self.items.update(dict.fromkeys(reached.items))
        self.roles |= reached.roles
        self.nodes |= reached.nodes
        self.environments |= reached.environments
        self.last = reached.nodes


_NOTHING: Final[Mapping[_Source, Reached]] = MappingProxyType({})


class LiveTrace:
    """Follows the replays of one examination for one subject."""

    def __init__(
        self,
        examination: Examination,
        subject: Subject,
        index: CookbookIndex,
        ever_leading: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._examination = examination
        self._subject = subject
        self._index = index
        self._ever = dict(ever_leading)
        given = examination.nodes.given
        self._given: Mapping[str, Body] = {} if given is None else given.bodies
        self._contents: dict[tuple[int, str], tuple[Body, ObjectContent]] = {}
        self._distinct = ObjectContents()
        self._nodes: dict[tuple[object, ...], dict[str, ObjectContent]] = {}
        self._occurrences = Occurrences(subject)
        self._same: dict[tuple[str, tuple[tuple[ObjectContent, str | None, str], ...]], _MayHold] = {}
        self._same_reached: dict[Reached, Reached] = {}
        self._turning: dict[Target, list[int]] = {}
        self._condition_of: dict[tuple[Target, int, int], int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self._under: list[tuple[Leading, Mapping[str, ObjectContent]]] = []
        self._leading: dict[int, Leading] = {}
        self._leading_alike: dict[frozenset[str], Leading] = {}
        self._worlds: dict[tuple[int, frozenset[tuple[str, Shape]]], RoleWays] = {}
        self._evaluated: dict[tuple[_MayHold, int, int], Mapping[_Source, Reached]] = {}
        self._same_sources: dict[tuple[tuple[_Source, Reached], ...], Mapping[_Source, Reached]] = {(): _NOTHING}
        self._led: dict[tuple[str, str], list[tuple[int, int | None]]] = {}

    def stretches(self) -> list[LiveStretch]:
        """Every stretch under the chosen scenarios, by target, scenario and start."""
        found: list[LiveStretch] = []
        for replayed in self._examination.replays:
            if replayed.target.kind in KINDS and not (self._given and replayed.target.kind is Kind.NODE):
                for timeline in self._examination.chosen_timelines(replayed):
                    found += self._follow(timeline)
        return [*found, *self._of_given_nodes()]

    def _of_given_nodes(self) -> Iterator[LiveStretch]:
        """When the given nodes themselves led there, which are taken for those of every commit."""
        options, history = self._examination.options, self._examination.history
        turns: list[tuple[int, Leading]] = []
        for commit in replay_line(history, full=options.full, start=options.replay_from):
            leading = self._recipes_leading(leading_at(self._index, self._subject, commit, ""))
            if not turns or turns[-1][1] is not leading:
                turns.append((commit, leading))
        for name, body in self._given.items():
            content, spans, since = self._content_of(Kind.NODE, name, body), list[tuple[int, int | None]](), None
            items: dict[str, None] = {}
            for commit, leading in turns:
                here = self._occurrences.own(leading, content)
                items |= dict.fromkeys(told(here))
                if here and since is None:
                    since = commit
                elif not here and since is not None:
                    spans.append((since, commit))
                    since = None
            if since is not None:
                spans.append((since, None))
            environment = content.lists.environment or DEFAULT
            for scenario in options.scenarios if spans else ():
                self._led.setdefault((scenario.name, name), []).extend(spans)
                for start, end in spans:
                    yield LiveStretch(
                        scenario.name,
                        "node",
                        "nodes",
                        name,
                        None,
                        tuple(items),
                        "exact",
                        *_ends(stretch(history, start, end)),
                        roles=(),
                        nodes=(name,),
                        environments=(environment,),
                        nodes_at_tip=(name,) if end is None else None,
                    )

    def nodes(self) -> list[NodeStretch]:
        """When anything led a node there, by scenario and node; known once the stretches are."""
        return [
            NodeStretch(scenario, node, *_ends(stretch(self._examination.history, since, until)))
            for (scenario, node), spans in sorted(self._led.items())
            for since, until in joined(spans)
        ]

    def _content_of(self, kind: Kind, name: str, body: Body) -> ObjectContent:
        known = self._contents.get((id(body), name))
        if known is None:
            values = values_of(self._subject, kind, body)
            levels = tuple(dict.fromkeys(level for level, value in values if not isinstance(value, Unresolved)))
            # the body is kept, or its id could become another's
            known = self._contents[id(body), name] = (body, self._distinct.content(name, run_lists(kind, body), levels))
        return known[1]

    def _possible(self, kind: Kind, name: str, event: Event) -> _MayHold | None:
        """What an object may hold after an event, as far as it matters here; None if nothing is live."""
        other = other_content(self._examination.declarations, kind, event)
        lives = {id(each): each for each in (event.live, *event.possible, other) if each is not None}
        if not lives:
            return None
        certainty = event.certainty
        found = tuple((self._content_of(kind, name, live.body), live.path, certainty) for live in lives.values())
        known = self._same.get((name, found))
        if known is None:
            shape = shape_of(content for content, _, _ in found)
            known = self._same[name, found] = _MayHold(name, found, shape)
        return known

    def _follow(self, timeline: Timeline) -> Iterator[LiveStretch]:
        changes = self._changes(timeline)
        kind = timeline.target.kind
        current: dict[str, _MayHold] = {}
        shapes: dict[str, Shape] = {}
        sources: dict[str, Mapping[_Source, Reached]] = {}
        opened: dict[_Source, _Open] = {}
        led = LedNodes(self._led, timeline.scenario.name)
        conditions, world = -1, RoleWays({}, {})
        leading: Leading = {}
        for commit, step in self._moments(timeline, sorted(changes)) if changes else ():
            touched: set[str] = set()
            ways: set[str] | None = set()
            last, conditions = conditions, self._conditions(timeline.target, commit)
            for name, possible in changes[step] if step is not None else ():
                if current.get(name) is not possible:
                    touched.add(name)
                    shape = possible.shape if possible is not None else NO_SHAPE
                    ways = differing_ways(shapes.get(name, NO_SHAPE), shape, ways)
                    _put(shapes, name, shape or None)
                    _put(current, name, possible)
            if conditions != last:
                ways = None
            if ways or ways is None:
                leading, nodes = self._under[conditions]
                world = self._world(nodes, shapes)
                touched |= current.keys() if ways is None else roles_below(ways, shapes)
            ended: set[_Source] = set()
            for name in sorted(touched):
                was, now = sources.get(name, _NOTHING), self._sources(kind, leading, world, current.get(name))
                if now is was:
                    continue
                sources[name] = now
                ended |= was.keys() - now.keys()
                led.change(was.values(), now.values())
                for source, there in now.items():
                    if was.get(source) is not there:
                        opened.setdefault(source, _Open(commit, step)).widen(there)
            for source in [source for source in opened if source in ended] if ended else ():
                yield self._ended(timeline, source, opened.pop(source), commit, step)
            led.settle(commit)
        led.end()
        for source, at in opened.items():
            yield self._ended(timeline, source, at, None)

    def _changes(self, timeline: Timeline) -> dict[int, list[tuple[str, _MayHold | None]]]:
        """By step, what became of the objects that carry the subject or lead to one that does, at whatever time."""
        kind = timeline.target.kind
        events = {
            name: [(event.step, self._possible(kind, name, event)) for event in events]
            for name, events in timeline.events.items()
        }
        contents = dict.fromkeys(
            content
            for of_name in events.values()
            for _, possible in of_name
            if possible is not None
            for content, _, _ in possible.contents
        )
        relevant = {content.name for content in relevant_contents(self._subject, self._ever, contents)}
        changes: dict[int, list[tuple[str, _MayHold | None]]] = {}
        for name in sorted(relevant):
            for step, possible in events[name]:
                changes.setdefault(step, []).append((name, possible))
        return changes

    def _moments(self, timeline: Timeline, steps: Sequence[int]) -> Iterator[tuple[int, int | None]]:
        """The commits at which something may change, each with the step of the replay if one is there."""
        commits = {*self._turns(timeline.target), *(timeline.steps[step] for step in steps)}
        return timeline.moments(steps, sorted(commits))

    def _turns(self, target: Target) -> Sequence[int]:
        """The commits of the line at which the conditions are others than before."""
        known = self._turning.get(target)
        if known is None:
            options = self._examination.options
            known, last = [], -1
            for commit in replay_line(self._examination.history, full=options.full, start=options.replay_from):
                conditions = self._conditions(target, commit)
                if conditions != last:
                    known.append(commit)
                    last = conditions
            self._turning[target] = known
        return known

    def _conditions(self, target: Target, commit: int) -> int:
        """What decides beside the live objects, as a number: which recipes lead to the subject, and the nodes."""
        leading = self._recipes_leading(leading_at(self._index, self._subject, commit, target.label.root))
        key = (target, id(leading), self._examination.history.state_of[commit])
        known = self._condition_of.get(key)
        if known is None:
            versions = self._examination.nodes.versions(self._examination.history.state(commit), target)
            known = self._numbers.setdefault((target, id(leading), versions), len(self._numbers))
            self._condition_of[key] = known
            if known == len(self._under):
                self._under.append((leading, self._nodes_at(target, commit)))
        return known

    def _recipes_leading(self, leading: Leading) -> Leading:
        """One value for all with the same recipes: on which way they lead there does not matter here."""
        known = self._leading.get(id(leading))
        if known is None:
            known = self._leading[id(leading)] = self._leading_alike.setdefault(frozenset(leading), leading)
        return known

    def _world(self, nodes: Mapping[str, ObjectContent], shapes: Mapping[str, Shape]) -> RoleWays:
        key = (id(nodes), frozenset(shapes.items()))
        known = self._worlds.get(key)
        if known is None:
            known = self._worlds[key] = RoleWays(shapes, nodes)
        return known

    def _sources(
        self, kind: Kind, leading: Leading, world: RoleWays, possible: _MayHold | None
    ) -> Mapping[_Source, Reached]:
        """What an object reaches, by the source that each content of it is."""
        if possible is None:
            return _NOTHING
        key = (possible, id(leading), id(world))
        known = self._evaluated.get(key)
        if known is None:
            found: dict[_Source, Reached] = {}
            for content, path, certainty in sorted(possible.contents, key=lambda held: held[1] or ""):
                occurrences = self._occurrences.own(leading, content)
                if occurrences:
                    there = reached(kind, world, content, occurrences)
                    found[_Source(possible.name, path, certainty)] = self._same_reached.setdefault(there, there)
            known = self._evaluated[key] = self._same_sources.setdefault(tuple(found.items()), found)
        return known

    def _nodes_at(self, target: Target, commit: int) -> Mapping[str, ObjectContent]:
        """The nodes that the chef-repo of a target describes in a commit's tree."""
        if target.kind is Kind.NODE:
            return {}
        nodes, state = self._examination.nodes, self._examination.history.state(commit)
        key = nodes.versions(state, target)
        if key not in self._nodes:
            self._nodes[key] = {
                name: self._content_of(Kind.NODE, name, node.body)
                for name, node in (nodes.found(state, target) or {}).items()
                if not follows_policy(node.body)
            }
        return self._nodes[key]

    def _ended(
        self, timeline: Timeline, source: _Source, at: _Open, end: int | None, step: int | None = None
    ) -> LiveStretch:
        history, target = self._examination.history, timeline.target
        when = stretch(history, at.since, end)
        has_nodes = (
            target.kind is Kind.NODE
            or self._examination.nodes.given is not None
            or any(each.kind is Kind.NODE and target.is_beside(each.label) for each in self._examination.targets)
        )
        return LiveStretch(
            scenario=timeline.scenario.name,
            kind=str(target.kind),
            container=target.label.path,
            name=source.name,
            path=source.path,
            items=tuple(at.items),
            certainty=source.certainty,
            from_commit=when.from_commit,
            from_date=when.from_date,
            until_commit=when.until_commit,
            until_date=when.until_date,
            roles=tuple(sorted(at.roles)),
            nodes=tuple(sorted(at.nodes)) if has_nodes else None,
            nodes_at_tip=tuple(sorted(at.last)) if has_nodes and end is None else None,
            environments=tuple(sorted(at.environments)),
            proven=grounds.ground_between(timeline, source.name, at.step, step)
            if isinstance(timeline, ProvenTimeline) and at.step is not None
            else None,
        )


def _put(members: dict[str, _Member], name: str, member: _Member | None) -> None:
    if member is None:
        members.pop(name, None)
    else:
        members[name] = member


def _ends(found: LineStretch) -> tuple[str, str, str | None, str | None]:
    return found.from_commit, found.from_date, found.until_commit, found.until_date
