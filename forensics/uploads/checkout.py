"""Paths in a commit's tree, as somebody who works in it writes them; ``""`` is the root."""

from __future__ import annotations


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
