"""Which files of a tree may declare Chef objects, and of which kind.

A *container* is the directory that holds one server's objects of one kind: the path up to and including the outermost
component named ``roles``, ``environments`` or ``nodes``; for data bag items the bag's own directory,
``data_bags/BAG``.
"""

from __future__ import annotations

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


def may_declare(kind: Kind, path: str) -> bool:
    """Whether a file at ``path`` inside a container of ``kind`` is one that somebody could upload.

    Cookbook metadata declares a cookbook, wherever it stands.
    """
    return path.endswith(_EXTENSIONS[kind]) and basename(path) not in _COOKBOOK_METADATA


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


@lru_cache(maxsize=_MOST_PATHS)
def is_hidden(path: str) -> bool:
    """Whether the shell's ``*`` passes the file over because its name begins with a dot."""
    return basename(path).startswith(".")
