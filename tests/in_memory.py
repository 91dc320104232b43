"""Histories that are on no disk, for tests that try hundreds of them: files would take most of the time."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pygit2
from pygit2.enums import ObjectType

from forensics.chef.layout import Layout
from forensics.history.model import Provenance
from forensics.history.repository import Evidence
from forensics.history.staging import StagedStore
from forensics.history.store import ObjectStore
from forensics.history.walk import History

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {ObjectType.BLOB: b"blob", ObjectType.TREE: b"tree", ObjectType.COMMIT: b"commit"}


CHEFS = Layout(("roles",), ("environments",), ("nodes",), ("data_bags",))
"""A layout under which these directories hold Chef objects, whatever stands in them."""


class InMemory:
    """A repository as far as writing objects goes (``odb.write``), with the history behind each of its commits."""

    def __init__(self, nowhere: Path) -> None:
        self.odb = self
        self._nowhere = nowhere
        self._objects: dict[bytes, tuple[int, bytes]] = {}

    def write(self, kind: ObjectType, data: bytes) -> pygit2.Oid:
        header = b"%s %d\0" % (NAMES[kind], len(data))
        oid = hashlib.sha1(header + data, usedforsecurity=False).digest()
        self._objects[oid] = int(kind), data
        return pygit2.Oid(raw=oid)

    def history(self, head: bytes) -> History:
        store = StagedStore(ObjectStore(self._nowhere))
        store._made = self._objects
        store._loose = self._objects.keys()
        provenance = Provenance("in memory", head.hex(), head.hex(), pygit2.LIBGIT2_VERSION, ())
        return History(Evidence(store, provenance, (head,), frozenset()), CHEFS)
