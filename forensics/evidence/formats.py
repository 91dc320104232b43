"""The formats of evidence that are known, the most telling first: the first that recognises a file reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from forensics.evidence.format import EvidenceFormat

FORMATS: Final[tuple[EvidenceFormat, ...]] = ()
