"""Node objects from outside of the repository: what ``knife download nodes``, ``knife node show`` or a backup left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.chef import layout
from forensics.chef.objects import Kind, Problem
from forensics.chef.request_uri import NAMELESS
from forensics.errors import UsageError
from forensics.uploads.loading import load_for_from_file, load_in_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from forensics.chef.objects import Body

_MOST_FILES: Final = 100_000
_SHOWN: Final = 5
_LARGEST: Final = 64 * 1024 * 1024


class NodesError(UsageError):
    """A directory of node objects that cannot be read, or holds none."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenNodes:
    """Nodes by name, the directory that they are from, and the files there that are none.

    ``unnamed`` are those whose files have no name inside, and go by their own: they are for ``chef-solo -j``.
    """

    directory: str
    bodies: Mapping[str, Body]
    refused: tuple[str, ...] = ()
    unnamed: frozenset[str] = frozenset()

    def __str__(self) -> str:
        objects = len(self.bodies) - len(self.unnamed)
        counts = [f"{objects} node object{'s' if objects != 1 else ''}"] if objects else []
        if self.unnamed:
            files = f"{len(self.unnamed)} node file{'s' if len(self.unnamed) > 1 else ''}"
            counts.append(f"{files} with no name inside ({_listed(sorted(self.unnamed))})")
        text = (
            f"nodes from {self.directory}: {' and '.join(counts)}, taken for those of every commit and of every server"
        )
        return text + (f"; no nodes: {_listed(self.refused)}" if self.refused else "")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")


def files_of(directory: Path) -> list[Path]:
    """The ``*.json`` files of a directory.

    Raises:
        NodesError: it is no directory, or holds too many.
    """
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix == ".json" and path.is_file())
    except OSError as error:
        raise NodesError(f"--nodes {directory} cannot be read: {error.strerror}") from None
    if len(files) > _MOST_FILES:
        raise NodesError(f"--nodes {directory} holds more than {_MOST_FILES} files")
    return files


def read(directory: Path, *, chef: str = "18") -> GivenNodes:
    """The node objects of a directory's ``*.json`` files, one each.

    Raises:
        NodesError: it is no directory, or no file there is a node object.
    """
    bodies: dict[str, Body] = {}
    refused: list[str] = []
    unnamed: set[str] = set()
    for path in files_of(directory):
        loaded, named = _node(path, chef)
        if loaded is None or loaded["name"] in bodies:
            refused.append(path.name)
        else:
            bodies[loaded["name"]] = loaded
            unnamed |= set() if named else {loaded["name"]}
    if not bodies:
        raise NodesError(f"--nodes {directory}: no *.json file there is a node object")
    return GivenNodes(str(directory), dict(sorted(bodies.items())), tuple(refused), frozenset(unnamed))


def _node(path: Path, chef: str) -> tuple[Body | None, bool]:
    """What a file says of a node, and whether it has the node's name inside."""
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST else None
    except OSError:
        data = None
    if data is None or not layout.stem(path.name):
        return None, False
    place = f"nodes/{path.name}"
    loaded = load_in_place(Kind.NODE, place, data, chef=chef)
    if isinstance(loaded, Problem) or not isinstance(loaded.get("name"), str):
        return None, False
    sent = load_for_from_file(Kind.NODE, place, data, chef=chef)
    return loaded, not (isinstance(sent, Problem) and sent.kind == NAMELESS)
