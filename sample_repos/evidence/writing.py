"""Writes a story's evidence into a directory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sample_repos.builder import TargetRefusedError
from sample_repos.evidence.replaying import files


def write(name: str, directory: str | Path) -> bool:
    """Write the evidence of the story ``name``; return false if it stands there already.

    Raises ``StoryError`` if there is no evidence for it, and ``TargetRefusedError`` if the directory holds something
    else.
    """
    wanted = files(name)
    target = Path(directory).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        if target.is_dir() and _held(target) == wanted:
            return False
        raise TargetRefusedError(
            f"{target} is not empty and not the untouched evidence of {name}; name a directory that is missing or empty"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
        for path, data in wanted.items():
            place = Path(beside) / "evidence" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        if target.is_dir():
            target.rmdir()
        (Path(beside) / "evidence").rename(target)
    return True


def _held(target: Path) -> dict[str, bytes]:
    found = (path for path in target.rglob("*") if path.is_file())
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in found}
