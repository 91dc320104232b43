"""What every form of ``drift`` says in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis import drift_results as states
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.drift_results import DriftSummary, Match, ServerSnapshot

_SHORT: Final = 12
_DAY: Final = 10

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


def match_text(match: Match) -> str:
    """A file and the commits in which it had this content."""
    first, last = match.first_commit[:_SHORT], match.last_commit[:_SHORT]
    began, ended = match.first_date[:_DAY], match.last_date[:_DAY]
    if match.commits == 1:
        when = f"commit {first} ({began})"
    else:
        when = f"commits {first}..{last} ({began} to {ended})"
    return f"{clean(match.path)} of {when}{', the revision' if match.at_tip else ''}"
