"""The rows of a frame that are about one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd


def of_object(frame: pd.DataFrame, name: str, container: str = "", *, required: bool = True) -> pd.DataFrame:
    """The rows about one object, by its name as people write it.

    Raises:
        UsageError: there are none though there must be, or the name is that of objects on several servers.
    """
    found = frame[frame["object"] == name]
    if container:
        found = found[found["container"] == container]
    if required and found.empty:
        known = frame["object"].unique()
        raise UsageError(f"no shadow or divergence of {name} was found{did_you_mean(name, known)}")
    places = list(found["container"].unique())
    if len(places) > 1:
        raise UsageError(f"{name} is in several containers ({', '.join(places)}); name one with container=")
    return found


def files_of(*frames: pd.DataFrame) -> list[str]:
    """Every file that some rows name."""
    return sorted({path for frame in frames for path in frame["path"].dropna()})


def canonical_of(*frames: pd.DataFrame) -> str | None:
    """The canonical file among those of some rows."""
    return next((path for frame in frames for path in frame.loc[frame["canonical"], "path"].dropna()), None)
