"""One of the cheapest stories over time: when each act can have been, what it left, and whether that is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from forensics.plots import channels
from forensics.plots.axes import TimeAxis
from forensics.plots.figure import figure, rows
from forensics.plots.look import CANONICAL, COPIES, NO_FILE, ROW
from forensics.plots.words import count, cut, day, several

if TYPE_CHECKING:
    import pandas as pd

    from forensics.plots.figure import Plot

_OBSERVED: Final = "observed: at some moment of this time"
_PROVEN: Final = "proven: a log has it"
_ASSUMED: Final = "assumed: at some moment of this time"
_COLORS: Final = {_OBSERVED: NO_FILE, _PROVEN: CANONICAL, _ASSUMED: COPIES[0]}
_MOST: Final = 40


def story_plot(
    acts: pd.DataFrame, sent: pd.DataFrame, facts: pd.DataFrame, subject: str, *, stories: int, number: int
) -> Plot:
    """The facts that decide and the acts of the story of a number, of ``stories`` that are equally cheap."""
    chosen = acts[acts["story"] == number]
    left = sent[sent["story"] == number].groupby("act", sort=False).last()
    told = facts[facts["bearing"] == "decides"]
    values = [
        _value(row, f"{row['id']}  {row['text']}", _OBSERVED, row["text"], str(row["source"]))
        for row in told.head(_MOST).to_dict("records")
    ]
    for row in chosen.head(_MOST).to_dict("records"):
        what = _left(left.loc[row["act"]].to_dict(), subject) if row["act"] in left.index else str(row["kind"])
        kind = _ASSUMED if row["assumed"] else _PROVEN
        values.append(_value(row, f"{int(row['act']) + 1}.  {what}", kind, what, str(row["why"])))
    moments = [
        each.timestamp() * 1000
        for frame in (told, chosen)
        for name in ("from_time", "until_time")
        for each in frame[name].dropna()
    ]
    axis = TimeAxis(moments, "")  # what comes after all of it does not matter
    for value, (start, end) in zip(
        values, [*axis.stretches(told.head(_MOST)), *axis.stretches(chosen.head(_MOST))], strict=True
    ):
        value["start"] = start
        value["end"] = max(end, start + axis.least)
    chart = (
        alt.Chart(rows(values))
        .mark_bar(height=10)
        .encode(
            x=axis.x(),
            x2="end:T",
            y=channels.rows_of([each["row"] for each in values], channels.rows_axis(channels.FILES_EXTENT)),
            color=channels.colors_of("kind", channels.present(_COLORS, values, "kind") or {"": NO_FILE}),
            description="told:N",
            tooltip=channels.tooltip("what", "from", "until", "kind", "why"),
        )
        .properties(width=channels.FILES_WIDTH, height=ROW * max(1, len(values)))
    )
    return figure(_title(chosen, subject, stories), _subtitle(chosen, stories, number), chart)


def _value(row: dict[Any, Any], name: str, kind: str, what: str, why: str) -> dict[str, Any]:
    first, last = (day(row[each]) if isinstance(row[each], str) else "any time" for each in ("from_date", "until_date"))
    label = cut(name, channels.FILES_LABEL)
    return {
        "row": label,
        "kind": kind,
        "what": cut(what, 100),
        "from": first,
        "until": last,
        "why": cut(why, 160),
        "told": f"{label}, {kind.partition(':')[0]}, from {first} to {last}",
    }


def _left(content: dict[Any, Any], subject: str) -> str:
    path = content["path"] if isinstance(content["path"], str) else "what no commit has"
    return path if content["object"] == subject else f"{content['object']}: {path}"


def _title(acts: pd.DataFrame, subject: str, stories: int) -> str:
    if not stories:
        return f"{cut(subject, 50)}: no story fits what was observed"
    assumed = int(acts["assumed"].sum())
    first = "the cheapest story" if stories == 1 else f"each of {stories} equally cheap stories fits; this one"
    return f"{cut(subject, 50)}: {first} has {count(len(acts), 'act')}, {assumed or 'none'} of them assumed"


def _subtitle(acts: pd.DataFrame, stories: int, number: int) -> list[str]:
    if not stories:
        return []
    charged = int(acts["cost"].sum())
    which = f"Story {number + 1} of {stories}. " if stories > 1 else ""
    kinds = several(acts.loc[acts["cost"] > 0, "kind"])
    return [f"{which}Charged {charged} for departures from routine" + (f" ({kinds})." if charged else ".")]
