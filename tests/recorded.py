"""Recorded stories: folders with a repository and, step by step, what real programs made of it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pygit2
import pytest
from support import vectors

from forensics.history.repository import open_evidence
from forensics.history.walk import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def stories(folder: str) -> list[Path]:
    """The folders of recorded stories below a folder of the vectors; skips the test where there are none."""
    found = sorted(path.parent for path in (vectors() / folder).glob("*/story.json"))
    if not found:
        pytest.skip(f"no recorded stories of {folder} here")
    return found


def told(story: Path) -> dict[str, Any]:
    """What was recorded."""
    return json.loads((story / "story.json").read_text("utf-8"))


def imported(story: Path, folder: Path) -> Path:
    """The story's repository, from its fast-import stream; the git command reads nothing but that stream."""
    path = folder / f"{story.name}.git"
    pygit2.init_repository(str(path), bare=True)
    stream = (story / "repo.fast-export").read_bytes()
    try:
        subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=stream, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("git is not installed here, which imports the recorded repositories")
    return path


def history_of(story: Path, folder: Path, head: str) -> History:
    """The history behind a commit of a story."""
    return History(open_evidence(imported(story, folder), rev=head))


def differences(where: str, recorded: dict[str, Any], computed: dict[str, Any]) -> Iterator[str]:
    """What differs between two servers, in sentences; both map names to contents."""
    for name in sorted(recorded.keys() | computed.keys()):
        if recorded.get(name) != computed.get(name):
            yield f"{where} {name}: recorded {recorded.get(name)}, computed {computed.get(name)}"


def long_stories():
    """The stories of several weeks with all kinds of evidence."""
    found = [each for each in stories("evidence") if (each / "complete" / "access.log").is_file()]
    return found or pytest.skip("no recorded evidence here")
