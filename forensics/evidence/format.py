"""What every format of evidence is: how it is recognised, and what reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from forensics.evidence.files import EvidenceFile
    from forensics.evidence.records import Record, SourceReport

    Recognise: TypeAlias = Callable[[EvidenceFile, bytes], bool]
    """From a source and its first bytes (empty for a directory) to whether it is of the format."""
    Read: TypeAlias = Callable[[EvidenceFile, SourceReport], Iterator[Record]]
    """Yields what a source says, and fills the report of it on the way; done when it is exhausted."""


@dataclass(frozen=True, slots=True)
class EvidenceFormat:
    """A format of evidence; ``title`` is what people read, ``proves`` what its records can show."""

    name: str
    title: str
    proves: str
    recognise: Recognise
    read: Read
