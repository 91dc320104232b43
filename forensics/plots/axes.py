"""Time on charts: one axis in UTC for everything, whatever the clocks of the committers said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from forensics.plots.look import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY: Final = 86_400_000
_MONTHS: Final = 150
_YEARS: Final = 6 * 365
_NARROWEST: Final = 3


def milliseconds(times: pd.Series[Any]) -> pd.Series[Any]:
    """Times as milliseconds since 1970, missing where a time is."""
    return ((times - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(milliseconds=1)).astype("Int64")


def never_back(times: pd.Series[Any]) -> pd.Series[Any]:
    """Times of events that followed one another, as milliseconds that never go back.

    A clock that was wrong does not move an event before the one that it followed; a time that is missing is that of the
    event before.
    """
    return milliseconds(times).ffill().bfill().cummax()


class TimeAxis:
    """From the first of some moments to the tip; at least a day."""

    def __init__(self, moments: Iterable[Any], tip: str) -> None:
        end = milliseconds(pd.Series(pd.to_datetime([tip], utc=True, format="ISO8601", errors="coerce")))[0]
        known = [int(each) for each in [*moments, end] if not pd.isna(each)] or [0]
        self.start = min(known)
        self.end = max(*known, self.start + _DAY)

    def x(self, field: str = "start", *, labels: bool = True) -> alt.X:
        """The x channel of a field in milliseconds."""
        axis = alt.Axis(title=None, labels=labels, ticks=labels, grid=True, tickCount=6, format=self._format())
        return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=[self.start, self.end], nice=False), axis=axis)

    def _format(self) -> str:
        days = (self.end - self.start) / _DAY
        if days < _MONTHS:
            return "%-d %b %Y"
        return "%b %Y" if days < _YEARS else "%Y"

    @property
    def least(self) -> int:
        """How long a stretch is drawn at least, so that an hour in ten years is still seen."""
        return (self.end - self.start) * _NARROWEST // WIDTH

    def stretches(self, frame: pd.DataFrame) -> list[tuple[int, int]]:
        """From when to when each row was so, in milliseconds; a time that is missing is that of the axis."""
        starts, ends = milliseconds(frame["from_time"]), milliseconds(frame["until_time"])
        whole = zip(starts.fillna(self.start), ends.fillna(self.end), strict=True)
        return [(int(start), int(end)) for start, end in whole]

    def pixels(self, start: int, end: int) -> float:
        """How wide a stretch is drawn."""
        return (end - start) / (self.end - self.start) * WIDTH
