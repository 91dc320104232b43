"""The commits that a page names, each told once and known by its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.results import CommitNote

SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class CommitWords:
    """What people read about one commit; the texts are empty where nothing is known of it."""

    number: int
    id: str
    day: str
    author: str
    authored: str
    subject: str

    @property
    def short(self) -> str:
        """The id as people write it."""
        return self.id[:SHORT]


class Commits:
    """Numbers commits in the order in which the page names them."""

    def __init__(self, notes: Mapping[str, CommitNote]) -> None:
        self._notes = notes
        self._named: dict[str, CommitWords] = {}

    def __call__(self, commit: str, date: str = "") -> CommitWords:
        """A commit in words; ``date`` stands in where no note has one."""
        found = self._named.get(commit)
        if found is None:
            note = self._notes.get(commit)
            found = CommitWords(
                number=len(self._named),
                id=commit,
                day=day(note.date if note else date),
                author=note.author if note else "",
                authored=day(note.author_date) if note else "",
                subject=note.subject if note else "",
            )
            self._named[commit] = found
        return found

    def table(self) -> list[list[str]]:
        """All that were named, for the script: id, day, author, day of writing, subject."""
        return [
            [clean(text) for text in (each.short, each.day, each.author, each.authored, each.subject)]
            for each in self._named.values()
        ]


def day(date: str) -> str:
    """The day of a date; what is no ISO date stays as it is."""
    return date[:10] if date[10:11] == "T" else date
