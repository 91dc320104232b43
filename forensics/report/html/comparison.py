"""What the canonical file says beside what was live instead, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from forensics.analysis.json_text import readable_json
from forensics.report.html.commits import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.report_results import FileContent, ObjectStory
    from forensics.analysis.results import Divergence, Phase, Source, ValueChange
    from forensics.report.html.commits import Commits, CommitWords
    from forensics.report.html.files import FileMark, FileMarks

_MOST_ALIKE: Final = 7
_KEPT_AROUND: Final = 2
_LONGEST_VALUE: Final = 4000
_LEVELS: Final = {
    "default_attributes": "default",
    "override_attributes": "override",
    "normal": "normal",
    "default": "default",
    "override": "override",
    "automatic": "automatic",
}


class Pair(NamedTuple):
    """One line of two run lists side by side: ``same``, ``removed`` (left only), ``added`` (right only) or ``more``.

    ``more`` stands for a number of lines that are the same on both sides.
    """

    op: str
    left: str
    right: str


class ListDifference(NamedTuple):
    """Two run lists side by side; ``environment`` is None for the run list that holds everywhere."""

    environment: str | None
    pairs: tuple[Pair, ...]


class ValueDifference(NamedTuple):
    """A value that differs. ``place`` is its path below ``level`` (a precedence level, or empty)."""

    op: str
    level: str
    place: str
    left: str
    right: str


class When(NamedTuple):
    """When a comparison held, and under which scenarios; ``until`` is None if it holds at the tip."""

    start: CommitWords
    until: str | None
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContentComparison:
    """Two contents side by side. ``expected`` is None where no file is called after the object."""

    live: FileMark
    live_commit: CommitWords | None
    expected: FileMark | None
    open: bool
    whens: tuple[When, ...]
    lists: tuple[ListDifference, ...]
    values: tuple[ValueDifference, ...]

    @property
    def differences(self) -> int:
        """How many entries and values differ."""
        return len(self.values) + sum(pair.op in {"added", "removed"} for each in self.lists for pair in each.pairs)


_Stretch = tuple["Phase", str | None, str]
"""A phase, the date that ended it, its scenario."""


def comparisons(
    story: ObjectStory | None, divergences: Iterable[Divergence], files: FileMarks, commits: Commits
) -> list[ContentComparison]:
    """Each pair of contents once, those that hold at the tip first, then the latest."""
    contents = {(each.path, each.blob): each for each in story.contents} if story else {}
    groups: dict[tuple[object, object], list[_Stretch]] = {}
    for divergence in divergences:
        for number, phase in enumerate(divergence.phases):
            following = divergence.phases[number + 1 :]
            until = following[0].from_date if following else divergence.until_date
            groups.setdefault((_key(phase.live), _key(phase.expected)), []).append((phase, until, divergence.scenario))
    found = [_comparison(stretches, contents, files, commits) for stretches in groups.values()]
    latest = sorted(found, key=lambda each: max(when.start.day for when in each.whens), reverse=True)
    return sorted(latest, key=lambda each: not each.open)


def _key(source: Source | None) -> tuple[str | None, str | None] | None:
    return (source.path, source.blob) if source else None


def _comparison(
    stretches: Sequence[_Stretch],
    contents: Mapping[tuple[str, str], FileContent],
    files: FileMarks,
    commits: Commits,
) -> ContentComparison:
    phase = stretches[0][0]
    left, right = _content(contents, phase.expected), _content(contents, phase.live)
    whens: dict[tuple[str, str, str | None], list[str]] = {}
    for each, until, scenario in stretches:
        whens.setdefault((each.from_commit, each.from_date, until), []).append(scenario)
    in_lists = [change for change in phase.changes if _list_of(change) is not None]
    return ContentComparison(
        live=files[phase.live.path if phase.live else None],
        live_commit=commits(phase.live.commit) if phase.live else None,
        expected=files[phase.expected.path] if phase.expected else None,
        open=any(until is None for _, until, _ in stretches),
        whens=tuple(
            When(commits(commit, date), None if until is None else day(until), tuple(dict.fromkeys(scenarios)))
            for (commit, date, until), scenarios in sorted(whens.items(), key=lambda item: item[0][1])
        ),
        lists=tuple(_lists(in_lists, left if phase.expected else right, right)),
        values=tuple(_value(change) for change in phase.changes if _list_of(change) is None),
    )


def _content(contents: Mapping[tuple[str, str], FileContent], source: Source | None) -> Mapping[str, Any]:
    if source is None or source.path is None or source.blob is None:
        return {}
    found = contents.get((source.path, source.blob))
    return found.content if found else {}


def _list_of(change: ValueChange) -> tuple[str, ...] | None:
    """The run list that a change is an entry of, as a path; None for every other value."""
    *place, index = change.keys or [""]
    if not index.isdecimal() or change.op not in {"add", "remove"}:
        return None
    if place == ["run_list"] or (len(place) == 2 and place[0] == "env_run_lists"):  # noqa: PLR2004 (key, environment)
        return tuple(place)
    return None


def _lists(
    changes: Sequence[ValueChange], left: Mapping[str, Any], right: Mapping[str, Any]
) -> Iterator[ListDifference]:
    """The run list, and those of environments that differ."""
    by_list: dict[tuple[str, ...], list[ValueChange]] = {("run_list",): []}
    for change in changes:
        by_list.setdefault(_list_of(change) or (), []).append(change)
    for place, own in by_list.items():
        pairs = list(_pairs(own, _entries(left, place), _entries(right, place)))
        if pairs:
            yield ListDifference(place[1] if len(place) > 1 else None, tuple(_folded(pairs)))


def _entries(content: Mapping[str, Any], place: Sequence[str]) -> list[Any]:
    value: Any = content
    for key in place:
        value = value.get(key) if isinstance(value, dict) else None
    return list(value) if isinstance(value, (list, tuple)) else []


def _pairs(changes: Sequence[ValueChange], left: Sequence[Any], right: Sequence[Any]) -> Iterator[Pair]:
    """Both lists in step: what was removed counts in the one before, what was added in the one after."""
    removed = {int(each.keys[-1]): each.before for each in changes if each.op == "remove"}
    added = {int(each.keys[-1]): each.after for each in changes if each.op == "add"}
    old = new = 0
    while old < len(left) or new < len(right) or old in removed or new in added:
        if old in removed:
            yield Pair("removed", _text(removed.pop(old)), "")
            old += 1
        elif new in added:
            yield Pair("added", "", _text(added.pop(new)))
            new += 1
        elif old < len(left) and new < len(right):
            yield Pair("same", _text(left[old]), _text(right[new]))
            old, new = old + 1, new + 1
        else:
            break
    # without the contents only what differs is known
    yield from (Pair("removed", _text(value), "") for _, value in sorted(removed.items()))
    yield from (Pair("added", "", _text(value)) for _, value in sorted(added.items()))


def _folded(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """The pairs, of a long stretch without a difference only both ends."""
    for op, group in groupby(pairs, lambda pair: pair.op):
        run = list(group)
        if op != "same" or len(run) <= _MOST_ALIKE:
            yield from run
            continue
        yield from run[:_KEPT_AROUND]
        yield Pair("more", str(len(run) - 2 * _KEPT_AROUND), "")
        yield from run[-_KEPT_AROUND:]


def _value(change: ValueChange) -> ValueDifference:
    parts = change.keys or [""]
    level = _LEVELS.get(parts[0], "") if len(parts) > 1 else ""
    return ValueDifference(
        op={"add": "added", "remove": "removed"}.get(change.op, "replaced"),
        level=level,
        place=".".join(parts[1:] if level else parts),
        left="" if change.op == "add" else _text(change.before, quoted=True),
        right="" if change.op == "remove" else _text(change.after, quoted=True),
    )


def _text(value: Any, *, quoted: bool = False) -> str:
    text = value if isinstance(value, str) and not quoted else readable_json(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "\u2026"
