"""Charts of the sample incident, as the pages show them.

``python -m handbook.charts`` draws them again; a test compares the words in them with those of charts drawn now.
"""

from __future__ import annotations

import html
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import forensics
import sample_repos
from handbook.pictures import FOLDER

_STORY: Final = "opsmatic-2014"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by the name of its method, ``plot_`` left out."""

    name: str

    @property
    def path(self) -> Path:
        """Where the chart is kept."""
        return FOLDER / f"{self.name}.svg"


ALL: Final = (Chart("timeline"), Chart("reach"))
"""The charts that the pages show."""


def drawn(chart: Chart) -> str:
    """The chart of the sample incident as SVG."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory) / _STORY
        sample_repos.build(_STORY, place)
        scan = forensics.open(place, progress=False).scan()
        file = Path(directory) / "chart.svg"
        getattr(scan, f"plot_{chart.name}")().save(file)
        return file.read_text("utf-8").rstrip("\n") + "\n"


def words(svg: str) -> list[str]:
    """The texts of a chart, in order."""
    return [html.unescape(text) for text in re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg)]


def main() -> int:
    """Draw every chart again."""
    for chart in ALL:
        chart.path.write_text(drawn(chart), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
