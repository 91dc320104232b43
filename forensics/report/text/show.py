"""An object at one moment, as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from forensics.report.text.style import SHORT, Style, field, listing
from forensics.report.text.values import value_text
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.results import State

_ALL = 1_000_000


def show_text(name: str, when: str, commit: str, states: Sequence[State], style: Style) -> str:
    """What each group of scenarios that agree had live."""
    lines = [style.paint(f"{clean(name)} at {when} ({commit[:SHORT]})", "bold"), ""]
    groups: dict[str, list[State]] = {}
    for state in states:
        source = state.source
        key = json.dumps(
            [
                state.container,
                source.path if source else None,
                source.blob if source else None,
                state.certainty,
                value_text(state.content, _ALL),
                value_text(state.expanded, _ALL),
            ]
        )
        groups.setdefault(key, []).append(state)
    for agreeing in groups.values():
        lines += _state(agreeing, style)
        lines.append("")
    return "\n".join(lines)


def _state(agreeing: Sequence[State], style: Style) -> Iterator[str]:
    state = agreeing[0]
    yield from field("under", ", ".join(each.scenario for each in agreeing), style)
    if state.content is None:
        yield from field("live", "nothing", style)
        return
    source = state.source
    origin = clean(source.path) if source and source.path else "(given on the command line)"
    since = f", uploaded at {source.commit[:SHORT]}" if source else ""
    unsure = "; one of several possibilities after an aborted upload" if state.certainty == "race" else ""
    yield from field("from", f"{origin}{since}{unsure}", style)
    for key, value in state.content.items():
        if key == "name" or value in ("", {}, [], ()):
            continue
        yield from field(
            clean(key.replace("_", " ")), value_text(value, _ALL if style.verbose else 300), style, label_width=21
        )
    if state.expanded:
        yield from field(
            "expands to",
            listing((f"recipe[{each}]" for each in map(_text, state.expanded["recipes"])), style, 40),
            style,
            label_width=21,
        )
        if state.expanded["missing_roles"]:
            yield from field("missing roles", listing(state.expanded["missing_roles"], style), style, label_width=21)
        if state.expanded["error"]:
            yield from field("the client fails", state.expanded["error"], style, label_width=21)


def _text(recipe: object) -> str:
    return recipe if isinstance(recipe, str) else value_text(recipe)
