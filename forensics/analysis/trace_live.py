"""Under which scenario, and when, something live led to what is traced, and which nodes that reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from forensics.analysis.presence import stretch
from forensics.analysis.proven_timeline import ProvenTimeline
from forensics.analysis.run_lists import DEFAULT, follows_policy, run_lists
from forensics.analysis.trace_carriers import leading_at, relevant_contents
from forensics.analysis.trace_doubt import KINDS, other_content
from forensics.analysis.trace_occurrences import (
    ObjectContent,
    ObjectContents,
    environments_of,
    including_roles,
    own_occurrences,
    roles_leading_to,
)
from forensics.analysis.trace_results import LineStretch, LiveStretch, NodeStretch
from forensics.analysis.trace_subject import values_of
from forensics.chef.objects import Kind, Unresolved
from forensics.deferred import deferred
from forensics.uploads.steps import replay_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis import grounds
    from forensics.analysis.cookbooks import CookbookIndex, Leading
    from forensics.analysis.examination import Examination
    from forensics.analysis.trace_occurrences import Occurrence
    from forensics.analysis.trace_subject import Subject
    from forensics.chef.objects import Body
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Live, Timeline
else:
    grounds = deferred("forensics.analysis.grounds")


class _Source(NamedTuple):
    """A live object whose own content carries the subject."""

    name: str
    path: str | None
    certainty: str


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


@dataclass(frozen=True, slots=True)
class _Reached:
    """What one source is to the roles and nodes of one moment."""

    items: tuple[str, ...]
    roles: frozenset[str]
    nodes: frozenset[str]
    environments: frozenset[str]


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
        self._evaluated: dict[tuple[object, ...], dict[_Source, _Reached]] = {}
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

    def _contents_of(self, kind: Kind, name: str, event: Event) -> tuple[tuple[Live, ObjectContent], ...]:
        lives = {
            id(each): each
            for each in (event.live, *event.possible, other_content(self._examination.declarations, kind, event))
            if each is not None
        }
        return tuple((live, self._content_of(kind, name, live.body)) for live in lives.values())

    def _follow(self, timeline: Timeline) -> Iterator[LiveStretch]:
        relevant = self._relevant(timeline)
        if not relevant:
            return
        changes: dict[int, list[tuple[str, Event]]] = {}
        for name in sorted(relevant):
            for event in timeline.events[name]:
                changes.setdefault(event.step, []).append((name, event))
        target = timeline.target
        current: dict[str, tuple[tuple[Live, ObjectContent], ...]] = {}
        certainty: dict[str, str] = {}
        opened: dict[_Source, _Open] = {}
        led: dict[str, int] = {}
        spans = self._led
        for commit, step in self._moments(timeline, sorted(changes)):
            if step is not None:
                for name, event in changes[step]:
                    current[name] = self._contents_of(target.kind, name, event)
                    certainty[name] = event.certainty
            now = self._sources(target, commit, current, certainty)
            for source in [source for source in opened if source not in now]:
                yield self._ended(timeline, source, opened.pop(source), commit, step)
            for source, reached in now.items():
                at = opened.setdefault(source, _Open(commit, step))
                at.items.update(dict.fromkeys(reached.items))
                at.roles |= reached.roles
                at.nodes |= reached.nodes
                at.environments |= reached.environments
                at.last = reached.nodes
            nodes = {node for reached in now.values() for node in reached.nodes}
            for node in [node for node in led if node not in nodes]:
                spans.setdefault((timeline.scenario.name, node), []).append((led.pop(node), commit))
            for node in nodes:
                led.setdefault(node, commit)
        for node, since in led.items():
            spans.setdefault((timeline.scenario.name, node), []).append((since, None))
        for source, at in opened.items():
            yield self._ended(timeline, source, at, None)

    def _relevant(self, timeline: Timeline) -> set[str]:
        kind = timeline.target.kind
        contents = {
            content: name
            for name, events in timeline.events.items()
            for event in events
            for _, content in self._contents_of(kind, name, event)
        }
        found = relevant_contents(self._subject, self._ever, contents)
        return {contents[content] for content in found}

    def _moments(self, timeline: Timeline, steps: Sequence[int]) -> Iterator[tuple[int, int | None]]:
        """The commits at which something may change, each with the step of the replay if one is there."""
        options = self._examination.options
        line = replay_line(self._examination.history, full=options.full, start=options.replay_from)
        last: object = None
        for commit, step in timeline.moments(steps, line):
            conditions = self._conditions(timeline.target, commit)
            if step is not None or conditions != last:
                yield commit, step
            last = conditions

    def _conditions(self, target: Target, commit: int) -> tuple[object, ...]:
        """What decides beside the live objects: which recipes lead to the subject, and the nodes."""
        leading = leading_at(self._index, self._subject, commit, target.label.root)
        return (id(leading), self._examination.nodes.versions(self._examination.history.state(commit), target))

    def _sources(
        self,
        target: Target,
        commit: int,
        current: Mapping[str, tuple[tuple[Live, ObjectContent], ...]],
        certainty: Mapping[str, str],
    ) -> dict[_Source, _Reached]:
        conditions = self._conditions(target, commit)
        live = frozenset(
            (name, content, each.path, certainty[name]) for name, lives in current.items() for each, content in lives
        )
        key = (target, conditions, live)
        if key not in self._evaluated:
            leading = leading_at(self._index, self._subject, commit, target.label.root)
            nodes = self._nodes_at(target, commit)
            ordered = [(n, content, each.path, certainty[n]) for n, lives in current.items() for each, content in lives]
            self._evaluated[key] = self._evaluate(target.kind, leading, ordered, nodes)
        return self._evaluated[key]

    def _evaluate(
        self,
        kind: Kind,
        leading: Leading,
        live: Sequence[tuple[str, ObjectContent, str | None, str]],
        nodes: Mapping[str, ObjectContent],
    ) -> dict[_Source, _Reached]:
        found: dict[_Source, _Reached] = {}
        world = _RolesAndNodes([content for _, content, _, _ in live], nodes)
        for name, content, path, certainty in sorted(live, key=lambda each: (each[0], each[2] or "")):
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
                found[source] = world.reach(content, keys, items)
            elif kind is Kind.ENVIRONMENT:
                inside = frozenset(node for node, each in nodes.items() if each.lists.environment == name)
                found[source] = _Reached(items, frozenset(), inside, frozenset({name}))
            else:
                environment = content.lists.environment or DEFAULT
                found[source] = _Reached(items, frozenset(), frozenset({name}), frozenset({environment}))
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


class _RolesAndNodes:
    """The live roles and the nodes of one moment."""

    def __init__(self, roles: Sequence[ObjectContent], nodes: Mapping[str, ObjectContent]) -> None:
        self._included_by = {
            environment: including_roles(roles, environment)
            for environment in environments_of([*roles, *nodes.values()])
        }
        self._has_nodes = bool(nodes)
        self._nodes_of: dict[tuple[str, str], list[str]] = {}
        for name, node in nodes.items():
            for _, item in node.lists.named():
                if item.type == "role" and node.lists.environment is not None:
                    self._nodes_of.setdefault((node.lists.environment, item.name), []).append(name)

    def reach(self, source: ObjectContent, keys: set[str] | None, items: tuple[str, ...]) -> _Reached:
        """Who leads to a role whose lists under ``keys`` carry the subject (None: its attributes do, everywhere)."""
        roles: set[str] = set()
        nodes: set[str] = set()
        environments: set[str] = set()
        for environment, included_by in self._included_by.items():
            if keys is not None and source.lists.within(environment)[0] not in keys:
                continue
            through = roles_leading_to(source.name, included_by)
            roles |= through
            inside = {node for role in through for node in self._nodes_of.get((environment, role), ())}
            nodes |= inside
            if inside or not self._has_nodes:
                environments.add(environment)
        return _Reached(items, frozenset(roles - {source.name}), frozenset(nodes), frozenset(environments))
