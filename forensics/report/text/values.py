"""Contents and their differences in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.analysis.json_text import readable_json
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.results import ValueChange

_LONGEST = 70


def value_text(value: Any, most: int = _LONGEST) -> str:
    """A value as JSON on one line, cut where it is long; what is unresolved as its source text."""
    text = clean(readable_json(value))
    return text if len(text) <= most else text[: most - 1] + "\u2026"


def change_texts(changes: Sequence[ValueChange]) -> list[str]:
    """Differences in words; an entry that leaves one place of a run list for another has moved."""
    went = {(_place(each), _item(each.before)): each for each in changes if each.op == "remove" and _in_list(each)}
    came = {(_place(each), _item(each.after)): each for each in changes if each.op == "add" and _in_list(each)}
    texts: list[str] = []
    for change in changes:
        key = (_place(change), _item(change.after if change.op == "add" else change.before))
        if came.get(key) is change and key in went:
            texts.append(f"~ {key[0]}: {key[1]} moved from place {_number(went[key])} to {_number(change)}")
        elif went.get(key) is not change or key not in came:
            texts.append(change_text(change))
    return texts


def change_text(change: ValueChange) -> str:
    """One difference: what came, went, or became what."""
    place = _place(change)
    if change.op == "add":
        return f"+ {place}: {_item(change.after)}"
    if change.op == "remove":
        return f"- {place}: {_item(change.before)}"
    return f"~ {place}: {value_text(change.before)} -> {value_text(change.after)}"


def _in_list(change: ValueChange) -> bool:
    """Whether it is about one entry of a run list."""
    parts = change.keys
    return (parts[0], len(parts)) in {("run_list", 2), ("env_run_lists", 3)}


def _place(change: ValueChange) -> str:
    parts = change.keys
    if not _in_list(change):
        return clean(".".join(parts))
    return "run list" if parts[0] == "run_list" else f"run list in {clean(parts[1])}"


def _number(change: ValueChange) -> int:
    return int(change.keys[-1]) + 1


def _item(value: Any) -> str:
    return clean(value) if isinstance(value, str) and value.startswith(("recipe[", "role[")) else value_text(value)
