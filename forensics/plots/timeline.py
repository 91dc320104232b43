"""What was live of one object over time: a lane for each way of uploading, and the commits that touched its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from forensics.plots import channels
from forensics.plots.axes import TimeAxis, milliseconds, never_back
from forensics.plots.choosing import canonical_of, files_of, of_object
from forensics.plots.figure import figure, rows
from forensics.plots.look import ALARM, PAPER, ROW, UNKNOWN, WIDTH, legend_of, marks
from forensics.plots.words import committed, cut, day, file_name, inert, several, verb

if TYPE_CHECKING:
    import pandas as pd

    from forensics.plots.figure import Plot
    from forensics.plots.look import Mark

_WIDE_ENOUGH: Final = 15


def timeline_plot(
    spans: pd.DataFrame, touches: pd.DataFrame, divergences: pd.DataFrame, name: str, tip: str, *, container: str = ""
) -> Plot:
    """The chart of one object, by its name as people write it; ``tip`` is the date of the revision's commit.

    Raises:
        UsageError: no row is about the object, or several containers have one of the name.
    """
    lanes = of_object(spans, name, container)
    touched = of_object(touches, name, container, required=False)
    diverging = of_object(divergences, name, container, required=False)
    canonical = canonical_of(lanes, touched)
    known = marks(files_of(lanes, touched), canonical)
    bars = _bars(lanes, known)
    axis = TimeAxis([each["start"] for each in bars] + list(milliseconds(touched["time"])), tip)
    for each in bars:
        each["told"] = f"{each['scenario']}: {each['file']} since {each['since']}"
        each["end"] = max(axis.end if each["end"] is None else each["end"], each["start"] + axis.least)
        each["letter"] = each["letter"] if axis.pixels(each["start"], each["end"]) >= _WIDE_ENOUGH else ""
        each["middle"] = (each["start"] + each["end"]) // 2
    bars.sort(key=lambda each: each["start"] - each["end"])  # what lasted an hour is drawn last, and so is seen
    legend = legend_of(known, unknown=any(each["file"] == UNKNOWN.label for each in bars))
    color = channels.colors_of("file", legend, columns=1, labelLimit=WIDTH)
    return figure(
        title(diverging, name, files_of(lanes, touched)),
        _subtitle(diverging, canonical),
        _lanes(bars, _stripes(diverging, axis), axis, color, list(lanes["scenario"].cat.categories)),
        _touches(touched, known, axis, color),
    )


def title(divergences: pd.DataFrame, name: str, paths: list[str]) -> str:
    """What the chart shows, in a sentence: the exposure that lasts longest, now if there is one."""
    shown = cut(name, 60)
    if divergences.empty:
        return f"{shown}: no way of uploading would have changed what was live"
    now = divergences[divergences["open"]]
    chosen = divergences if now.empty else now
    # what lasts to the tip has no end: then the earliest lasts longest
    ends = milliseconds(chosen["until_time"]).fillna(0) if now.empty else 0
    lasted = ends - milliseconds(chosen["from_time"])
    first = chosen.iloc[int(lasted.astype("float").fillna(float("-inf")).to_numpy().argmax())]
    alike = chosen[
        (chosen["live_path"].fillna("") == ("" if first.isna()["live_path"] else first["live_path"]))
        & (chosen["from_commit"] == first["from_commit"])
        & (chosen["until_commit"].fillna("") == ("" if first.isna()["until_commit"] else first["until_commit"]))
    ]
    file = "what no file says" if first.isna()["live_path"] else file_name(first["live_path"], paths)
    may = "might" if (alike["certainty"] != "exact").all() else "would"
    sentence = f"{shown} {may} have {verb(first['kind'])} {file} under {several(alike['scenario'])}"
    if now.empty:
        return f"{sentence} from {day(first['from_date'])} to {day(first['until_date'])}"
    return f"{sentence} since {day(first['from_date'])}"


def _subtitle(divergences: pd.DataFrame, canonical: str | None) -> list[str]:
    others = divergences["scenario"].nunique()
    meaning = "" if divergences.empty else (
        "Underlined in red: the live content differed from the canonical file's. "
        if canonical is not None
        else "Underlined in red: the ways of uploading disagreed, and no file is called after the object. "
    )  # fmt: skip
    what = "Each row is a way of uploading; below, the commits that touched the files."
    return [meaning + what + (f" {others} ways would have diverged at some time." if others > 1 else "")]


def _bars(lanes: pd.DataFrame, known: dict[str, Mark]) -> list[dict[str, Any]]:
    """A bar for each stretch in which one file was live; its contents may change within it."""
    bars: list[dict[str, Any]] = []
    for scenario, lane in lanes.groupby("scenario", observed=True, sort=False):
        ordered = lane.sort_values("number")
        starts = never_back(ordered["from_time"])
        for row, start in zip(ordered.to_dict("records"), starts, strict=True):
            mark = known.get(row["path"], UNKNOWN) if isinstance(row["path"], str) else UNKNOWN
            before = bars[-1] if bars and bars[-1]["scenario"] == inert(str(scenario)) else None
            if before is not None and before["end"] is None:
                before["end"] = int(start)
            if not row["live"]:
                continue
            same = before is not None and before["file"] == mark.label and before["certainty"] == row["certainty"]
            if before is not None and same and before["end"] == int(start):
                before["end"] = None
                before["contents"] += 1
                continue
            bars.append(
                {
                    "scenario": inert(str(scenario)),
                    "start": int(start),
                    "end": None,
                    "file": mark.label,
                    "letter": mark.letter,
                    "certainty": row["certainty"],
                    "contents": 1,
                    "since": row["from_date"][:10],
                    **committed(row, row["from_commit"]),
                }
            )
    return bars


def _stripes(divergences: pd.DataFrame, axis: TimeAxis) -> list[dict[str, Any]]:
    whole = zip(divergences["scenario"], axis.stretches(divergences), strict=True)
    return [
        {"scenario": inert(scenario), "start": start, "end": max(end, start + axis.least)}
        for scenario, (start, end) in whole
    ]


def _lanes(
    bars: list[dict[str, Any]], stripes: list[dict[str, Any]], axis: TimeAxis, color: alt.Color, order: list[str]
) -> Any:
    scenarios = [name for name in map(inert, order) if any(each["scenario"] == name for each in bars)] or [""]
    y = channels.rows_of(scenarios, channels.rows_axis(), "scenario")
    base = alt.Chart(rows(bars)).encode(y=y)
    drawn = base.mark_bar(size=ROW - 7).encode(
        x=axis.x(),
        x2="end:T",
        color=color,
        description="told:N",
        opacity=alt.Opacity(
            "certainty:N", scale=alt.Scale(domain=["exact", "race", "unknown"], range=[1, 0.45, 0.2]), legend=None
        ),
        tooltip=channels.tooltip(
            *("scenario", "file", "since", "commit", "author", "subject", "contents", "certainty"),
            scenario="under",
            file="live",
            contents="contents in it",
        ),
    )
    letters = base.mark_text(color=PAPER, fontSize=10, fontWeight="bold", aria=False).encode(
        x=axis.x("middle"), text="letter:N"
    )
    under = (
        alt.Chart(rows(stripes))
        .mark_bar(size=3, color=ALARM, yOffset=ROW // 2 - 2, aria=False)
        .encode(x=axis.x(), x2="end:T", y=y)
    )
    layers = [drawn, letters, under] if stripes else [drawn, letters]
    return alt.layer(*layers).properties(width=WIDTH, height=ROW * max(1, len(scenarios)))


def _touches(touched: pd.DataFrame, known: dict[str, Mark], axis: TimeAxis, color: alt.Color) -> Any:
    values = [
        {
            "row": f"commits to {known[row['path']].letter}",
            "file": known[row["path"]].label,
            "start": int(start),
            "told": f"{row['date'][:10]}: {known[row['path']].label} {row['event']}",
            "event": row["event"],
            "date": row["date"][:10],
            **committed(row, row["commit"]),
        }
        for row, start in zip(touched.to_dict("records"), never_back(touched["time"]), strict=True)
    ]
    order = [f"commits to {each.letter}" for each in known.values()]
    return (
        alt.Chart(rows(values))
        .mark_tick(thickness=3, size=ROW - 8, opacity=1)
        .encode(
            x=axis.x(),
            y=channels.rows_of(order, channels.rows_axis()),
            color=color,
            description="told:N",
            tooltip=channels.tooltip("file", "event", "date", "commit", "author", "subject"),
        )
        .properties(width=WIDTH, height=ROW * max(1, len(order)))
    )
