"""A commit's tree as the working directory of somebody who runs a command there."""

from __future__ import annotations

from typing import Protocol


class Checkout(Protocol):
    """Read access to the files of a commit.

    A path is relative to the repository's root (``""`` is the root itself) and may contain ``.`` and ``..``, which
    mean what they mean to the kernel. Symlinks inside the tree are followed; what leads out of it does not exist.
    """

    def kind(self, path: str) -> str | None:
        """``"file"``, ``"directory"``, or None if nothing readable stands there."""

    def read(self, path: str) -> bytes:
        """A file's content.

        Raises:
            FileNotFoundError: no readable file stands there.
        """

    def names(self, directory: str) -> list[str]:
        """The names of everything in a directory, in any order; empty if there is no such directory."""


def expand_path(cwd: str, argument: str) -> str | None:
    """Make an argument a path from the root, by its text alone, as Ruby's File.expand_path does.

    None if it lies outside the repository: an absolute path, a home directory, or too many ``..``.
    """
    if argument.startswith(("/", "~")):
        return None
    done: list[str] = []
    for part in f"{cwd}/{argument}".split("/"):
        if part == "..":
            if not done:
                return None
            done.pop()
        elif part not in ("", "."):
            done.append(part)
    return "/".join(done)


def joined(directory: str, *parts: str) -> str:
    """Put a path together below a directory; ``""`` and ``"."`` are the root."""
    return "/".join(part for part in (directory, *parts) if part not in ("", "."))
