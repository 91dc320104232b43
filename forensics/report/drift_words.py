"""What every form of ``drift`` says in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis import drift_results as states
from forensics.report.text.values import change_texts
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.analysis.drift_results import DriftObject, DriftSummary, MatchedVersion, ServerSnapshot
    from forensics.analysis.results import ValueChange

_SHORT: Final = 12
_DAY: Final = 10
_MOST_CHANGES: Final = 6
_MOST_MATCHES: Final = 2
_MOST_NODES: Final = 8

SHORT_STATE: Final[Mapping[str, str]] = {
    states.UNKNOWN_CONTENT: "unknown content",
    states.OTHER_FILE: "another file",
    states.CONTESTED: "contested",
    states.OLDER: "older",
    states.SERVER_ONLY: "only on the server",
    states.REPOSITORY_ONLY: "only in the repository",
    states.UNDECIDED: "undecided",
    states.SAME: "same",
}


def explained(summary: DriftSummary) -> str:
    """How much of the server the repository accounts for."""
    held = summary.objects - summary.by_state.get(states.REPOSITORY_ONLY, 0)
    if not held:
        return "The backup holds no object that could be compared"
    if summary.explained == held:
        return (
            f"This repository explains all {held} objects of the server"
            if held > 1
            else ("This repository explains the one object of the server")
        )
    return f"This repository explains {summary.explained} of {held} objects of the server"


def counts(summary: DriftSummary) -> str:
    """How many objects are in each state, the worst first."""
    return ", ".join(f"{number} {SHORT_STATE[state]}" for state, number in summary.by_state.items())


def snapshot_text(snapshot: ServerSnapshot) -> str:
    """Which backup it was, and when that was made."""
    when = f"as of {snapshot.at} (told by {snapshot.basis})" if snapshot.at else "of a day that nothing tells"
    part = "; some objects only" if snapshot.partial else ""
    return f"{snapshot.source}, {when}{part}"


def state_sentence(state: str) -> str:
    """What a state means, behind its name."""
    return f"{SHORT_STATE[state]}: {states.MEANING[state]}"


def strangers(summary: DriftSummary) -> str:
    """How many nodes were not compared; empty if there are none."""
    number = summary.unknown_nodes
    nodes = f"{number} node{'s' if number > 1 else ''}"
    return f"{nodes} of the server that this repository never had: counted, not compared" if number else ""


def facts(each: DriftObject, *, whole: bool = False) -> Iterator[tuple[str, list[str]]]:
    """What there is to know of an object, each with its label; unless all is wanted the first few of what is many."""
    if each.matches:
        yield "is", _first([match_text(match) for match in each.matches], _MOST_MATCHES, whole=whole)
    if each.closest is not None and (each.expected is None or not each.closest.match.at_tip):
        match, changes = each.closest.match, each.closest.changes
        yield "closest", [match_text(match) + _but(changes), *_differences(changes, whole=whole)]
    if each.expected is not None:
        yield "expected", [clean(each.expected.path) + _but(each.changes), *_differences(each.changes, whole=whole)]
    if each.nodes is not None:
        named = [clean(node) for node in each.nodes] or ["no node of the backup"]
        yield "felt by", [", ".join(_first(named, _MOST_NODES, whole=whole))]
    if each.notes:
        yield "note", [clean(note) for note in each.notes]


def match_text(match: MatchedVersion) -> str:
    """A file and the commits in which it had this content."""
    first, last = match.first_commit[:_SHORT], match.last_commit[:_SHORT]
    began, ended = match.first_date[:_DAY], match.last_date[:_DAY]
    when = f"commit {first} ({began})" if match.commits == 1 else f"commits {first}..{last} ({began} to {ended})"
    return f"{clean(match.path)} of {when}{', the revision' if match.at_tip else ''}"


def _but(changes: Sequence[ValueChange]) -> str:
    return ", but on the server:" if changes else ""


def _differences(changes: Sequence[ValueChange], *, whole: bool) -> list[str]:
    return _first(change_texts(changes), _MOST_CHANGES, whole=whole)


def _first(texts: list[str], most: int, *, whole: bool) -> list[str]:
    """The first few; the rest is counted, where there is more than one to leave out."""
    if whole or len(texts) <= most + 1:
        return texts
    return [*texts[:most], f"and {len(texts) - most} more"]
