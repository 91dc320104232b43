"""Contents and their differences in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.analysis.json_text import readable_json
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from forensics.analysis.results import ValueChange

_LONGEST = 70


def value_text(value: Any, most: int = _LONGEST) -> str:
    """A value as JSON on one line, cut where it is long; what is unresolved as its source text."""
    text = clean(readable_json(value))
    return text if len(text) <= most else text[: most - 1] + "\u2026"


def change_text(change: ValueChange) -> str:
    """One difference: what came, went, or became what."""
    parts = change.keys
    place = clean(".".join(parts))
    if parts[0] == "run_list" and len(parts) > 1:
        place = "run list"
    elif parts[0] == "env_run_lists" and len(parts) > 2:  # noqa: PLR2004 (an index behind the environment's name)
        place = f"run list in {clean(parts[1])}"
    if change.op == "add":
        return f"+ {place}: {_item(change.after)}"
    if change.op == "remove":
        return f"- {place}: {_item(change.before)}"
    return f"~ {place}: {value_text(change.before)} -> {value_text(change.after)}"


def _item(value: Any) -> str:
    return clean(value) if isinstance(value, str) and value.startswith(("recipe[", "role[")) else value_text(value)
