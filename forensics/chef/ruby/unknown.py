"""What stands for a value that only running the file could tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """The source text of the expression and the line (from 1) where it stands."""

    source: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class OwnPath(Unknown):
    """``__FILE__``: an absolute path on the workstation, of which only the last component is known."""

    name: str
