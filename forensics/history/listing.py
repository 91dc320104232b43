"""What ``git diff --name-status`` lists between two trees: every path that came, went, or changed in any way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.history.model import ObjectId, as_bytes, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from forensics.history.trees import TreeReader

FILE: Final = b"100644"
EXECUTABLE: Final = b"100755"
NO_FILES: Final = frozenset({LINK, SUBMODULE})
_MAY_EXECUTE: Final = 0o100
_DEEPEST: Final = 400  # a container, and what lies below it


class Side(NamedTuple):
    """What a path names in one of two trees: its mode, as git takes it, and its object."""

    mode: bytes
    oid: ObjectId

    @property
    def regular(self) -> bool:
        """Whether it is a file, not a link or a submodule."""
        return self.mode not in NO_FILES


class Listed(NamedTuple):
    """A path that differs; None stands for absence. A change of the mode alone is one."""

    path: str
    before: Side | None
    after: Side | None

    @property
    def deleted(self) -> bool:
        """Whether the path is gone, or names something of another type (git's ``T``) than it did."""
        if self.before is None or self.after is None:
            return self.after is None
        return self.before.mode != self.after.mode and not (self.before.regular and self.after.regular)


def listed(
    trees: TreeReader,
    prefix: str,
    old: ObjectId | None,
    new: ObjectId | None,
    left_out: AbstractSet[ObjectId] = frozenset(),
) -> list[Listed]:
    """Everything below a directory (with its slash, or empty for the root) that differs, in git's order.

    Cost follows the differences: what both trees share is not looked at, nor are the directories ``left_out``.
    """
    removed, added = trees.differences(old, new)
    if len(removed) == len(added) == 1 and removed[0].name == added[0].name and removed[0].mode == added[0].mode:
        # as in most commits: one entry was edited
        path, (mode, _, oid) = prefix + as_text(added[0].name), added[0]
        if mode != DIRECTORY:
            mode = _mode(mode)
            return [Listed(path, Side(mode, removed[0].oid), Side(mode, oid))]
        if _is_entered(path, oid, left_out) and removed[0].oid not in left_out:
            return listed(trees, path + "/", removed[0].oid, oid, left_out)
    return differing(*sides(trees, prefix, old, new, left_out))


def differing(before: dict[str, Side], after: dict[str, Side]) -> list[Listed]:
    """What differs between two sides, in git's order."""
    paths = sorted(before.keys() | after.keys(), key=as_bytes)
    found = (Listed(path, before.get(path), after.get(path)) for path in paths)
    return [each for each in found if each.before != each.after]


def sides(
    trees: TreeReader,
    prefix: str,
    old: ObjectId | None,
    new: ObjectId | None,
    left_out: AbstractSet[ObjectId] = frozenset(),
) -> tuple[dict[str, Side], dict[str, Side]]:
    """The same by path, before and after, in no particular order; a path whose mode is only spelled anew is there."""
    before: dict[str, Side] = {}
    after: dict[str, Side] = {}
    _collect(trees, prefix, (old, new), (before, after), left_out)
    return before, after


def _collect(
    trees: TreeReader,
    prefix: str,
    compared: tuple[ObjectId | None, ObjectId | None],
    found: tuple[dict[str, Side], dict[str, Side]],
    left_out: AbstractSet[ObjectId],
) -> None:
    directories: dict[str, list[ObjectId | None]] = {}
    for entries, side, number in zip(trees.differences(*compared), found, (0, 1), strict=True):
        for mode, name, oid in entries:
            path = prefix + as_text(name)
            if mode != DIRECTORY:
                side[path] = Side(mode if mode == FILE else _mode(mode), oid)
            elif _is_entered(path, oid, left_out):
                directories.setdefault(path, [None, None])[number] = oid
    for path, (old, new) in directories.items():
        _collect(trees, path + "/", (old, new), found, left_out)


def _is_entered(path: str, oid: ObjectId, left_out: AbstractSet[ObjectId]) -> bool:
    return oid not in left_out and path.count("/") < _DEEPEST


def _mode(mode: bytes) -> bytes:
    if mode == FILE or mode in NO_FILES:
        return mode
    return EXECUTABLE if int(mode, 8) & _MAY_EXECUTE else FILE
