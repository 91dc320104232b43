"""When several files declared one object: each shadow's life, and how many lived at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from forensics.plots.axes import EXTENT, TimeAxis, milliseconds, rows_axis
from forensics.plots.figure import figure, rows
from forensics.plots.look import ALARM, CANONICAL, NO_FILE, ROW, WIDTH
from forensics.plots.words import count, cut, day, several

if TYPE_CHECKING:
    from forensics.plots.figure import Plot

_MOST_SHADOWS: Final = 30
_MOST_STEPS: Final = 2000
_NOW, _PAST, _ASIDE = "still so at the tip", "in the past", "on side branches only"
_COLORS: Final = {_NOW: ALARM, _PAST: CANONICAL, _ASIDE: NO_FILE}
_LABEL: Final = 30
_EXTENT: Final = 200
_WIDTH: Final = WIDTH - _EXTENT + EXTENT


def shadows_plot(shadows: pd.DataFrame, episodes: pd.DataFrame, tip: str) -> Plot:
    """The shadows of a history along its first-parent line; ``tip`` is the date of the revision's commit."""
    moments = [*milliseconds(episodes["from_time"]), *milliseconds(shadows["first_time"])]
    axis = TimeAxis(moments, tip)
    ordered = shadows.sort_values(["at_head", "last_time"], ascending=False, kind="stable")
    shown = ordered.head(_MOST_SHADOWS)
    lives = _lives(shown, episodes, axis)
    order = list(dict.fromkeys(each["row"] for each in lives)) or [""]
    present = [each for each in _COLORS if any(one["when"] == each for one in lives)] or [_PAST]
    lanes = (
        alt.Chart(rows(lives))
        .mark_bar(size=ROW - 8)
        .encode(
            x=axis.x(),
            x2="end:T",
            y=alt.Y("row:N", sort=order, scale=alt.Scale(domain=order), axis=rows_axis(_EXTENT)),
            color=alt.Color(
                "when:N",
                scale=alt.Scale(domain=present, range=[_COLORS[each] for each in present]),
                legend=alt.Legend(title=None, orient="bottom", symbolSize=100),
            ),
            description="told:N",
            tooltip=[
                alt.Tooltip(f"{field}:N", title=label)
                for field, label in (
                    ("object", "object"),
                    ("files", "files"),
                    ("from", "from"),
                    ("until", "until"),
                    ("commits", "commits"),
                )
            ],
        )
        .properties(width=_WIDTH, height=ROW * max(1, len(order)))
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
                    minExtent=_EXTENT,
                    maxExtent=_EXTENT,
                    values=sorted({0, most // 2, most}) if most > 1 else [0, 1],
                    format="d",
                    domain=False,
                ),
            ),
        )
        .properties(width=_WIDTH, height=70)
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
            label = cut(row["object"], _LABEL)
            labels[key] = (
                label if label not in labels.values() else f"{cut(row['object'], _LABEL - 6)} ({len(labels) + 1})"
            )
        encoding = {
            "row": labels[key],
            "object": cut(f"{row['object']} in {row['container']}", 100),
            "files": cut(row["paths"], 200),
            "commits": int(row["commits"]),
        }
        own = episodes[episodes["shadow"] == row["id"]]
        starts, ends = milliseconds(own["from_time"]), milliseconds(own["until_time"])
        for each, start, end in zip(own.to_dict("records"), starts, ends, strict=True):
            still = not isinstance(each["until_date"], str)
            lives.append(
                {
                    **encoding,
                    "start": axis.start if pd.isna(start) else int(start),
                    "end": axis.end if pd.isna(end) else int(end),
                    "from": day(each["from_date"]),
                    "until": "still so" if still else day(each["until_date"]),
                    "when": _NOW if still else _PAST,
                }
            )
        if own.empty:
            first, last = milliseconds(pd.Series([row["first_time"], row["last_time"]]))
            lives.append(
                {
                    **encoding,
                    "start": axis.start if pd.isna(first) else int(first),
                    "end": axis.end if pd.isna(last) else int(last),
                    "from": day(row["first_date"]),
                    "until": day(row["last_date"]),
                    "when": _ASIDE,
                }
            )
    return _wide_enough(lives, axis)


def _wide_enough(lives: list[dict[str, Any]], axis: TimeAxis) -> list[dict[str, Any]]:
    # a life of an hour in ten years is still seen
    least = (axis.end - axis.start) * 3 // WIDTH
    for each in lives:
        each["told"] = f"{each['row']}: {each['files']}, from {each['from']}, {each['until']}"
        each["end"] = max(each["end"], each["start"] + least)
    return lives


def _steps(episodes: pd.DataFrame, axis: TimeAxis) -> tuple[list[dict[str, Any]], int]:
    """How many shadows lived from each moment on, and the most at a time."""
    changes: dict[int, int] = {axis.start: 0, axis.end: 0}
    starts, ends = milliseconds(episodes["from_time"]), milliseconds(episodes["until_time"])
    for start, end, still in zip(starts, ends, episodes["until_date"].isna(), strict=True):
        begin = axis.start if pd.isna(start) else int(start)
        changes[begin] = changes.get(begin, 0) + 1
        if not still:
            finish = axis.end if pd.isna(end) else max(begin, int(end))
            changes[finish] = changes.get(finish, 0) - 1
    steps, alive = [], 0
    for moment in sorted(changes):
        alive += changes[moment]
        steps.append({"start": moment, "alive": alive})
    return steps[-_MOST_STEPS:], max(each["alive"] for each in steps)
