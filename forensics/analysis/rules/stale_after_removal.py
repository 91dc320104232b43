"""stale-after-removal: a file was deleted, renamed, or its name corrected, and its content stayed live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import commit_date
from forensics.analysis.gone import is_gone
from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.analysis.rules.standing import by_standing
from forensics.chef.compare import same_content
from forensics.chef.wire import content
from forensics.uploads.uploaders import uploader_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Divergence, Finding
    from forensics.analysis.target_history import TargetHistory
    from forensics.uploads.timeline import Timeline

RULE: Final = Rule(
    "stale-after-removal",
    "warning",
    "A removed file's content stayed live",
    "A file whose content was live was deleted, renamed, or given another name inside, and the server kept "
    "what it had said: uploading files never deletes an object. From then on the nodes ran what no file of the "
    "repository says any longer, while the rightful file said something else, unless somebody uploaded that one "
    "in a way that the scenario does not know of. It is the same where the rightful file goes while another's "
    "content is live.",
    "Upload the rightful file again: removing a file, or correcting its name, changes nothing on the server. One "
    "upload settles it. Where the rightful file is gone, bring it back, or name the other one after the object; "
    "delete the object on the server only if no run list names it.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each removal after which the rightful file was not at once live.

    Where another file's content is live at the tip although only one file is left that declares the object, there is
    one in any case.
    """
    left_behind = _left_behind(examination)
    for track, timelines in examination.tracked():
        kind, container = str(track.target.kind), track.target.label.path
        removals = list(_removals(track))
        last = {(path, name): step for step, path, name in removals}
        for step, path, name in removals:
            ends = _ends(track, timelines, step, path, name)
            if last[path, name] == step:
                lasting = left_behind.pop((kind, container, name, path), {})
                ends.update(dict.fromkeys(lasting))
            for told, further in _by_standing(examination, ends):
                yield _removed(examination, track, told, further, step, path, name)
    for (kind, container, name, path), lasting in left_behind.items():
        for told, _ in _by_standing(examination, dict.fromkeys(lasting)):
            yield _present(examination, [lasting[each] for each in told], object_text(kind, container, name), path)


def _by_standing(
    examination: Examination, ends: Mapping[str, int | None]
) -> Iterator[tuple[dict[str, int | None], str]]:
    """The scenarios with their ends, by what is told as a finding each; see ``by_standing``."""
    lasts = {scenario for scenario, end in ends.items() if end is None}
    if ends:
        for told, further in by_standing(ends, examination.deciding, scenario=str, lasts=lasts.__contains__):
            yield {scenario: ends[scenario] for scenario in told}, further


def _left_behind(examination: Examination) -> dict[tuple[str, str, str, str], dict[str, Divergence]]:
    """What lasts to the tip without two files there, by object and live file: each scenario with its divergence."""
    shadowed = {(each.kind, each.container, each.name) for each in examination.shadows if each.at_head}
    found: dict[tuple[str, str, str, str], dict[str, Divergence]] = {}
    for each in examination.divergences:
        live = each.phases[-1].live
        if each.lasts and live and live.path and (each.kind, each.container, each.name) not in shadowed:
            found.setdefault((each.kind, each.container, each.name, live.path), {})[each.scenario] = each
    return found


def _removals(track: TargetHistory) -> Iterator[tuple[int, str, str]]:
    """The steps at which a path ceases to declare an object."""
    kind = track.target.kind
    for step, path, before, after in track.removals:
        name = track.declarations.from_file(kind, path, before).name
        now = None if after is None else track.declarations.from_file(kind, path, after)
        if name is not None and (now is None or (now.name != name and not now.undecided)):
            yield step, path, name


def _ends(
    track: TargetHistory, timelines: tuple[Timeline, ...], step: int, path: str, name: str
) -> dict[str, int | None]:
    """The scenarios under which the removed content stayed, each with the step that ended it (None: to the tip)."""
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
    return ends


def _removed(
    examination: Examination,
    track: TargetHistory,
    ends: Mapping[str, int | None],
    further: str,
    step: int,
    path: str,
    name: str,
) -> Finding:
    history = track.history
    removed = commit_date(history, track.steps[step])[:10]
    by_end: dict[int | None, list[str]] = {}
    for scenario, end in ends.items():
        by_end.setdefault(end, []).append(scenario)
    words = [
        f"{', '.join(scenarios)} " + (f"until {_when(track, end)}" if end is not None else "to this day")
        for end, scenarios in by_end.items()
    ]
    key = str(track.target.kind), track.target.label.path, name
    shown = object_text(*key)
    lasts = None in ends.values()
    gone = "; no file declares it today" if lasts and is_gone(examination, *key) else ""
    return RULE.finding(
        f"{path} ceased to declare {shown} on {removed}, but its content stayed live under {'; '.join(words)}{gone}"
        f"{further}",
        object_=shown,
        paths=(path,),
        commit=history.graph.ids[track.steps[step]].hex(),
        at_tip=lasts,
        only_if=examination.only_if(ends),
    )


def _present(examination: Examination, lasting: Sequence[Divergence], shown: str, path: str) -> Finding:
    """The finding about a content that no removal of its own file left behind.

    The canonical file may have gone instead, or commands went back to an older commit.
    """
    first = min(lasting, key=lambda each: each.from_date)
    scenarios = [each.scenario for each in lasting]
    left, said = first.unclaimed, first.phases[-1].expected
    if left is not None and said is not None:
        return RULE.finding(
            f"{said.path} ceased to declare {shown} on {left.date[:10]}, but the content of {path} stayed live under "
            f"{', '.join(scenarios)} to this day",
            object_=shown,
            paths=(path,),
            commit=left.commit,
            only_if=examination.only_if(scenarios),
        )
    return RULE.finding(
        f"{path} does not declare {shown} any longer, but its content is live under {', '.join(scenarios)} "
        f"since {first.from_date[:10]}",
        object_=shown,
        paths=(path,),
        commit=first.from_commit,
        only_if=examination.only_if(scenarios),
    )


def fingerprint_of(divergence: Divergence, *, only_if: bool = False) -> str:
    """The fingerprint of the finding about a divergence that lasts to the tip, where one file is left."""
    live = divergence.phases[-1].live
    return RULE.fingerprint(divergence.object, (live.path,) if live and live.path else (), only_if=only_if)


def _when(track: TargetHistory, step: int) -> str:
    commit = track.steps[step]
    return f"{commit_date(track.history, commit)[:10]} ({track.history.graph.ids[commit].hex()[:12]})"
