"""A git pack and its index as bytes: two files to write instead of one for each object, and two to read."""

from __future__ import annotations

import hashlib
import struct
import zlib
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Final = {"commit": 1, "tree": 2, "blob": 3}


class Packed(NamedTuple):
    """A pack as two files: their name without the ending, and what they hold."""

    name: str
    pack: bytes
    index: bytes


def packed(objects: Mapping[str, tuple[str, bytes]]) -> Packed:
    """Objects by id as a pack and its index (gitformat-pack, version 2)."""
    body = bytearray(b"PACK" + struct.pack(">II", 2, len(objects)))
    places: dict[str, tuple[int, int]] = {}
    for identifier, (kind, data) in objects.items():
        entry = _header(_TYPES[kind], len(data)) + zlib.compress(data)
        places[identifier] = len(body), zlib.crc32(entry)
        body += entry
    body += _sha1(body)
    ordered = sorted(places)
    beginnings = [0] * 256
    for identifier in ordered:
        beginnings[int(identifier[:2], 16)] += 1
    index = bytearray(b"\xfftOc" + struct.pack(">I256I", 2, *accumulate(beginnings)))
    index += b"".join(map(bytes.fromhex, ordered))
    index += struct.pack(f">{len(ordered)}I", *(places[identifier][1] for identifier in ordered))
    index += struct.pack(f">{len(ordered)}I", *(places[identifier][0] for identifier in ordered))
    index += body[-20:]
    index += _sha1(index)
    return Packed(f"pack-{body[-20:].hex()}", bytes(body), bytes(index))


def _header(kind: int, size: int) -> bytes:
    """The type and size of an entry: four bits of the size beside the type, then seven a byte."""
    byte, size = kind << 4 | size & 15, size >> 4
    header = bytearray()
    while size:
        header.append(byte | 128)
        byte, size = size & 127, size >> 7
    return bytes([*header, byte])


def _sha1(data: bytes | bytearray) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()
