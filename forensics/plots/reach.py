"""Who would have felt it: the nodes and roles that a divergence would have touched, under each way of uploading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from forensics.plots import channels
from forensics.plots.choosing import of_object
from forensics.plots.figure import figure, rows
from forensics.plots.look import ALARM, CANONICAL, ROW
from forensics.plots.words import count, cut, inert, several

if TYPE_CHECKING:
    import pandas as pd

    from forensics.plots.figure import Plot

_MOST: Final = 40
_CELL: Final = 56
_NOW, _PAST = "still so at the tip", "in the past"
_COLORS: Final = {_NOW: ALARM, _PAST: CANONICAL}


def reach_plot(reach: pd.DataFrame, divergences: pd.DataFrame, name: str, *, container: str = "") -> Plot:
    """What the divergences of one object would have touched: nodes, or roles where the repository keeps no nodes.

    Raises:
        UsageError: no divergence is about the object, or several containers have one of the name.
    """
    diverging = of_object(divergences, name, container)
    touched = of_object(reach, name, container, required=False)
    what = "role" if diverging["nodes"].isna().all() else "node"
    chosen = touched[touched["touched_kind"] == what]
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for row in chosen.to_dict("records"):
        cell = cells.setdefault(
            (row["touched"], row["scenario"]),
            {"who": row["touched"], "scenario": inert(row["scenario"]), "when": _PAST},
        )
        cell["when"] = _NOW if row["moment"] == "tip" else cell["when"]
    by_number: dict[str, int] = {}
    for who, _ in cells:
        by_number[who] = by_number.get(who, 0) + 1
    order = sorted(by_number, key=lambda who: (-by_number[who], who))
    labels = _labels(order[:_MOST])
    values = [
        {
            **cell,
            "row": labels[cell["who"]],
            "who": cut(cell["who"], 100),
            "told": f"{labels[cell['who']]} under {cell['scenario']}, {cell['when']}",
        }
        for cell in cells.values()
        if cell["who"] in labels
    ]
    scenarios = channels.ways_of(diverging)
    chart = (
        alt.Chart(rows(values))
        .mark_rect(stroke="#ffffff", strokeWidth=2)
        .encode(
            x=channels.columns_of(scenarios),
            y=channels.rows_of([*labels.values()], channels.free_axis()),
            color=channels.colors_of("when", channels.present(_COLORS, values, "when") or {_PAST: _COLORS[_PAST]}),
            description="told:N",
            tooltip=channels.tooltip("who", "scenario", "when", who=what, scenario="under"),
        )
        .properties(width=_CELL * max(1, len(scenarios)), height=(ROW - 4) * max(1, len(labels)))
    )
    return figure(_title(diverging, chosen, name, what), _subtitle(what, len(labels), len(order)), chart)


def _title(diverging: pd.DataFrame, chosen: pd.DataFrame, name: str, what: str) -> str:
    now = diverging[diverging["open"]]
    relevant = diverging if now.empty else now
    moment = "start" if now.empty else "tip"
    felt = chosen.loc[chosen["moment"] == moment, "touched"].nunique()
    return (
        f"Another file's content of {cut(name, 50)} would have reached {count(felt, what) if felt else f'no {what}'} "
        f"under {several(relevant['scenario'])}" + ("" if now.empty or not felt else ", and still does")
    )


def _subtitle(what: str, shown: int, known: int) -> list[str]:
    kept = "" if what == "node" else "The repository keeps no nodes; these are the roles whose run lists lead to it. "
    return [
        f"{kept}Each cell is a {what} whose run list leads to the object when a divergence begins, or now."
        + (f" Only {shown} of {known} are drawn." if known > shown else "")
    ]


def _labels(names: list[str]) -> dict[str, str]:
    labels = {name: cut(name, 34) for name in names}
    if len(set(labels.values())) < len(labels):
        labels = {name: f"{cut(name, 28)} ({number})" for number, name in enumerate(names, 1)}
    return labels
