"""Which frames each kind of answer has."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, TypeAlias

from forensics.api.results import (
    CheckResult,
    FingerprintResult,
    LogResult,
    ReportResult,
    Result,
    ScanResult,
    ScenariosResult,
    ShadowsResult,
    ShowResult,
    TimelineResult,
    TraceResult,
)
from forensics.errors import UsageError, did_you_mean
from forensics.frames import divergences, fingerprints, objects, scans, shadows, stories, traces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    Frames: TypeAlias = Mapping[str, Callable[[], pd.DataFrame]]


def frame_of(result: Result, name: str | None = None) -> pd.DataFrame:
    """A frame of an answer, by its name; the first one if none is given.

    Raises:
        UsageError: the answer has no frame of this name, or none at all.
    """
    known = frames_of(result)
    if not known:
        raise UsageError(f"{type(result).__name__} has no frames")
    wanted = next(iter(known)) if name is None else name
    if wanted not in known:
        there = f"there are {', '.join(known)}{did_you_mean(wanted, known)}"
        raise UsageError(f"{type(result).__name__} has no frame {wanted!r}; {there}")
    return known[wanted]()


@singledispatch
def frames_of(result: Result) -> Frames:
    """How each frame of an answer is built, by its name."""
    del result
    return {}


@frames_of.register(ScanResult)
@frames_of.register(ReportResult)
def _(result: ScanResult | ReportResult) -> Frames:
    names = [scenario.name for scenario in result.scenarios]
    return {
        "divergences": lambda: divergences.divergences(result.divergences, names),
        "phases": lambda: divergences.phases(result.divergences, names),
        "changes": lambda: divergences.changes(result.divergences, names),
        "recipes": lambda: divergences.recipes(result.divergences, names),
        "reach": lambda: divergences.reach(result.divergences, names),
        "shadows": lambda: shadows.shadows(result.shadows),
        "files": lambda: shadows.files(result.shadows),
        "possible": lambda: shadows.possible(result.shadows),
        "episodes": lambda: shadows.episodes(result.shadows, result.episodes),
        "spans": lambda: stories.spans(result.stories, result.notes, names),
        "touches": lambda: stories.touches(result.stories, result.notes),
        "findings": lambda: scans.findings(result.findings),
        "suppressed": lambda: scans.suppressed(result.suppressed),
        "problems": lambda: scans.problems(result.problems),
        "scenarios": lambda: scans.scenarios(result.scenarios),
        "commits": lambda: scans.commits(result.notes),
        "gaps": lambda: scans.gaps(result.evidence.gaps),
    }


@frames_of.register(ShadowsResult)
def _(result: ShadowsResult) -> Frames:
    return {
        "shadows": lambda: shadows.shadows(result.shadows),
        "files": lambda: shadows.files(result.shadows),
        "possible": lambda: shadows.possible(result.shadows),
        "episodes": lambda: shadows.episodes(result.shadows, result.episodes),
        "gaps": lambda: scans.gaps(result.evidence.gaps),
    }


@frames_of.register(TimelineResult)
def _(result: TimelineResult) -> Frames:
    return {
        "timeline": lambda: objects.timeline(result.entries),
        "races": lambda: objects.races(result.entries),
    }


@frames_of.register(ShowResult)
def _(result: ShowResult) -> Frames:
    return {
        "states": lambda: objects.states(result.states),
        "expanded": lambda: objects.expanded(result.states),
        "why": lambda: objects.why(result.states),
    }


@frames_of.register(LogResult)
def _(result: LogResult) -> Frames:
    return {
        "log": lambda: objects.log(result.object, result.entries),
        "log_changes": lambda: objects.log_changes(result.object, result.entries),
    }


@frames_of.register(TraceResult)
def _(result: TraceResult) -> Frames:
    found = result.value
    return {
        "carriers": lambda: traces.carriers(found),
        "stretches": lambda: traces.stretches(found),
        "live": lambda: traces.live(found),
        "live_reach": lambda: traces.live_reach(found),
        "recipe_files": lambda: traces.recipe_files(found),
        "unresolved": lambda: traces.unresolved(found.unresolved),
        "commits": lambda: scans.commits(found.notes),
        "gaps": lambda: scans.gaps(found.evidence.gaps),
    }


@frames_of.register(FingerprintResult)
def _(result: FingerprintResult) -> Frames:
    return {
        "fingerprints": lambda: fingerprints.fingerprints(result.value),
        "unresolved_bodies": lambda: fingerprints.unresolved_bodies(result.value.unresolved),
        "problems": lambda: scans.problems(result.value.problems),
        "lookups": lambda: fingerprints.lookups(result.matches),
        "matches": lambda: fingerprints.matches(result.matches),
        "gaps": lambda: scans.gaps(result.evidence.gaps),
    }


@frames_of.register(ScenariosResult)
def _(result: ScenariosResult) -> Frames:
    return {"scenarios": lambda: scans.scenarios(result.scenarios)}


@frames_of.register(CheckResult)
def _(result: CheckResult) -> Frames:
    return {
        "staged": lambda: shadows.staged(result.value.introduced, result.value.standing),
        "suppressed": lambda: scans.suppressed(result.value.suppressed),
        "gaps": lambda: scans.gaps(result.evidence.gaps),
    }
