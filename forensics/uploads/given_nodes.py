"""Node objects from outside of the repository: what ``knife download nodes``, ``knife node show`` or a backup left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.chef import layout
from forensics.chef.objects import Kind, Problem
from forensics.errors import UsageError
from forensics.uploads.loading import load_in_place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from forensics.chef.objects import Body

_MOST_FILES: Final = 100_000
_LARGEST: Final = 64 * 1024 * 1024


class NodesError(UsageError):
    """A directory of node objects that cannot be read, or holds none."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenNodes:
    """Node objects by name, the directory that they are from, and the files there that are none."""

    directory: str
    bodies: Mapping[str, Body]
    refused: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = "1 node object" if len(self.bodies) == 1 else f"{len(self.bodies)} node objects"
        text = f"nodes from {self.directory}: {count}, taken for those of every commit and of every server"
        if self.refused:
            shown = ", ".join(self.refused[:5]) + (" and more" if len(self.refused) > 5 else "")  # noqa: PLR2004
            text += f"; no node objects: {shown}"
        return text


def read(directory: Path, *, chef: str = "18") -> GivenNodes:
    """The node objects of a directory's ``*.json`` files, one each.

    Raises:
        NodesError: it is no directory, or no file there is a node object.
    """
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix == ".json" and path.is_file())
    except OSError as error:
        raise NodesError(f"--nodes {directory} cannot be read: {error.strerror}") from None
    if len(files) > _MOST_FILES:
        raise NodesError(f"--nodes {directory} holds more than {_MOST_FILES} files")
    bodies: dict[str, Body] = {}
    refused: list[str] = []
    for path in files:
        loaded = _node(path, chef)
        if loaded is None or loaded["name"] in bodies:
            refused.append(path.name)
        else:
            bodies[loaded["name"]] = loaded
    if not bodies:
        raise NodesError(f"--nodes {directory}: no *.json file there is a node object")
    return GivenNodes(str(directory), dict(sorted(bodies.items())), tuple(refused))


def _node(path: Path, chef: str) -> Body | None:
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST else None
    except OSError:
        data = None
    if data is None:
        return None
    name = layout.stem(path.name)
    loaded = load_in_place(Kind.NODE, f"nodes/{path.name}", data, chef=chef)
    return None if isinstance(loaded, Problem) or not isinstance(loaded.get("name"), str) or not name else loaded
