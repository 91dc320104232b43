"""Small git repositories for tests, written commit by commit without a work tree."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pygit2
import raw_git
from in_memory import CHEFS, InMemory

from forensics.analysis.examination import Examination, Options
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forensics.uploads.timeline import Event, Timeline

DAY = 86400
START = 1_400_000_000  # 2014-05-13T16:53:20Z


@dataclass(frozen=True)
class Link:
    """A symlink in a tree."""

    target: str


@dataclass(frozen=True)
class Executable:
    """A file in a tree that may be executed."""

    content: str


def role(name, *run_list, **others):
    """A role file in JSON."""
    return json.dumps({"name": name, "run_list": list(run_list), **others})


def ruby_role(name, *run_list):
    """A role file in Ruby."""
    return f"name {json.dumps(name)}\nrun_list {json.dumps(list(run_list))}\n"


def new_repository(path: Path) -> pygit2.Repository:
    return pygit2.init_repository(str(path), bare=True, initial_head="main")


def write_commit(
    repository: pygit2.Repository | InMemory,
    files: Mapping[str, str | bytes | Link],
    parents: Sequence[str] = (),
    *,
    time: int = START,
    message: str = "A change",
) -> str:
    """Write a commit whose tree holds exactly these files; give its id."""
    if isinstance(repository, InMemory):
        raw = {path: _raw(content) for path, content in files.items()}
        above = [bytes.fromhex(parent) for parent in parents]
        return raw_git.commit(
            repository, raw_git.tree_of(repository, raw), above, when=time, message=message.encode()
        ).hex()
    who = pygit2.Signature("Ada", "ada@example.org", time, 0)
    tree = _write_tree(repository, files)
    return str(repository.create_commit(None, who, who, message, tree, [pygit2.Oid(hex=parent) for parent in parents]))


def _raw(content: str | bytes | Link) -> bytes | raw_git.Symlink:
    if isinstance(content, Link):
        return raw_git.Symlink(content.target.encode())
    return content.encode() if isinstance(content, str) else content


def write_line(
    repository: pygit2.Repository | InMemory, trees: Sequence[Mapping[str, str | bytes | Link]]
) -> list[str]:
    """Write one commit a day, each the parent of the next; the last is the tip of main."""
    ids: list[str] = []
    for number, files in enumerate(trees):
        ids.append(write_commit(repository, files, ids[-1:], time=START + number * DAY, message=f"Commit {number}"))
    set_main(repository, ids[-1])
    return ids


def set_main(repository: pygit2.Repository | InMemory, commit: str) -> None:
    if isinstance(repository, InMemory):
        return  # which has no names for commits
    repository.references.create("refs/heads/main", pygit2.Oid(hex=commit), force=True)


def history_at(repository: pygit2.Repository | InMemory, commit: str) -> History:
    if isinstance(repository, InMemory):
        return repository.history(bytes.fromhex(commit))
    return History(open_evidence(Path(repository.path), rev=commit), CHEFS)


def examine(
    tmp_path: Path, *trees: Mapping[str, str | bytes | Link], **options: object
) -> tuple[Examination, list[str]]:
    """Examine a line of commits with these trees; give the ids of the commits too."""
    tmp_path.mkdir(exist_ok=True)
    repository = new_repository(tmp_path / "repository.git")
    ids = write_line(repository, trees)
    return examine_at(repository, ids[-1], **options), ids


def examine_at(repository: pygit2.Repository, commit: str, **options: object) -> Examination:
    history = history_at(repository, commit)
    return Examination(history, Declarations(history.blob), Options(**options))


def _write_tree(repository: pygit2.Repository, files: Mapping[str, str | bytes | Link]) -> pygit2.Oid:
    builder = repository.TreeBuilder()
    below: dict[str, dict[str, str | bytes | Link]] = {}
    for path, content in files.items():
        name, separator, rest = path.partition("/")
        if separator:
            below.setdefault(name, {})[rest] = content
            continue
        data, mode = content, pygit2.enums.FileMode.BLOB
        if isinstance(content, Link):
            data, mode = content.target, pygit2.enums.FileMode.LINK
        elif isinstance(content, Executable):
            data, mode = content.content, pygit2.enums.FileMode.BLOB_EXECUTABLE
        blob = repository.create_blob(data.encode() if isinstance(data, str) else data)
        builder.insert(name, blob, mode)
    for name, inside in below.items():
        builder.insert(name, _write_tree(repository, inside), pygit2.enums.FileMode.TREE)
    return builder.write()


class Replayed:
    """A line of commits under every scenario, to be asked for what is live after the commit of a number."""

    def __init__(self, tmp_path: Path, *trees: Mapping[str, str | bytes | Link], **options: object) -> None:
        self.examination, self.ids = examine(tmp_path, *trees, **options)
        self.history = self.examination.history

    def timeline(self, scenario: str, container: str = "roles") -> Timeline:
        replayed = next(each for each in self.examination.replays if each.target.label.path == container)
        return next(timeline for timeline in replayed.timelines if timeline.scenario.name == scenario)

    def event(self, scenario: str, name: str, number: int, container: str = "roles") -> Event | None:
        timeline = self.timeline(scenario, container)
        return timeline.at(name, bisect_right(timeline.steps, number) - 1)

    def path(self, scenario: str, name: str, number: int = -1, container: str = "roles") -> str | None:
        """The file whose content an object has, without its container; None if the object is not live."""
        found = self.event(scenario, name, number if number >= 0 else len(self.ids) + number, container)
        live = found.live if found else None
        return live.path.removeprefix(container + "/") if live and live.path else None

    def paths(self, scenario: str, name: str, container: str = "roles") -> list[str | None]:
        """The same after each commit."""
        return [self.path(scenario, name, number, container) for number in range(len(self.ids))]

    def stops(self, scenario: str, container: str = "roles") -> list[tuple[str, int, int | None]]:
        """Where uploads stopped: the file, from which commit on, until which."""
        timeline = self.timeline(scenario, container)
        ends = [*timeline.steps, None]
        return [
            (stop.path, timeline.steps[stop.from_step], None if stop.until_step is None else ends[stop.until_step])
            for stop in timeline.aborts
        ]
