"""What a check of the index yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.analysis.results import EvidenceSummary, Finding, ProblemRecord, Shadow, Suppression


@dataclass(frozen=True, slots=True)
class StagedShadow:
    """A shadow that the commit would have.

    ``added`` are those of its files that the commit makes declare the object, ``edited`` those that declare it already
    and that the commit changes. ``finding`` is what a scan of the commit would report.
    """

    shadow: Shadow
    added: tuple[str, ...]
    edited: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class Check:
    """What ``git commit`` would commit now, compared with what it follows.

    ``introduced`` are the shadows that it would bring, ``standing`` those that were there before, ``suppressed`` those
    of the former that the configuration lets pass. ``files`` counts the files that could declare something,
    ``unreadable`` are those among them that cannot, and could before or are new: no Chef would load them.
    """

    evidence: EvidenceSummary
    introduced: tuple[StagedShadow, ...]
    standing: tuple[StagedShadow, ...]
    suppressed: tuple[Suppression, ...]
    files: int
    unreadable: tuple[ProblemRecord, ...] = ()
