"""grocery-delivery: what changed since its checkpoint, deletes first; an object is told by its file's stem.

Mirrors grocery-delivery's ``partial_upload`` and between-meals (BetweenMeals::Changes::Role.name_from_path,
BetweenMeals::Knife#role_upload_all, #role_upload, #role_delete): the name is the path below the directory without its
extension, the extension of what is uploaded is forced to ``role_type``, and a command that fails ends the run, after
which the checkpoint stays where it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.chef.objects import Kind, Problem
from forensics.uploads.from_file import globbed, leave_open, put
from forensics.uploads.order import arrange
from forensics.uploads.timeline import Event, Timeline
from forensics.uploads.uploader import LineUploader, one_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.history.model import Change, File, Files
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step

Outcome: TypeAlias = "dict[str, tuple[str, File] | None]"
"""What runs did to objects, by name: the file that was uploaded last, or None for a deletion."""

# between-meals looks for the extension anywhere (``base.rb.js`` is the role ``base``)
_NAMED: Final = re.compile(r"(.+)\.(?:rb|json)")
_NOT_FOUND = Problem(
    kind="delete-refused",
    message="knife cannot delete an object of this name: the server has none",
    error_class="Net::HTTPClientException",
    stage="send",
)
_NO_SUCH_FILE = Problem(
    kind="missing-file",
    message="the file that would be uploaded does not exist",
    error_class="SystemExit(1)",
)


class GroceryDelivery:
    """Follows the repository from checkpoint to commit; roles and data bags, no environments and no nodes.

    It takes what git lists, names that begin with a dot included: a committed editor's lock stops it.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._files: Files = {}
        self._pending: dict[str, Change] = {}
        self._uploaded_once = False

    def step(self, step: Step) -> None:
        """Run: the first time with everything, later with what changed since the last run that went through."""
        if self._timeline.target.kind not in UPLOADER.kinds:
            return
        for change in step.since_last:
            self._note_change(change)
        if not self._pending:
            return
        outcome: Outcome = {}
        stopped = self._run(outcome)
        if stopped is not None and outcome:
            # it starts again within a minute, and deletes again what another file had put back before the failure
            self._run(outcome)
        for name, uploaded in outcome.items():
            if uploaded is not None:
                put(self._timeline, self._declarations, step, *uploaded)
            elif self._is_live(name, {}):
                self._timeline.record(name, Event(step.number, None))
        if step.cut:
            leave_open(self._timeline, self._declarations, step, self._files)
        self._timeline.note_stop(step.number, stopped)
        if stopped is None:
            self._pending.clear()
            self._uploaded_once = True

    def _note_change(self, change: Change) -> None:
        first = self._pending.get(change.path)
        if first is not None:
            listed = change.listed or first.listed
            self._pending[change.path] = change._replace(before=first.before, listed=listed)
        else:
            self._pending[change.path] = change
        if change.after is None:
            self._files.pop(change.path, None)
        else:
            self._files[change.path] = change.after

    def _run(self, outcome: Outcome) -> tuple[str, Problem, int] | None:
        if not self._uploaded_once:
            return self._upload_everything(outcome)
        changes = [change for change in self._pending.values() if change.listed and change.before != change.after]
        deleted = [change.path for change in changes if change.after is None]
        for path, name in self._names(deleted) if deleted else ():
            if not self._is_live(name, outcome):
                return path, _NOT_FOUND, len(changes) - 1
            outcome[name] = None
        modified = self._names([change.path for change in changes if change.after is not None])
        suffix = self._suffix()
        return self._upload([f"{self._directory(path)}/{name}{suffix}" for path, name in modified], outcome)

    def _upload_everything(self, outcome: Outcome) -> tuple[str, Problem, int] | None:
        suffix = self._suffix()
        for member in self._timeline.target.members:
            below = [path for path in self._files if path.startswith(member.path + "/")]
            matches = [path for path in below if globbed(member, path) and path.endswith(suffix)]
            if below and not matches and member.kind is Kind.ROLE:
                # /bin/sh hands a pattern that matches nothing on as it is
                return f"{member.path}/*{suffix}", _NO_SUCH_FILE, 0
            stopped = self._upload(arrange(matches, "byte"), outcome)
            if stopped is not None:
                return stopped
        return None

    def _upload(self, arguments: Sequence[str], outcome: Outcome) -> tuple[str, Problem, int] | None:
        kind = self._timeline.target.kind
        for position, path in enumerate(arguments):
            unsent = len(arguments) - position - 1
            file = self._files.get(path)
            if file is None:
                return path, _NO_SUCH_FILE, unsent
            declared = self._declarations.from_file(kind, path, file)
            problem = declared.refusal(path)
            if problem is not None:
                return path, problem, unsent
            for name in self._timeline.names_of(path, declared):
                outcome[name] = (path, file)
        return None

    def _is_live(self, name: str, outcome: Outcome) -> bool:
        if name in outcome:
            return outcome[name] is not None
        now = self._timeline.current(name)
        return now is not None and (now.live is not None or now.undecided is not None)

    def _names(self, paths: Iterable[str]) -> list[tuple[str, str]]:
        """These files in git's order, each with what between-meals calls its object."""
        names: list[tuple[str, str]] = []
        for path in arrange(paths, self._timeline.scenario.order):
            found = _NAMED.match(path, len(self._directory(path)) + 1)
            if found is not None:
                names.append((path, found[1]))
        return names

    def _directory(self, path: str) -> str:
        container = self._timeline.target.container_of(path)
        return container.path if container else path.rpartition("/")[0]

    def _suffix(self) -> str:
        if self._timeline.target.kind is Kind.DATA_BAG_ITEM:
            return ".json"
        configured = self._timeline.scenario.role_type
        if configured is not None:
            return "." + configured
        return ".json" if all(path.endswith(".json") for path in self._files) else ".rb"


UPLOADER: Final = LineUploader(
    name="grocery-delivery",
    identity="for what it deletes the file's stem, for what it uploads the name inside the file",
    kinds=frozenset({Kind.ROLE, Kind.DATA_BAG_ITEM}),
    every_object=True,  # it deletes them, and stops where one is not there
    start=one_each(GroceryDelivery),
)
