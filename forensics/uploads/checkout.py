"""A commit's tree as the working directory of somebody who runs a command there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@dataclass(frozen=True, slots=True)
class FilesCheckout:
    """A tree without symlinks, given by the content of its files."""

    files: Mapping[str, bytes]

    def kind(self, path: str) -> str | None:
        """``"file"``, ``"directory"``, or None if nothing stands there."""
        place = self._resolve(path)
        if place is None:
            return None
        return "file" if place in self.files else "directory"

    def read(self, path: str) -> bytes:
        """A file's content."""
        place = self._resolve(path)
        if place is None or place not in self.files:
            raise FileNotFoundError(path)
        return self.files[place]

    def names(self, directory: str) -> list[str]:
        """The names of everything in a directory."""
        place = self._resolve(directory)
        if place is None or place in self.files:
            return []
        prefix = place + "/" if place else ""
        return list(dict.fromkeys(path[len(prefix) :].split("/")[0] for path in self.files if path.startswith(prefix)))

    def _resolve(self, path: str) -> str | None:
        """Walk a path part by part: each part but the last must be a directory."""
        done: list[str] = []
        for part in path.split("/"):
            if part in ("", "."):
                continue
            if "/".join(done) in self.files:
                return None
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            done.append(part)
            place = "/".join(done)
            if place not in self.files and not any(file.startswith(place + "/") for file in self.files):
                return None
        return "/".join(done)


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
