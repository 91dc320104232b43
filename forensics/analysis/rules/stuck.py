"""Where grocery-delivery is stuck: part of the rule upload-aborted.

It has one checkpoint. A run that fails leaves it where it was, and every later run starts from there and fails again,
whatever is committed: that is one fact about a container, and not one for each file or commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.dates import commit_date
from forensics.analysis.rules.standing import by_standing
from forensics.uploads.stops import Obstacle
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.analysis.rules.rule import Rule
    from forensics.analysis.target_history import TargetHistory
    from forensics.uploads.timeline import Abort, Timeline
    from forensics.uploads.uploader import Uploader


def stuck(
    rule: Rule, examination: Examination, track: TargetHistory, timelines: Sequence[Timeline]
) -> Iterator[Finding]:
    """One finding for each way in which runs from a checkpoint are stuck over a container, or were at last."""
    told: dict[tuple[Uploader, tuple[Abort, ...]], list[str]] = {}
    for timeline in timelines:
        uploader = uploader_of(timeline.scenario)
        if uploader.checkpoint and timeline.aborts:
            told.setdefault((uploader, _last_stretch(timeline.aborts)), []).append(timeline.scenario.name)
    for (uploader, stretch), scenarios in told.items():
        for names, further in by_standing(scenarios, examination.deciding, scenario=str, lasts=lambda _: False):
            yield rule.finding(
                f"{', '.join(names)} {_sentence(track, stretch, uploader.checkpoint)}{further}",
                paths=(stretch[-1].path,),
                commit=track.history.graph.ids[track.steps[stretch[0].from_step]].hex(),
                at_tip=stretch[-1].until_step is None,
                detail=uploader.name,
                only_if=examination.only_if(names),
            )


def _last_stretch(aborts: Sequence[Abort]) -> tuple[Abort, ...]:
    """The last failures without a run between them that went through: the place may have moved."""
    stretch = [aborts[-1]]
    for abort in reversed(aborts[:-1]):
        if abort.until_step != stretch[0].from_step:
            break
        stretch.insert(0, abort)
    return tuple(stretch)


def _sentence(track: TargetHistory, stretch: Sequence[Abort], checkpoint: str) -> str:
    first, last = stretch[0], stretch[-1]
    since, problem = _when(track, first.from_step), last.problem
    moved = f", at first at {first.path}" if first.path != last.path else ""
    if last.until_step is not None:
        until = _when(track, last.until_step)
        return f"was stuck at {last.path} from {since} until {until}{moved}: {problem.message}"
    said = f"is stuck at {last.path} since {since}{moved}: {problem.message}"
    if isinstance(problem, Obstacle):
        said += (
            f"; {problem.effect}. What frees it: {problem.remedy}; or a later commit's id in its checkpoint file "
            f"({checkpoint}), and what it then passes over is not uploaded until it changes again"
        )
    return said


def _when(track: TargetHistory, step: int) -> str:
    commit = track.steps[step]
    return f"{commit_date(track.history, commit)[:10]} ({track.history.graph.ids[commit].hex()[:12]})"
