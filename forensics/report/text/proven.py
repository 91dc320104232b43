"""What proves that something was live, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.ground_results import LENGTH
from forensics.report.text.style import SHORT
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.analysis.ground_results import EvidencePlace, Ground, ProofMatch

_FEW: Final = 3


def when(moment: str) -> str:
    """A moment in UTC, as people read it."""
    return moment[:19].replace("T", " ")


def line(place: EvidencePlace) -> str:
    """A line of a log: its file's own name and its number."""
    return clean(place.short)


def files(matches: Iterable[ProofMatch]) -> str:
    """The files that it can have been, all of one content or of several."""
    versions = dict.fromkeys((each.path, each.blob) for each in matches)
    paths = list(dict.fromkeys(path for path, _ in versions))
    named = [clean(path) for path in paths[:_FEW]]
    more = f" or {len(paths) - _FEW} more" if len(paths) > _FEW else ""
    blobs = list(dict.fromkeys(blob for _, blob in versions))
    which = f" ({blobs[0][:SHORT]})" if len(blobs) == 1 else f" ({len(blobs)} contents possible)" if blobs else ""
    return " or ".join(named) + more + which


def proven_by(ground: Ground) -> str:
    """Who sent it, and what proves that."""
    if ground.source is None:
        return clean(ground.note)
    who = f"sent by {clean(ground.user)}, " if ground.user else ""
    how = " by its length" if ground.proof == LENGTH else ""
    until = f"; so until {when(ground.until)}" if ground.until and ground.until != ground.time else ""
    return f"{who}proven{how} by {line(ground.source)} at {when(ground.time)} UTC{until}"
