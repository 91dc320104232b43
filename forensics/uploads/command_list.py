"""An explicit list of commands as one more uploader: what they left on the server, one after the other."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.uploads.commands import CommandListError
from forensics.uploads.scenario import COMMANDS
from forensics.uploads.steps import listed_steps
from forensics.uploads.timeline import Abort, Event, ListedTimeline, Live, Timeline
from forensics.uploads.uploader import ListUploader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.history.snapshot import Snapshot
    from forensics.history.walk import History
    from forensics.uploads.commands import GivenCommand
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.knife.outcome import Outcome
    from forensics.uploads.server import Server, Stored
    from forensics.uploads.steps import Step
    from forensics.uploads.target import Target

_SHORTEST_PREFIX = 4


class CommandTimeline(ListedTimeline):
    """One target under a list of commands: each command is a step.

    Of objects of a kind that no command touched the list says nothing.
    """

    @property
    def complete(self) -> bool:
        """Whether some command touched an object here."""
        return bool(self.events)


def _replay(
    history: History, declarations: Declarations, targets: Sequence[Target], commands: Sequence[GivenCommand]
) -> list[tuple[tuple[Step, ...], Timeline]]:
    """Run the commands in their order against one empty server; a step for each command, for every target.

    Raises:
        CommandListError: a command names a commit that is not there, or cannot be understood.
    """
    # most replays have no list of commands, and need none of what understands knife's verbs
    from forensics.uploads.knife.command import run  # noqa: PLC0415
    from forensics.uploads.knife.outcome import CommandNotUnderstood  # noqa: PLC0415
    from forensics.uploads.server import Server  # noqa: PLC0415

    commits = array("l", (_position(history, command) for command in commands))
    timelines: dict[Target, Timeline] = {target: CommandTimeline(COMMANDS, target, commits) for target in targets}
    server = Server(strict=declarations.strict)
    for number, (command, commit) in enumerate(zip(commands, commits, strict=True)):
        snapshot = history.snapshot(commit)
        try:
            outcome = run(command.argv, cwd=command.cwd, checkout=snapshot, server=server, chef=declarations.chef)
        except CommandNotUnderstood as error:
            raise CommandListError(f"{command.where}: {error}") from None
        _record(outcome, server, timelines, snapshot, number, commit)
    return [(listed_steps(history, target, commits), timeline) for target, timeline in timelines.items()]


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
        possible = tuple(_live(state, snapshot, commit) for state in reversed(states))
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


def _position(history: History, command: GivenCommand) -> int:
    wanted = command.commit.lower()
    found = [number for number, oid in enumerate(history.graph.ids) if oid.hex().startswith(wanted)]
    if len(wanted) < _SHORTEST_PREFIX or len(found) != 1:
        raise CommandListError(f"{command.where}: {command.commit!r} names no commit that is examined")
    return found[0]


UPLOADER: Final = ListUploader(name=COMMANDS.uploader, identity="what each command goes by", replay=_replay)
