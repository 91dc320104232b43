"""Under which scenario, and when, something live led to what is traced, and which nodes that reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.analysis.presence import stretch
from forensics.analysis.run_lists import DEFAULT, follows_policy, run_lists
from forensics.analysis.trace_carriers import leading_at, relevant_contents
from forensics.analysis.trace_occurrences import (
    ObjectContent,
    ObjectContents,
    own_occurrences,
)
from forensics.analysis.trace_reach import Reached, Surroundings
from forensics.analysis.trace_results import LineStretch, LiveStretch, NodeStretch
from forensics.analysis.trace_subject import values_of
from forensics.chef.objects import Kind, Unresolved
from forensics.uploads.steps import replay_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.cookbooks import CookbookIndex, Leading
    from forensics.analysis.examination import Examination
    from forensics.analysis.trace_occurrences import Occurrence
    from forensics.analysis.trace_subject import Subject
    from forensics.chef.objects import Body
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Timeline

_KINDS = (Kind.ROLE, Kind.NODE, Kind.ENVIRONMENT)


class _Source(NamedTuple):
    """A live object whose own content carries the subject."""

    name: str
    path: str | None
    certainty: str


_Contents: TypeAlias = "tuple[tuple[ObjectContent, str | None, str], ...]"


@dataclass(frozen=True, slots=True, eq=False)
class _Possible:
    """What an object holds, or each content that it may hold, with its file and how certain that is.

    Equal ones are one value: most versions of a role differ in what does not matter here.
    """

    name: str
    contents: _Contents


@dataclass(slots=True)
class _Open:
    """A stretch that is not over."""

    since: int
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


class _ReachedAt:
    """What every source reaches at one moment, and the nodes of all of them. Equal moments are one value."""

    def __init__(self, by_source: Mapping[_Source, Reached]) -> None:
        self.by_source = by_source
        self.nodes = frozenset(node for each in by_source.values() for node in each.nodes)


_NOWHERE: Final = _ReachedAt({})


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
        self._occurrences: dict[tuple[ObjectContent, int], tuple[Occurrence, ...]] = {}
        self._same: dict[tuple[str, _Contents], _Possible] = {}
        self._same_reached: dict[Reached, Reached] = {}
        self._turning: dict[Target, list[int]] = {}
        self._condition_of: dict[tuple[Target, int, int], int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self._under: list[tuple[Leading, Mapping[str, ObjectContent]]] = []
        self._evaluated: dict[tuple[Target, int, frozenset[_Possible]], _ReachedAt] = {}
        self._led: dict[tuple[str, str], list[tuple[int, int | None]]] = {}

    def stretches(self) -> list[LiveStretch]:
        """Every stretch under the chosen scenarios, by target, scenario and start."""
        found: list[LiveStretch] = []
        for replayed in self._examination.replays:
            if replayed.target.kind in _KINDS and not (self._given and replayed.target.kind is Kind.NODE):
                for timeline in self._examination.chosen_timelines(replayed):
                    found += self._follow(timeline)
        return [*found, *self._of_given_nodes()]

    def _of_given_nodes(self) -> Iterator[LiveStretch]:
        """When the given nodes themselves led there, which are taken for those of every commit."""
        options, history = self._examination.options, self._examination.history
        line = replay_line(history, full=options.full, start=options.replay_from)
        for name, body in self._given.items():
            content, spans, since = self._content_of(Kind.NODE, name, body), list[tuple[int, int | None]](), None
            items: dict[str, None] = {}
            for commit in line:
                here = self._occurrences_of(leading_at(self._index, self._subject, commit, ""), content)
                items |= dict.fromkeys(_told(here))
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
            for since, until in _joined(spans)
        ]

    def _content_of(self, kind: Kind, name: str, body: Body) -> ObjectContent:
        known = self._contents.get((id(body), name))
        if known is None:
            values = values_of(self._subject, kind, body)
            levels = tuple(dict.fromkeys(level for level, value in values if not isinstance(value, Unresolved)))
            # the body is kept, or its id could become another's
            known = self._contents[id(body), name] = (body, self._distinct.content(name, run_lists(kind, body), levels))
        return known[1]

    def _possible(self, kind: Kind, name: str, event: Event) -> _Possible | None:
        """What an object may hold after an event, as far as it matters here; None if nothing is live."""
        lives = {id(each): each for each in (event.live, *event.possible) if each is not None}
        if not lives:
            return None
        certainty = event.certainty
        found = tuple((self._content_of(kind, name, live.body), live.path, certainty) for live in lives.values())
        return self._same.setdefault((name, found), _Possible(name, found))

    def _follow(self, timeline: Timeline) -> Iterator[LiveStretch]:
        changes = self._changes(timeline)
        current: dict[str, _Possible] = {}
        opened: dict[_Source, _Open] = {}
        led: dict[str, int] = {}
        now, conditions = _NOWHERE, -1
        for commit, step in self._moments(timeline, sorted(changes)) if changes else ():
            before, last, changed = now, conditions, False
            for name, possible in changes[step] if step is not None else ():
                changed |= current.get(name) is not possible
                if possible is None:
                    current.pop(name, None)
                else:
                    current[name] = possible
            conditions = self._conditions(timeline.target, commit)
            if not changed and conditions == last:
                continue
            now = self._reached(timeline.target, conditions, current)
            for source in [source for source in opened if source not in now.by_source]:
                yield self._ended(timeline, source, opened.pop(source), commit)
            for source, reached in now.by_source.items():
                if before.by_source.get(source) is not reached:
                    opened.setdefault(source, _Open(commit)).widen(reached)
            for node in before.nodes - now.nodes:
                self._led.setdefault((timeline.scenario.name, node), []).append((led.pop(node), commit))
            led |= dict.fromkeys(now.nodes - before.nodes, commit)
        for node, since in led.items():
            self._led.setdefault((timeline.scenario.name, node), []).append((since, None))
        for source, at in opened.items():
            yield self._ended(timeline, source, at, None)

    def _changes(self, timeline: Timeline) -> dict[int, list[tuple[str, _Possible | None]]]:
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
        changes: dict[int, list[tuple[str, _Possible | None]]] = {}
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
        leading = leading_at(self._index, self._subject, commit, target.label.root)
        key = (target, id(leading), self._examination.history.state_of[commit])
        known = self._condition_of.get(key)
        if known is None:
            versions = self._examination.nodes.versions(self._examination.history.state(commit), target)
            known = self._numbers.setdefault((target, id(leading), versions), len(self._numbers))
            self._condition_of[key] = known
            if known == len(self._under):
                self._under.append((leading, self._nodes_at(target, commit)))
        return known

    def _reached(self, target: Target, conditions: int, current: Mapping[str, _Possible]) -> _ReachedAt:
        key = (target, conditions, frozenset(current.values()))
        known = self._evaluated.get(key)
        if known is None:
            leading, nodes = self._under[conditions]
            ordered = [current[name] for name in sorted(current)]
            known = self._evaluated[key] = _ReachedAt(self._evaluate(target.kind, leading, ordered, nodes))
        return known

    def _evaluate(
        self,
        kind: Kind,
        leading: Leading,
        live: Sequence[_Possible],
        nodes: Mapping[str, ObjectContent],
    ) -> dict[_Source, Reached]:
        found: dict[_Source, Reached] = {}
        world = Surroundings([content for each in live for content, _, _ in each.contents], nodes)
        for each in live:
            name = each.name
            for content, path, certainty in sorted(each.contents, key=lambda held: held[1] or ""):
                occurrences = self._occurrences_of(leading, content)
                if not occurrences:
                    continue
                items = tuple(dict.fromkeys(_told(occurrences)))
                source = _Source(name, path, certainty)
                if kind is Kind.ROLE:
                    everywhere = any(
                        occurrence.environment is None and occurrence.where not in _LISTS for occurrence in occurrences
                    )
                    keys = None if everywhere else {each.environment or DEFAULT for each in occurrences}
                    reached = world.reach(content, keys, items)
                elif kind is Kind.ENVIRONMENT:
                    inside = frozenset(node for node, each in nodes.items() if each.lists.environment == name)
                    reached = Reached(items, frozenset(), inside, frozenset({name}))
                else:
                    environment = content.lists.environment or DEFAULT
                    reached = Reached(items, frozenset(), frozenset({name}), frozenset({environment}))
                found[source] = self._same_reached.setdefault(reached, reached)
        return found

    def _occurrences_of(self, leading: Leading, content: ObjectContent) -> tuple[Occurrence, ...]:
        key = (content, id(leading))  # equal answers of the index are one value, and it keeps them
        occurrences = self._occurrences.get(key)
        if occurrences is None:
            occurrences = self._occurrences[key] = tuple(own_occurrences(self._subject, leading, content))
        return occurrences

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

    def _ended(self, timeline: Timeline, source: _Source, at: _Open, end: int | None) -> LiveStretch:
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
        )


def _told(occurrences: Iterable[Occurrence]) -> Iterator[str]:
    return (each.item if each.where in _LISTS else each.where for each in occurrences)


def _ends(found: LineStretch) -> tuple[str, str, str | None, str | None]:
    return found.from_commit, found.from_date, found.until_commit, found.until_date


def _joined(spans: Sequence[tuple[int, int | None]]) -> Iterator[tuple[int, int | None]]:
    """The same stretches of a line, those that overlap or touch as one; None is the end of the line."""
    began: int | None = None
    ended: int | None = None
    for since, until in sorted(spans, key=lambda span: span[0]):
        if began is not None and ended is not None and since > ended:
            yield began, ended
            began = None
        if began is None:
            began, ended = since, until
        elif ended is not None:
            ended = None if until is None else max(ended, until)
    if began is not None:
        yield began, ended


_LISTS = frozenset({"run_list", "env_run_lists"})
