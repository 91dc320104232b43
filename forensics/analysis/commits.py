"""What people want to read beside a commit id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.dates import signature_date
from forensics.analysis.results import CommitNote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.history.walk import History


def commit_notes(history: History, commits: Sequence[str]) -> dict[str, CommitNote]:
    """Dates, author and subject of commits, by id."""
    notes: dict[str, CommitNote] = {}
    for commit in commits:
        position = history.graph.index(bytes.fromhex(commit))
        details = history.details(position) if position is not None else None
        if details is not None:
            notes[commit] = CommitNote(
                date=signature_date(details.committer),
                author_date=signature_date(details.author),
                author=details.author.name,
                subject=details.subject,
            )
    return notes
