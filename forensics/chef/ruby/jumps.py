"""``break``, ``next`` and ``return`` on their way to where they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.chef.ruby.methods import Block
    from forensics.chef.ruby.values import RubyValue


class BreakFlow(Exception):  # noqa: N818 - a jump, not an error
    """``break``: leaves the method that the block was given to."""

    def __init__(self, value: RubyValue) -> None:
        super().__init__()
        self.value = value
        self.block: Block | None = None
        """The block that it left, once it has."""


class NextFlow(Exception):  # noqa: N818 - a jump, not an error
    """``next``: leaves the block."""

    def __init__(self, value: RubyValue) -> None:
        super().__init__()
        self.value = value


class ReturnFlow(Exception):  # noqa: N818 - a jump, not an error
    """``return``: leaves the file."""
