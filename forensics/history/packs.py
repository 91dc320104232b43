"""Pack indexes, checked before libgit2 uses them: it reads past the end of memory where one is damaged."""

from __future__ import annotations

import hashlib
import os
import sys
from array import array
from operator import gt
from typing import IO, TYPE_CHECKING, Final

from forensics.history.model import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CHECKSUM: Final = 20
_AT_ONCE: Final = 1 << 20
_MAGIC: Final = b"\xfftOc\0\0\0\2"
_FIRST: Final = 12  # behind the header of a pack
_NEAREST: Final = (1 << 31) - 1  # beyond, an offset is the place of one in the table of the wide ones


def check_pack_indexes(directories: Iterable[Path]) -> None:
    """Look whether every pack index below these ``objects`` directories can be followed safely.

    It must match the checksum at its end, and have the form of one whose every offset lies within its pack.

    Raises:
        EvidenceError: one does not match, leads out of its pack, or cannot be read.
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
        if remaining != 0 or file.read() != digest.digest():
            return False
        file.seek(0)
        return _stays_within(file, index)


def _stays_within(file: IO[bytes], index: Path) -> bool:
    """Whether the tables are of the size that the index says, and every offset is one in the pack.

    Mirrors gitformat-pack: version 2 begins with a magic number, version 1 has offset and name of each object together.
    """
    pack = index.with_suffix(".pack")
    try:
        end = pack.stat().st_size - _CHECKSUM
    except FileNotFoundError:
        return True  # nothing is read through an index without a pack
    newer = file.read(len(_MAGIC)) == _MAGIC
    if not newer:
        file.seek(0)
    fanout = _numbers(file, 256)
    if len(fanout) < 256 or any(map(gt, fanout, fanout[1:])):  # noqa: PLR2004 (one for each first byte)
        return False
    count = fanout[-1]
    size = index.stat().st_size
    if not newer:
        if size != 256 * 4 + count * 24 + 2 * _CHECKSUM:
            return False
        return all(_FIRST <= int.from_bytes(file.read(24)[:4], "big") < end for _ in range(count))
    wide = size - (len(_MAGIC) + 256 * 4 + count * (20 + 4 + 4) + 2 * _CHECKSUM)
    if wide < 0 or wide % 8:
        return False
    file.seek(count * (20 + 4), os.SEEK_CUR)
    offsets = _numbers(file, count)
    far = [offset & _NEAREST for offset in offsets if offset > _NEAREST] if wide else []
    near = [offset for offset in offsets if offset <= _NEAREST] if far else offsets
    places = [int.from_bytes(file.read(8), "big") for _ in range(wide // 8)]
    return (
        len(offsets) == count
        and (not near or (min(near) >= _FIRST and max(near) < end))
        and (not far or max(far) < len(places))
        and all(_FIRST <= place < end for place in places)
    )


def _numbers(file: IO[bytes], count: int) -> array[int]:
    found = array("I")
    found.frombytes(file.read(4 * count)[: 4 * count])
    if sys.byteorder == "little":
        found.byteswap()
    return found
