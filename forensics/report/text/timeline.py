"""What was live over time, as text."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from forensics.analysis.changes import changes
from forensics.report.text.evidence import evidence_lines
from forensics.report.text.proven_timeline import proven_lines
from forensics.report.text.style import SHORT, Style, day, field, table
from forensics.report.text.values import change_text
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.object_results import TimelineEntry
    from forensics.analysis.results import EvidenceSummary

_MOST_CHANGES = 3
_WIDTH = 48


def timeline_text(entries: Sequence[TimelineEntry], evidence: EvidenceSummary, style: Style) -> str:
    """For each object and each group of scenarios that agree about it, a row per change."""
    lines = [*evidence_lines(evidence, style)]
    if not entries:
        return "\n".join([*lines, "Nothing was ever live.\n"])
    objects: dict[tuple[str, str], dict[str, list[TimelineEntry]]] = {}
    for entry in entries:
        objects.setdefault((entry.object, entry.container), {}).setdefault(entry.scenario, []).append(entry)
    for (name, container), by_scenario in objects.items():
        lines.append(style.paint(f"{clean(name)} in {clean(container)}", "bold"))
        for scenarios, story in _agreeing(by_scenario):
            lines += field("under", ", ".join(scenarios), style, label_width=8)
            if story[0].time is not None:
                lines += proven_lines(story, style)
                continue
            lines += table(
                _rows(story, evidence, style),
                headers=["since", "commit", "live", "what changed"],
                indent="      ",
            )
        lines.append("")
    return "\n".join(lines)


def _agreeing(by_scenario: dict[str, list[TimelineEntry]]) -> list[tuple[list[str], list[TimelineEntry]]]:
    groups: dict[tuple[tuple[str, str | None, str | None, str, str], ...], list[str]] = {}
    # what is proven outranks what is replayed
    for scenario, story in sorted(by_scenario.items(), key=lambda each: each[1][0].time is None):
        key = tuple((each.from_commit, each.path, each.blob, each.certainty, each.time or "") for each in story)
        groups.setdefault(key, []).append(scenario)
    return [(scenarios, by_scenario[scenarios[0]]) for scenarios in groups.values()]


def _rows(story: Sequence[TimelineEntry], evidence: EvidenceSummary, style: Style) -> list[list[str]]:
    rows = []
    before = None
    for entry in story:
        live = clean(entry.path) if entry.path else "(given on the command line)"
        if entry.certainty == "unknown":
            if entry.possible[-1].content is None:  # that of this file
                live += "  not known: it cannot be told what this file declares"
            else:
                live += "  not known: this file or another was uploaded last"
        elif entry.content is None:
            live = "(cannot be read)" if entry.failure else "(gone)"
        if entry.certainty == "race":
            live += "  or, after an aborted upload: " + ", ".join(
                dict.fromkeys(clean(each.path) if each.path else "nothing" for each in entry.possible)
            )
            live += f", and {entry.unlisted} older contents" if entry.unlisted else ""
        what = ""
        if before is not None and entry.content is not None:
            found = changes(before, entry.content)
            shown = found if style.verbose else found[:_MOST_CHANGES]
            what = "\n".join(change_text(change) for change in shown)
            if len(found) > len(shown):
                what += f"\nand {len(found) - len(shown)} more"
            what = what or "nothing but form"
        if entry.failure:
            what = fill(clean(entry.failure), _WIDTH, break_long_words=False, break_on_hyphens=False)
        since = day(entry.from_date) + (" or before" if entry.from_commit in evidence.cut_at else "")
        rows.append([since, entry.from_commit[:SHORT], live, what])
        before = before if entry.certainty == "unknown" else entry.content
    return rows
