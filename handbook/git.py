"""The few git commands that pages show, done with pygit2: the same commits with the same ids on every machine."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, Final

import pygit2

from handbook.errors import UnknownCommandError

if TYPE_CHECKING:
    from pathlib import Path

_FIRST: Final = 1_400_000_000  # 2014-05-13T16:53:20Z
_DAY: Final = 86_400


def run(arguments: list[str], here: Path) -> Path:
    """Run a git command that prints nothing; give the directory in which the next command runs.

    Raises:
        UnknownCommandError: it is none of those known.
    """
    match arguments:
        case ["init", "-q", name]:
            pygit2.init_repository(str(here / name), initial_head="main")
        case ["add", "."]:
            _add_everything(here)
        case ["commit", "-qm", message]:
            _commit(here, message)
        case ["clone", "-q", "--depth", "1", source, name]:
            _clone_shallow(here / source.removeprefix("file://$PWD/"), here / name)
        case _:
            raise UnknownCommandError(shlex.join(["git", *arguments]))
    return here


def _add_everything(here: Path) -> None:
    index = pygit2.Repository(str(here)).index
    index.add_all()
    index.write()


def _commit(here: Path, message: str) -> None:
    """One commit a day, by one person, so that ids never change."""
    repository = pygit2.Repository(str(here))
    parents = [] if repository.head_is_unborn else [repository.head.target]
    age = len(list(repository.walk(parents[0]))) if parents else 0
    who = pygit2.Signature("Ada", "ada@example.org", _FIRST + age * _DAY, 0)
    repository.create_commit("HEAD", who, who, message, repository.index.write_tree(), parents)


def _clone_shallow(source: Path, target: Path) -> None:
    """A clone that says of itself that nothing before its tip was cloned."""
    shutil.copytree(source, target)
    tip = pygit2.Repository(str(target)).head.target
    (target / ".git" / "shallow").write_text(f"{tip}\n", "ascii")
