"""Writes a story as a normal git repository with a working tree."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2

from sample_repos.history import History, work_out
from sample_repos.pack import Packed, packed
from sample_repos.story import MAIN, load

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = f"refs/heads/{MAIN}"


class TargetRefusedError(Exception):
    """The directory holds something that must not be overwritten."""


@dataclass(frozen=True, slots=True)
class BuiltStory:
    """A story on disk: ``commits`` maps the ids of the story to object ids; ``created`` is false if it stood there."""

    name: str
    directory: Path
    commits: Mapping[str, str]
    head: str
    created: bool


def build(name: str, directory: str | Path) -> BuiltStory:
    """Build the story ``name`` in ``directory``, which must be missing, empty, or hold exactly that story already.

    Raises ``StoryError`` for an unknown story and ``TargetRefusedError`` for any other directory. Nothing half built
    is left behind: the repository is written beside its place and moved there.
    """
    history, objects = worked_out(name)
    target = Path(directory).absolute()
    head = history.branches[MAIN]
    created = not _stands_already(name, target, history)
    if created:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
            _write(history, objects, Path(beside) / "repository")
            if target.is_dir():
                target.rmdir()
            (Path(beside) / "repository").rename(target)
    return BuiltStory(name, target, history.commits, head, created)


def _stands_already(name: str, target: Path, history: History) -> bool:
    """Whether ``target`` is this story, untouched; false if there is nothing yet."""
    if not target.exists() and not target.is_symlink():
        return False
    if not target.is_dir():
        raise TargetRefusedError(f"{target} is no directory; name one that is missing or empty")
    if not any(target.iterdir()):
        return False
    refusal = f"{target} is not empty and not the untouched story {name}; name a directory that is missing or empty"
    try:
        repository = pygit2.Repository(str(target), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
        heads = {branch: str(repository.branches.local[branch].target) for branch in repository.branches.local}
        untouched = repository.lookup_reference("HEAD").target == _HEAD and heads == history.branches
        untouched = untouched and not repository.status()
    except (pygit2.GitError, KeyError, ValueError) as error:
        raise TargetRefusedError(refusal) from error
    if not untouched:
        raise TargetRefusedError(refusal)
    return True


@cache
def worked_out(name: str) -> tuple[History, Packed]:
    """The commits of a story and its objects, packed."""
    history = work_out(load(name))
    return history, packed(history.objects)


def _write(history: History, objects: Packed, directory: Path) -> None:
    repository = pygit2.init_repository(str(directory), initial_head=MAIN)
    repository.config["core.autocrlf"] = "false"  # the working tree is byte for byte what the commits hold
    place = Path(repository.path) / "objects" / "pack" / objects.name
    place.with_suffix(".pack").write_bytes(objects.pack)
    place.with_suffix(".idx").write_bytes(objects.index)
    for branch, identifier in history.branches.items():
        repository.references.create(f"refs/heads/{branch}", identifier)
    repository.checkout(_HEAD, strategy=pygit2.enums.CheckoutStrategy.FORCE)
    repository.free()
