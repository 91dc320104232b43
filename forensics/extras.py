"""Libraries that only some questions need, and what to say where one is missing."""

from __future__ import annotations

from importlib.util import find_spec

from forensics.errors import ForensicsError


class MissingExtraError(ForensicsError):
    """A library of the ``notebook`` extra is not installed."""


def require(module: str, purpose: str, *, package: str = "") -> None:
    """Make sure that a library can be imported; ``purpose`` is what needs it, ``package`` how it is called otherwise.

    Raises:
        MissingExtraError: it is not installed.
    """
    if find_spec(module) is None:
        raise MissingExtraError(
            f"{purpose} need {package or module}, which is not installed: pip install 'chef-forensics[notebook]'"
        )
