"""When shadows were there along the first-parent line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.presence import stretch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.examination import Examination
    from forensics.analysis.trace_results import LineStretch


def episodes(examination: Examination) -> Mapping[str, tuple[LineStretch, ...]]:
    """The stretches of the first-parent line in which each shadow, named by its id, was there.

    A shadow that lived on side branches only has none. A shadow told of is told whole, whatever time was asked for.
    """
    history, line = examination.history, examination.history.graph.line
    commits = examination.episodes
    found: dict[str, tuple[LineStretch, ...]] = {}
    for shadow in (*examination.shadows, *examination.fixture_shadows):
        stretches = tuple(
            stretch(history, line[start], line[stop] if stop < len(line) else None)
            for start, stop in commits[shadow.id].along(line)
        )
        if stretches:
            found[shadow.id] = stretches
    return found
