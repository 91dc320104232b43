"""The account of evidence that is not there or cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.history.model import Gap, as_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forensics.history.model import ObjectId


class Gaps:
    """Every gap once: objects by their id, everything else by kind and path, each where it was met first."""

    def __init__(self) -> None:
        self._objects: dict[ObjectId, Gap] = {}
        self._paths: dict[tuple[str, str], Gap] = {}

    def __contains__(self, oid: ObjectId) -> bool:
        return oid in self._objects

    def record(
        self, oid: ObjectId, kind: str, detail: str, *, path: str | None = None, commit: ObjectId | None = None
    ) -> None:
        """Record what is wrong with an object; what is known of it already stays."""
        self._objects.setdefault(oid, Gap(kind, detail, oid.hex()))
        self.locate(oid, path=path, commit=commit)

    def locate(self, oid: ObjectId, *, path: str | None = None, commit: ObjectId | None = None) -> None:
        """Say where an object was needed, if it is a gap and that is not known yet."""
        gap = self._objects.get(oid)
        if gap is None:
            return
        if gap.path is None and path:
            gap = replace(gap, path=path)
        if gap.commit is None and commit is not None:
            gap = replace(gap, commit=commit.hex())
        self._objects[oid] = gap

    def note(self, kind: str, detail: str, *, path: str, commit: ObjectId, oid: ObjectId | None = None) -> None:
        """Record what is wrong at a path in a commit."""
        gap = Gap(kind, detail, oid.hex() if oid else None, path, commit.hex())
        self._paths.setdefault((kind, path), gap)

    def unlocated(self) -> set[ObjectId]:
        """The objects among the gaps of which no commit is known."""
        return {oid for oid, gap in self._objects.items() if gap.commit is None}

    def all(self) -> list[Gap]:
        """All gaps, in no particular order."""
        return [*self._objects.values(), *self._paths.values()]


def in_order(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Gaps by kind, path and object."""
    return tuple(sorted(gaps, key=lambda gap: (gap.kind, as_bytes(gap.path or ""), gap.oid or "")))
