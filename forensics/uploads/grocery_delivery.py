"""grocery-delivery: what changed since its checkpoint, deletes first; an object is told by its file's stem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.history.model import UNREADABLE
from forensics.uploads.delivery import deliver
from forensics.uploads.from_file import leave_open, put
from forensics.uploads.installation import NAMED
from forensics.uploads.timeline import Event, Timeline
from forensics.uploads.uploader import LineUploader, one_each

if TYPE_CHECKING:
    from forensics.history.model import Change, File, Files
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.steps import Step


class GroceryDelivery:
    """Records what the runs of grocery-delivery did to one target; environments and nodes are none of its business.

    Its one checkpoint ties roles and data bags together, so the runs are found out for all targets at once
    (``delivery.deliver``), and each step brings what they did.
    """

    def __init__(self, timeline: Timeline, declarations: Declarations) -> None:
        self._timeline = timeline
        self._declarations = declarations
        self._files: Files = {}
        self._unread: dict[str, str] = {}

    def step(self, step: Step) -> None:
        """Record what the runs at a commit uploaded and deleted, and where they stopped."""
        timeline = self._timeline
        for change in step.since_last:
            if change.after is None:
                self._files.pop(change.path, None)
            else:
                self._files[change.path] = change.after
            self._note_unread(step, change)
        delivery = step.deliveries.get(timeline.scenario.role_type)
        if delivery is None:
            self._settle_unread(step)
            return
        for name, uploaded in delivery.outcome.items():
            if uploaded is not None:
                self._upload(step, name, *uploaded)
            elif self._may_be_live(name):
                timeline.record(name, Event(step.number, None))
        if step.cut:
            leave_open(timeline, self._declarations, step, self._files)
        timeline.note_stop(step.number, delivery.stopped)
        self._settle_unread(step)

    def _note_unread(self, step: Step, change: Change) -> None:
        """Leave open what a file that cannot be read brings, until it can: what differs then goes up."""
        declarations, timeline = self._declarations, self._timeline
        kind, path = timeline.target.kind, change.path
        if change.after == UNREADABLE:
            for name in timeline.names_of(path, declarations.from_file(kind, path, UNREADABLE)):
                timeline.unsettle(name, step.number, path, UNREADABLE, timeline.live_now(name))
                self._unread[name] = path

    def _settle_unread(self, step: Step) -> None:
        """Say again what is live of what was left open, once a run went through: it did not differ, or went up."""
        timeline = self._timeline
        if any(each.until_step is None for each in timeline.aborts[-1:]):
            return
        for name in [name for name, path in self._unread.items() if self._files.get(path) != UNREADABLE]:
            del self._unread[name]
            now = timeline.current(name)
            if now is not None and now.undecided is not None and now.undecided.blob is None:
                timeline.record(name, Event(step.number, now.live))

    def _upload(self, step: Step, name: str, path: str, file: File) -> None:
        timeline = self._timeline
        if self._declarations.from_file(timeline.target.kind, path, file).undecided:
            timeline.unsettle(name, step.number, path, file, timeline.live_now(name))
        else:
            put(timeline, self._declarations, step, path, file)

    def _may_be_live(self, name: str) -> bool:
        now = self._timeline.current(name)
        return now is not None and (now.live is not None or now.undecided is not None)


UPLOADER: Final = LineUploader(
    name="grocery-delivery",
    identity="for what it deletes the file's path without its extension, for what it uploads the name inside the file",
    kinds=frozenset(NAMED),
    checkpoint="gd_revision",
    every_object=True,  # it deletes them, and stops where one is not there
    deliver=deliver,
    start=one_each(GroceryDelivery),
)
