"""Which files of a tree may declare Chef objects, and of which kind.

A *container* is the directory that holds one server's objects of one kind: the path up to and including the outermost
component named ``roles``, ``environments`` or ``nodes``; for data bag items the bag's own directory,
``data_bags/BAG``. A repository's configuration may name further directories.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from forensics.chef.objects import Kind

KIND_OF_DIRECTORY: Final[dict[bytes, Kind]] = {
    b"roles": Kind.ROLE,
    b"environments": Kind.ENVIRONMENT,
    b"nodes": Kind.NODE,
}
DATA_BAGS: Final = b"data_bags"

# Extensions are case-sensitive: knife refuses `base.JSON` (Chef's ObjectLoader#object_from_file).
_EXTENSIONS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.ROLE: (".json", ".rb", ".js"),
    Kind.ENVIRONMENT: (".json", ".rb", ".js"),
    Kind.NODE: (".json", ".rb", ".js"),
    Kind.DATA_BAG_ITEM: (".json",),
}
_MOST_PATHS: Final = 65_536  # a history names the same few files again and again
_COOKBOOK_METADATA: Final = frozenset({"metadata.rb", "metadata.json"})
_NO_DECLARATIONS: Final[dict[Kind, frozenset[str]]] = dict.fromkeys(Kind, _COOKBOOK_METADATA) | {
    Kind.NODE: _COOKBOOK_METADATA | {"solo.rb", "client.rb", "knife.rb"}
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a repository says that its objects are, beside the usual names; paths from its root.

    ``data_bags`` are directories of bags. What lies at or below ``exclude`` is not looked at.
    """

    roles: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    data_bags: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Every directory that is named as one of objects."""
        return (*self.roles, *self.environments, *self.nodes, *self.data_bags)

    def kind_of(self, path: str) -> Kind:
        """The kind of the objects in a container."""
        above, _, name = path.rpartition("/")
        for directories, kind in (
            (self.roles, Kind.ROLE),
            (self.environments, Kind.ENVIRONMENT),
            (self.nodes, Kind.NODE),
        ):
            if path in directories:
                return kind
        return Kind.DATA_BAG_ITEM if self.holds_bags(above) else KIND_OF_DIRECTORY[name.encode()]

    def holds_bags(self, path: str) -> bool:
        """Whether a directory is one of data bags."""
        return path in self.data_bags or basename(path) == DATA_BAGS.decode()


def at_or_below(path: str, *tops: str) -> bool:
    """Whether a path is one of these directories or lies below one; an empty one and ``.`` are the root."""
    return any(top in {"", "."} or path == top or path.startswith(top.rstrip("/") + "/") for top in tops)


def may_declare(kind: Kind, path: str) -> bool:
    """Whether a file at ``path`` inside a container of ``kind`` is one that somebody could upload.

    Cookbook metadata declares a cookbook, wherever it stands; what configures Chef's programs on a node, and is kept
    beside its JSON file, declares nothing.
    """
    return path.endswith(_EXTENSIONS[kind]) and basename(path) not in _NO_DECLARATIONS[kind]


def basename(path: str) -> str:
    """The last component of a path."""
    return path.rpartition("/")[2]


@lru_cache(maxsize=_MOST_PATHS)
def extension(path: str) -> str:
    """The extension with its dot (``.json``), or an empty string."""
    name = basename(path)
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else ""


@lru_cache(maxsize=_MOST_PATHS)
def stem(path: str) -> str:
    """The file name without directory and extension: the identity that knife upload and chef-solo go by."""
    name = basename(path)
    dot = name.rfind(".")
    return name[:dot] if dot > 0 else name


def is_direct_child(container: str, path: str) -> bool:
    """Whether ``path`` lies directly in the container: what ``roles/*`` and ``knife upload roles`` reach."""
    return "/" not in path[len(container) + 1 :]


def is_lock(path: str) -> bool:
    """Whether a link bears the name of an Emacs lock: it leads to USER@HOST.PROCESS, and never to a file."""
    return basename(path).startswith(".#")


@lru_cache(maxsize=_MOST_PATHS)
def is_hidden(path: str) -> bool:
    """Whether the shell's ``*`` passes the file over because its name begins with a dot."""
    return basename(path).startswith(".")
