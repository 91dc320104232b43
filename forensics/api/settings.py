"""What a repository's configuration says, and which version of Chef to go by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from forensics import config as configuration
from forensics.errors import UsageError

if TYPE_CHECKING:
    from os import PathLike

    from forensics.config import Config

_VERSIONS: Final = ("11", "12", "16", "18")


def settings_of(path: str | PathLike[str], config: str | PathLike[str] | None) -> Config:
    """The configuration in a file, or else the one beside the repository's files.

    Raises:
        ConfigError: it says something impossible.
    """
    return configuration.load(None if config is None else Path(config), Path(path))


def known_version(chef_version: str | None) -> str:
    """The version of Chef to go by, of which the first number decides; the latest one if none is named.

    Raises:
        UsageError: nothing is known of that version.
    """
    chef = chef_version or _VERSIONS[-1]
    if chef.partition(".")[0] not in _VERSIONS:
        raise UsageError(
            f"{chef!r} is no version of Chef that is known; there are {', '.join(_VERSIONS)}: take the nearest one"
        )
    return chef
