"""The channels that charts share: rows, ways of uploading, colours, and what a pointer shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from forensics.plots.look import WIDTH
from forensics.plots.words import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

_EXTENT: Final = 118
FILES_EXTENT: Final = 200
"""The room for labels of rows that are called after files or objects."""
FILES_LABEL: Final = 30
FILES_WIDTH: Final = WIDTH - FILES_EXTENT + _EXTENT


def rows_axis(extent: int = _EXTENT) -> alt.Axis:
    """The axis of rows: the same room for labels in charts that stand below one another, so that they are aligned."""
    return alt.Axis(
        title=None, labelLimit=extent - 8, minExtent=extent, maxExtent=extent, ticks=False, domain=False, labelPadding=6
    )


def free_axis(**more: Any) -> alt.Axis:
    """The axis of rows of a chart that stands alone."""
    return alt.Axis(title=None, labelLimit=220, ticks=False, domain=False, **more)


def rows_of(names: Sequence[str], axis: alt.Axis, field: str = "row") -> alt.Y:
    """Rows with these names, from top to bottom."""
    return alt.Y(f"{field}:N", sort=[*names], scale=alt.Scale(domain=[*names] or [""]), axis=axis)


def ways_of(frame: pd.DataFrame) -> list[str]:
    """The ways of uploading that some rows name, in their order."""
    present = set(frame["scenario"])
    return [inert(each) for each in frame["scenario"].cat.categories if each in present]


def columns_of(ways: list[str]) -> alt.X:
    """Columns for ways of uploading, each of which is named."""
    axis = alt.Axis(
        title=None, labelAngle=-35, labelLimit=140, labelOverlap=False, ticks=False, domain=False, orient="top"
    )
    return alt.X("scenario:N", sort=ways, scale=alt.Scale(domain=ways), axis=axis)


def colors_of(field: str, colors: Mapping[str, str], *, legend: bool = True, **options: Any) -> alt.Color:
    """Colours by the names that the legend explains."""
    shown = alt.Legend(title=None, orient="bottom", **options) if legend else None
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=[*colors], range=[*colors.values()]), legend=shown)


def present(colors: Mapping[str, str], values: Iterable[Mapping[str, Any]], field: str) -> dict[str, str]:
    """Those of the colours that some value has."""
    found = {each[field] for each in values}
    return {name: color for name, color in colors.items() if name in found}


def tooltip(*fields: str, **titles: str) -> list[alt.Tooltip]:
    """What is told of a mark that is pointed at; ``titles`` are those of fields that are called otherwise."""
    return [alt.Tooltip(f"{each}:N", title=titles.get(each, alt.Undefined)) for each in fields]
