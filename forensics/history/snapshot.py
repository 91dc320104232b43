"""One commit's tree as a working directory: what a command that somebody ran there could open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.history.listing import NO_FILES
from forensics.history.model import Broken, EvidenceError, ObjectId, as_bytes, as_text
from forensics.history.raw_tree import DIRECTORY, Entry

if TYPE_CHECKING:
    from forensics.history.trees import TreeReader


class Snapshot:
    """Read access to a commit's files.

    A path is relative to the repository's root (``""`` is the root itself) and may contain ``.`` and ``..``, which
    mean what they mean to the kernel. Symlinks inside the tree are followed; what leads out of it does not exist.
    """

    def __init__(self, trees: TreeReader, root: ObjectId, commit: ObjectId | None = None) -> None:
        self._trees = trees
        self._root = root
        self._commit = commit

    def kind(self, path: str) -> str | None:
        """``"file"``, ``"directory"``, or None if nothing readable stands there."""
        found = self._resolve(path)
        if isinstance(found, Broken):
            return None
        return "directory" if found.mode == DIRECTORY else "file"

    def read(self, path: str) -> bytes:
        """A file's content.

        Raises:
            FileNotFoundError: no file stands there.
            EvidenceError: its content is missing or damaged.
        """
        oid = self.blob(path)
        if oid is None:
            raise FileNotFoundError(path)
        content = self._trees.store.read_blob(oid, path=path, commit=self._commit)
        if content is None:
            raise EvidenceError(f"{path} is missing or damaged, so that what was uploaded of it cannot be told")
        return content

    def blob(self, path: str) -> ObjectId | None:
        """The id of the file's content, or None if no file stands there."""
        found = self._resolve(path)
        return None if isinstance(found, Broken) or found.mode == DIRECTORY else found.oid

    def tree(self, path: str) -> ObjectId | None:
        """The id of a directory's tree, or None if no directory stands there."""
        found = self._resolve(path)
        return found.oid if not isinstance(found, Broken) and found.mode == DIRECTORY else None

    def names(self, directory: str) -> list[str]:
        """What a directory holds, in git's order; empty if there is none."""
        found = self._resolve(directory)
        if isinstance(found, Broken) or found.mode != DIRECTORY:
            return []
        return [as_text(name) for name in self._trees.tree(found.oid).by_name()]

    def listing(self, directory: str) -> dict[str, tuple[str, ObjectId] | None]:
        """What a directory holds: ``file`` or ``directory`` and the object, None for what only the path leads to."""
        found = self._resolve(directory)
        if isinstance(found, Broken) or found.mode != DIRECTORY:
            return {}
        return {
            as_text(entry.name): None
            if entry.mode in NO_FILES
            else ("directory" if entry.mode == DIRECTORY else "file", entry.oid)
            for entry in self._trees.tree(found.oid).entries()
        }

    def _resolve(self, path: str) -> Entry | Broken:
        return self._trees.resolve(self._root, as_bytes(path), self._commit)
