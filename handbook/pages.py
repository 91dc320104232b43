"""The pages: README.md and everything under ``docs/``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from handbook import regions, transcripts

PROJECT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = PROJECT / "docs"
README: Final = PROJECT / "README.md"


def pages() -> list[Path]:
    """Every page, README.md first."""
    return [README, *sorted(DOCS.rglob("*.md"))]


def fresh(text: str) -> str:
    """A page as it should be: its regions filled from the code, its transcripts as the commands print them now."""
    return transcripts.refreshed(regions.filled(text))
