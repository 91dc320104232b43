"""Every frame there is, by name: what the reference tells and the tests hold the frames to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.frames import divergences, fingerprints, objects, scans, shadows, stories, traces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.frames.schema import Schema

SCHEMAS: Final[Mapping[str, Schema]] = {
    each.name: each
    for each in (
        shadows.SHADOWS,
        shadows.FILES,
        shadows.POSSIBLE,
        shadows.EPISODES,
        shadows.STAGED,
        divergences.DIVERGENCES,
        divergences.PHASES,
        divergences.CHANGES,
        divergences.RECIPES,
        divergences.REACH,
        stories.SPANS,
        stories.TOUCHES,
        scans.FINDINGS,
        scans.SUPPRESSED,
        scans.PROBLEMS,
        scans.SCENARIOS,
        scans.COMMITS,
        scans.GAPS,
        objects.TIMELINE,
        objects.RACES,
        objects.STATES,
        objects.EXPANDED,
        objects.WHY,
        objects.LOG,
        objects.LOG_CHANGES,
        traces.CARRIERS,
        traces.STRETCHES,
        traces.LIVE,
        traces.LIVE_REACH,
        traces.RECIPE_FILES,
        traces.UNRESOLVED,
        fingerprints.FINGERPRINTS,
        fingerprints.UNRESOLVED_BODIES,
        fingerprints.LOOKUPS,
        fingerprints.MATCHES,
    )
}
