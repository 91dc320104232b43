"""A story: the commits of a sample repository as people wrote them down, in TOML.

The format is described in README.md beside this file. Reading it is strict: an unknown key, a person nobody
introduced or a date without an offset is a ``StoryError`` that names the commit.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sample_repos.expectation import Expectation, read_expectation

if TYPE_CHECKING:
    from collections.abc import Mapping

STORIES = Path(__file__).parent / "stories"
MAIN = "main"
_STORY_KEYS = frozenset({"title", "summary", "people", "commit", "expect"})
_COMMIT_KEYS = frozenset(
    {"id", "date", "committed", "author", "message", "branch", "from", "merge"}
    | {"files", "edit", "copy", "rename", "delete", "symlinks"}
)


class StoryError(Exception):
    """A story that does not exist or does not make sense."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who commits."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class StoryCommit:
    """One commit: who, when and why, and what it does to the tree of its first parent.

    Every mapping is keyed by the path that the commit leaves behind: ``files`` to the whole content, ``edits`` to
    (old, new) passages, ``copies`` and ``renames`` to the path the content comes from, ``symlinks`` to the target.
    """

    id: str
    date: datetime
    committed: datetime
    author: Person
    message: str
    branch: str
    start: str | None
    merge: tuple[str, ...]
    files: Mapping[str, str]
    edits: Mapping[str, tuple[tuple[str, str], ...]]
    copies: Mapping[str, str]
    renames: Mapping[str, str]
    deletes: tuple[str, ...]
    symlinks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """A sample repository before it is one."""

    name: str
    title: str
    summary: str
    commits: tuple[StoryCommit, ...]
    expect: Expectation


def names() -> tuple[str, ...]:
    """The stories that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in STORIES.glob("*.toml")))


def load(name: str) -> Story:
    """The story called ``name``; raises ``StoryError`` if there is none."""
    if name not in names():
        raise StoryError(f"there is no story {name!r}; choose from {', '.join(names())}")
    return read(name, (STORIES / f"{name}.toml").read_text(encoding="utf-8"))


def read(name: str, text: str) -> Story:
    """Read a story from TOML text."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoryError(f"{name}: {error}") from error
    _refuse_unknown(name, table, _STORY_KEYS)
    people = {key: _person(name, value) for key, value in table.get("people", {}).items()}
    commits = tuple(_commit(name, entry, people) for entry in table.get("commit", []))
    identifiers = [commit.id for commit in commits]
    repeated = sorted({identifier for identifier in identifiers if identifiers.count(identifier) > 1})
    if repeated or not commits:
        raise StoryError(f"{name}: commit ids repeat: {', '.join(repeated)}" if repeated else f"{name}: no commits")
    try:
        expect = read_expectation(table.get("expect", {}), identifiers)
    except (KeyError, TypeError, ValueError) as error:
        raise StoryError(f"{name}: expect: {error}") from error
    return Story(name, table["title"], table["summary"].strip(), commits, expect)


def _person(story: str, text: str) -> Person:
    name, separator, email = text.removesuffix(">").partition(" <")
    if not separator:
        raise StoryError(f"{story}: write a person as 'Name <email>', not {text!r}")
    return Person(name, email)


def _commit(story: str, entry: dict[str, Any], people: Mapping[str, Person]) -> StoryCommit:
    where = f"{story}: commit {entry.get('id', '(without id)')}"
    _refuse_unknown(where, entry, _COMMIT_KEYS)
    missing = [key for key in ("id", "date", "author", "message") if key not in entry]
    if missing:
        raise StoryError(f"{where}: missing {', '.join(missing)}")
    if entry["author"] not in people:
        raise StoryError(f"{where}: nobody called {entry['author']!r} among [people]")
    date, committed = entry["date"], entry.get("committed", entry["date"])
    if not all(isinstance(moment, datetime) and moment.tzinfo is not None for moment in (date, committed)):
        raise StoryError(f"{where}: a date needs a time and an offset, as in 2014-08-31T20:14:00-07:00")
    return StoryCommit(
        id=entry["id"],
        date=date,
        committed=committed,
        author=people[entry["author"]],
        message=entry["message"].strip() + "\n",
        branch=entry.get("branch", MAIN),
        start=entry.get("from"),
        merge=tuple(entry.get("merge", ())),
        files=entry.get("files", {}),
        edits={path: tuple((old, new) for old, new in pairs) for path, pairs in entry.get("edit", {}).items()},
        copies=entry.get("copy", {}),
        renames=entry.get("rename", {}),
        deletes=tuple(entry.get("delete", ())),
        symlinks=entry.get("symlinks", {}),
    )


def _refuse_unknown(where: str, table: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        raise StoryError(f"{where}: unknown key {', '.join(unknown)}")
