"""What may lead to what is traced although nobody can tell that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.results import object_text
from forensics.chef.objects import Kind
from forensics.uploads.timeline import Live

if TYPE_CHECKING:
    from forensics.analysis.examination import Examination
    from forensics.uploads.declarations import Declarations
    from forensics.uploads.timeline import Event

KINDS = (Kind.ROLE, Kind.NODE, Kind.ENVIRONMENT)
"""The kinds of objects that lead somewhere."""


def other_content(declarations: Declarations, kind: Kind, event: Event) -> Live | None:
    """What an object holds if a file of which nobody can tell whether it was uploaded was; None if nobody knows."""
    file = event.undecided
    if file is None or file.blob is None:
        return None
    body = declarations.from_file(kind, file.path, file.blob).body
    return None if body is None else Live(file.path, file.blob, 0, body)


def unknown_at_tip(examination: Examination) -> dict[str, tuple[str, ...]]:
    """The objects that may hold anything at the tip, by scenario."""
    found: dict[str, dict[str, None]] = {}
    for replayed in examination.replays:
        kind = replayed.target.kind
        for timeline in examination.chosen_timelines(replayed) if kind in KINDS else ():
            for name, events in timeline.events.items():
                last = events[-1]
                if last.undecided is not None and other_content(examination.declarations, kind, last) is None:
                    text = object_text(kind, replayed.target.label.path, name)
                    found.setdefault(timeline.scenario.name, {})[text] = None
    return {scenario: tuple(objects) for scenario, objects in found.items()}
