"""The index as if it were committed: one commit that is nowhere in the database, on top of those it would follow."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pygit2

from forensics.errors import UsageError
from forensics.history.details import read_details
from forensics.history.model import EvidenceError, ObjectId
from forensics.history.raw_tree import DIRECTORY
from forensics.history.repository import Evidence, head_of, open_objects, provenance
from forensics.history.store import BLOB, COMMIT, TREE, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterable

_OID: Final = re.compile(r"[0-9a-f]{40}")
_NAMES: Final = {BLOB: b"blob", TREE: b"tree", COMMIT: b"commit"}
_FEW: Final = 3

_Tree: TypeAlias = "dict[bytes, tuple[bytes, ObjectId] | _Tree]"


class StagedStore(ObjectStore):
    """An object database with further objects, which are kept in memory."""

    def __init__(self, beside: ObjectStore) -> None:
        self.__dict__.update(beside.__dict__)
        self._made: dict[ObjectId, tuple[int, bytes]] = {}

    def add(self, kind: int, data: bytes) -> ObjectId:
        """Make an object; give its id."""
        header = b"%s %d\0" % (_NAMES[kind], len(data))
        oid = hashlib.sha1(header + data, usedforsecurity=False).digest()
        self._made[oid] = kind, data
        self._loose.add(oid)
        return oid

    def fetch(self, oid: ObjectId) -> tuple[int, bytes]:
        """The type and content of an object, without any account."""
        return self._made[oid] if oid in self._made else super().fetch(oid)

    def size(self, oid: ObjectId) -> int:
        """How many bytes an object has, without reading it."""
        return len(self._made[oid][1]) if oid in self._made else super().size(oid)


class _Index(pygit2.Index):
    """An index that says nothing on stderr when it goes, if it could not be opened."""

    def __del__(self) -> None:
        with suppress(AttributeError):
            super().__del__()


def open_staged(path: Path, *, index: Path | None = None, trust_owner: bool = False) -> Evidence:
    """What ``git commit`` would commit now: its head is that commit, whose parents are as far as anything is read.

    The parents are HEAD and, in a merge, what is merged; a repository without a commit has none. ``index`` is the file
    that git tells its hooks to read instead of the repository's own.

    Raises:
        EvidenceError: there is no repository here, it has no index, or one that cannot be read.
        UsageError: files are unmerged, so that nothing can be committed.
    """
    opened = open_objects(path, trust_owner=trust_owner)
    if opened.repository.is_bare:
        raise EvidenceError(f"{path} is a bare repository, which has no index")
    directory = Path(opened.repository.path)
    head = head_of(opened)
    parents = [] if head is None else list(dict.fromkeys([head, *_merged(directory)]))
    store = StagedStore(opened.store)
    # a file that is only to be added (git add -N) has an empty content, which may not be in the database
    store.add(BLOB, b"")
    try:
        tree = _written(store, _entries(_chosen(directory, index)))
    except RecursionError:
        raise EvidenceError(f"the index of {path} has directories nested too deep") from None
    commit = store.add(COMMIT, _commit(tree, parents, _time(store, parents)))
    return Evidence(
        store=store,
        provenance=provenance(opened, path, "the index", "" if head is None else head.hex()),
        heads=(commit,),
        shallow=frozenset(parents),
    )


def _chosen(directory: Path, index: Path | None) -> Path:
    """The index to read: the one that is named, if it is this repository's; a hook may ask about another one."""
    # a link that leads to itself is no error here, as it would be to Path.resolve
    if index is not None and Path(os.path.realpath(index)).is_relative_to(os.path.realpath(directory)):
        return index
    return directory / "index"


def _merged(directory: Path) -> list[ObjectId]:
    """The commits that a merge in progress brings in."""
    try:
        lines = (directory / "MERGE_HEAD").read_text("ascii", "replace").split()
    except OSError:
        return []
    return [bytes.fromhex(line) for line in lines if _OID.fullmatch(line)]


def _entries(index: Path) -> _Tree:
    """The entries of an index, as nested directories."""
    _refuse_strange(index)
    try:
        found = _Index(str(index))
        _refuse_unmerged(found)
        tree: _Tree = {}
        for entry in found:
            *above, name = os.fsencode(entry.path).split(b"/")
            if not (name and all(above)):
                raise EvidenceError(f"the index {index} cannot be read: {entry.path!r} in it is no path of a file")
            below = tree
            for directory in above:
                inner = below.setdefault(directory, {})
                if not isinstance(inner, dict):
                    raise EvidenceError(f"the index {index} cannot be read: {entry.path!r} lies below a file")
                below = inner
            if name in below:
                raise EvidenceError(f"the index {index} cannot be read: it has {entry.path!r} twice")
            below[name] = b"%o" % int(entry.mode), entry.id.raw
    except (pygit2.GitError, ValueError) as error:
        raise EvidenceError(_unreadable(index, str(error))) from None
    return tree


def _refuse_strange(index: Path) -> None:
    """Open nothing that never ends, and no link that leads to itself; no index at all is an empty one."""
    try:
        mode = index.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise EvidenceError(f"the index {index} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise EvidenceError(f"the index {index} cannot be read: it is no regular file")


def _refuse_unmerged(index: pygit2.Index) -> None:
    conflicts = index.conflicts
    if conflicts is None:
        return
    names = sorted({str(side.path) for sides in conflicts for side in sides if side is not None})
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    raise UsageError(
        f"{', '.join(names[:_FEW])}{more}: unmerged, so nothing can be committed; resolve the conflict, then git add"
    )


def _unreadable(index: Path, said: str) -> str:
    if "sdir" in said:
        remedy = "is sparse, which cannot be read; `git sparse-checkout reapply --no-sparse-index` makes it whole"
    elif "link" in said:
        remedy = "is split, which cannot be read; `git update-index --no-split-index` makes it whole"
    else:
        remedy = f"cannot be read: {' '.join(said.split())}"
    return f"the index {index} {remedy}"


def _written(store: StagedStore, tree: _Tree) -> ObjectId:
    """The trees that git would write of these entries; gives the id of the outermost."""
    entries = []
    for name, entry in tree.items():
        if isinstance(entry, dict):
            entries.append((name + b"/", DIRECTORY, name, _written(store, entry)))
        else:
            entries.append((name, entry[0], name, entry[1]))
    entries.sort()
    return store.add(TREE, b"".join(b"%s %s\0%s" % (mode, name, oid) for _, mode, name, oid in entries))


def _commit(tree: ObjectId, parents: Iterable[ObjectId], time: int) -> bytes:
    lines = [b"tree " + tree.hex().encode(), *(b"parent " + oid.hex().encode() for oid in parents)]
    lines += [b"%s nobody <> %d +0000" % (role, time) for role in (b"author", b"committer")]
    return b"\n".join([*lines, b"", b"What is staged", b""])


def _time(store: ObjectStore, parents: list[ObjectId]) -> int:
    """The committer time of HEAD: what is staged has none of its own, and the clock is not asked."""
    details = read_details(store, parents[0]) if parents else None
    return details.committer.time if details else 0
