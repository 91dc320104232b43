"""Which file stops the uploads that would make the canonical file live: then that is to be mended first.

Found out by replaying without that file, whatever the uploader: if the canonical file's content comes to be live, it is
the file that is to blame, and not the copy whose content is live meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.chef.compare import same_content, same_run
from forensics.chef.objects import Kind, Problem
from forensics.chef.wire import content
from forensics.uploads.replay import follow
from forensics.uploads.scenario import PUSH
from forensics.uploads.uploader import LineUploader
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.results import Divergence
    from forensics.analysis.target_history import TargetHistory
    from forensics.uploads.replay import Replay
    from forensics.uploads.steps import MayDeclare
    from forensics.uploads.timeline import Timeline


def with_stops(
    track: TargetHistory, replayed: Replay, found: Sequence[Divergence], may_declare: MayDeclare | None
) -> Iterator[Divergence]:
    """The divergences of a target; those that last to the tip for want of an upload with the files that stop it."""
    lasting = {each.scenario for each in found if each.open and each.unclaimed is None and each.certainty != "unknown"}
    blamed: dict[tuple[str, str], tuple[str, ...]] = {}
    for timeline in replayed.timelines:
        stops = _stops(track, timeline) if timeline.scenario.name in lasting else ()
        if stops:
            names = {each.name for each in found if each.open and each.scenario == timeline.scenario.name}
            for name in _sent_without(track, replayed, timeline, stops, frozenset(names), may_declare):
                blamed[timeline.scenario.name, name] = stops
    for each in found:
        stops = blamed.get((each.scenario, each.name), ()) if each.open and each.unclaimed is None else ()
        yield replace(each, stopped_by=stops) if stops else each


def _stops(track: TargetHistory, timeline: Timeline) -> tuple[str, ...]:
    """The files at which uploads of a timeline ever stopped and that are refused at the tip, too."""
    uploader = uploader_of(timeline.scenario)
    if not isinstance(uploader, LineUploader) or uploader.checkpoint or not timeline.aborts:
        return ()
    target, history = track.target, track.history
    files = target.files(history, target.version(history.state(track.steps[-1])))
    return tuple(
        path
        for path in dict.fromkeys(abort.path for abort in timeline.aborts)
        if path in files
        and (
            isinstance(uploader.request(track.declarations, target.kind, path, files[path]), Problem)
            or track.declarations.from_file(target.kind, path, files[path]).refusal(
                path, ascii_ruby=timeline.scenario.ascii_ruby
            )
        )
    )


def _sent_without(
    track: TargetHistory,
    replayed: Replay,
    timeline: Timeline,
    stops: Sequence[str],
    names: frozenset[str],
    may_declare: MayDeclare | None,
) -> Iterator[str]:
    """The objects of which the canonical file's content would be live at the tip, were these files not there."""
    steps = tuple(
        step._replace(
            since_last=[change for change in step.since_last if change.path not in stops],
            by_commit=[change for change in step.by_commit if change.path not in stops],
        )
        for step in replayed.steps
    )
    of_line = timeline.scenario.scope != PUSH
    again = follow(
        track.declarations, track.target, steps, (timeline.scenario,), names, may_declare=may_declare, of_line=of_line
    )
    kind, last = track.target.kind, len(steps) - 1
    for name in sorted(names):
        event = again.timelines[0].at(name, last)
        expected = track.canonical(name, last, uploader_of(timeline.scenario))
        if event is None or event.live is None or not event.exact or expected is None:
            continue
        wanted, live = content(kind, expected[2]), content(kind, event.live.body)
        same = same_content(live, wanted) if kind is Kind.DATA_BAG_ITEM else same_run(live, wanted)
        if same is not False:
            yield name
