"""What can be wrong with a page."""

from __future__ import annotations


class PageError(Exception):
    """A page shows something that cannot be shown."""


class UnknownCommandError(PageError):
    """A page shows a command that cannot be run here; show it in a block of another kind."""


class DefectError(PageError):
    """A command of a page ended with a defect of the tool."""


class NothingShownError(PageError):
    """A page filters what a command prints, and nothing is left to show."""
