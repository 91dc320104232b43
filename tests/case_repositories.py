"""Small repositories that rebuild what people struggled with, each from a stream of git fast-import."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from commandline import command
from support import cases

if TYPE_CHECKING:
    from pathlib import Path


def case(number: str, directory: Path) -> Path:
    """Build the case of a number into a directory; give the repository. Skips the test where it is absent."""
    found = sorted(cases().glob(f"{number}-*.fast-export"))
    if not found:
        pytest.skip(f"no case {number} here")
    repository = directory / found[0].stem
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q", "-b", "main", repository], check=True, env=environment)
    with found[0].open("rb") as stream:
        subprocess.run(["git", "-C", repository, "fast-import", "--quiet"], check=True, env=environment, stdin=stream)
    return repository


def document(*arguments: str | Path) -> Any:
    """The JSON that a command prints."""
    return command(*arguments, "--format", "json").document


def findings(repository: Path, *rules: str) -> list[dict[str, Any]]:
    """What a scan finds, of some rules or of all."""
    found = document("scan", repository)["findings"]
    return [each for each in found if not rules or each["rule"] in rules]
