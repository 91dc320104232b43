"""One stretch of a shadowed object under one live file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from forensics.analysis.ground_results import ByEvidence


class CaseStretch(NamedTuple):
    """One stretch under one live file, with all the scenarios that have it.

    ``path`` is None where no file of the repository gave the content; ``until`` is None if it lasts to the tip.
    ``raced`` are those of the scenarios under which it is only possible, ``unknown`` those under which nobody can tell
    what the file declared. ``said`` is what evidence says of it, the same for all, None without any.
    """

    path: str | None
    start: str
    start_date: str
    until: str | None
    until_date: str | None
    scenarios: tuple[str, ...]
    raced: frozenset[str]
    unknown: frozenset[str]
    said: ByEvidence | None = None

    def doubt(self, scenario: str, race: str = "race") -> str:
        """Why it is not certain under a scenario, in brackets behind a blank; ``race`` is the word for a race."""
        if scenario in self.raced:
            return f" ({race})"
        return " (not known)" if scenario in self.unknown else ""
