"""``knife role|environment|node|data bag from file``: identity is the name inside the file, the last upload wins.

Mirrors Chef::Knife::RoleFromFile#run and Chef::Knife::Core::ObjectLoader: arguments in their order, stopping at the
first that is refused; what came before is live, what comes after is not sent; nothing is ever deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.history.model import UNREADABLE
from forensics.uploads.order import KEYS, arrange
from forensics.uploads.scenario import SCOPES
from forensics.uploads.timeline import Abort, Event, Live, Timeline
from forensics.uploads.uploader import LineUploader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from forensics.chef.objects import Problem
    from forensics.history.model import Change, Container, File
    from forensics.uploads.declarations import Declarations, Declared
    from forensics.uploads.steps import Step
    from forensics.uploads.uploader import Run


def globbed(container: Container, path: str) -> bool:
    """Whether ``roles/*``, kept to .json and .rb (for a data bag: .json), has this path among its matches."""
    return (
        layout.is_direct_child(container.path, path)
        and not layout.is_hidden(path)
        and path.endswith((".json",) if container.kind is Kind.DATA_BAG_ITEM else (".json", ".rb"))
    )


def put(timeline: Timeline, declarations: Declarations, step: Step, path: str, file: File) -> None:
    """Make a file's declaration live, unless the same content of the same file already is."""
    declared = declarations.from_file(timeline.target.kind, path, file)
    if declared.name is not None and declared.body is not None and isinstance(file, bytes):
        timeline.settle(declared.name, Event(step.number, Live(path, file, step.commit, declared.body)))
    for name in timeline.names_of(path, declared) if declared.undecided else ():
        timeline.unsettle(name, step.number, path, file, timeline.live_now(name))


def in_tree(container: Container, path: str) -> bool:
    """Whether Ruby's ``roles/**/*``, kept alike, has this path among its matches: no name on the way is hidden."""
    return not any(name.startswith(".") for name in path[len(container.path) + 1 :].split("/")) and path.endswith(
        (".json",) if container.kind is Kind.DATA_BAG_ITEM else (".json", ".rb")
    )


_MATCHES: Final[Mapping[str, Callable[[Container, str], bool]]] = {"all": globbed, "tree": in_tree}


def taken(scope: str, container: Container, path: str) -> bool:
    """Whether a command of this scope takes a path among its arguments, once there is reason to."""
    if scope in _MATCHES:
        return _MATCHES[scope](container, path)
    return not layout.is_hidden(path)


def leave_open(
    timeline: Timeline,
    declarations: Declarations,
    step: Step,
    files: Mapping[str, File],
    before: Mapping[str, Live | None] = MappingProxyType({}),
) -> None:
    """Take back what a step settled of objects that several files declare, any of which may have been uploaded last.

    ``files`` are those of which nobody can tell whether the step changed them, ``before`` is what was live until then.
    """
    for name, paths in by_name(timeline, declarations, files).items():
        live, was = timeline.live_now(name), before.get(name)
        other = next((path for path in paths if live is None or files[path] != live.blob), None)
        if len(paths) > 1 and other is not None:
            timeline.unsettle(name, step.number, other, files[other], live)
        elif live is not None and live.path == paths[0] and was is not None and was.path != live.path:
            timeline.unsettle(name, step.number, live.path, files[live.path], was)


def by_name(timeline: Timeline, declarations: Declarations, files: Mapping[str, File]) -> dict[str, list[str]]:
    """The paths of some files by the object that each declares."""
    found: dict[str, list[str]] = {}
    for path, file in files.items():
        name = declarations.from_file(timeline.target.kind, path, file).name
        if name is not None and timeline.wants(name):
            found.setdefault(name, []).append(path)
    return found


class ChangedFiles:
    """Uploads at each commit just the files that it added or modified, in one order for each timeline.

    An editor's lock file and other names that begin with a dot are nothing that somebody uploads.
    """

    def __init__(self, timelines: Sequence[Timeline], declarations: Declarations) -> None:
        self._timelines = timelines
        self._declarations = declarations

    def step(self, step: Step) -> None:
        """Run one command for each container with what this commit changed."""
        sent = {
            change.path: change.after
            for change in step.by_commit
            if change.listed and change.after is not None and not layout.is_hidden(change.path)
        }
        if not sent:
            return
        first = self._timelines[0]
        declared = {path: self._declarations.from_file(first.target.kind, path, file) for path, file in sent.items()}
        names = [each.name for each in declared.values() if each.name is not None]
        # all timelines want the same objects
        wanted = [path for path, each in declared.items() if first.wants(each.name)]
        # what could not be read at the commit before need not have been changed by this one
        unread = {
            change.path: sent[change.path]
            for change in step.by_commit
            if change.before == UNREADABLE and change.path in sent
        }
        if not unread and not any(_may_stop(each) or each.undecided for each in declared.values()):
            if not wanted:
                return
            # where nothing is refused and no name comes twice, every order ends the same
            if len(set(names)) == len(names):
                lives = _Lives(step, declared, sent)
                for timeline in self._timelines:
                    for path in wanted:
                        lives.put(timeline, path)
                return
        lives = _Lives(step, declared, sent)
        for timeline in self._timelines:
            before = {name: timeline.live_now(name) for name in by_name(timeline, self._declarations, unread)}
            for name, paths in self._accepted(timeline, step, declared).items():
                if timeline.wants(name):
                    lives.put_last(timeline, name, paths)
            if step.cut or unread:
                leave_open(timeline, self._declarations, step, sent if step.cut else unread, before)

    def _accepted(
        self, timeline: Timeline, step: Step, declared: Mapping[str, Declared]
    ) -> Mapping[str, Sequence[str]]:
        """The files whose upload lasts, by name: the last that is sent before a command stops.

        Behind it stand those that may declare the name, too, and are sent later.
        """
        last: dict[str, list[str]] = {}
        for member in timeline.target.members:
            paths = [path for path in declared if timeline.target.container_of(path) == member]
            arguments = arrange(paths, timeline.scenario.order)
            for position, path in enumerate(arguments):
                problem = declared[path].refusal(path, ascii_ruby=timeline.scenario.ascii_ruby)
                if problem is not None:
                    unsent = len(arguments) - position - 1
                    timeline.aborts.append(Abort(step.number, step.number + 1, path, problem, unsent))
                    break
                for name in timeline.names_of(path, declared[path]):
                    last[name] = [*last.get(name, ()), path] if declared[path].undecided else [path]
        return last


def _may_stop(declared: Declared) -> bool:
    """Whether some command stops at a file: any, or one under LC_ALL=C."""
    return declared.problem is not None or not declared.ascii


class EveryFile:
    """Uploads at each commit every file that a scope's glob matches, in one order for each timeline.

    Sending again what is live changes nothing, so each step looks only at the names that its changes touch, and at
    those of files that a stop of the command now lets through or holds back.
    """

    def __init__(
        self,
        timelines: Sequence[Timeline],
        declarations: Declarations,
    ) -> None:
        self._target = timelines[0].target
        self._names_of = timelines[0].names_of
        self._declarations = declarations
        self._scope = timelines[0].scenario.scope
        self._arguments = _Arguments({}, {}, {}, {})
        self._commands = [_Command(timeline, self._arguments) for timeline in timelines]
        self._members: dict[str, int | None] = {}

    def step(self, step: Step) -> None:
        """Bring the arguments up to date, then the names whose last upload may have changed."""
        arguments = self._arguments
        touched: dict[str, None] = {}
        may_stop = False
        for change in step.since_last:
            number = self._member(change.path)
            if number is not None:
                may_stop = self._apply(change, number, touched) or may_stop
        # all timelines want the same objects
        if may_stop or any(self._commands[0].wants(name) for name in touched):
            lives = _Lives(step, arguments.declared, arguments.files)
            for command in self._commands:
                command.run(step, touched, lives)

    def _apply(self, change: Change, number: int, touched: dict[str, None]) -> bool:
        """Note a change; gives whether a command may stop at the file, or did until now."""
        path, arguments = change.path, self._arguments
        before = arguments.declared.get(path)
        for name in self._names_of(path, before) if before is not None else ():
            arguments.by_name[name].remove(path)
            touched[name] = None
        if change.after is None:
            for mapping in (arguments.declared, arguments.files, arguments.members):
                mapping.pop(path, None)
            return before is not None and _may_stop(before)
        after = self._declarations.from_file(self._target.kind, path, change.after)
        arguments.declared[path] = after
        arguments.files[path] = change.after
        arguments.members[path] = number
        for name in self._names_of(path, after):
            arguments.by_name.setdefault(name, []).append(path)
            touched[name] = None
        return _may_stop(after) or (before is not None and _may_stop(before))

    def _member(self, path: str) -> int | None:
        """Which container's glob matches a path, if any does."""
        if path not in self._members:
            members = self._target.members
            number = next(n for n, member in enumerate(members) if path.startswith(member.path + "/"))
            self._members[path] = number if taken(self._scope, members[number], path) else None
        return self._members[path]


@dataclass(frozen=True, slots=True)
class _Arguments:
    """The files that the globs match at one step: what each declares, and which container it lies in."""

    declared: dict[str, Declared]
    files: dict[str, File]
    members: dict[str, int]
    by_name: dict[str, list[str]]


_Place: TypeAlias = "tuple[int, Any]"
"""Where a file stands among the arguments: the number of its container's command, and its sort key there."""


class _Command:
    """The commands of one timeline, one for each container, and the files at which they stop."""

    def __init__(self, timeline: Timeline, arguments: _Arguments) -> None:
        self._timeline = timeline
        self._arguments = arguments
        self._ascii_ruby = timeline.scenario.ascii_ruby
        self._key = KEYS[timeline.scenario.order]
        self._refused: dict[str, Problem] = {}
        self._stops: dict[int, str] = {}
        self._open: dict[int, int] = {}
        self.wants = timeline.wants

    def run(self, step: Step, touched: Iterable[str], lives: _Lives) -> None:
        """Make the last upload of each name live, if a command gets so far."""
        names = dict.fromkeys(touched)
        if self._note_refusals(step):
            names.update(dict.fromkeys(self._move_stops(step)))
        for name in names:
            if not self.wants(name):
                continue
            paths = self._arguments.by_name.get(name)
            if not paths:
                continue
            sent = paths if not self._stops else [path for path in paths if self._is_sent(path)]
            if sent:
                lives.put_last(self._timeline, name, sent if len(sent) == 1 else sorted(sent, key=self._place))

    def _note_refusals(self, step: Step) -> bool:
        """Whether the files that a command refuses, or one of those at which it stops, are not what they were."""
        moved = False
        for change in step.since_last:
            path = change.path
            declared = self._arguments.declared.get(path)
            problem = declared.refusal(path, ascii_ruby=self._ascii_ruby) if declared is not None else None
            if problem is not None:
                moved = moved or path not in self._refused
                self._refused[path] = problem
            elif self._refused.pop(path, None) is not None:
                moved = True
        return moved

    def _move_stops(self, step: Step) -> list[str]:
        """Find out where each command stops now; gives the names of files that it newly sends or holds back."""
        stops: dict[int, str] = {}
        for path in sorted(self._refused, key=self._place):
            stops.setdefault(self._arguments.members[path], path)
        names: list[str] = []
        for number in {*stops, *self._stops}:
            before, after = self._stops.get(number), stops.get(number)
            if before != after:
                edges = [self._place(path) for path in (before, after) if path is not None]
                low, high = min(edges), max(edges) if len(edges) > 1 else None
                names += [
                    name
                    for path, declared in self._arguments.declared.items()
                    if self._arguments.members[path] == number
                    and low <= self._place(path)
                    and (high is None or self._place(path) <= high)
                    for name in self._timeline.names_of(path, declared)
                ]
                self._note_abort(step, number, after)
        self._stops = stops
        return names

    def _is_sent(self, path: str) -> bool:
        stop = self._stops.get(self._arguments.members[path])
        return stop is None or self._place(path) < self._place(stop)

    def _place(self, path: str) -> _Place:
        # a file that is gone has no container any more; its place among the others is still that of its path
        number = self._arguments.members.get(path)
        if number is None:
            members = self._timeline.target.members
            number = next(n for n, member in enumerate(members) if path.startswith(member.path + "/"))
        return number, self._key(path)

    def _note_abort(self, step: Step, number: int, stop: str | None) -> None:
        """Keep the record of where the command stops."""
        aborts = self._timeline.aborts
        if number in self._open:
            position = self._open.pop(number)
            aborts[position] = aborts[position].ended(step.number)
        if stop is not None:
            here = self._place(stop)
            unsent = sum(of == number and here < self._place(path) for path, of in self._arguments.members.items())
            self._open[number] = len(aborts)
            aborts.append(Abort(step.number, None, stop, self._refused[stop], unsent))


class _Lives:
    """What one step's uploads make live; shared by all timelines that come to the same."""

    def __init__(self, step: Step, declared: Mapping[str, Declared], files: Mapping[str, File]) -> None:
        self._step = step
        self._declared = declared
        self._files = files
        self._events: dict[str, tuple[str, Event] | None] = {}

    def put(self, timeline: Timeline, path: str) -> None:
        """Make a file's declaration live, unless the same content of the same file already is."""
        try:
            made = self._events[path]
        except KeyError:
            made = self._events[path] = self._made(path)
        if made is not None:
            timeline.settle(*made)

    def put_last(self, timeline: Timeline, name: str, paths: Sequence[str]) -> None:
        """Make live what the last of several files, in the order of upload, declares of an object, or may declare."""
        path = paths[-1]
        if not self._declared[path].undecided:
            self.put(timeline, path)
            return
        known = next((each for each in reversed(paths) if not self._declared[each].undecided), None)
        made = None if known is None else self._made(known)
        otherwise = timeline.live_now(name) if made is None else made[1].live
        timeline.unsettle(name, self._step.number, path, self._files[path], otherwise)

    def _made(self, path: str) -> tuple[str, Event] | None:
        declared, file = self._declared[path], self._files[path]
        if declared.name is None or declared.body is None or not isinstance(file, bytes):
            return None
        return declared.name, Event(self._step.number, Live(path, file, self._step.commit, declared.body))


def _start(timelines: Sequence[Timeline], declarations: Declarations) -> list[Run]:
    """One run for all timelines that differ in their order only."""
    runs: list[Run] = []
    by_scope: dict[str, list[Timeline]] = {}
    for timeline in timelines:
        by_scope.setdefault(timeline.scenario.scope, []).append(timeline)
    changed = [*by_scope.get("changed", ()), *by_scope.get("push", ())]
    if changed:
        runs.append(ChangedFiles(changed, declarations))
    runs += [EveryFile(by_scope[scope], declarations) for scope in _MATCHES if scope in by_scope]
    return runs


UPLOADER: Final = LineUploader(name="from-file", identity="the name inside the file", start=_start, scopes=SCOPES)
