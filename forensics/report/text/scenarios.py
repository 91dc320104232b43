"""The scenarios as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.text.style import table
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.report.text.style import Style
    from forensics.uploads.scenario import Scenario


def scenarios_text(scenarios: Sequence[Scenario], style: Style) -> str:
    """A row for each scenario."""
    rows = [
        [each.name, each.uploader, each.scope, each.order, each.standing, clean(each.description)] for each in scenarios
    ]
    lines = table(rows, headers=["name", "uploader", "files", "order", "standing", "what somebody did"])
    return "\n".join([style.paint(lines[0], "bold"), *lines[1:]]) + "\n"
