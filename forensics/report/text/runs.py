"""What nodes ran, for people: where a node's recipes changed, and where its runs failed."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from forensics.report.text.sources import place_of, time_of
from forensics.report.text.style import Style, field, listing
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.proof_results import SeenRun

_MOST_NODES: Final = 10
_MOST_CHANGES: Final = 10


def run_lines(runs: Sequence[SeenRun], names: dict[str, str], style: Style) -> Iterator[str]:
    """Of each node: how many runs there are, and each one that differs from the run before it."""
    if not runs:
        return
    by_node: dict[str, list[SeenRun]] = {}
    for each in sorted(runs, key=lambda each: (each.node, each.start or "")):
        by_node.setdefault(each.node, []).append(each)
    yield style.paint("What nodes ran (times are UTC)", "bold")
    told = {node: list(_changes(of_node, names, style)) for node, of_node in by_node.items()}
    changed = sorted(told, key=lambda node: (not told[node], node))
    for node in changed if style.verbose else changed[:_MOST_NODES]:
        of_node = by_node[node]
        dated = [each.start for each in of_node if each.start]
        when = f", {time_of(dated[0])} to {time_of(dated[-1])}" if dated else ""
        number = f"{len(of_node)} run{'' if len(of_node) == 1 else 's'}"
        same = "" if told[node] else ", all alike"
        yield from field("", f"{clean(node) or 'a node that is not named'}: {number}{when}{same}", style, label_width=0)
        shown = told[node] if style.verbose else told[node][:_MOST_CHANGES]
        for begun, *changes in shown:
            yield f"      {begun}"
            for line in changes:
                yield from field(line[:2], line[2:], style, label_width=2, indent=9)
        if len(shown) < len(told[node]):
            yield f"      and {len(told[node]) - len(shown)} more changes (--verbose lists them)"
    if len(changed) > _MOST_NODES and not style.verbose:
        yield f"   and {len(changed) - _MOST_NODES} more nodes (--verbose lists them)"
    yield ""


def _changes(runs: Sequence[SeenRun], names: dict[str, str], style: Style) -> Iterator[list[str]]:
    """Each run that differs from the one before it: when and where it stands, then what is otherwise."""
    before: tuple[str, ...] | None = None
    for (failure, expanded), group in groupby(runs, key=lambda each: (each.failure, each.expanded)):
        first, *more = group
        told = []
        if before is not None and expanded is not None:
            told = _difference(before, expanded, style)
        if failure is not None:
            again = f", and {len(more)} more time{'' if len(more) == 1 else 's'}" if more else ""
            told.append(f"! failed: {failure.kind.replace('-', ' ')} {clean(failure.name)}".rstrip() + again)
        if told:
            yield [f"{time_of(first.start) if first.start else '?'}  {place_of(first.source, names)}", *told]
        before = expanded if expanded is not None else before


def _difference(before: tuple[str, ...], now: tuple[str, ...], style: Style) -> list[str]:
    added = [each for each in now if each not in before]
    removed = [each for each in before if each not in now]
    told = [f"+ {listing(added, style)}"] if added else []
    told += [f"- {listing(removed, style)}"] if removed else []
    return told or (["~ in another order"] if before != now else [])
