"""Charts of frames: the finding in the title, who and when in the tooltips, nothing that runs in a page.

Each module makes one chart, a pure function of frames. They import altair, so that each is loaded when somebody asks
for it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from forensics.deferred import on_demand
from forensics.extras import require

if TYPE_CHECKING:
    from os import PathLike

    from forensics.plots import churn as churn
    from forensics.plots import possible as possible
    from forensics.plots import reach as reach
    from forensics.plots import shadows as shadows
    from forensics.plots import story as story
    from forensics.plots import timeline as timeline
else:
    __getattr__ = on_demand(__name__, before=partial(require, "altair", "charts"))


def save(chart: Any, path: str | PathLike[str]) -> None:
    """Write a chart to a file, as SVG, PNG or HTML by the file's ending, without anything that runs.

    Raises:
        UsageError: the ending is none of these.
        MissingExtraError: altair or vl-convert-python is not installed.
    """
    on_demand(__name__, before=partial(require, "altair", "charts"))("figure").save(chart, path)
