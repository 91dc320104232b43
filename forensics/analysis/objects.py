"""Questions about single objects: what was live when, what it was at a moment, and how its declarations changed."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.dates import commit_date, seconds
from forensics.analysis.effective import (
    DEFAULT_ENVIRONMENT,
    Effective,
    effective_environment,
    effective_node,
    effective_role,
    why,
)
from forensics.analysis.object_results import MOST_POSSIBLE, State, TimelineEntry, TimelinePossibility
from forensics.analysis.proven_timeline import ProvenTimeline
from forensics.analysis.results import object_text
from forensics.analysis.server_state import TREE, ServerStates, doubts, one_for_each_server
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.chef.wire import content
from forensics.deferred import deferred
from forensics.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis import proven_entries as proven
    from forensics.analysis.examination import Examination
    from forensics.analysis.server_state import ServerObject, ServerState
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.replay import Replay
    from forensics.uploads.target import Target
    from forensics.uploads.timeline import Event, Live, Timeline, UndecidedFile
else:
    proven = deferred("forensics.analysis.proven_entries")

_OBJECT: Final = re.compile(r"(role|environment|node|data_bag_item)\[(.+)\]", re.DOTALL)


class ObjectName(NamedTuple):
    """Which object is meant; ``bag`` only for a data bag item, ``file`` where somebody named a file of it."""

    kind: Kind
    name: str
    bag: str | None = None
    file: str | None = None

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


def find_object(examination: Examination, text: str, *, live: bool = True) -> ObjectName:
    """What ``parse_object`` reads, or the object that a file declares, named by its path or by its stem alone.

    Without ``live`` it does not matter that local mode and ``knife upload`` name an object by a file's stem.

    Raises:
        UnknownObjectError: the text cannot be read, or the file has declared several objects.
    """
    wanted = parse_object(text)
    if _OBJECT.fullmatch(text) or _is_declared(examination, wanted) or (live and _is_live(examination, wanted)):
        return wanted
    # a directory that a question is narrowed to may be the one in which somebody types
    paths = {posixpath.normpath(posixpath.join(top, text)) for top in ("", *examination.options.containers) if text}
    found: dict[ObjectName, str] = {}
    for seen in sorted(examination.survey.sightings, key=lambda seen: -seen.commit):
        if seen.path in paths or ("/" not in text and layout.stem(seen.path) == text):
            name = examination.declarations.in_tree(seen.target, seen.path, seen.file).name
            if name is not None:
                bag = seen.target.label.bag if seen.target.kind is Kind.DATA_BAG_ITEM else None
                found.setdefault(ObjectName(seen.target.kind, name, bag), seen.path)
    if len(found) > 1:
        raise UnknownObjectError(
            f"{text!r} may mean several objects: "
            + ", ".join(f"{each} ({declared_by})" for each, declared_by in found.items())
        )
    return next((each._replace(file=declared_by) for each, declared_by in found.items()), wanted)


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
                of_object = [_entry(examination, each, name, event) for event in each.events.get(name, ())]
                entries += (
                    proven.proven_entries(each, name, of_object) if isinstance(each, ProvenTimeline) else of_object
                )
    check_known(examination, wanted)
    since, until = examination.options.since, examination.options.until
    if since is None and until is None:
        return tuple(entries)
    return tuple(_within(examination, entries))


def _names(replayed: Replay, wanted: Sequence[ObjectName]) -> set[str]:
    names = {name for each in replayed.timelines for name in each.events}
    if not wanted:
        return names
    return names & {each.name for each in wanted if is_in(each, replayed.target)}


def is_in(wanted: ObjectName, target: Target) -> bool:
    """Whether uploads to a target may concern an object."""
    return wanted.kind is target.kind and wanted.bag in {None, target.label.bag}


def check_known(examination: Examination, wanted: Sequence[ObjectName]) -> None:
    """Refuse objects that no commit declares.

    Raises:
        UnknownObjectError: one of them is declared by no commit.
    """
    for each in wanted:
        if (
            not _is_declared(examination, each)
            and not _is_live(examination, each)
            and str(each) not in examination.undecided_objects
        ):
            fixtures = _fixtures_of(examination, each)
            if fixtures:
                raise UnknownObjectError(
                    f"only a fixture of tests declares {each}: add --container {fixtures[0]} to examine it all the same"
                )
            closest = did_you_mean(str(each), _declared(examination, each))
            beyond = f"; {examination.history.unexamined}" if examination.history.unexamined else ""
            if examination.elsewhere:
                beyond += (
                    f"; what lies in {', '.join(examination.elsewhere)}, outside of the repository, was not examined"
                )
            unread = "; what could not be read may" if examination.evidence(replayed=True).lacks_content else ""
            raise UnknownObjectError(f"no commit declares {each}{unread}{closest}{beyond}")


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


def _is_declared(examination: Examination, wanted: ObjectName) -> bool:
    return any(
        is_in(wanted, sighting.target)
        and examination.declarations.in_tree(sighting.target, sighting.path, sighting.file).name == wanted.name
        for sighting in examination.survey.sightings
    )


def _is_live(examination: Examination, wanted: ObjectName) -> bool:
    return any(
        wanted.name in one.events
        for replayed in examination.replays
        if is_in(wanted, replayed.target)
        for one in replayed.timelines
    )


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
    live, undecided = event.live, event.undecided
    source = commit if live is None or undecided is not None else live.commit
    return TimelineEntry(
        object=object_text(target.kind, target.label.path, name),
        kind=str(target.kind),
        container=target.label.path,
        name=name,
        scenario=one.scenario.name,
        from_commit=history.graph.ids[commit].hex(),
        from_date=commit_date(history, commit),
        path=undecided.path if undecided else live.path if live else None,
        blob=_hex(undecided or live),
        commit=history.graph.ids[source].hex() if undecided or live else None,
        content=content(target.kind, live.body) if live and not undecided else None,
        certainty=event.certainty,
        possible=tuple(islice(_possibilities(examination.declarations, target.kind, event), MOST_POSSIBLE)),
        unlisted=max(len(event.possible) - MOST_POSSIBLE, 0),
        failure=event.failure,
    )


def _hex(file: UndecidedFile | Live | None) -> str | None:
    return None if file is None or file.blob is None else file.blob.hex()


def _possibilities(declarations: Declarations, kind: Kind, event: Event) -> Iterator[TimelinePossibility]:
    file = event.undecided
    if file is not None:
        yield _possibility(kind, event.live)
        body = None if file.blob is None else declarations.from_file(kind, file.path, file.blob).body
        yield TimelinePossibility(file.path, _hex(file), None if body is None else content(kind, body))
    for each in event.possible:
        yield _possibility(kind, each)


def _possibility(kind: Kind, live: Live | None) -> TimelinePossibility:
    if live is None:
        return TimelinePossibility(None, None, None)
    return TimelinePossibility(live.path, _hex(live), content(kind, live.body))


def _within(examination: Examination, entries: Sequence[TimelineEntry]) -> Iterator[TimelineEntry]:
    """The entries within the time asked for, and what was live when it began."""
    graph = examination.history.graph
    times = dict(zip((oid.hex() for oid in graph.ids), graph.times, strict=True))
    since, until = examination.options.since, examination.options.until
    for position, entry in enumerate(entries):
        if until is not None and (seconds(entry.time) if entry.time else times[entry.from_commit]) > until:
            continue
        following = entries[position + 1] if position + 1 < len(entries) else None
        ends = (
            (seconds(following.time) if following.time else times[following.from_commit])
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
    moment: int | None = None,
    environment: str | None = None,
    explained: Sequence[str] = (),
) -> tuple[State, ...]:
    """What every scenario had live of an object after a commit of the replay, and what that comes to.

    ``moment`` is the time that is meant, in seconds since 1970, for what is proven; that comes first.

    Run lists are expanded for ``environment``: by default a node's own, ``_default`` for a role. ``explained`` are the
    attributes, as dotted paths, whose values are to be traced to who gave them.

    Raises:
        UnknownObjectError: no commit declares the object, or it is none of the nodes that are given.
    """
    given = examination.nodes.given if wanted.kind is Kind.NODE else None
    if given is None:
        check_known(examination, [wanted])
    elif wanted.name not in given.bodies:
        known = [f"node[{name}]" for name in given.bodies]
        raise UnknownObjectError(
            f"--nodes {given.directory} has no {wanted}, and takes the place of the repository's nodes"
            f"{did_you_mean(str(wanted), known)}"
        )
    servers = ServerStates(examination)
    states: list[State] = []
    for replayed in examination.replays if given is None else one_for_each_server(examination):
        for one in examination.chosen_timelines(replayed) if given or is_in(wanted, replayed.target) else ():
            server = servers.at(replayed.target, one.scenario, commit, moment)
            state = _state(server, one, wanted, environment, explained)
            doubted = tuple(doubts(examination, one))
            states.append(replace(state, notes=(*state.notes, *doubted)) if doubted else state)
    return tuple(sorted(states, key=lambda each: each.proven is None))


def _state(
    server: ServerState, one: Timeline, wanted: ObjectName, environment: str | None, explained: Sequence[str]
) -> State:
    notes: tuple[str, ...] = ()
    given = server.given_node(wanted.name) if wanted.kind is Kind.NODE else None
    if given is not None:
        whole = effective_node(given, wanted.name, environment, server)
        root = one.target.label.root
        return _known(server, one, wanted, given, whole, explained=explained, container=f"{root}/nodes".lstrip("/"))
    if isinstance(one, ProvenTimeline):
        known = _known_state(server, one, wanted, environment, explained, notes)
        return proven.proven_state(known, one, server, wanted.name)
    if wanted.kind in {Kind.NODE, Kind.ENVIRONMENT} and not server.uploads(wanted.kind):
        notes = (f"{one.scenario.name} uploads no {wanted.kind}s",)
    undecided = server.undecided(one, wanted.name)
    if undecided is not None:
        reason = f"it cannot be told what {undecided.path} declares, which was uploaded and may be this object"
        if server.declares(wanted.kind, undecided):
            reason = f"{undecided.path} declares it, too, and may have been uploaded last: what changed is not known"
        notes = (*notes, reason)
        return State(one.scenario.name, one.target.label.path, undecided, None, None, certainty="unknown", notes=notes)
    return _known_state(server, one, wanted, environment, explained, notes)


def _known_state(
    server: ServerState,
    one: Timeline,
    wanted: ObjectName,
    environment: str | None,
    explained: Sequence[str],
    notes: tuple[str, ...],
) -> State:
    found = server.object_in(one, wanted.name, stand_in=wanted.kind is Kind.NODE)
    if found is None:
        failure = server.failure(one, wanted.name)
        notes = notes if failure is None else (*notes, failure)
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
    return _known(server, one, wanted, found, whole, explained=explained, container=one.target.label.path, notes=notes)


def _known(
    server: ServerState,
    one: Timeline,
    wanted: ObjectName,
    found: ServerObject,
    whole: Effective,
    *,
    explained: Sequence[str],
    container: str,
    notes: tuple[str, ...] = (),
) -> State:
    return State(
        scenario=one.scenario.name,
        container=container,
        source=found.source,
        content=content(wanted.kind, found.body),
        expanded=whole.expanded,
        certainty=found.certainty,
        basis=found.basis,
        without_automatic=whole.without_automatic if wanted.kind is Kind.NODE else None,
        why=why(whole, explained, chef=server.examination.declarations.chef) if explained else None,
        notes=(*notes, *whole.notes),
    )
