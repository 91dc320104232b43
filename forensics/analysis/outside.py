"""Where cookbooks that are not in a commit's tree may come from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from forensics.chef.dependencies import LISTS, LOCKS, POLICIES, named_cookbooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.analysis.examination import Examination
    from forensics.history.snapshot import Snapshot

_SHELVES: Final = frozenset({"cookbooks", "site-cookbooks"})
_POLICY_DIRECTORIES: Final = ("policyfiles", "policies")
_POLICY_FILES: Final = (".rb", ".lock.json")
_MOST: Final = 5_000
"""Files that are read at most; nobody's repository has as many, and the time stays bounded."""


class Outside:
    """What may bring cookbooks that are not in the tip's tree; nothing is read before it is asked for."""

    def __init__(self, examination: Examination) -> None:
        self._history = examination.history
        self._head = examination.head_commit
        self._index = examination.cookbooks
        self._roots = sorted({target.label.root for target in examination.targets} | {""})

    def may_give(self, cookbook: str) -> bool:
        """Whether a link or submodule of this name, a list, a lock or a cookbook that depends on it stands there."""
        return bool(self._linked & {cookbook, *_SHELVES}) or cookbook in self._named

    def lists(self, cookbook: str) -> bool:
        """Whether a list of dependencies or a lock names it, whatever stands in the tree."""
        return cookbook in self._listed

    @cached_property
    def _linked(self) -> frozenset[str]:
        return frozenset(path.rpartition("/")[2] for path in self._index.kept_elsewhere(self._head))

    @cached_property
    def _named(self) -> frozenset[str]:
        return self._listed | self._read(
            f"{cookbook.path}/{name}"
            for cookbook in self._index.at(self._head)
            if cookbook.metadata is not None
            for name in ("metadata.json", "metadata.rb")
        )

    @cached_property
    def _listed(self) -> frozenset[str]:
        return self._read(self._lists())

    def _read(self, paths: Iterable[str]) -> frozenset[str]:
        """The cookbooks that files of the tip name, where they are there."""
        snapshot = self._history.snapshot(self._head)
        found: set[str] = set()
        for number, path in enumerate(dict.fromkeys(paths)):
            blob = snapshot.blob(path) if number < _MOST else None
            data = None if blob is None else self._history.blob(blob, path)
            if data is not None:
                found |= named_cookbooks(path.rpartition("/")[2], data)
        return frozenset(found)

    def _lists(self) -> Iterator[str]:
        for root in self._roots:
            yield from (f"{root}/{name}".lstrip("/") for name in (*LOCKS, *LISTS))
        yield from policy_files(self._history.snapshot(self._head), self._roots)
        for cookbook in self._index.at(self._head):
            yield from (f"{cookbook.path}/{name}" for name in LOCKS)


def policy_files(snapshot: Snapshot, roots: Iterable[str]) -> Iterator[str]:
    """Where the policies of chef-repos may be, and their locks."""
    for root in roots:
        yield from (f"{root}/{name}".lstrip("/") for name in POLICIES)
        for directory in (f"{root}/{name}".lstrip("/") for name in _POLICY_DIRECTORIES):
            names = (name for name in snapshot.names(directory) if name.endswith(_POLICY_FILES))
            yield from (f"{directory}/{name}" for name in names)
