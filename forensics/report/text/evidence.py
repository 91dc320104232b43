"""What keeps an answer from being conclusive, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.evidence import sentences
from forensics.report.text.style import Style, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.results import EvidenceSummary


def evidence_lines(evidence: EvidenceSummary, style: Style) -> Iterator[str]:
    """A line or two, and a blank one behind them; nothing where the answer is conclusive."""
    found = [line for text in sentences(evidence) for line in field("", text, style, label_width=0, indent=0)]
    if found:
        yield from (style.paint(line, "yellow") for line in found)
        yield ""


def counted_commits(evidence: EvidenceSummary) -> str:
    """How many commits were examined."""
    return "1 commit" if evidence.commits == 1 else f"{evidence.commits} commits"
