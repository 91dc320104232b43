"""How often the files of shadowed objects were changed: an edit of the one and not of the other is what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from forensics.plots import channels
from forensics.plots.axes import TimeAxis, never_back
from forensics.plots.choosing import canonical_of, files_of, of_object
from forensics.plots.figure import figure, rows
from forensics.plots.look import CANONICAL, COPIES, ROW, legend_of, marks
from forensics.plots.words import count, cut, day, file_name, several

if TYPE_CHECKING:
    from forensics.plots.figure import Plot

_MOST_FILES: Final = 20
_BINS: Final = 60
_CANONICAL_LABEL: Final = "the canonical file"
_COPY_LABEL: Final = "another file that declares the same object"
_COLORS: Final = {_CANONICAL_LABEL: CANONICAL, _COPY_LABEL: COPIES[0]}


def churn_plot(touches: pd.DataFrame, tip: str, name: str | None = None, *, container: str = "") -> Plot:
    """The commits that touched the files of one object, or of all shadowed ones; ``tip`` is the date of the revision.

    Raises:
        UsageError: no shadowed object has the name, or several containers have one.
    """
    chosen = touches if name is None else of_object(touches, name, container)
    chosen = chosen.assign(at=_moments(chosen))
    axis = TimeAxis(chosen["at"], tip)
    counts = chosen["path"].value_counts(sort=False)
    order = sorted(counts.index, key=lambda path: (-int(counts[path]), path))
    shown = order[:_MOST_FILES]
    values = _bins(chosen[chosen["path"].isin(shown)], axis)
    known = marks(shown, canonical_of(chosen)) if name is not None else {}
    shown = list(known) or shown
    letters = {path: f"{mark.letter}   " for path, mark in known.items()}
    labels = {path: letters.get(path, "") + cut(path, channels.FILES_LABEL) for path in shown}
    if len(set(labels.values())) < len(labels):
        labels = {path: f"{number}. {cut(path, channels.FILES_LABEL - 4)}" for number, path in enumerate(shown, 1)}
    for each in values:
        each["row"] = labels[each["file"]]
        each["color"] = known[each["file"]].label if known else each["role"]
        each["told"] = f"{each['row']}: {count(each['commits'], 'commit')} from {each['from']} to {each['until']}"
        each["file"] = cut(each["file"], 100)
    colors = legend_of(known, unknown=False) or channels.present(_COLORS, values, "role")
    chart = (
        alt.Chart(rows(values))
        .mark_circle(opacity=0.9)
        .encode(
            x=axis.x(),
            y=channels.rows_of([*labels.values()], channels.rows_axis(channels.FILES_EXTENT)),
            size=alt.Size(
                "commits:Q",
                scale=alt.Scale(domain=[1, max([each["commits"] for each in values] or [1]) + 1], range=[45, 320]),
                legend=None,
            ),
            color=channels.colors_of(
                "color", colors or {"": CANONICAL}, legend=not known, symbolType="circle", symbolSize=100
            ),
            description="told:N",
            tooltip=channels.tooltip("file", "commits", "from", "until", "authors", "subjects"),
        )
        .properties(width=channels.FILES_WIDTH, height=ROW * max(1, len(shown)))
    )
    return figure(_title(chosen, name), _subtitle(chosen, len(shown), len(order)), chart)


def _title(touches: pd.DataFrame, name: str | None) -> str:
    if touches.empty:
        return "No commit on the replayed line touched a file of a shadowed object"
    if name is None:
        objects = touches.groupby(["container", "object"], observed=True).ngroups
        return (
            f"{count(touches['path'].nunique(), 'file')} of {count(objects, 'shadowed object')} changed in "
            f"{count(touches['commit'].nunique(), 'commit')}"
        )
    canonical = canonical_of(touches)
    paths = files_of(touches)
    changed = {path: touches.loc[touches["path"] == path, "commit"].nunique() for path in paths}
    ordered = sorted(paths, key=lambda path: (path != canonical, -changed[path], path))
    first, *others = ordered
    summary = [f"{file_name(first, paths)} changed in {count(changed[first], 'commit')}"]
    summary += [f"{file_name(path, paths)} in {changed[path]}" for path in others]
    return f"{cut(name, 50)}: {several(summary)}"


def _subtitle(touches: pd.DataFrame, shown: int, known: int) -> list[str]:
    together = touches.groupby(["container", "object", "commit"], observed=True)["path"].nunique()
    both = together[together > 1].index.get_level_values("commit").nunique()
    alone = touches["commit"].nunique() - both
    return [
        f"{count(both, 'commit')} changed several files of one object at once, {alone} one alone. "
        "A circle is what one file went through in a stretch of time, larger for more commits."
        + (f" Only the {shown} files with the most commits of {known}." if known > shown else "")
    ]


def _moments(touches: pd.DataFrame) -> pd.Series[Any]:
    """When each commit was, object by object: those of one object followed one another."""
    found = [never_back(own["time"]) for _, own in touches.groupby(["container", "object"], observed=True, sort=False)]
    return pd.concat(found) if found else pd.Series(dtype="Int64")


def _bins(touches: pd.DataFrame, axis: TimeAxis) -> list[dict[str, Any]]:
    """A row for each file and stretch of time, so that no history has too many."""
    width = max(1, (axis.end - axis.start) // _BINS)
    placed = touches.assign(bin=(touches["at"] - axis.start) // width)
    return [
        {
            "file": path,
            "role": _CANONICAL_LABEL if bool(group["canonical"].iloc[0]) else _COPY_LABEL,
            "start": int(group["at"].astype("float").mean()),
            "commits": len(group),
            "from": day(group["date"].iloc[0]),
            "until": day(group["date"].iloc[-1]),
            "authors": cut(several(group["author"].dropna()), 100),
            "subjects": cut(several(group["subject"].dropna()), 160),
        }
        for (path, _), group in placed.groupby(["path", "bin"], sort=True)
    ]
