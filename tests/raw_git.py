"""Git objects as bytes, so that tests can write what no git command would. Ids are raw, as in the history layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2
from in_memory import InMemory
from pygit2.enums import ObjectType

from forensics.history.repository import open_evidence
from forensics.history.walk import History

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FILE, EXECUTABLE, LINK, DIRECTORY, SUBMODULE = b"100644", b"100755", b"120000", b"40000", b"160000"
START = 1_400_000_000


@dataclass(frozen=True)
class Symlink:
    target: bytes


@dataclass(frozen=True)
class Submodule:
    commit: bytes = b"\1" * 20


def repository_at(path: Path, *, bare: bool = True) -> pygit2.Repository:
    return pygit2.init_repository(str(path), bare=bare, initial_head="main")


def blob(repository: pygit2.Repository, content: bytes) -> bytes:
    return repository.odb.write(ObjectType.BLOB, content).raw


def tree_bytes(entries: Iterable[tuple[bytes, bytes, bytes]]) -> bytes:
    return b"".join(mode + b" " + name + b"\0" + oid for mode, name, oid in entries)


def tree(repository: pygit2.Repository, *entries: tuple[bytes, bytes, bytes]) -> bytes:
    """A tree with exactly these entries (mode, name, id), in this order."""
    return repository.odb.write(ObjectType.TREE, tree_bytes(entries)).raw


def tree_of(repository: pygit2.Repository, files: Mapping[str, bytes | Symlink | Submodule]) -> bytes:
    """A tree with the files of these paths, sorted as git sorts."""
    entries: list[tuple[bytes, bytes, bytes]] = []
    below: dict[str, dict[str, bytes | Symlink | Submodule]] = {}
    for path, content in files.items():
        name, separator, rest = path.partition("/")
        if separator:
            below.setdefault(name, {})[rest] = content
        elif isinstance(content, Symlink):
            entries.append((LINK, name.encode(errors="surrogateescape"), blob(repository, content.target)))
        elif isinstance(content, Submodule):
            entries.append((SUBMODULE, name.encode(errors="surrogateescape"), content.commit))
        else:
            entries.append((FILE, name.encode(errors="surrogateescape"), blob(repository, content)))
    entries += [
        (DIRECTORY, name.encode(errors="surrogateescape"), tree_of(repository, inside))
        for name, inside in below.items()
    ]
    return tree(repository, *sorted(entries, key=lambda entry: entry[1] + b"/" * (entry[0] == DIRECTORY)))


def commit(
    repository: pygit2.Repository,
    tree_id: bytes,
    parents: Sequence[bytes] = (),
    *,
    when: str | int = START,
    zone: str = "+0000",
    who: bytes = b"Ada <ada@example.org>",
    message: bytes = b"A change\n",
    encoding: bytes | None = None,
) -> bytes:
    lines = [b"tree " + tree_id.hex().encode()]
    lines += [b"parent " + parent.hex().encode() for parent in parents]
    lines += [role + b" " + who + f" {when} {zone}".encode() for role in (b"author", b"committer")]
    lines += [b"encoding " + encoding] if encoding else []
    return repository.odb.write(ObjectType.COMMIT, b"\n".join(lines) + b"\n\n" + message).raw


def commit_files(
    repository: pygit2.Repository,
    files: Mapping[str, bytes | Symlink | Submodule],
    parents: Sequence[bytes] = (),
    *,
    when: int = START,
) -> bytes:
    return commit(repository, tree_of(repository, files), parents, when=when)


def set_ref(repository: pygit2.Repository, oid: bytes, name: str = "refs/heads/main") -> None:
    """Point a ref at an id, whatever that is."""
    path = Path(repository.path) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(oid.hex() + "\n")


def loose(repository: pygit2.Repository, oid: bytes) -> Path:
    """The file of a loose object."""
    return Path(repository.path) / "objects" / oid.hex()[:2] / oid.hex()[2:]


def damage(repository: pygit2.Repository, oid: bytes, data: bytes | None = None) -> None:
    """Remove a loose object, or put these bytes into its file."""
    path = loose(repository, oid)
    path.chmod(0o644)
    path.unlink()
    if data is not None:
        path.write_bytes(data)


def history_of(repository: pygit2.Repository | InMemory, head: bytes, **options: bool) -> History:
    if isinstance(repository, InMemory):
        return repository.history(head)
    set_ref(repository, head)
    return History(open_evidence(Path(repository.path), **options))


def files_at(history: History, commit_id: bytes) -> dict[str, object]:
    """Every file of every container of a commit, by path."""
    state = history.state(history.graph.ids.index(commit_id))
    return {
        path: file for container, version in state.items() for path, file in history.files(container, version).items()
    }


def containers_at(history: History, commit_id: bytes) -> list[tuple[str, str]]:
    state = history.state(history.graph.ids.index(commit_id))
    return [(container.path, container.kind.value) for container in state]


def gap_kinds(history: History) -> list[str]:
    return [gap.kind for gap in history.gaps]
