"""Where a file stands in a backup: which server's, which organization's, which object's it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.evidence.backup_object import KINDS, loose, placed
from forensics.evidence.dated_names import Dated, moment_in
from forensics.evidence.records import Backup, HeldObject, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo

LEFT_OUT: Final = frozenset({".git", "cookbooks", "cookbook_artifacts", "acls", "user_acls"})
"""Directories in which ``roles/`` and the like are none of a server's objects, as ``acls/roles`` of ``ec backup``."""

_BAGS: Final = "data_bags"


class Location(NamedTuple):
    """What a path tells: the directory above the object's kind, the kind, the bag, and the name."""

    root: str
    kind: Kind
    bag: str
    stem: str


def location(path: str) -> Location | None:
    """Which object a file holds by its place; None where its place tells nothing."""
    parts = path.split("/")
    if not parts[-1].endswith(".json") or not LEFT_OUT.isdisjoint(parts[:-1]):
        return None
    stem = layout.stem(parts[-1])
    if len(parts) > 2 and parts[-3] == _BAGS:  # noqa: PLR2004 (data_bags/BAG/ITEM)
        return Location("/".join(parts[:-3]), Kind.DATA_BAG_ITEM, parts[-2], stem)
    if len(parts) > 1 and parts[-2] in KINDS:
        return Location("/".join(parts[:-2]), KINDS[parts[-2]], "", stem)
    return None


def kind_of_directory(path: str) -> tuple[str, Kind] | None:
    """The root and the kind of a directory that holds a server's objects, or its bags."""
    root, _, name = path.rpartition("/")
    if not LEFT_OUT.isdisjoint(path.split("/")) or root.rpartition("/")[2] == _BAGS:
        return None
    if name == _BAGS:
        return root, Kind.DATA_BAG_ITEM
    return (root, KINDS[name]) if name in KINDS else None


def organization_of(root: str) -> str:
    """The organization whose objects lie below a directory of ``knife ec backup``; empty elsewhere."""
    above, _, name = root.rpartition("/")
    return name if above.rpartition("/")[2] == "organizations" else ""


def moment_of_root(root: str, zone: tzinfo | None) -> Dated | None:
    """The date in the names of a directory and of those above it, the nearest first."""
    return next(filter(None, (moment_in(part, zone) for part in reversed(root.split("/")))), None)


@dataclass(slots=True)
class _Root:
    objects: list[HeldObject] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)


class Members:
    """The files of a backup, put together as they come; paths begin with the names above what was named.

    ``name`` is the source as it was named, ``anchor`` those names with a slash at the end. Of a ``single`` file the
    path is the name.
    """

    def __init__(self, name: str, anchor: str, zone: tzinfo | None, *, single: bool = False) -> None:
        self._name = name
        self._anchor = anchor
        self._zone = zone
        self._single = single
        # one bag's directory says nothing of the other bags
        self._partial = single or anchor.rstrip("/").rpartition("/")[0].rpartition("/")[2] == _BAGS
        self._roots: dict[str, _Root] = {}
        self._loose: dict[str, list[HeldObject]] = {}
        self.files = 0

    def directory(self, path: str) -> None:
        """Note a directory: an empty one of a kind says that there was nothing of the kind."""
        found = kind_of_directory(self._anchor + path if path else self._anchor.rstrip("/"))
        if found is not None:
            self._root(found[0]).kinds.add(found[1])

    def file(self, path: str, read: Callable[[], bytes | None]) -> None:
        """Read a file if its place says that it holds an object, or if it lies on top and may say so itself."""
        found = location(self._anchor + path)
        place = Place(self._name if self._single else f"{self._name}!{path}")
        if found is not None:
            self.files += 1
            data = read()
            root = self._root(found.root)
            root.kinds.add(found.kind)
            if data is None:
                held = HeldObject(place, found.kind, found.stem, {}, found.bag, unreadable="it cannot be read")
            else:
                held = placed(data, place, found.kind, found.bag, found.stem)
            root.objects.append(held)
        elif "/" not in path and path.rpartition(".")[2] in {"json", "txt", "out", path}:
            self.files += 1
            if (data := read()) and (objects := loose(data, place)):
                self._loose.setdefault(self._anchor + path, []).extend(objects)

    def backups(self) -> Iterator[Backup]:
        """What was found: a whole backup for each root, and a partial one for each file that says itself what it is."""
        for root, found in self._roots.items():
            kept = root.removeprefix(self._anchor.rstrip("/")).strip("/")
            place = Place(f"{self._name}!{kept}" if kept and root.startswith(self._anchor) else self._name)
            yield self._dated(root, Backup(place, None, found.objects, frozenset(found.kinds), self._partial))
        for path, objects in self._loose.items():
            yield self._dated(path, Backup(Place(objects[0].place.file), None, objects))

    def _dated(self, root: str, backup: Backup) -> Backup:
        moment = moment_of_root(root, self._zone)
        first, last = moment or (None, None)
        basis = "" if moment is None else "the name of a directory or file"
        return Backup(
            backup.place,
            last,
            backup.objects,
            backup.kinds,
            backup.partial,
            organization_of(root),
            _refused(backup.objects),
            first,
            basis,
        )

    def _root(self, path: str) -> _Root:
        return self._roots.setdefault(path, _Root())


def _refused(objects: Sequence[HeldObject]) -> tuple[tuple[Place, str], ...]:
    return tuple((each.place, each.unreadable) for each in objects if each.unreadable)
