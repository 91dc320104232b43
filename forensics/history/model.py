"""Values of the history layer: what uploads and analysis may know about git.

Object ids are raw (20 bytes) inside the tool and hexadecimal text at its edges. What a history has by the thousand, or
is looked up by, is a named tuple: made and hashed in a quarter of the time that a dataclass takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple, TypeAlias

from forensics.chef.layout import DATA_BAGS, basename
from forensics.chef.objects import Kind
from forensics.errors import ForensicsError, UsageError
from forensics.facts import absent, limit, named

OID: Final = named("oid", "A git object id.", pattern="^[0-9a-f]{40}$")

ObjectId: TypeAlias = bytes
Oid: TypeAlias = Annotated[str, OID]
FilePath: TypeAlias = Annotated[str, named("path", "A path from the root of the repository.", minLength=1)]
CommitDate: TypeAlias = Annotated[
    str,
    named(
        "date",
        "ISO 8601 with the commit's own offset; @SECONDS where the year has not four digits.",
        pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}|@-?[0-9]+)$",
    ),
]


@dataclass(frozen=True, slots=True)
class Gap:
    """Evidence that is not there or cannot be read."""

    kind: Annotated[
        str,
        limit(minLength=1),
        "What sort of gap it is, a stable word: shallow, missing-blob, corrupt-tree, submodule, ...",
    ]
    detail: Annotated[str, "What is wrong, in words."]
    oid: Annotated[
        Oid | None, "The id of the object that is missing or damaged.", absent("there is none, or it is not known")
    ] = None
    path: Annotated[FilePath | None, "Where the object belongs.", absent("that is not known")] = None
    commit: Annotated[
        Oid | None,
        "The first commit, in the order of the replay, that needed the object.",
        absent("that is not known"),
    ] = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which evidence was examined: recorded in every report."""

    repository: Annotated[str, "The path of the repository, as it was opened; the directory's own name for . and .."]
    rev: Annotated[str, "The revision as it was named."]
    head: Annotated[Oid, "The commit that the revision named when the examination began."]
    libgit2: Annotated[str, limit(minLength=1), "The version of the library that read the git objects."]
    notes: Annotated[
        tuple[str, ...],
        "What a reader should know and what is no gap: alternates, replacement refs, a gitfile.",
    ] = ()


class Container(NamedTuple):
    """A directory that holds one server's objects of one kind; ``path`` is relative to the repository's root."""

    path: str
    kind: Kind

    @property
    def bag(self) -> str:
        """The data bag's name, for a container of data bag items."""
        return self.path.rpartition("/")[2]

    @property
    def root(self) -> str:
        """The directory above: the chef-repo that this container belongs to (empty for the repository's root)."""
        parent = self.path.rpartition("/")[0]
        if self.kind is not Kind.DATA_BAG_ITEM:
            return parent
        above, _, name = parent.rpartition("/")
        usual = DATA_BAGS.decode()
        if name != usual and basename(above) == usual:  # data_bags/prod, configured as a directory of bags
            return above.rpartition("/")[0]
        return above


CONTAINER_ELSEWHERE: Final = "container-elsewhere"
"""The kind of the gap of a container that leads out of the repository with all that it holds."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A directory entry that names no readable file in the tree.

    ``reason`` is ``dangling``, ``outside`` (the link leaves the tree), ``loop``, ``directory`` or ``submodule``; or
    ``unreadable``, for ``UNREADABLE``.
    """

    reason: str
    target: str


UNREADABLE: Final = Broken("unreadable", "")
"""Stands for a file below a directory that cannot be read: it was there before, and nobody can tell whether it is."""


File: TypeAlias = "ObjectId | Broken"
"""What stands behind a path: a blob (symlinks inside the tree already followed) or a broken entry."""

Files: TypeAlias = "dict[str, File]"
"""The files of one container at one commit that may declare something, by path from the repository's root."""


NO_TREE: Final = b""
"""In the place of a tree's id: there is none, or it cannot be read."""


class Version(NamedTuple):
    """One state of a container: its tree, and what its links lead to (they depend on the rest of the commit).

    Below a directory that cannot be read, the files of the commit before stand among the links, as ``UNREADABLE``.
    """

    tree: ObjectId
    links: tuple[tuple[str, File], ...] = ()


class Change(NamedTuple):
    """One file that differs between two versions of a container; ``None`` stands for absence.

    ``listed`` is whether git lists the path among what changed: it does not where a link is as it was and only what it
    leads to differs.
    """

    path: str
    before: File | None
    after: File | None
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when, as a commit records it; ``offset`` in minutes east of UTC."""

    name: str
    email: str
    time: int
    offset: int


@dataclass(frozen=True, slots=True)
class CommitDetails:
    """What people read about a commit."""

    oid: str
    author: Signature
    committer: Signature
    message: str

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.strip().partition("\n")[0]


def as_text(path: bytes) -> str:
    """A path as text; bytes that are no UTF-8 survive as lone surrogates."""
    return path.decode("utf-8", "surrogateescape")


def as_bytes(path: str) -> bytes:
    """The bytes of a path, for looking it up and for byte order."""
    return path.encode("utf-8", "surrogateescape")


class EvidenceError(ForensicsError):
    """The evidence cannot be read at all: no repository, a format or an owner that is not supported."""


class UnknownRevisionError(UsageError):
    """A revision that names no commit in this repository."""


class NothingToExamineError(ForensicsError):
    """There is no commit, or no Chef object in any of them."""
