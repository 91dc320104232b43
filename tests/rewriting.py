"""Copies of a history as people rewrite it: rebased, with other dates and authors, or squashed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pygit2
from building import new_repository, set_main

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUR = 3600
MUCH_LATER = 1_700_000_000


def rebased(source: Path, target: Path) -> Path:
    """A history with the same trees and shape, each commit by somebody else, at another time, with another message."""
    old, new = _copy(source, target)
    ids: dict[pygit2.Oid, str] = {}
    order = pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE
    for number, commit in enumerate(old.walk(old.head.target, order)):
        ids[commit.id] = _write(new, number, commit.tree_id, [ids[parent] for parent in commit.parent_ids])
    set_main(new, ids[old.head.target])
    return target


def squashed(source: Path, target: Path, together: int) -> Path:
    """The first-parent line, so many commits made into one, as after squashed merges; the same tree at the tip."""
    old, new = _copy(source, target)
    line = [old.head.target]
    while parents := old[line[-1]].parent_ids:
        line.append(parents[0])
    kept = line[::together][::-1]
    last: list[str] = []
    for number, oid in enumerate(kept):
        last = [_write(new, number, old[oid].tree_id, last)]
    set_main(new, last[0])
    return target


def _copy(source: Path, target: Path) -> tuple[pygit2.Repository, pygit2.Repository]:
    """The old repository, and an empty new one that borrows its objects."""
    old = pygit2.Repository(str(source))
    target.mkdir(parents=True)
    new = new_repository(target)
    borrowed = Path(new.path, "objects", "info", "alternates")
    borrowed.write_text(f"{Path(old.path) / 'objects'}\n", encoding="utf-8")
    return old, pygit2.Repository(str(target))


def _write(repository: pygit2.Repository, number: int, tree: pygit2.Oid, parents: list[str]) -> str:
    who = pygit2.Signature("Somebody Else", "else@example.org", MUCH_LATER + number * HOUR, 345)
    ids = [pygit2.Oid(hex=parent) for parent in parents]
    return str(repository.create_commit(None, who, who, f"Rewritten {number}", tree, ids))


def told(findings) -> Mapping[str, tuple[object, ...]]:
    """Findings by their fingerprints, without what a rewritten history changes."""
    return {each.fingerprint: (each.rule, each.object, each.paths, each.at_tip) for each in findings}
