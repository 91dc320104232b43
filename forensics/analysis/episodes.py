"""When shadows were there along the first-parent line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.presence import presences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.examination import Examination
    from forensics.analysis.trace_results import LineStretch


def episodes(examination: Examination) -> Mapping[str, tuple[LineStretch, ...]]:
    """The stretches of the first-parent line in which each shadow, named by its id, was there.

    A shadow that lived on side branches only has none. A shadow told of is told whole, whatever time was asked for.
    """
    holding: dict[int, list[str]] = {}
    for shadow in (*examination.shadows, *examination.fixture_shadows):
        for commit in shadow.commit_ids:
            holding.setdefault(examination.position(commit), []).append(shadow.id)
    history = examination.history
    keys = [tuple(holding.get(commit, ())) for commit in range(len(history.graph))]
    found = presences(history, keys, {key: dict.fromkeys(key) for key in set(keys)})
    return {each.row: each.stretches for each in found}
