"""From the commits of a story to the trees and ids of a git history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sample_repos.objects import File, Mode, Objects
from sample_repos.story import MAIN, Story, StoryCommit, StoryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class History:
    """A story worked out: the id of each commit, every object, and the branches a repository would still have.

    A branch that was merged into main is gone, as after a pull request; one that was not stays.
    """

    commits: Mapping[str, str]
    files: Mapping[str, Mapping[str, File]]
    """By the story's id of a commit, and the path."""
    objects: Mapping[str, tuple[str, bytes]]
    branches: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Node:
    parents: tuple[str, ...]
    files: Mapping[str, File]
    ancestors: frozenset[str]
    """Of the commit, itself included; story ids, as in ``parents``."""


def work_out(story: Story) -> History:
    """Work out every tree and id of ``story``; raises ``StoryError`` where the story contradicts itself."""
    objects = Objects()
    nodes: dict[str, _Node] = {}
    tips: dict[str, str] = {}
    identifiers: dict[str, str] = {}
    for commit in story.commits:
        where = f"{story.name}: commit {commit.id}"
        parents = _parents(where, commit, tips, nodes)
        files = _apply(where, commit, _inherited(where, commit, parents, nodes))
        ancestors = frozenset({commit.id}).union(*(nodes[parent].ancestors for parent in parents))
        nodes[commit.id] = _Node(parents, files, ancestors)
        tips[commit.branch] = commit.id
        identifiers[commit.id] = objects.add_commit(
            objects.add_tree(files),
            [identifiers[parent] for parent in parents],
            commit.author,
            (commit.date, commit.committed),
            commit.message,
        )
    if MAIN not in tips:
        raise StoryError(f"{story.name}: no commit on {MAIN}")
    merged = nodes[tips[MAIN]].ancestors
    branches = {name: identifiers[tip] for name, tip in tips.items() if name == MAIN or tip not in merged}
    files = {identifier: node.files for identifier, node in nodes.items()}
    return History(identifiers, files, objects.store, branches)


def _parents(where: str, commit: StoryCommit, tips: Mapping[str, str], nodes: Mapping[str, _Node]) -> tuple[str, ...]:
    if commit.start is not None:
        if commit.start not in nodes:
            raise StoryError(f"{where}: starts from {commit.start}, which is no earlier commit")
        first = [commit.start]
    elif commit.branch in tips:
        first = [tips[commit.branch]]
    elif tips:
        raise StoryError(f"{where}: the new branch {commit.branch} needs 'from', the commit it starts from")
    else:
        first = []
    others = [tips.get(name, name) for name in commit.merge]
    if unknown := [name for name in others if name not in nodes]:
        raise StoryError(f"{where}: merges {', '.join(unknown)}, which is neither a branch nor an earlier commit")
    return (*first, *others)


def _inherited(
    where: str, commit: StoryCommit, parents: tuple[str, ...], nodes: Mapping[str, _Node]
) -> dict[str, File]:
    """The first parent's files, with what the merged commits changed since they went apart."""
    if not parents:
        return {}
    files = dict(nodes[parents[0]].files)
    ancestors = nodes[parents[0]].ancestors
    for other in parents[1:]:
        theirs, base = nodes[other].files, nodes[_merge_base(where, ancestors, nodes[other].ancestors, nodes)].files
        for path in sorted(base.keys() | theirs.keys()):
            before, ours, there = base.get(path), files.get(path), theirs.get(path)
            if there in (before, ours) or path in commit.files:
                continue
            if ours != before:
                raise StoryError(f"{where}: both sides changed {path}; write the merged content under files")
            if there is None:
                del files[path]
            else:
                files[path] = there
        ancestors |= nodes[other].ancestors
    return files


def _merge_base(where: str, ours: Iterable[str], theirs: Iterable[str], nodes: Mapping[str, _Node]) -> str:
    common = frozenset(ours) & frozenset(theirs)
    best = [one for one in common if not any(one in nodes[other].ancestors for other in common - {one})]
    if len(best) != 1:
        raise StoryError(f"{where}: the merged branches have {len(best)} merge bases; a story needs exactly one")
    return best[0]


def _apply(where: str, commit: StoryCommit, inherited: dict[str, File]) -> dict[str, File]:
    """Renames, copies and deletions of what was there before, then new content, then edits of the outcome."""
    files = dict(inherited)
    for path, source in commit.copies.items():
        files[path] = _existing(where, source, inherited)
    for path, source in commit.renames.items():
        files[path] = _existing(where, source, inherited)
        del files[source]
    for path in commit.deletes:
        _existing(where, path, files)
        del files[path]
    files |= {path: File(content.encode()) for path, content in commit.files.items()}
    files |= {path: File(target.encode(), Mode.SYMLINK) for path, target in commit.symlinks.items()}
    for path, passages in commit.edits.items():
        text = _existing(where, path, files).content.decode()
        for old, new in passages:
            if text.count(old) != 1:
                raise StoryError(f"{where}: {old!r} stands {text.count(old)} times in {path}, not once")
            text = text.replace(old, new)
        files[path] = File(text.encode())
    for path in files:
        if not all(path.split("/")) or {".", "..", ".git"}.intersection(path.split("/")):
            raise StoryError(f"{where}: {path!r} is no path for a file")
    if files == inherited and not commit.merge:
        raise StoryError(f"{where}: changes nothing")
    return files


def _existing(where: str, path: str, files: Mapping[str, File]) -> File:
    if path not in files:
        raise StoryError(f"{where}: there is no {path}")
    return files[path]
