"""What can go wrong, as one small tree: every error says in one line what is wrong and what to do about it."""

from __future__ import annotations


class ForensicsError(Exception):
    """Anything that the tool refuses or cannot do, with a message for people."""


class UsageError(ForensicsError):
    """A question that makes no sense as it was asked."""
