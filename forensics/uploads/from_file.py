"""``knife role|environment|node|data bag from file``: identity is the name inside the file, the last upload wins.

Mirrors Chef::Knife::RoleFromFile#run and Chef::Knife::Core::ObjectLoader: arguments in their order, stopping at the
first that is refused; what came before is live, what comes after is not sent; nothing is ever deleted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Any

from forensics.chef import layout
from forensics.chef.objects import Kind, Problem
from forensics.uploads.order import KEYS, arrange
from forensics.uploads.timeline import Abort, Event, Live, Timeline

if TYPE_CHECKING:
    from forensics.history.model import Change, Container, File
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step


def globbed(container: Container, path: str) -> bool:
    """Whether ``roles/*``, kept to .json and .rb (for a data bag: .json), has this path among its matches."""
    return (
        layout.is_direct_child(container.path, path)
        and not layout.is_hidden(path)
        and path.endswith((".json",) if container.kind is Kind.DATA_BAG_ITEM else (".json", ".rb"))
    )


class ChangedFiles:
    """Uploads at each commit just the files that it added or modified.

    An editor's lock file and other names that begin with a dot are nothing that somebody uploads.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations

    def step(self, step: Step) -> None:
        """Run one command for each container with what this commit changed."""
        timeline, scenario = self._timeline, self._timeline.scenario
        sent = {
            change.path: change.after
            for change in step.by_commit
            if change.after is not None and not layout.is_hidden(change.path)
        }
        if not sent:
            return
        last: dict[str, str] = {}
        members = timeline.target.members
        for member in members:
            paths = sent if len(members) == 1 else [p for p in sent if timeline.target.container_of(p) == member]
            self._command(step, arrange(paths, scenario.order) if len(sent) > 1 else list(paths), sent, last)
        for path in last.values():
            put(timeline, self._declarations, step, path, sent[path])

    def _command(self, step: Step, arguments: list[str], files: dict[str, File], last: dict[str, str]) -> None:
        """Carry out one command; ``last`` takes the last accepted file of each name."""
        timeline, kind = self._timeline, self._timeline.target.kind
        for position, path in enumerate(arguments):
            file = files[path]
            problem = self._declarations.refusal(kind, path, file, ascii_ruby=timeline.scenario.ascii_ruby)
            if problem is not None:
                unsent = len(arguments) - position - 1
                timeline.aborts.append(Abort(step.number, step.number + 1, path, problem, unsent))
                return
            name = self._declarations.from_file(kind, path, file).name
            if name is not None:
                last[name] = path


def put(timeline: Timeline, declarations: Declarations, step: Step, path: str, file: File) -> None:
    """Make a file's declaration live, unless the same content of the same file already is."""
    declared = declarations.from_file(timeline.target.kind, path, file)
    name, body = declared.name, declared.body
    if name is None or body is None or not isinstance(file, bytes):
        return
    now = timeline.current(name)
    if now is not None and not now.possible:
        live = now.live
        if live is not None and live.path == path and live.blob == file:
            return
    timeline.record(name, Event(step.number, Live(path, file, step.commit, body)))


class EveryFile:
    """Uploads at each commit every file that the glob matches.

    Sending again what is live changes nothing, so each step looks only at the names that its changes touch, and at
    those of files that a stop of the command now lets through or holds back.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._key = KEYS[timeline.scenario.order]
        self._members = [_Arguments() for _ in timeline.target.members]
        self._files: dict[str, File] = {}
        self._by_name: dict[str, list[tuple[int, Any, str]]] = {}
        self._abort: dict[int, int] = {}
        self._places: dict[str, tuple[int, Any] | None] = {}

    def step(self, step: Step) -> None:
        """Bring the arguments up to date, then the names whose last upload may have changed."""
        touched: dict[str, None] = {}
        stops = [member.stop for member in self._members]
        for change in step.since_last:
            self._apply(change, touched)
        for number, (member, before) in enumerate(zip(self._members, stops, strict=True)):
            if member.stop != before:
                touched.update(dict.fromkeys(self._between(number, before, member.stop)))
            self._note_stop(step, number)
        for name in touched:
            winner = self._winner(name)
            if winner is not None:
                put(self._timeline, self._declarations, step, winner, self._files[winner])

    def _apply(self, change: Change, touched: dict[str, None]) -> None:
        path = change.path
        place = self._place(path)
        if place is None:
            return
        number, key = place
        kind, ascii_ruby = self._timeline.target.kind, self._timeline.scenario.ascii_ruby
        declarations = self._declarations
        before = None if change.before is None else declarations.from_file(kind, path, change.before)
        after = None if change.after is None else declarations.from_file(kind, path, change.after)
        refusal = None
        if change.after is not None:
            self._files[path] = change.after
            refusal = declarations.refusal(kind, path, change.after, ascii_ruby=ascii_ruby)
        else:
            del self._files[path]
        member = self._members[number]
        if (
            before is not None
            and after is not None
            and before.name == after.name
            and member.refuses(key, path) is refusal
        ):
            # by far the most changes: another content of what the file declared before
            if after.name is not None:
                touched[after.name] = None
            return
        if before is not None:
            member.remove((key, path))
            if before.name is not None:
                self._by_name[before.name].remove((number, key, path))
                touched[before.name] = None
        if after is not None:
            member.add((key, path), refusal)
            if after.name is not None:
                insort(self._by_name.setdefault(after.name, []), (number, key, path))
                touched[after.name] = None

    def _place(self, path: str) -> tuple[int, Any] | None:
        """The container and the sort key of a path that the glob matches."""
        try:
            return self._places[path]
        except KeyError:
            members = self._timeline.target.members
            number = next(n for n, member in enumerate(members) if path.startswith(member.path + "/"))
            place = (number, self._key(path)) if globbed(members[number], path) else None
            self._places[path] = place
            return place

    def _between(self, number: int, before: tuple[Any, str] | None, after: tuple[Any, str] | None) -> list[str]:
        """The names that the files between two stops declare."""
        member = self._members[number]
        edges = [len(member.places) if stop is None else bisect_left(member.places, stop) for stop in (before, after)]
        kind = self._timeline.target.kind
        names = (
            self._declarations.from_file(kind, path, self._files[path]).name
            for _, path in member.places[min(edges) : max(edges) + 1]
        )
        return [name for name in names if name is not None]

    def _winner(self, name: str) -> str | None:
        """The file whose upload comes last among those that declare the name and are sent."""
        number: int
        path: str
        for number, key, path in reversed(self._by_name.get(name, ())):
            stop = self._members[number].stop
            if stop is None or (key, path) < stop:
                return path
        return None

    def _note_stop(self, step: Step, number: int) -> None:
        """Keep the record of where the command stops."""
        aborts = self._timeline.aborts
        member = self._members[number]
        open_at = self._abort.get(number)
        if open_at is not None:
            current = aborts[open_at]
            if member.stop is not None and member.stop[1] == current.path:
                return
            aborts[open_at] = Abort(current.from_step, step.number, current.path, current.problem, current.unsent)
            del self._abort[number]
        if member.stop is not None:
            unsent = len(member.places) - bisect_right(member.places, member.stop)
            aborts.append(Abort(step.number, None, member.stop[1], member.refused[member.stop], unsent))
            self._abort[number] = len(aborts) - 1


class _Arguments:
    """What the glob of one container matches, in the order of the command line."""

    def __init__(self) -> None:
        self.places: list[tuple[Any, str]] = []
        self.refused: dict[tuple[Any, str], Problem] = {}
        self.stop: tuple[Any, str] | None = None

    def refuses(self, key: Any, path: str) -> Problem | None:
        """Why the command stops at a file, if it does."""
        return self.refused.get((key, path)) if self.refused else None

    def add(self, place: tuple[Any, str], refusal: Problem | None) -> None:
        insort(self.places, place)
        if refusal is not None:
            self.refused[place] = refusal
            self.stop = min(self.refused)

    def remove(self, place: tuple[Any, str]) -> None:
        del self.places[bisect_left(self.places, place)]
        if place in self.refused:
            del self.refused[place]
            self.stop = min(self.refused, default=None)
