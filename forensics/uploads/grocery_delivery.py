"""grocery-delivery: what changed since its checkpoint, deletes first; an object is told by its file's stem.

Mirrors between-meals (BetweenMeals::Changes::Role, BetweenMeals::Knife#role_upload, #role_delete): the name is the path
below the directory without its extension, the extension of what is uploaded is forced to ``role_type``, and a command
that fails ends the run, after which the checkpoint stays where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import layout
from forensics.chef.objects import Kind, Problem
from forensics.uploads.from_file import globbed, put
from forensics.uploads.order import arrange
from forensics.uploads.timeline import Abort, Event, Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.history.model import Change, Files
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step

_KINDS = frozenset({Kind.ROLE, Kind.DATA_BAG_ITEM})
_NOT_FOUND = Problem(
    kind="delete-refused",
    message="knife cannot delete an object of this name: the server has none",
    error_class="Net::HTTPClientException",
    stage="send",
)
_NO_SUCH_FILE = Problem(
    kind="missing-file",
    message="the file that would be uploaded in its place does not exist",
    error_class="SystemExit(1)",
)


class GroceryDelivery:
    """Follows the repository from checkpoint to commit; roles and data bags, no environments and no nodes."""

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._files: Files = {}
        self._pending: dict[str, Change] = {}
        self._uploaded_once = False
        self._open: int | None = None

    def step(self, step: Step) -> None:
        """One run: the first uploads everything, later ones what changed since the last run that went through."""
        if self._timeline.target.kind not in _KINDS:
            return
        for change in step.since_last:
            first = self._pending.get(change.path)
            before = change.before if first is None else first.before
            self._pending[change.path] = type(change)(change.path, before, change.after)
            if change.after is None:
                self._files.pop(change.path, None)
            else:
                self._files[change.path] = change.after
        stopped = self._run(step)
        self._note_abort(step, stopped)
        if stopped is None:
            self._pending.clear()
            self._uploaded_once = True

    def _run(self, step: Step) -> tuple[str, Problem, int] | None:
        if not self._uploaded_once:
            members = self._timeline.target.members
            paths = [path for path in self._files if any(globbed(m, path) for m in members if _inside(m.path, path))]
            return self._upload(step, arrange([p for p in paths if p.endswith(self._suffix())], "byte"))
        changes = [change for change in self._pending.values() if change.before != change.after]
        deleted = [change.path for change in changes if change.after is None]
        for path in arrange(deleted, "byte"):
            name = self._name(path)
            if self._replacement(path) in self._files:
                continue  # the twin with the forced extension is still there: the name is not gone
            now = self._timeline.current(name)
            if now is None or now.live is None:
                return path, _NOT_FOUND, len(changes) - 1
            self._timeline.record(name, Event(step.number, None))
        added = {self._replacement(change.path): None for change in changes if change.after is not None}
        return self._upload(step, arrange(added, self._timeline.scenario.order))

    def _upload(self, step: Step, arguments: Sequence[str]) -> tuple[str, Problem, int] | None:
        kind = self._timeline.target.kind
        for position, path in enumerate(arguments):
            unsent = len(arguments) - position - 1
            file = self._files.get(path)
            if file is None:
                return path, _NO_SUCH_FILE, unsent
            problem = self._declarations.refusal(kind, path, file, ascii_ruby=False)
            if problem is not None:
                return path, problem, unsent
            put(self._timeline, self._declarations, step, path, file)
        return None

    def _suffix(self) -> str:
        if self._timeline.target.kind is Kind.DATA_BAG_ITEM:
            return ".json"
        configured = self._timeline.scenario.role_type
        if configured is not None:
            return "." + configured
        return ".json" if all(path.endswith(".json") for path in self._files) else ".rb"

    def _name(self, path: str) -> str:
        container = self._timeline.target.container_of(path)
        below = path[len(container.path) + 1 :] if container else path
        return below[: -len(layout.extension(path))]

    def _replacement(self, path: str) -> str:
        return path[: -len(layout.extension(path))] + self._suffix()

    def _note_abort(self, step: Step, stopped: tuple[str, Problem, int] | None) -> None:
        aborts = self._timeline.aborts
        if self._open is not None:
            current = aborts[self._open]
            if stopped is not None and stopped[0] == current.path:
                return
            aborts[self._open] = Abort(current.from_step, step.number, current.path, current.problem, current.unsent)
            self._open = None
        if stopped is not None:
            path, problem, unsent = stopped
            aborts.append(Abort(step.number, None, path, problem, unsent))
            self._open = len(aborts) - 1


def _inside(directory: str, path: str) -> bool:
    return path.startswith(directory + "/")
