"""Loose objects, read without libgit2: that one never returns from an object whose file breaks off."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from forensics.history.model import ObjectId

_HEADER: Final = re.compile(rb"(commit|tree|blob|tag) (0|[1-9][0-9]{0,18})\0")
_PREFIX: Final = re.compile(r"[0-9a-f]{2}")
_REST: Final = re.compile(r"[0-9a-f]{38}")
_TYPES: Final = {b"commit": 1, b"tree": 2, b"blob": 3, b"tag": 4}
_LONGEST_HEADER: Final = 32
_DEEPEST: Final = 5  # alternates of alternates, as git follows them


class CorruptObjectError(ValueError):
    """An object whose file breaks off, is no zlib data, or does not match its id."""


def object_directories(objects: Path) -> list[Path]:
    """An ``objects`` directory and its alternates, in the order in which they are searched."""
    found = [objects]
    level = [objects]
    for _ in range(_DEEPEST):
        named = [path for directory in level for path in _alternates(directory)]
        level = [path for path in dict.fromkeys(named) if path not in found]
        found += level
    return found


def _alternates(objects: Path) -> list[Path]:
    try:
        lines = (objects / "info" / "alternates").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    return [objects / line for line in lines if line and not line.startswith("#")]


def loose_objects(directories: list[Path]) -> set[ObjectId]:
    """The ids of all loose objects."""
    found: set[ObjectId] = set()
    for directory in directories:
        for prefix in _names(directory, _PREFIX):
            found.update(bytes.fromhex(prefix + rest) for rest in _names(directory / prefix, _REST))
    return found


def _names(directory: Path, shape: re.Pattern[str]) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(directory) if shape.fullmatch(entry.name)]
    except OSError:
        return []


def read_loose(directories: list[Path], oid: ObjectId) -> tuple[int, bytes]:
    """The type and content of a loose object.

    Raises:
        KeyError: there is none.
        CorruptObjectError: there is one, and it cannot be read or is another.
    """
    packed = _file_of(directories, oid)
    inflater = zlib.decompressobj()
    kind, size = _header(inflater, packed)
    inflater = zlib.decompressobj()
    try:
        # a byte too many is enough to know that the size is a lie
        data = inflater.decompress(packed, size + _LONGEST_HEADER + 1)
    except zlib.error as error:
        raise CorruptObjectError(str(error)) from None
    content = data[data.index(b"\0") + 1 :]
    if not inflater.eof or len(content) != size:
        raise CorruptObjectError("the object's file breaks off or has another length than it says")
    if hashlib.sha1(data, usedforsecurity=False).digest() != oid:
        raise CorruptObjectError("the content does not match the id")
    return kind, content


def loose_size(directories: list[Path], oid: ObjectId) -> int:
    """How many bytes a loose object says that it has; raises as ``read_loose`` does."""
    return _header(zlib.decompressobj(), _file_of(directories, oid))[1]


def _file_of(directories: list[Path], oid: ObjectId) -> bytes:
    name = oid.hex()
    for directory in directories:
        path = directory / name[:2] / name[2:]
        try:
            if stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device read without end
                return path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise CorruptObjectError(error.strerror or type(error).__name__) from None
        raise CorruptObjectError("where the object's file should be is something else")
    raise KeyError(name)


def _header(inflater: zlib._Decompress, packed: bytes) -> tuple[int, int]:
    try:
        start = inflater.decompress(packed, _LONGEST_HEADER)
    except zlib.error as error:
        raise CorruptObjectError(str(error)) from None
    header = _HEADER.match(start)
    if header is None:
        raise CorruptObjectError("the object's file does not begin with a type and a length")
    return _TYPES[header[1]], int(header[2])
