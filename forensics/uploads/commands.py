"""An explicit list of commands as one more scenario: what they left on the server, one after the other."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forensics.chef.objects import Kind
from forensics.errors import UsageError
from forensics.uploads.knife.command import run
from forensics.uploads.knife.outcome import CommandNotUnderstood
from forensics.uploads.replay import Replay
from forensics.uploads.scenario import COMMANDS
from forensics.uploads.server import Server, Stored
from forensics.uploads.steps import Step
from forensics.uploads.timeline import Abort, Event, Live, Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from forensics.history.snapshot import Snapshot
    from forensics.history.walk import History
    from forensics.uploads.knife.outcome import Outcome
    from forensics.uploads.target import Target

_SHORTEST_PREFIX = 4


class CommandListError(UsageError):
    """A list of commands that cannot be read, or names what is not there."""


@dataclass(frozen=True, slots=True)
class GivenCommand:
    """One command that somebody ran: with which commit checked out, in which directory, and its words.

    ``where`` is the place in the list, for messages.
    """

    commit: str
    cwd: str
    argv: tuple[str, ...]
    where: str


def read(path: Path) -> tuple[GivenCommand, ...]:
    """Read a list of commands: JSON Lines with ``commit``, ``cwd`` (default: the root) and ``argv``.

    Raises:
        CommandListError: the file is missing, or a line is not of that form.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise CommandListError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandListError(f"{path} is not UTF-8 text") from None
    commands = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            commands.append(_command(line, f"{path}:{number}"))
    if not commands:
        raise CommandListError(f"{path} lists no command")
    return tuple(commands)


def _command(line: str, where: str) -> GivenCommand:
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise CommandListError(f"{where} is no JSON") from None
    if not isinstance(entry, dict):
        raise CommandListError(f"{where} is no object with commit, cwd and argv")
    commit, cwd, argv = entry.get("commit"), entry.get("cwd", "."), entry.get("argv")
    if not isinstance(commit, str) or not isinstance(cwd, str):
        raise CommandListError(f"{where}: commit and cwd must be text")
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        raise CommandListError(f"{where}: argv must be a list of words")
    words = argv[1:] if argv[0] == "knife" else argv
    return GivenCommand(commit, cwd, tuple(words), where)


def replay_commands(
    history: History,
    targets: Sequence[Target],
    commands: Sequence[GivenCommand],
    *,
    chef: str = "18",
    strict: bool = False,
) -> list[Replay]:
    """Run the commands in their order against one empty server; a step for each command, for every target.

    A ``strict`` server refuses what erchef refuses.

    Raises:
        CommandListError: a command names a commit that is not there, or cannot be understood.
    """
    commits = array("l", (_position(history, command) for command in commands))
    timelines = {target: Timeline(COMMANDS, target, commits) for target in targets}
    server = Server(strict=strict)
    for number, (command, commit) in enumerate(zip(commands, commits, strict=True)):
        snapshot = history.snapshot(commit)
        try:
            outcome = run(command.argv, cwd=command.cwd, checkout=snapshot, server=server, chef=chef)
        except CommandNotUnderstood as error:
            raise CommandListError(f"{command.where}: {error}") from None
        _record(outcome, server, timelines, snapshot, number, commit)
    return [
        Replay(target, tuple(_steps(history, target, commits)), (timeline,)) for target, timeline in timelines.items()
    ]


def _record(
    outcome: Outcome,
    server: Server,
    timelines: dict[Target, Timeline],
    snapshot: Snapshot,
    number: int,
    commit: int,
) -> None:
    for key in dict.fromkeys([*(accepted.key for accepted in outcome.accepted), *outcome.open]):
        kind, name = key
        states = server.possible(key)
        possible = tuple(_live(state, snapshot, commit) for state in states)
        certain = possible[0] if len(possible) == 1 else next((live for live in possible if live is not None), None)
        bag, _, item = name.rpartition("/") if kind == Kind.DATA_BAG_ITEM else ("", "", name)
        path = next((state.path for state in states if state and state.path), None)
        fitting = {t: one for t, one in timelines.items() if t.kind == kind and (not bag or t.label.bag == bag)}
        for timeline in _timelines_of(fitting, item, path):
            timeline.record(item, Event(number, certain, possible if len(possible) > 1 else ()))
    if outcome.problem is not None and outcome.refused is not None:
        refused = outcome.refused
        for target, timeline in timelines.items():
            if target.container_of(refused) is not None:
                timeline.aborts.append(Abort(number, number + 1, refused, outcome.problem, None))
                break


def _timelines_of(timelines: dict[Target, Timeline], name: str, path: str | None) -> list[Timeline]:
    """Where a change of an object belongs: to every target that knows the object, since all share one server.

    To the one that holds its file, too; where neither is, to the first.
    """
    targets = [target for target, timeline in timelines.items() if name in timeline.events]
    if path is not None:
        targets += [target for target in timelines if target not in targets and target.container_of(path) is not None]
    return [timelines[target] for target in targets or list(timelines)[:1]]


def _live(stored: Stored | None, snapshot: Snapshot, commit: int) -> Live | None:
    if stored is None:
        return None
    blob = snapshot.blob(stored.path) if stored.path else None
    return Live(stored.path, blob, commit, stored.body)


def _steps(history: History, target: Target, commits: Sequence[int]) -> list[Step]:
    steps = []
    last = target.absent()
    for number, commit in enumerate(commits):
        version = target.version(history.state(commit))
        changes = target.changes(history, last, version)
        steps.append(Step(number, commit, version, changes, changes))
        last = version
    return steps


def _position(history: History, command: GivenCommand) -> int:
    wanted = command.commit.lower()
    found = [number for number, oid in enumerate(history.graph.ids) if oid.hex().startswith(wanted)]
    if len(wanted) < _SHORTEST_PREFIX or len(found) != 1:
        raise CommandListError(f"{command.where}: {command.commit!r} names no commit that is examined")
    return found[0]
