"""What stands for a value that only running the file could tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """The source text of the expression and the line (from 1) where it stands."""

    source: str
    line: int
