"""How much work a file may ask for."""

from __future__ import annotations

from forensics.chef.ruby.failure import ExhaustedError

_STEPS = 60_000
"""How many nodes are evaluated before a file counts as a bomb."""
_LARGEST = 200_000
"""How many characters a string, or members a collection, may have."""


class Budget:
    """The steps that one evaluation has left."""

    def __init__(self) -> None:
        self.steps = _STEPS

    def spend(self, steps: int = 1) -> None:
        """Count steps.

        Raises:
            ExhaustedError: the file asks for too much.
        """
        self.steps -= steps
        if self.steps < 0:
            raise ExhaustedError

    def spend_on(self, size: int) -> None:
        """Count the work on a string or a collection of this size; raises as ``spend``."""
        if size > _LARGEST:
            raise ExhaustedError
        self.spend(size >> 4)
