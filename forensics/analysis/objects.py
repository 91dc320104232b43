"""Questions about single objects: what was live when, what it was at a moment, and how its declarations changed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.changes import changes
from forensics.analysis.collation import KIND as COLLATION
from forensics.analysis.commits import commit_notes
from forensics.analysis.dates import commit_date
from forensics.analysis.effective import (
    DEFAULT_ENVIRONMENT,
    Effective,
    effective_environment,
    effective_node,
    effective_role,
    why,
)
from forensics.analysis.object_results import LogEntry, State, TimelineEntry, TimelinePossibility
from forensics.analysis.results import object_text
from forensics.analysis.server_state import TREE, ServerStates
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.server_state import ServerState
    from forensics.chef.objects import Body
    from forensics.uploads.replay import Replay
    from forensics.uploads.timeline import Event, Live, Timeline

_OBJECT: Final = re.compile(r"(role|environment|node|data_bag_item)\[(.+)\]", re.DOTALL)


class ObjectName(NamedTuple):
    """Which object is meant; ``bag`` only for a data bag item."""

    kind: Kind
    name: str
    bag: str | None = None

    def __str__(self) -> str:
        shown = f"{self.bag}/{self.name}" if self.bag else self.name
        return f"{self.kind}[{shown}]"


class UnknownObjectError(UsageError):
    """An object that no commit declares, or whose name cannot be read."""


def parse_object(text: str) -> ObjectName:
    """``role[base]``, ``data_bag_item[users/alice]`` or a bare role name.

    Raises:
        UnknownObjectError: a data bag item without its bag, or a kind that is none.
    """
    match = _OBJECT.fullmatch(text)
    if match is None:
        kind, bracket, rest = text.partition("[")
        if bracket and rest.endswith("]"):
            kinds = [each.value for each in Kind]
            raise UnknownObjectError(
                f"{text!r} is of no kind that is known; there are {', '.join(kinds)}{did_you_mean(kind, kinds)}"
            )
        return ObjectName(Kind.ROLE, text)
    found = Kind(match[1])
    if found is not Kind.DATA_BAG_ITEM:
        return ObjectName(found, match[2])
    bag, slash, item = match[2].partition("/")
    if not slash or not item:
        raise UnknownObjectError(f"{text!r} needs its data bag: data_bag_item[BAG/ITEM]")
    return ObjectName(found, item, bag)


def timeline(
    examination: Examination, wanted: Sequence[ObjectName] = (), kinds: Sequence[Kind] = ()
) -> tuple[TimelineEntry, ...]:
    """Every change of what was live, by object, scenario and time.

    Without ``wanted`` every object, of the given ``kinds`` if any are given.

    Raises:
        UnknownObjectError: one of the wanted objects is declared by no commit.
    """
    entries: list[TimelineEntry] = []
    for replayed in examination.replays:
        if kinds and replayed.target.kind not in kinds:
            continue
        names = _names(replayed, wanted)
        for name in sorted(names):
            for each in examination.chosen_timelines(replayed):
                entries += [_entry(examination, each, name, event) for event in each.events.get(name, ())]
    _check_known(examination, wanted)
    since, until = examination.options.since, examination.options.until
    if since is None and until is None:
        return tuple(entries)
    return tuple(_within(examination, entries))


def _names(replayed: Replay, wanted: Sequence[ObjectName]) -> set[str]:
    names = {name for each in replayed.timelines for name in each.events}
    if not wanted:
        return names
    return names & {each.name for each in wanted if _is_in(each, replayed)}


def _is_in(wanted: ObjectName, replayed: Replay) -> bool:
    return wanted.kind is replayed.target.kind and wanted.bag in {None, replayed.target.label.bag}


def _check_known(examination: Examination, wanted: Sequence[ObjectName]) -> None:
    for each in wanted:
        if not any(
            each.name in one.events
            for replayed in examination.replays
            if _is_in(each, replayed)
            for one in replayed.timelines
        ) and not any(
            sighting.target.kind is each.kind
            and examination.declarations.from_file(each.kind, sighting.path, sighting.file).name == each.name
            for sighting in examination.survey.sightings
        ):
            fixtures = _fixtures_of(examination, each)
            if fixtures:
                raise UnknownObjectError(
                    f"only a fixture of tests declares {each}: add --container {fixtures[0]} to examine it all the same"
                )
            closest = did_you_mean(str(each), _declared(examination, each))
            beyond = f"; {examination.history.unexamined}" if examination.history.unexamined else ""
            raise UnknownObjectError(f"no commit declares {each}{closest}{beyond}")


def _fixtures_of(examination: Examination, wanted: ObjectName) -> list[str]:
    """The containers of fixtures in which something declares an object."""
    return [
        seen.target.label.path
        for seen in examination.sightings
        if seen.target in examination.fixtures
        and seen.target.kind is wanted.kind
        and wanted.bag in {None, seen.target.label.bag}
        and examination.declarations.from_file(wanted.kind, seen.path, seen.file).name == wanted.name
    ]


def _declared(examination: Examination, wanted: ObjectName) -> set[str]:
    """Every object of a kind that was ever live, as people write it."""
    return {
        object_text(replayed.target.kind, replayed.target.label.path, name)
        for replayed in examination.replays
        if replayed.target.kind is wanted.kind
        for one in replayed.timelines
        for name in one.events
    }


def _entry(examination: Examination, one: Timeline, name: str, event: Event) -> TimelineEntry:
    history, target = examination.history, one.target
    commit = one.steps[event.step]
    live = event.live
    return TimelineEntry(
        object=object_text(target.kind, target.label.path, name),
        kind=str(target.kind),
        container=target.label.path,
        name=name,
        scenario=one.scenario.name,
        from_commit=history.graph.ids[commit].hex(),
        from_date=commit_date(history, commit),
        path=live.path if live else None,
        blob=live.blob.hex() if live and live.blob else None,
        commit=history.graph.ids[live.commit].hex() if live else None,
        content=content(target.kind, live.body) if live else None,
        certainty="exact" if event.exact else "race",
        possible=tuple(_possibility(target.kind, each) for each in event.possible),
    )


def _possibility(kind: Kind, live: Live | None) -> TimelinePossibility:
    if live is None:
        return TimelinePossibility(None, None, None)
    return TimelinePossibility(live.path, live.blob.hex() if live.blob else None, content(kind, live.body))


def _within(examination: Examination, entries: Sequence[TimelineEntry]) -> Iterator[TimelineEntry]:
    """The entries within the time asked for, and what was live when it began."""
    graph = examination.history.graph
    times = dict(zip((oid.hex() for oid in graph.ids), graph.times, strict=True))
    since, until = examination.options.since, examination.options.until
    for position, entry in enumerate(entries):
        if until is not None and times[entry.from_commit] > until:
            continue
        following = entries[position + 1] if position + 1 < len(entries) else None
        ends = (
            times[following.from_commit]
            if following
            and (following.object, following.container, following.scenario)
            == (entry.object, entry.container, entry.scenario)
            else None
        )
        if since is None or ends is None or ends > since:
            yield entry


def show(
    examination: Examination,
    wanted: ObjectName,
    commit: int,
    *,
    environment: str | None = None,
    explained: Sequence[str] = (),
) -> tuple[State, ...]:
    """What every scenario had live of an object after a commit of the replay, and what that comes to.

    Run lists are expanded for ``environment``: by default a node's own, ``_default`` for a role. ``explained`` are the
    attributes, as dotted paths, whose values are to be traced to who gave them.

    Raises:
        UnknownObjectError: no commit declares the object.
    """
    _check_known(examination, [wanted])
    servers = ServerStates(examination)
    states: list[State] = []
    for replayed in examination.replays:
        for one in examination.chosen_timelines(replayed) if _is_in(wanted, replayed) else ():
            server = servers.at(replayed.target, one.scenario, commit)
            state = _state(server, one, wanted, environment, explained)
            doubts = tuple(_doubts(examination, one))
            states.append(replace(state, notes=(*state.notes, *doubts)) if doubts else state)
    return tuple(states)


def _state(
    server: ServerState, one: Timeline, wanted: ObjectName, environment: str | None, explained: Sequence[str]
) -> State:
    notes: tuple[str, ...] = ()
    if wanted.kind in {Kind.NODE, Kind.ENVIRONMENT} and not server.uploads(wanted.kind):
        notes = (f"{one.scenario.name} uploads no {wanted.kind}s",)
    found = server.object_in(one, wanted.name, stand_in=wanted.kind is Kind.NODE)
    if found is None:
        files = server.declaring(wanted.kind, wanted.name) if wanted.kind is Kind.NODE and notes else ()
        if files:
            notes = (f"{notes[0]}, and several files of the commit's tree declare this one: {', '.join(files)}",)
        return State(one.scenario.name, one.target.label.path, None, None, None, notes=notes)
    if found.basis == TREE:
        notes = (f"{notes[0]}: this is the file in the commit's tree",)
    whole = Effective()
    if wanted.kind is Kind.ROLE:
        whole = effective_role(wanted.name, environment or DEFAULT_ENVIRONMENT, server)
    elif wanted.kind is Kind.NODE:
        whole = effective_node(found, wanted.name, environment, server)
    elif wanted.kind is Kind.ENVIRONMENT:
        whole = effective_environment(found, wanted.name)
    return State(
        scenario=one.scenario.name,
        container=one.target.label.path,
        source=found.source,
        content=content(wanted.kind, found.body),
        expanded=whole.expanded,
        certainty="exact" if found.exact else "race",
        basis=found.basis,
        without_automatic=whole.without_automatic if wanted.kind is Kind.NODE else None,
        why=why(whole, explained, chef=server.examination.declarations.chef) if explained else None,
        notes=(*notes, *whole.notes),
    )


def _doubts(examination: Examination, one: Timeline) -> Iterator[str]:
    """Why it is not certain which files a timeline's uploads left live."""
    for gap in examination.gaps if one.scenario.order == "locale" else ():
        if gap.kind == COLLATION and gap.path is not None and one.target.container_of(gap.path) is not None:
            yield f"{gap.path}: {gap.detail}"


def log(examination: Examination, wanted: ObjectName) -> tuple[LogEntry, ...]:
    """Every commit of the replayed line that changed what some file says about an object, oldest first.

    A file's first content is compared with the canonical file's at that commit, if there is one: a copy shows as such.

    Raises:
        UnknownObjectError: no commit declares the object.
    """
    _check_known(examination, [wanted])
    rows: list[tuple[int, str, str | None, str, tuple[object, ...]]] = []
    declarations = examination.declarations
    for replayed in examination.replays:
        if not _is_in(wanted, replayed):
            continue
        bodies: dict[str, Body] = {}
        for step in replayed.steps:
            for change in step.since_last:
                before = bodies.get(change.path)
                after = None
                if change.after is not None:
                    declared = declarations.from_file(wanted.kind, change.path, change.after)
                    after = declared.body if declared.name == wanted.name else None
                if before is None and after is None:
                    continue
                blob = change.after.hex() if isinstance(change.after, bytes) and after is not None else None
                if after is None:
                    del bodies[change.path]
                    rows.append((step.commit, change.path, blob, "removed", ()))
                    continue
                reference = before if before is not None else next(iter(bodies.values()), None)
                found = (
                    changes(content(wanted.kind, reference), content(wanted.kind, after))
                    if reference is not None
                    else ()
                )
                bodies[change.path] = after
                rows.append((step.commit, change.path, blob, "added" if before is None else "changed", found))
    rows.sort(key=lambda row: row[0])
    graph = examination.history.graph
    notes = commit_notes(examination.history, [graph.ids[row[0]].hex() for row in rows])
    since, until = examination.options.since, examination.options.until
    return tuple(
        LogEntry(graph.ids[commit].hex(), notes[graph.ids[commit].hex()], path, blob, event, found)  # type: ignore[arg-type]
        for commit, path, blob, event, found in rows
        if (since is None or graph.times[commit] >= since) and (until is None or graph.times[commit] <= until)
    )
