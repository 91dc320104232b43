"""Opening a repository as evidence: read-only, found from inside a work tree only, provenance and completeness.

No git command is run, so nothing that a hostile ``.git/config`` names is started, and nothing is written.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pygit2

from forensics.history.loose import object_directories
from forensics.history.model import EvidenceError, NothingToExamineError, ObjectId, Provenance, UnknownRevisionError
from forensics.history.packs import check_pack_indexes
from forensics.history.store import COMMIT, TAG, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator

_OID: Final = re.compile(r"[0-9a-f]{40}")
_TAGGED: Final = re.compile(rb"object ([0-9a-f]{40})\n")
_MOST_TAGS: Final = 20  # tags of tags
_NO_SEARCH: Final = pygit2.enums.RepositoryOpenFlag.NO_SEARCH


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opened repository: where to read objects, which commits to start from, and what is known to be cut off."""

    store: ObjectStore
    provenance: Provenance
    heads: tuple[ObjectId, ...]
    shallow: frozenset[ObjectId]


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened repository, its git directory (of the main work tree, if there are several) and its objects."""

    repository: pygit2.Repository
    common: Path
    store: ObjectStore


def open_evidence(path: Path, *, rev: str = "HEAD", every_ref: bool = False, trust_owner: bool = False) -> Evidence:
    """Open the repository at ``path`` (its work tree or git directory) and pin the commits to examine.

    Ids are resolved once, here: refs that move later change nothing.

    Raises:
        EvidenceError: there is no repository here, or it cannot be read.
        UnknownRevisionError: ``rev`` names no commit.
        NothingToExamineError: the repository has no commit yet.
    """
    opened = open_objects(path, trust_owner=trust_owner)
    heads = _heads(opened.repository, opened.store, rev, every_ref=every_ref)
    return Evidence(
        store=opened.store,
        provenance=provenance(opened, path, rev, heads[0].hex()),
        heads=tuple(heads),
        shallow=_shallow(opened.common),
    )


def open_objects(path: Path, *, trust_owner: bool = False) -> Opened:
    """Open the repository at ``path``, without asking for any commit.

    Raises:
        EvidenceError: there is no repository here, or it cannot be read.
    """
    # commits, trees and blobs are each read once here; caching them would only cost memory
    pygit2.settings.enable_caching(False)  # noqa: FBT003 (a C function: positional only)
    with _owner_check(trusted=trust_owner):
        repository = _open(path)
    common = _common_directory(repository)
    check_pack_indexes(object_directories(common / "objects"))
    return Opened(repository, common, ObjectStore(common / "objects", promised=_is_partial_clone(repository, path)))


def provenance(opened: Opened, path: Path, rev: str, head: str) -> Provenance:
    """What is recorded of an opened repository in every result."""
    return Provenance(
        repository=str(path),
        rev=rev,
        head=head,
        libgit2=pygit2.LIBGIT2_VERSION,
        notes=tuple(_notes(opened.repository, path, opened.common)),
    )


def head_of(opened: Opened) -> ObjectId | None:
    """The commit that HEAD names, None where there is none yet.

    Raises:
        EvidenceError: HEAD cannot be read.
    """
    return None if opened.repository.head_is_unborn else _resolve(opened.repository, opened.store, "HEAD")


def work_tree_of(path: Path) -> tuple[Path, str]:
    """The repository that a directory lies in, and the directory's path within it: empty for the repository itself.

    Directories above are looked at as long as they have the same owner and lie on the same file system.
    """
    try:
        start = path.resolve()
        if not start.is_dir() or (start / ".git").exists() or (start / "HEAD").exists():
            return path, ""
        here, kept = start, start.stat()
        while here.parent != here:
            here = here.parent
            found = here.stat()
            if here.name == ".git" or (found.st_uid, found.st_dev) != (kept.st_uid, kept.st_dev):
                break
            if (here / ".git").exists():
                return here, start.relative_to(here).as_posix()
    except OSError:
        pass  # opening it says what is wrong
    return path, ""


@contextmanager
def _owner_check(*, trusted: bool) -> Iterator[None]:
    if not trusted:
        yield
        return
    before = pygit2.settings.owner_validation
    pygit2.settings.owner_validation = False
    try:
        yield
    finally:
        pygit2.settings.owner_validation = before


def _open(path: Path) -> pygit2.Repository:
    if not path.exists():
        raise EvidenceError(f"{path} does not exist")
    try:
        return pygit2.Repository(str(path), _NO_SEARCH)
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise EvidenceError(_what_is_wrong(path, " ".join(str(error).split()))) from None


def _what_is_wrong(path: Path, said: str) -> str:
    """What libgit2 said, in words that help; what it says of a configuration may quote the file, so that stays out."""
    if "not owned by" in said:
        return f"{path} belongs to another user; if you trust it, run again with --trust-owner"
    if "Repository not found" in said:
        return f"{path} is not a git repository"
    if "unknown object format" in said:
        return f"{path} is a SHA-256 repository, which cannot be read; only SHA-1 object ids are supported"
    if "extensions.refstorage" in said:
        return f"{path} keeps its refs as reftable, which cannot be read; `git refs migrate` in a copy makes files"
    if "unsupported extension name" in said or "unsupported repository version" in said:
        return f"{path} is in a format that cannot be read: {said.rpartition(': ')[2]}"
    return f"{path} cannot be opened; check .git/config and the files that it includes"


def _heads(repository: pygit2.Repository, store: ObjectStore, rev: str, *, every_ref: bool) -> list[ObjectId]:
    others = _every_ref(repository, store) if every_ref else []
    if rev == "HEAD" and repository.head_is_unborn:
        if not others:
            raise NothingToExamineError("the repository has no commit yet")
        return others
    head = _resolve(repository, store, rev)
    return [head, *(oid for oid in others if oid != head)]


def _resolve(repository: pygit2.Repository, store: ObjectStore, rev: str) -> ObjectId:
    if not rev or "\0" in rev:
        raise UnknownRevisionError(f"{rev!r} names no commit in this repository")
    try:
        # what a ref names is read raw: libgit2 does not get past a commit whose date it cannot parse
        named = _named(repository, rev) or repository.revparse_single(rev).id.raw
    except (KeyError, ValueError, pygit2.GitError) as error:
        if "ambiguous lookup" in str(error):
            raise UnknownRevisionError(f"{rev!r} is short for several objects; give more digits") from None
        if rev == "HEAD":
            raise EvidenceError("HEAD cannot be read") from None
        raise UnknownRevisionError(f"{rev!r} names no commit in this repository") from None
    try:
        commit = _peel(store, named)
    except (KeyError, ValueError, pygit2.GitError):
        raise EvidenceError(f"{rev} names {named.hex()}, which is missing or corrupt") from None
    if commit is None:
        raise UnknownRevisionError(f"{rev!r} names no commit, but another object")
    return commit


def _named(repository: pygit2.Repository, rev: str) -> ObjectId | None:
    """The id that a ref names, or that ``rev`` itself is, whether such an object is there or not."""
    if _OID.fullmatch(rev):
        return bytes.fromhex(rev) if pygit2.Oid(hex=rev) in repository.odb else None
    try:
        return _target(repository.lookup_reference_dwim(rev))
    except (KeyError, ValueError, pygit2.GitError):
        return None


def _target(reference: pygit2.Reference) -> ObjectId:
    return bytes.fromhex(str(reference.resolve().target))


def _peel(store: ObjectStore, oid: ObjectId) -> ObjectId | None:
    """The commit that an object is, or that a tag leads to; None for any other object."""
    for _ in range(_MOST_TAGS):
        kind, data = store.fetch(oid)
        if int(kind) == COMMIT:
            return oid
        tagged = _TAGGED.match(data) if int(kind) == TAG else None
        if tagged is None:
            return None
        oid = bytes.fromhex(tagged[1].decode())
    return None


def _every_ref(repository: pygit2.Repository, store: ObjectStore) -> list[ObjectId]:
    heads: dict[ObjectId, None] = {}
    for name in _names_of_refs(repository):
        if name.startswith("refs/replace/"):
            continue
        try:
            oid = _target(repository.references[name])
        except (KeyError, ValueError, pygit2.GitError):
            continue  # a symbolic ref to nothing
        try:
            commit = _peel(store, oid)
        except (KeyError, ValueError, pygit2.GitError):
            commit = oid  # the walk will miss it and say so
        if commit is not None:
            heads[commit] = None
    return list(heads)


def _names_of_refs(repository: pygit2.Repository) -> list[str]:
    try:
        return sorted(repository.references)
    except (ValueError, pygit2.GitError):
        raise EvidenceError("the refs cannot be listed; look into .git/refs and .git/packed-refs") from None


def _is_partial_clone(repository: pygit2.Repository, path: Path) -> bool:
    try:
        return any(
            entry.name == "extensions.partialclone"
            or (entry.name.startswith("remote.") and entry.name.endswith(".promisor") and entry.value == "true")
            for entry in repository.config
        )
    except (ValueError, pygit2.GitError):
        raise EvidenceError(f"the configuration of {path} cannot be read; repair .git/config") from None


def _common_directory(repository: pygit2.Repository) -> Path:
    """Where the objects are: for a linked work tree, the git directory of the main one."""
    git_directory = Path(repository.path)
    named = git_directory / "commondir"
    return git_directory / named.read_text("utf-8", "surrogateescape").strip() if named.is_file() else git_directory


def _shallow(common: Path) -> frozenset[ObjectId]:
    boundary = common / "shallow"
    lines = boundary.read_text("ascii", "replace").split() if boundary.is_file() else []
    return frozenset(bytes.fromhex(line) for line in lines if _OID.fullmatch(line))


def _notes(repository: pygit2.Repository, path: Path, common: Path) -> Iterator[str]:
    if (path / ".git").is_file():
        yield f"the work tree's .git is a file that names {repository.path}"
    alternates = common / "objects" / "info" / "alternates"
    if alternates.is_file():
        lines = alternates.read_text("utf-8", "surrogateescape").splitlines()
        yield "objects come from alternates: " + ", ".join(line for line in lines if line and not line.startswith("#"))
    if (common / "info" / "grafts").is_file():
        yield "info/grafts is present; the recorded parents are walked, not the grafted ones"
    try:
        replaced = sum(name.startswith("refs/replace/") for name in _names_of_refs(repository))
    except EvidenceError as error:
        yield str(error)
        return
    if replaced:
        yield f"{replaced} replacement refs are present; the original objects are read"
