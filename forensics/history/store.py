"""Reading git objects one by one, and keeping account of those that cannot be read."""

from __future__ import annotations

from copy import copy
from hashlib import sha1
from typing import TYPE_CHECKING, Final

import pygit2

from forensics.history.gaps import Gaps
from forensics.history.loose import loose_objects, loose_size, object_directories, read_loose

if TYPE_CHECKING:
    from pathlib import Path

    from forensics.history.model import ObjectId

_TYPE_NAMES: Final = {
    int(pygit2.enums.ObjectType.COMMIT): "commit",
    int(pygit2.enums.ObjectType.TREE): "tree",
    int(pygit2.enums.ObjectType.BLOB): "blob",
    int(pygit2.enums.ObjectType.TAG): "tag",
}
COMMIT: Final = int(pygit2.enums.ObjectType.COMMIT)
TREE: Final = int(pygit2.enums.ObjectType.TREE)
BLOB: Final = int(pygit2.enums.ObjectType.BLOB)
TAG: Final = int(pygit2.enums.ObjectType.TAG)

_HEADERS: Final = {COMMIT: b"commit %d\0", TREE: b"tree %d\0", BLOB: b"blob %d\0", TAG: b"tag %d\0"}

_Oid: Final = pygit2.Oid
# a damaged object may say that it is larger than all memory
_DAMAGED: Final = (pygit2.GitError, ValueError, MemoryError)

LARGEST_BLOB: Final = 64 << 20
"""Blobs beyond this many bytes are not read: nobody's role is larger, and memory stays bounded."""


class ObjectStore:
    """The object database in one ``objects`` directory and its alternates, opened for reading.

    Every object that cannot be read is recorded once in ``gaps`` and then counts as absent, so that a damaged or
    partial repository still yields all that it holds. ``promised`` tells that absent objects were left out by a
    partial clone; nothing is ever fetched.
    """

    def __init__(self, objects: Path, *, promised: bool = False) -> None:
        self._objects = objects
        self._promised = promised
        self.gaps = Gaps()
        self._open()

    def apart(self) -> ObjectStore:
        """The same with an account of gaps of its own."""
        other = copy(self)
        other.gaps = Gaps()
        return other

    def _open(self) -> None:
        self._directories = object_directories(self._objects)
        self._loose = loose_objects(self._directories)
        self._packs = [pygit2.OdbBackendPack(str(directory)) for directory in self._directories]
        self._packed = pygit2.Odb()
        for pack in self._packs:
            self._packed.add_backend(pack, 1)

    def read(
        self, oid: ObjectId, expected: int, *, path: str | None = None, commit: ObjectId | None = None
    ) -> bytes | None:
        """The content of an object of the ``expected`` type, or None with a gap recorded.

        The content is checked against the id on every read: here, with the SHA-1 that loose objects and pack indexes
        are checked with, too. libgit2's own takes twice as long, a third of all reading, since it also looks for the
        marks of a forged collision, as git does once when objects come in. Whatever is not as it should be goes to
        ``_read_elsewhere``, for libgit2 to say what is wrong with it.
        """
        if oid not in self._loose:
            for pack in self._packs:
                try:
                    kind, data = pack.read(_Oid(oid))
                except (*_DAMAGED, KeyError):
                    continue
                header = _HEADERS[expected] % len(data)
                if kind == expected and sha1(header + data, usedforsecurity=False).digest() == oid:
                    return data
        return self._read_elsewhere(oid, expected, path, commit)

    def fetch(self, oid: ObjectId) -> tuple[int, bytes]:
        """The type and content of an object, without any account.

        Raises:
            KeyError: it is not there.
            ValueError, pygit2.GitError: it is corrupt.
        """
        if oid not in self._loose:
            return self._packed.read(_Oid(oid))
        try:
            return read_loose(self._directories, oid)
        except (KeyError, ValueError) as error:
            try:
                return self._packed.read(_Oid(oid))
            except KeyError:
                raise error from None

    def _mismatch(self, oid: ObjectId, expected: int, kind: int, path: str | None, commit: ObjectId | None) -> None:
        detail = f"the entry says {_TYPE_NAMES[expected]}, the object is a {_TYPE_NAMES.get(int(kind), 'stranger')}"
        self.gaps.record(oid, "type-mismatch", detail, path=path, commit=commit)

    def _read_elsewhere(self, oid: ObjectId, expected: int, path: str | None, commit: ObjectId | None) -> bytes | None:
        """Read a loose object, or from the packs as they are now: a repack may have replaced those that were open."""
        try:
            try:
                kind, data = self.fetch(oid)
            except (*_DAMAGED, KeyError):
                if oid in self.gaps or self._promised:
                    raise
                self._open()
                kind, data = self.fetch(oid)
        except KeyError:
            word = "promised" if self._promised else "missing"
            detail = "not fetched by this partial clone" if self._promised else "not in the object database"
            self.gaps.record(oid, f"{word}-{_TYPE_NAMES[expected]}", detail, path=path, commit=commit)
            return None
        except _DAMAGED as error:
            self.gaps.record(oid, f"corrupt-{_TYPE_NAMES[expected]}", _one_line(error), path=path, commit=commit)
            return None
        if kind != expected:
            self._mismatch(oid, expected, kind, path, commit)
            return None
        return data

    def read_blob(self, oid: ObjectId, *, path: str | None = None, commit: ObjectId | None = None) -> bytes | None:
        """A file's content, or None with a gap recorded; the size is asked for first."""
        try:
            size = self.size(oid)
        except (*_DAMAGED, KeyError):
            size = 0  # whatever is wrong, reading says it
        if size > LARGEST_BLOB:
            detail = f"{size} bytes, more than the {LARGEST_BLOB} that are read"
            self.gaps.record(oid, "oversized-blob", detail, path=path, commit=commit)
            return None
        return self.read(oid, BLOB, path=path, commit=commit)

    def size(self, oid: ObjectId) -> int:
        """How many bytes an object has, without reading it, and without any account.

        Raises:
            KeyError: it is not there.
            ValueError, pygit2.GitError: it is corrupt.
        """
        if oid in self._loose:
            return loose_size(self._directories, oid)
        for pack in self._packs:
            try:
                return pack.read_header(_Oid(oid))[1]
            except KeyError:
                continue
        raise KeyError(oid)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
