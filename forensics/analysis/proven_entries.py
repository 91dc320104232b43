"""What evidence proves of one object, as results tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.analysis.grounds import ground_at, ground_of
from forensics.analysis.object_results import State
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.object_results import TimelineEntry
    from forensics.analysis.proven_timeline import ProvenTimeline
    from forensics.analysis.server_state import ServerState


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


def proven_state(known: State, one: ProvenTimeline, server: ServerState, name: str) -> State:
    """What is known of an object at the moment that a server is asked for; ``known`` if anything is proven."""
    ground = ground_at(one, name, server.step(one), server.moment)
    if ground is None or ground.proof is None or server.certainty_in(one, name) == "unknown":
        note = ground.note if ground else "no evidence tells of it"
        return State(known.scenario, known.container, None, None, None, "unknown", proven=ground, notes=(note,))
    return replace(_without_unknown_roles(known, server), proven=ground)


def _without_unknown_roles(state: State, server: ServerState) -> State:
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
