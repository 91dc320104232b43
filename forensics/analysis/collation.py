"""Where the order of file names decides what was live, and our table of collation does not know a character of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.results import object_text
from forensics.analysis.shadows import canonical_path
from forensics.history.model import Gap
from forensics.uploads.from_file import taken
from forensics.uploads.locale_order import covers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from forensics.analysis.replays import Replays
    from forensics.history.walk import History
    from forensics.uploads.replay import Replay
    from forensics.uploads.scenario import Scenario
    from forensics.uploads.target import Target

KIND: Final = "collation"
"""The kind of the gaps that are found here."""


class _Doubt(NamedTuple):
    """A file whose place among others is not known, from which commit on that matters, for whom and to what."""

    path: str
    commit: int
    scenario: str
    what: str


def collation_gaps(replays: Replays, chosen: Collection[Scenario]) -> tuple[Gap, ...]:
    """One gap for each file of which it is not known whether it comes before or after another that matters.

    It matters which of the files that declare one object is the last, and which files stand before one that stops
    the upload, under the scenarios that are ``chosen``. Where none goes by a locale's order, or every name is covered
    by the table, there is none: as nearly always, and then this has looked at each path once and at nothing else.
    """
    odd_of: dict[Target, set[str]] = {}
    for target, steps in replays.steps.items():
        paths = {change.path for step in steps for change in step.since_last}
        odd_of[target] = {path for path in paths if not path.isascii() and not covers(path)}
    doubts: list[_Doubt] = []
    # a list of commands is run all the same: which files it opened is a part of what could be read
    for replayed in replays.contested if any(odd_of.values()) else replays.of_lists:
        odd = odd_of[replayed.target]
        if odd:
            doubts += _among_shadows(replays, replayed, odd, chosen)
            doubts += _near_stops(replayed, odd, chosen)
    return tuple(_gaps(replays.history, doubts))


def _gaps(history: History, doubts: Sequence[_Doubt]) -> Iterator[Gap]:
    ids = history.graph.ids
    for path in sorted({doubt.path for doubt in doubts}):
        mine = sorted((doubt for doubt in doubts if doubt.path == path), key=lambda doubt: doubt.commit)
        scenarios = dict.fromkeys(doubt.scenario for doubt in mine)
        concerned = dict.fromkeys(doubt.what for doubt in mine)
        yield Gap(
            KIND,
            f"where the name stands in en_US.UTF-8 order is not known, so what {', '.join(scenarios)} made live is not "
            f"certain: {', '.join(concerned)}",
            path=path,
            commit=ids[mine[0].commit].hex(),
        )


def _among_shadows(
    replays: Replays, replayed: Replay, odd: Collection[str], chosen: Collection[Scenario]
) -> Iterator[_Doubt]:
    """Files that declare an object together with others that go up with the same command."""
    line = frozenset(replays.line)
    first = replayed.steps[0].commit
    target = replayed.target
    for episode in replays.survey.episodes:
        key = episode.key
        commits = [commit for commit in episode.commits if commit >= first and commit in line]
        if key.target != target or not commits:
            continue
        # whether an object without a canonical file diverges depends on all scenarios
        everyone = canonical_path(key.name, key.paths, target) is None
        for scenario in replays.options.scenarios if everyone else chosen:
            for path in _unplaced(target, scenario, key.paths, odd) if scenario.order == "locale" else ():
                yield _Doubt(path, commits[0], scenario.name, object_text(target.kind, target.label.path, key.name))


def _near_stops(replayed: Replay, odd: Collection[str], chosen: Collection[Scenario]) -> Iterator[_Doubt]:
    """Files that may stand before or behind one at which an upload stops, and such files themselves."""
    for timeline in replayed.timelines:
        if timeline.scenario not in chosen or timeline.scenario.order != "locale":
            continue
        for abort in timeline.aborts:
            until = abort.until_step if abort.until_step is not None else len(replayed.steps)
            present = _present(replayed, abort.from_step, until)
            for path in _unplaced(timeline.target, timeline.scenario, present, odd):
                commit = replayed.steps[abort.from_step].commit
                yield _Doubt(path, commit, timeline.scenario.name, f"the upload stops at {abort.path}")


def _present(replayed: Replay, first: int, until: int) -> set[str]:
    """Every path that some step from ``first`` up to, not including, ``until`` has."""
    now: set[str] = set()
    for step in replayed.steps[: first + 1]:
        for change in step.since_last:
            now.add(change.path) if change.after is not None else now.discard(change.path)
    later = (change for step in replayed.steps[first + 1 : until] for change in step.since_last)
    return now | {change.path for change in later if change.after is not None}


def _unplaced(target: Target, scenario: Scenario, paths: Collection[str], odd: Collection[str]) -> list[str]:
    """Those of several files that one command may take of which it is not known where they stand among the others."""
    found: list[str] = []
    for member in target.members:
        arguments = [
            path for path in paths if target.container_of(path) == member and taken(scenario.scope, member, path)
        ]
        if len(arguments) > 1:
            found += [path for path in arguments if path in odd]
    return found
