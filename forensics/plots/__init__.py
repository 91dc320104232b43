"""Charts of frames: the finding in the title, who and when in the tooltips, nothing that runs in a page.

Each module makes one chart, a pure function of frames. They import altair, so that whoever offers a chart imports them
when somebody asks for it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from forensics.deferred import deferred
from forensics.extras import require

if TYPE_CHECKING:
    from os import PathLike

    from forensics.plots import figure as _figure
else:
    _figure = deferred("forensics.plots.figure", before=partial(require, "altair", "charts"))

__all__ = ["save"]


def save(chart: Any, path: str | PathLike[str]) -> None:
    """Write a chart to a file, as SVG, PNG or HTML by the file's ending, without anything that runs.

    Raises:
        UsageError: the ending is none of these.
        MissingExtraError: altair or vl-convert-python is not installed.
    """
    _figure.save(chart, path)
