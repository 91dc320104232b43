"""Opening a repository as evidence: read-only, no search in directories above, provenance and completeness.

No git command is run, so nothing that a hostile ``.git/config`` names is started, and nothing is written.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pygit2

from forensics.history.model import EvidenceError, NothingToExamineError, ObjectId, Provenance, UnknownRevisionError
from forensics.history.store import ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_SEARCH: Final = pygit2.enums.RepositoryOpenFlag.NO_SEARCH


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opened repository: where to read objects, which commits to start from, and what is known to be cut off."""

    store: ObjectStore
    provenance: Provenance
    heads: tuple[ObjectId, ...]
    shallow: frozenset[ObjectId]


def open_evidence(path: Path, *, rev: str = "HEAD", every_ref: bool = False, trust_owner: bool = False) -> Evidence:
    """Open the repository at ``path`` (its work tree or git directory) and pin the commits to examine.

    Ids are resolved once, here: refs that move later change nothing.

    Raises:
        EvidenceError: there is no repository here, or it cannot be read.
        UnknownRevisionError: ``rev`` names no commit.
        NothingToExamineError: the repository has no commit yet.
    """
    # commits, trees and blobs are each read once here; caching them would only cost memory
    pygit2.settings.enable_caching(False)  # noqa: FBT003 (a C function: positional only)
    with _owner_check(trusted=trust_owner):
        repository = _open(path)
    head = _resolve(repository, rev)
    heads = [head]
    if every_ref:
        heads += [oid for oid in _every_ref(repository) if oid != head]
    try:
        promised = any(
            entry.name == "extensions.partialclone"
            or (entry.name.startswith("remote.") and entry.name.endswith(".promisor"))
            for entry in repository.config
        )
    except pygit2.GitError:
        raise EvidenceError(f"the configuration of {path} cannot be read; repair .git/config") from None
    return Evidence(
        store=ObjectStore(Path(repository.path) / "objects", promised=promised),
        provenance=Provenance(
            repository=str(path),
            rev=rev,
            head=head.hex(),
            libgit2=pygit2.LIBGIT2_VERSION,
            notes=tuple(_notes(repository, path)),
        ),
        heads=tuple(heads),
        shallow=_shallow(repository),
    )


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
        said = " ".join(str(error).split())
        if "not owned by" in said:
            raise EvidenceError(
                f"{path} belongs to another user; if you trust it, run again with --trust-owner"
            ) from None
        if "Repository not found" in said or "could not find repository" in said.lower():
            raise EvidenceError(f"{path} is not a git repository{_found_above(path)}") from None
        if "config" in said or "include" in said:
            # the message may quote the file, whose content is nobody's business
            raise EvidenceError(f"the configuration of {path} cannot be read; repair .git/config") from None
        raise EvidenceError(f"{path} cannot be opened: {said}") from None


def _found_above(path: Path) -> str:
    for parent in path.resolve().parents:
        if (parent / ".git").exists():
            return f"; there is one at {parent} (use -C {parent})"
    return ""


def _resolve(repository: pygit2.Repository, rev: str) -> ObjectId:
    if rev == "HEAD" and repository.head_is_unborn:
        raise NothingToExamineError("the repository has no commit yet")
    try:
        return repository.revparse_single(rev).peel(pygit2.Commit).id.raw
    except (KeyError, ValueError, pygit2.GitError, pygit2.InvalidSpecError):
        raise UnknownRevisionError(f"{rev!r} names no commit in this repository") from None


def _every_ref(repository: pygit2.Repository) -> list[ObjectId]:
    heads: dict[ObjectId, None] = {}
    for name in sorted(repository.references):
        if name.startswith("refs/replace/"):
            continue
        try:
            heads[repository.references[name].peel(pygit2.Commit).id.raw] = None
        except (KeyError, pygit2.GitError, pygit2.InvalidSpecError):
            continue  # a tag of a tree or blob, or a ref to something that is not there
    return list(heads)


def _shallow(repository: pygit2.Repository) -> frozenset[ObjectId]:
    if not repository.is_shallow:
        return frozenset()
    lines = (Path(repository.path) / "shallow").read_text("ascii", "replace").split()
    return frozenset(bytes.fromhex(line) for line in lines if len(line) == len("0" * 40))


def _notes(repository: pygit2.Repository, path: Path) -> Iterator[str]:
    git_directory = Path(repository.path)
    if (path / ".git").is_file():
        yield f"the work tree's .git is a file that names {git_directory}"
    alternates = git_directory / "objects" / "info" / "alternates"
    if alternates.is_file():
        yield "objects come from alternates: " + ", ".join(alternates.read_text("utf-8", "replace").split("\n")).strip(
            ", "
        )
    if (git_directory / "info" / "grafts").is_file():
        yield "info/grafts is present; the recorded parents are walked, not the grafted ones"
    replaced = sum(name.startswith("refs/replace/") for name in repository.references)
    if replaced:
        yield f"{replaced} replacement refs are present; the original objects are read"
