"""Where others find a repository."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from forensics.errors import UsageError

_CHARACTERS: Final = re.compile(r"https?://[A-Za-z0-9._~:/%+\[\]-]+")


def repository_address(text: str) -> str:
    """An address on the web that may stand in a report: nobody's credentials, and nothing that a reader trips over.

    Raises:
        UsageError: it is no such address.
    """
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    # a user name and a password stand before an @, which is none of the characters
    if not sound or not _CHARACTERS.fullmatch(text):
        raise UsageError(
            "--repository-uri takes an address such as https://example.org/chef-repo, without user name or password"
        )
    return text
