"""When several files declared one object: each shadow's life, and how many lived at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from forensics.plots import channels
from forensics.plots.axes import TimeAxis, milliseconds
from forensics.plots.figure import figure, rows
from forensics.plots.look import ALARM, CANONICAL, NO_FILE, ROW
from forensics.plots.words import count, cut, day, several

if TYPE_CHECKING:
    import pandas as pd

    from forensics.plots.figure import Plot

_MOST_SHADOWS: Final = 30
_MOST_STEPS: Final = 2000
_NOW, _PAST, _ASIDE = "still so at the tip", "in the past", "on side branches only"
_COLORS: Final = {_NOW: ALARM, _PAST: CANONICAL, _ASIDE: NO_FILE}
_AS_EPISODE: Final = {
    "first_time": "from_time",
    "first_date": "from_date",
    "last_time": "until_time",
    "last_date": "until_date",
}


def shadows_plot(shadows: pd.DataFrame, episodes: pd.DataFrame, tip: str) -> Plot:
    """The shadows of a history along its first-parent line; ``tip`` is the date of the revision's commit."""
    moments = [*milliseconds(episodes["from_time"]), *milliseconds(shadows["first_time"])]
    axis = TimeAxis(moments, tip)
    ordered = shadows.sort_values(["at_head", "last_time"], ascending=False, kind="stable")
    shown = ordered.head(_MOST_SHADOWS)
    lives = _lives(shown, episodes, axis)
    order = list(dict.fromkeys(each["row"] for each in lives)) or [""]
    colors = channels.present(_COLORS, lives, "when") or {_PAST: _COLORS[_PAST]}
    lanes = (
        alt.Chart(rows(lives))
        .mark_bar(size=ROW - 8)
        .encode(
            x=axis.x(),
            x2="end:T",
            y=channels.rows_of(order, channels.rows_axis(channels.FILES_EXTENT)),
            color=channels.colors_of("when", colors, symbolSize=100),
            description="told:N",
            tooltip=channels.tooltip("object", "files", "from", "until", "commits"),
        )
        .properties(width=channels.FILES_WIDTH, height=ROW * max(1, len(order)))
    )
    steps, most = _steps(episodes, axis)
    alive = (
        alt.Chart(rows(steps))
        .mark_area(
            aria=False,
            interpolate="step-after",
            color=CANONICAL,
            opacity=0.85,
            line={"color": CANONICAL, "strokeWidth": 1},
        )
        .encode(
            x=axis.x(),
            y=alt.Y(
                "alive:Q",
                scale=alt.Scale(domain=[0, max(1, most)], nice=False),
                axis=alt.Axis(
                    title=None,
                    minExtent=channels.FILES_EXTENT,
                    maxExtent=channels.FILES_EXTENT,
                    values=sorted({0, most // 2, most}) if most > 1 else [0, 1],
                    format="d",
                    domain=False,
                ),
            ),
        )
        .properties(width=channels.FILES_WIDTH, height=70)
    )
    return figure(title(shadows), _subtitle(shadows, len(shown), most), lanes, *([alive] if len(shadows) > 1 else []))


def title(shadows: pd.DataFrame) -> str:
    """How many objects are shadowed now, or were."""
    if shadows.empty:
        return "No object was ever declared by several files"
    now = shadows[shadows["at_head"]]
    if now.empty:
        objects = shadows.groupby(["container", "object"], observed=True).ngroups
        last = shadows.sort_values("last_time", kind="stable").iloc[-1]
        were = "was" if objects == 1 else "were"
        return f"Nothing is shadowed at the tip; {count(objects, 'object')} {were}, last on {day(last['last_date'])}"
    first = now.sort_values("first_time", kind="stable").iloc[0]
    names = several(now["object"])
    objects = now["object"].nunique()
    since = "since" if objects == 1 else "the first since"
    return f"{names} {'is' if objects == 1 else 'are'} shadowed at the tip, {since} {day(first['first_date'])}"


def _subtitle(shadows: pd.DataFrame, shown: int, most: int) -> list[str]:
    aside = int((shadows["first_parent_commits"] == 0).sum())
    return [
        "A bar is a time in which the same files declared one object, on the first-parent line."
        + (f" Below, how many at a time: up to {most}." if len(shadows) > 1 else "")
        + (f" {count(aside, 'shadow')} lived on side branches only (grey)." if aside else "")
        + (f" Only the latest {shown} of {len(shadows)} are drawn." if len(shadows) > shown else "")
    ]


def _lives(shown: pd.DataFrame, episodes: pd.DataFrame, axis: TimeAxis) -> list[dict[str, Any]]:
    labels: dict[tuple[str, str], str] = {}
    lives = []
    for row in shown.to_dict("records"):
        key = (row["container"], row["object"])
        if key not in labels:
            label = cut(row["object"], channels.FILES_LABEL)
            other = f"{cut(row['object'], channels.FILES_LABEL - 6)} ({len(labels) + 1})"
            labels[key] = label if label not in labels.values() else other
        encoding = {
            "row": labels[key],
            "object": cut(f"{row['object']} in {row['container']}", 100),
            "files": cut(row["paths"], 200),
            "commits": int(row["commits"]),
        }
        own = episodes[episodes["shadow"] == row["id"]]
        aside = own.empty
        if aside:
            own = shown[shown["id"] == row["id"]].rename(columns=_AS_EPISODE)
        for each, (start, end) in zip(own.to_dict("records"), axis.stretches(own), strict=True):
            still = not isinstance(each["until_date"], str)
            since, until = day(each["from_date"]), "still so" if still else day(each["until_date"])
            lives.append(
                {
                    **encoding,
                    "start": start,
                    "end": max(end, start + axis.least),
                    "from": since,
                    "until": until,
                    "when": _ASIDE if aside else _NOW if still else _PAST,
                    "told": f"{encoding['row']}: {encoding['files']}, from {since}, {until}",
                }
            )
    return lives


def _steps(episodes: pd.DataFrame, axis: TimeAxis) -> tuple[list[dict[str, Any]], int]:
    """How many shadows lived from each moment on, and the most at a time."""
    changes: dict[int, int] = {axis.start: 0, axis.end: 0}
    for (begin, end), still in zip(axis.stretches(episodes), episodes["until_date"].isna(), strict=True):
        changes[begin] = changes.get(begin, 0) + 1
        if not still:
            changes[max(begin, end)] = changes.get(max(begin, end), 0) - 1
    steps, alive = [], 0
    for moment in sorted(changes):
        alive += changes[moment]
        steps.append({"start": moment, "alive": alive})
    return steps[-_MOST_STEPS:], max(each["alive"] for each in steps)
