"""Pack indexes, checked before libgit2 uses them: it reads past the end of memory where one is damaged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from forensics.history.model import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CHECKSUM: Final = 20
_AT_ONCE: Final = 1 << 20


def check_pack_indexes(directories: Iterable[Path]) -> None:
    """Compare every pack index below these ``objects`` directories with the checksum at its end.

    Raises:
        EvidenceError: one does not match, or cannot be read.
    """
    for directory in directories:
        for index in sorted((directory / "pack").glob("*.idx")):
            try:
                sound = _is_sound(index)
            except OSError as error:
                raise EvidenceError(f"{index} cannot be read: {error.strerror}") from None
            if not sound:
                raise EvidenceError(f"{index} is corrupt; `git index-pack` on its .pack in a copy makes it anew")


def _is_sound(index: Path) -> bool:
    remaining = index.stat().st_size - _CHECKSUM
    digest = hashlib.sha1(usedforsecurity=False)
    with index.open("rb") as file:
        while remaining > 0:
            chunk = file.read(min(remaining, _AT_ONCE))
            if not chunk:
                return False
            digest.update(chunk)
            remaining -= len(chunk)
        return remaining == 0 and file.read() == digest.digest()
