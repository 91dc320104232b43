"""When a recipe, role or attribute really was in something live, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.proof_words import moment
from forensics.report.text.style import Style, field, listing
from forensics.report.text_safety import clean
from forensics.uploads.scenario import is_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.trace_results import Trace


def proven_lines(found: Trace, style: Style) -> Iterator[str]:
    """When it really was in something live, as far as evidence proves it."""
    told = [each for each in found.live if each.proven is not None]
    if not any(map(is_evidence, found.scenarios)):
        return
    yield style.paint("Was live, as logs prove it (times in UTC)", "bold")
    if not told:
        yield "   at no time that they prove; what they do not cover is not known"
    for each in told:
        if each.proven is not None and each.proven.source is not None:
            perhaps = "perhaps " if each.certainty != "exact" else ""
            nodes = "not known" if each.nodes is None else listing(each.nodes, style) or "none"
            text = (
                f"{perhaps}in {clean(each.object)} from {clean(each.path or '?')} until {moment(each.proven.until)}, "
                f"proven by {clean(each.proven.source.short)}; nodes: {nodes}"
            )
            yield from field(moment(each.proven.time), text, style, label_width=22)
    yield ""
