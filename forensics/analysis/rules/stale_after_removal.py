"""stale-after-removal: a file was deleted, renamed, or its name corrected, and its content stayed live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import commit_date
from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.chef.compare import same_content
from forensics.chef.wire import content
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.divergence import TargetHistory
    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.uploads.timeline import Timeline

RULE: Final = Rule(
    "stale-after-removal",
    "error",
    "A removed file's content stayed live",
    "A file whose content was live was deleted, renamed, or given another name inside, and the server kept "
    "what it had said: uploading files never deletes an object. From then on the nodes ran what no file of the "
    "repository says any longer, while the rightful file said something else.",
    "Upload the rightful file again: removing a file, or correcting its name, changes nothing on the server.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each removal after which the rightful file was not at once live."""
    for track, timelines in examination.tracked():
        for step, path, name in _removals(track):
            yield from _finding(track, timelines, step, path, name)


def _removals(track: TargetHistory) -> Iterator[tuple[int, str, str]]:
    """The steps at which a path ceases to declare an object."""
    kind = track.target.kind
    for step, path, before, after in track.removals:
        name = track.declarations.from_file(kind, path, before).name
        now = None if after is None else track.declarations.from_file(kind, path, after)
        if name is not None and (now is None or (now.name != name and not now.undecided)):
            yield step, path, name


def _finding(
    track: TargetHistory, timelines: tuple[Timeline, ...], step: int, path: str, name: str
) -> Iterator[Finding]:
    ends: dict[str, int | None] = {}
    for timeline in timelines:
        now = timeline.at(name, step)
        if now is None or now.live is None or now.live.path != path or now.undecided is not None:
            continue
        expected = track.canonical(name, step, uploader_of(timeline.scenario))
        if expected is None or expected[0] == path:
            continue
        kind = track.target.kind
        if same_content(content(kind, now.live.body), content(kind, expected[2])) is not False:
            continue
        later = [event.step for event in timeline.events[name] if event.step > step]
        ends[timeline.scenario.name] = later[0] if later else None
    if not ends:
        return
    history = track.history
    removed = commit_date(history, track.steps[step])[:10]
    by_end: dict[int | None, list[str]] = {}
    for scenario, end in ends.items():
        by_end.setdefault(end, []).append(scenario)
    words = [
        f"{', '.join(scenarios)} " + (f"until {_when(track, end)}" if end is not None else "to this day")
        for end, scenarios in by_end.items()
    ]
    shown = object_text(track.target.kind, track.target.label.path, name)
    yield RULE.finding(
        f"{path} ceased to declare {shown} on {removed}, but its content stayed live under {'; '.join(words)}",
        object_=shown,
        paths=(path,),
        commit=history.graph.ids[track.steps[step]].hex(),
        at_tip=None in ends.values(),
    )


def _when(track: TargetHistory, step: int) -> str:
    commit = track.steps[step]
    return f"{commit_date(track.history, commit)[:10]} ({track.history.graph.ids[commit].hex()[:12]})"
