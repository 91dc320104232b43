"""upload-aborted: a file that Chef refuses stops an upload, and what comes behind it stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import commit_date
from forensics.analysis.rules.rule import Rule
from forensics.analysis.rules.standing import by_standing
from forensics.analysis.rules.stuck import stuck
from forensics.chef import damage
from forensics.chef.objects import Kind, Problem
from forensics.chef.request_uri import NAMELESS
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.analysis.target_history import TargetHistory
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.timeline import Abort

RULE: Final = Rule(
    "upload-aborted",
    "warning",
    "A file stops the upload",
    "knife sends the files of a command one after the other and stops at the first that Chef refuses. What "
    "stands before it is live, what comes behind it stays as the server had it, and nothing in the repository "
    "tells where the line ran. Corrections behind that file do not reach the nodes although they are "
    "committed.",
    "Mend or remove the file: until then nothing that comes behind it on the command line reaches the server. "
    "Then upload the others again.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each file that stops an upload, over all scenarios; of grocery-delivery, where it is stuck."""
    for track, timelines in examination.tracked():
        stopped = [timeline for timeline in timelines if timeline.aborts]
        groups: dict[tuple[str, str], list[tuple[Scenario, Abort]]] = {}
        for timeline in stopped:
            for abort in timeline.aborts if not uploader_of(timeline.scenario).checkpoint else ():
                groups.setdefault((abort.path, abort.problem.kind), []).append((timeline.scenario, abort))
        for (path, problem), found in sorted(groups.items()):
            if track.target.kind is Kind.NODE and problem == NAMELESS:
                continue  # one for chef-solo -j, which nobody uploads: unreadable-declaration names it
            standing = by_standing(
                found,
                examination.deciding,
                scenario=lambda each: each[0].name,
                lasts=lambda each: each[1].until_step is None,
            )
            for told, further in standing:
                yield _finding(examination, track, path, told, further)
        yield from stuck(RULE, examination, track, stopped)


def _finding(
    examination: Examination, track: TargetHistory, path: str, found: Sequence[tuple[Scenario, Abort]], further: str
) -> Finding:
    history = track.history
    first = min((abort for _, abort in found), key=lambda abort: abort.from_step)
    open_now = any(abort.until_step is None for _, abort in found)
    start = track.steps[first.from_step]
    scenarios = dict.fromkeys(scenario.name for scenario, _ in found)
    line = _line(examination, track, path, found) if open_now else None
    where = f", line {line}" if line and line > 1 and first.problem.kind != damage.CONFLICTED else ""
    return RULE.finding(
        f"{path} stops the upload under {', '.join(scenarios)} from {commit_date(history, start)[:10]} on"
        f"{' to this day' if open_now else ''} ({first.problem.said}{where})"
        f"{_consequence(found)}{further}",
        paths=(path,),
        commit=history.graph.ids[start].hex(),
        at_tip=open_now,
        detail=first.problem.kind,
        line=line,
        only_if=examination.only_if(scenarios),
    )


def _line(
    examination: Examination, track: TargetHistory, path: str, found: Sequence[tuple[Scenario, Abort]]
) -> int | None:
    """The line of the file at the tip at which Chef gives up: the file may have been edited since it stopped first."""
    file = examination.tip.files[track.target].get(path)
    if file is None:
        return None
    for scenario, abort in found:
        answer = uploader_of(scenario).request(examination.declarations, track.target.kind, path, file)
        if isinstance(answer, Problem) and answer.kind == abort.problem.kind:
            return answer.line
    return None


def _consequence(found: Sequence[tuple[Scenario, Abort]]) -> str:
    """What became of the other files, where there are any that it concerns."""
    unsent = max((abort.unsent for _, abort in found if abort.unsent is not None), default=0)
    behind = [f"up to {unsent} file{'s' if unsent != 1 else ''} behind it stayed as they were"] if unsent else []
    behind += [said for scenario, _ in found if (said := uploader_of(scenario).after_abort)]
    return "".join(f"; {each}" for each in dict.fromkeys(behind))
