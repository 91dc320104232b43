"""What stands for a value that only running the file could tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class UnknownValue:
    """The source text of the expression and the line (from 1) where it stands."""

    source: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class OutsideConstant(UnknownValue):
    """A constant of Ruby's, or of a library that knife loads: it is there, what it holds is not modelled."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class OwnPath(UnknownValue):
    """``__FILE__``: an absolute path on the workstation, of which only the last component is known."""

    name: str
