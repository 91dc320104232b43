"""What proves what was live of an object at some moment of a timeline, or why nothing does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.analysis.dates import iso
from forensics.analysis.ground_results import LENGTH, Ground
from forensics.analysis.proof_results import SeenUpload
from forensics.analysis.proven_timeline import SILENT

if TYPE_CHECKING:
    from forensics.analysis.proven_timeline import ProvenMoment, ProvenTimeline
    from forensics.uploads.timeline import Event


def ground_of(one: ProvenTimeline, event: Event, moment: ProvenMoment) -> Ground:
    """What proves an event of a timeline."""
    stretch, time = moment.stretch, iso(moment.time)
    if stretch is None or moment.until is None:
        return Ground(time, None, one.organization, note=event.unproven)
    change = stretch.change
    if isinstance(change, SeenUpload):
        return Ground(
            time,
            iso(moment.until),
            one.organization,
            change.proof,
            change.source,
            change.user,
            change.client,
            change.matches or change.committed_later,
            event.unproven or moment.note or change.note,
        )
    note = f"changed after {change.after}, though no request tells of it"
    return Ground(
        time,
        iso(moment.until),
        one.organization,
        LENGTH,
        change.source,
        matches=change.matches,
        note=event.unproven or note,
    )


def ground_at(one: ProvenTimeline, name: str, step: int, when: int | None) -> Ground | None:
    """What proves what was live of an object after a step, at a moment; None if nothing was ever logged of it."""
    event, moment = one.at(name, step), one.proof_of(name, step)
    if event is None or moment is None:
        return None
    if when is not None and moment.until is not None and when > moment.until:
        return Ground(iso(moment.until), None, one.organization, note=SILENT)
    return ground_of(one, event, moment)


def ground_between(one: ProvenTimeline, name: str, first: int, until: int | None) -> Ground | None:
    """What proves what was live of an object from one step to another, or as long as anything proves it."""
    ground = ground_at(one, name, first, None)
    if ground is None:
        return None
    last = one.proven_to(name) if until is None else one.times[until]
    return replace(ground, time=iso(one.times[first]), until=iso(last))
