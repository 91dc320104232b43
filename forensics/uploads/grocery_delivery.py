"""grocery-delivery: what changed since its checkpoint, deletes first; an object is told by its file's stem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.uploads.delivery import deliver
from forensics.uploads.from_file import put
from forensics.uploads.installation import NAMED
from forensics.uploads.timeline import Event, Timeline
from forensics.uploads.uploader import LineUploader, one_each

if TYPE_CHECKING:
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

    def step(self, step: Step) -> None:
        """Record what the runs at a commit uploaded and deleted, and where they stopped."""
        timeline = self._timeline
        delivery = step.deliveries.get(timeline.scenario.role_type)
        if delivery is None:
            return
        for name, uploaded in delivery.outcome.items():
            now = timeline.current(name)
            if uploaded is not None:
                put(timeline, self._declarations, step, *uploaded)
            elif now is not None and now.live is not None:
                timeline.record(name, Event(step.number, None))
        timeline.note_stop(step.number, delivery.stopped)


UPLOADER: Final = LineUploader(
    name="grocery-delivery",
    identity="for what it deletes the file's path without its extension, for what it uploads the name inside the file",
    kinds=frozenset(NAMED),
    checkpoint="gd_revision",
    every_object=True,  # it deletes them, and stops where one is not there
    deliver=deliver,
    start=one_each(GroceryDelivery),
)
