"""Where the tests find recorded data: vectors from real Chef, public histories, and clones of those."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parent.parent


def _folder(variable: str, default: str, what: str) -> Path:
    folder = Path(os.environ.get(variable) or PROJECT / default)
    if not folder.is_dir():
        pytest.skip(f"no {what} here: point {variable} at the folder that holds them")
    return folder.resolve()


def vectors() -> Path:
    """The folder of inputs with what real Chef made of them; skips the test where there is none."""
    return _folder("FORENSICS_VECTORS", "../shared/vectors", "recorded vectors")


def corpus() -> Path:
    """The folder with the results of public histories; skips the test where there is none."""
    return _folder("FORENSICS_CORPUS", "../shared/corpus", "results of public histories")


def cases() -> Path:
    """The folder of small repositories that rebuild situations; skips the test where there is none."""
    return _folder("FORENSICS_CASES", "../shared/cases", "cases")


def clones() -> Path:
    """The folder of clones (``OWNER+NAME/repo``); skips the test where there is none."""
    return _folder("FORENSICS_CLONES", "../.mirror", "clones of public histories")


def clone(owner_and_name: str) -> Path:
    """The clone of ``OWNER/NAME`` (in the folder ``OWNER+NAME``); skips the test where it is absent."""
    path = clones() / owner_and_name.replace("/", "+") / "repo"
    if not path.exists():
        pytest.skip(f"no clone of {owner_and_name} here")
    return path


def json_lines(path: Path) -> Iterator[Any]:
    """The values of a JSON Lines file, one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
