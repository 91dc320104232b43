"""What evidence proves of one object, as results tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.analysis.dates import iso
from forensics.analysis.proof_results import SeenUpload
from forensics.analysis.proof_terms import LENGTH, Ground
from forensics.analysis.proven_timeline import SILENT
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.object_results import State, TimelineEntry
    from forensics.analysis.proven_timeline import ProvenMoment, ProvenTimeline
    from forensics.analysis.server_state import ServerState
    from forensics.uploads.timeline import Event


def proven_entries(one: ProvenTimeline, name: str, entries: Sequence[TimelineEntry]) -> Iterator[TimelineEntry]:
    """The entries of a timeline with what proves each; that nothing is known before the first one needs none."""
    told = zip(entries, one.events[name], one.moments_of[name], strict=True)
    for entry, event, moment in list(told)[1:]:
        ground = ground_of(one, event, moment)
        yield replace(
            entry,
            # several files may have the same content: which of them it was is not known
            path=_agreed(entry.path, (each.path for each in ground.matches)),
            blob=_agreed(entry.blob, (each.blob for each in ground.matches)),
            commit=_agreed(entry.commit, (each.first_commit for each in ground.matches)),
            time=ground.time,
            until=ground.until,
            organization=ground.organization,
            proof=ground.proof,
            source=ground.source,
            user=ground.user,
            client=ground.client,
            matches=ground.matches,
            note=ground.note,
        )


def _agreed(chosen: str | None, every: Iterable[str]) -> str | None:
    return chosen if set(every) <= {chosen} else None


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
            event.unproven or change.note,
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


def without_unknown_roles(state: State, server: ServerState) -> State:
    """A state that calls no role missing of which it is not known what was live."""
    expanded = state.expanded
    if expanded is None:
        return state
    unknown = [each for each in expanded["missing_roles"] if isinstance(each, str)]
    unknown = [each for each in unknown if server.certainty(Kind.ROLE, each) == "unknown"]
    if not unknown:
        return state
    missing = [each for each in expanded["missing_roles"] if each not in unknown]
    roles = ", ".join(f"role[{each}]" for each in unknown)
    note = f"what was live of {roles} is not proven, so that the recipes are those that the others lead to"
    return replace(state, expanded={**expanded, "missing_roles": missing}, notes=(*state.notes, note))
