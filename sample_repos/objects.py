"""Git objects as bytes, so that every id of a story is known before anything is written."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sample_repos.story import Person


class Mode(enum.IntEnum):
    """The modes of tree entries that stories need."""

    TREE = 0o040000
    FILE = 0o100644
    SYMLINK = 0o120000


@dataclass(frozen=True, slots=True)
class File:
    """A file of a tree: its content, or the target if it is a symlink."""

    content: bytes
    mode: Mode = Mode.FILE


@dataclass(frozen=True, slots=True)
class Objects:
    """Encoded objects by id, in the order in which they were added."""

    store: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def add(self, kind: str, data: bytes) -> str:
        """Add a ``blob``, ``tree`` or ``commit`` and return its id."""
        header = f"{kind} {len(data)}\0".encode()
        identifier = hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
        self.store.setdefault(identifier, (kind, data))
        return identifier

    def add_tree(self, files: Mapping[str, File]) -> str:
        """Add the tree that holds ``files``, with all below it."""
        entries: dict[str, tuple[Mode, str]] = {}
        folders: dict[str, dict[str, File]] = {}
        for path, file in files.items():
            head, separator, rest = path.partition("/")
            if separator:
                folders.setdefault(head, {})[rest] = file
            else:
                entries[head] = (file.mode, self.add("blob", file.content))
        for name, below in folders.items():
            entries[name] = (Mode.TREE, self.add_tree(below))
        # git sorts by bytes, and a folder as if its name ended in a slash
        ordered = sorted(entries.items(), key=lambda item: (item[0] + "/" * (item[1][0] is Mode.TREE)).encode())
        return self.add("tree", b"".join(_tree_entry(name, mode, identifier) for name, (mode, identifier) in ordered))

    def add_commit(
        self, tree: str, parents: Sequence[str], author: Person, dates: tuple[datetime, datetime], message: str
    ) -> str:
        """Add a commit; ``dates`` are the author's and the committer's."""
        written, committed = dates
        lines = [
            f"tree {tree}",
            *(f"parent {parent}" for parent in parents),
            f"author {author.name} <{author.email}> {_moment(written)}",
            f"committer {author.name} <{author.email}> {_moment(committed)}",
            "",
            message,
        ]
        return self.add("commit", "\n".join(lines).encode())


def _tree_entry(name: str, mode: Mode, identifier: str) -> bytes:
    return f"{mode:o} {name}\0".encode() + bytes.fromhex(identifier)


def _moment(date: datetime) -> str:
    return f"{int(date.timestamp())} {date:%z}"
