"""Histories that are on no disk, for tests that try hundreds of them: files would take most of the time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from forensics.chef.layout import Layout
from forensics.history.model import Provenance
from forensics.history.repository import Evidence
from forensics.history.staging import StagedStore
from forensics.history.store import ObjectStore
from forensics.history.walk import History

NAMES = {ObjectType.BLOB: b"blob", ObjectType.TREE: b"tree", ObjectType.COMMIT: b"commit"}


CHEFS = Layout(("roles",), ("environments",), ("nodes",), ("data_bags",))
"""A layout under which these directories hold Chef objects, whatever stands in them."""


class InMemory:
    """A repository as far as writing objects goes (``odb.write``), with the history behind each of its commits."""

    def __init__(self, nowhere: Path) -> None:
        self.odb = self
        self._nowhere = nowhere
        self._objects: dict[bytes, tuple[int, bytes]] = {}
        self._written_out: set[bytes] = set()

    def write(self, kind: ObjectType, data: bytes) -> pygit2.Oid:
        header = b"%s %d\0" % (NAMES[kind], len(data))
        oid = hashlib.sha1(header + data, usedforsecurity=False).digest()
        self._objects[oid] = int(kind), data
        return pygit2.Oid(raw=oid)

    def written_out(self, *commits: str) -> Path:
        """The folder of a bare repository that has the trees of commits, for git's own command."""
        repository = pygit2.init_repository(self._nowhere / "written-out.git", bare=True)
        missing = [bytes.fromhex(commit) for commit in commits]
        while missing:
            oid = missing.pop()
            if oid in self._written_out:
                continue
            self._written_out.add(oid)
            kind, data = self._objects[oid]
            repository.odb.write(ObjectType(kind), data)
            if kind == ObjectType.COMMIT:
                missing.append(bytes.fromhex(data.split()[1].decode()))
            elif kind == ObjectType.TREE:
                missing += [bytes(entry.id.raw) for entry in repository[pygit2.Oid(raw=oid)]]
        return Path(repository.path)

    def history(self, head: bytes) -> History:
        store = StagedStore(ObjectStore(self._nowhere))
        store._made = self._objects
        store._loose = self._objects.keys()
        provenance = Provenance("in memory", head.hex(), head.hex(), pygit2.LIBGIT2_VERSION, ())
        return History(Evidence(store, provenance, (head,), frozenset()), CHEFS)
