"""Files that people copy, and what the action takes and gives."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from handbook.markdown import block, code, prose, table

_PROJECT: Final = Path(__file__).resolve().parent.parent
_LANGUAGES: Final = {".yml": "yaml", ".yaml": "yaml", ".service": "ini", ".timer": "ini", ".cron": "text", "": "sh"}


def snippet(path: str) -> str:
    """A file of the project, as it is."""
    file = _PROJECT / path
    return block(_LANGUAGES[file.suffix], file.read_text("utf-8"))


def action(part: str) -> str:
    """What the action takes (``inputs``) or gives (``outputs``)."""
    described = yaml.safe_load((_PROJECT / "action.yml").read_text("utf-8"))[part]
    if part == "outputs":
        return table(
            ("output", "meaning"), [(code(name), prose(each["description"])) for name, each in described.items()]
        )
    return table(
        ("input", "default", "meaning"),
        [
            (code(name), code(each["default"]) if each["default"] else "", prose(each["description"]))
            for name, each in described.items()
        ],
    )
