"""Reading git objects one by one, and keeping account of those that cannot be read."""

from __future__ import annotations

from typing import Final

import pygit2

from forensics.history.model import Gap, ObjectId

_TYPE_NAMES: Final = {
    int(pygit2.enums.ObjectType.COMMIT): "commit",
    int(pygit2.enums.ObjectType.TREE): "tree",
    int(pygit2.enums.ObjectType.BLOB): "blob",
    int(pygit2.enums.ObjectType.TAG): "tag",
}
COMMIT: Final = int(pygit2.enums.ObjectType.COMMIT)
TREE: Final = int(pygit2.enums.ObjectType.TREE)
BLOB: Final = int(pygit2.enums.ObjectType.BLOB)

LARGEST_BLOB: Final = 64 << 20
"""Blobs beyond this many bytes are not read: nobody's role is larger, and memory stays bounded."""


class ObjectStore:
    """The object database of one repository, opened for reading.

    Every object that cannot be read is recorded once in ``gaps`` and then counts as absent, so that a damaged or
    partial repository still yields all that it holds.
    """

    def __init__(self, repository: pygit2.Repository, *, promised: bool = False) -> None:
        self._odb = repository.odb
        self._promised = promised
        self.gaps: dict[ObjectId, Gap] = {}

    def read(
        self, oid: ObjectId, expected: int, *, path: str | None = None, commit: ObjectId | None = None
    ) -> bytes | None:
        """The content of an object of the ``expected`` type, or None with a gap recorded.

        libgit2 checks the content against the id on every read.
        """
        try:
            kind, data = self._odb.read(pygit2.Oid(raw=oid))[:2]
        except KeyError:
            word = "promised" if self._promised else "missing"
            detail = "not fetched by this partial clone" if self._promised else "not in the object database"
            self._record(oid, f"{word}-{_TYPE_NAMES[expected]}", detail, path, commit)
            return None
        except (pygit2.GitError, ValueError) as error:
            self._record(oid, f"corrupt-{_TYPE_NAMES[expected]}", _one_line(error), path, commit)
            return None
        if kind != expected:
            detail = f"the entry says {_TYPE_NAMES[expected]}, the object is a {_TYPE_NAMES.get(kind, 'stranger')}"
            self._record(oid, "type-mismatch", detail, path, commit)
            return None
        return bytes(data)

    def read_blob(self, oid: ObjectId, *, path: str | None = None, commit: ObjectId | None = None) -> bytes | None:
        """A file's content, or None with a gap recorded; the size is asked for first."""
        try:
            size = self._odb.read_header(pygit2.Oid(raw=oid))[1]
        except (KeyError, pygit2.GitError, ValueError):
            return self.read(oid, BLOB, path=path, commit=commit)
        if size > LARGEST_BLOB:
            self._record(
                oid, "oversized-blob", f"{size} bytes, more than the {LARGEST_BLOB} that are read", path, commit
            )
            return None
        return self.read(oid, BLOB, path=path, commit=commit)

    def _record(self, oid: ObjectId, kind: str, detail: str, path: str | None, commit: ObjectId | None) -> None:
        if oid not in self.gaps:
            self.gaps[oid] = Gap(kind, detail, oid.hex(), path, commit.hex() if commit else None)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
