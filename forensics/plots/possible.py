"""What could be live: each content that some order of uploading allows, and which way of uploading had it when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from forensics.plots import channels
from forensics.plots.choosing import canonical_of, files_of, of_object
from forensics.plots.figure import figure, rows
from forensics.plots.look import ROW, UNKNOWN, WIDTH, legend_of, marks
from forensics.plots.words import committed, count, cut, inert, several

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from forensics.plots.figure import Plot
    from forensics.plots.look import Mark

_MOST: Final = 25
_DIGITS: Final = 8
_COLUMN: Final = 56
_NOW, _PAST = "at the tip", "at some time before"


def possible_plot(spans: pd.DataFrame, possible: pd.DataFrame, name: str, *, container: str = "") -> Plot:
    """The contents of one object that could ever have been live, and which way of uploading had them live.

    Raises:
        UsageError: no shadow or divergence is about the object, or several containers have one of the name.
    """
    lanes = of_object(spans, name, container)
    could = of_object(possible, name, container, required=False)
    canonical = canonical_of(lanes, could)
    known = marks(files_of(lanes, could), canonical)
    live = (
        lanes[lanes["live"]]
        .sort_values("from_time", kind="stable")
        .astype(object)
        .where(lambda frame: frame.notna(), None)
    )
    contents: dict[tuple[str | None, str | None], str] = {}  # each with the day since when it was first live
    for row in live.to_dict("records"):
        contents.setdefault((row["path"], row["blob"]), row["from_date"][:10])
    for row in could.to_dict("records"):
        contents.setdefault((row["path"], row["blob"]), "")
    # the latest ones, where there are too many
    chosen = dict(sorted(contents.items(), key=lambda each: each[1])[-_MOST:])
    order = sorted(
        chosen, key=lambda each: (known.get(each[0] or "", UNKNOWN).letter, chosen[each] or "~", each[1] or "")
    )
    labels = {each: _label(known, each, chosen[each]) for each in order}
    at_tip = {
        row["scenario"]: (row["path"], row["blob"]) for row in live.to_dict("records") if row["until_date"] is None
    }
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for row in live.to_dict("records"):
        content = (row["path"], row["blob"])
        if content in labels:
            values[labels[content], row["scenario"]] = {
                "row": labels[content],
                "scenario": inert(row["scenario"]),
                "file": known.get(row["path"] or "", UNKNOWN).label,
                "content": row["blob"] or "",
                "live": _NOW if at_tip.get(row["scenario"]) == content else _PAST,
                "told": f"{labels[content]}, under {inert(row['scenario'])}",
                "since": row["from_date"][:10],
                **committed(row, row["from_commit"]),
            }
    scenarios = channels.ways_of(lanes)
    legend = legend_of(known, unknown=any(each[0] not in known for each in order))
    chart = (
        alt.Chart(rows(list(values.values())))
        .mark_point(filled=True, opacity=1)
        .encode(
            x=channels.columns_of(scenarios),
            y=channels.rows_of([*labels.values()], channels.free_axis(grid=True)),
            color=channels.colors_of("file", legend, columns=1, labelLimit=WIDTH, symbolSize=100),
            size=alt.Size("live:N", scale=alt.Scale(domain=[_NOW, _PAST], range=[210, 28]), legend=None),
            description="told:N",
            tooltip=channels.tooltip("scenario", "file", "content", "live", "since", "commit", "author", "subject"),
        )
        .properties(width=_COLUMN * max(1, len(scenarios)), height=ROW * max(1, len(order)))
    )
    return figure(
        _title(at_tip, name, canonical), _subtitle(len(order), len(contents), never="" in chosen.values()), chart
    )


def _label(known: Mapping[str, Mark], content: tuple[str | None, str | None], since: str) -> str:
    path, blob = content
    text = blob[:_DIGITS] if blob else "a command"
    return f"{known.get(path or '', UNKNOWN).letter}   {text}   {f'since {since}' if since else 'under none'}"


def _title(at_tip: Mapping[str, tuple[str | None, str | None]], name: str, canonical: str | None) -> str:
    shown = cut(name, 50)
    if not at_tip:
        return f"No way of uploading leaves any content of {shown} live today"
    contents = set(at_tip.values())
    others = [scenario for scenario, (path, _) in at_tip.items() if path != canonical]
    if len(contents) == 1:
        return f"Every way of uploading that has {shown} live today leaves the same content"
    summary = f"{count(len(contents), 'content')} of {shown} could be live today"
    if canonical is None or not others:
        return f"{summary}, each under another way of uploading"
    return f"{summary}: under {several(others)} it is not the canonical file's"


def _subtitle(shown: int, known: int, *, never: bool) -> list[str]:
    return [
        "A row is a content that some order of uploading could have made live. A large dot: a way of uploading leaves "
        "it at the tip; a small one: it was live at some time before."
        + (" Without a dot: none of these ways made it live." if never else "")
        + (f" Only the latest {shown} of {known} contents are drawn." if known > shown else "")
    ]
