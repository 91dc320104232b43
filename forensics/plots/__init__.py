"""Charts of frames: the finding in the title, who and when in the tooltips, nothing that runs in a page.

Each module makes one chart, a pure function of frames. They import altair, so that whoever offers a chart imports them
when somebody asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.extras import require

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["save"]


def save(chart: Any, path: str | PathLike[str]) -> None:
    """Write a chart to a file, as SVG, PNG or HTML by the file's ending, without anything that runs.

    Raises:
        UsageError: the ending is none of these.
        MissingExtraError: altair or vl-convert-python is not installed.
    """
    require("altair", "charts")
    from forensics.plots.figure import save as write  # noqa: PLC0415

    write(chart, path)
