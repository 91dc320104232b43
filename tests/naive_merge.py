"""How attributes merge, written down the slow and obvious way for each series of Chef."""

from __future__ import annotations

import json

DEFAULTS = ("default", "env_default", "role_default", "force_default")
OVERRIDES = ("override", "role_override", "env_override", "force_override")


class KnockoutRefusedError(Exception):
    """Chef 11 met the ``!merge`` that Chef 10 took for a subtraction."""


def typed(value):
    """A form of the value in which Python's == is Ruby's ``eql?``: 1, 1.0 and true are three values."""
    if isinstance(value, dict):
        return {key: typed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [typed(member) for member in value]
    return (type(value).__name__, value)


def written(value):
    """The value as JSON text, which tells 1, 1.0 and true apart and keeps the order of keys."""
    return json.dumps(value)


def union(old, new):
    kept = []
    for member in old + new:
        if typed(member) not in [typed(other) for other in kept]:
            kept.append(member)
    return kept


def merge_roles(old, new, chef):
    """What a role's hash gives upon what earlier roles gave."""
    later_nil_is_ignored = chef in {"11", "12", "16.4"}
    if chef == "11":
        refuse_knockouts(old, new)
    if isinstance(old, dict) and isinstance(new, dict):
        merged = dict(old)
        for key in new:
            gives_way = key not in old or (later_nil_is_ignored and (old[key] is None or old[key] is False))
            if chef == "11":
                refuse_knockouts(new[key])
            merged[key] = new[key] if gives_way else merge_roles(old[key], new[key], chef)
        return merged
    if isinstance(old, list) and isinstance(new, list):
        return union(old, new)
    if new is None and later_nil_is_ignored:
        return old
    return new


def merge_levels(old, new, chef):
    """What a level gives upon a weaker one of its group."""
    if chef == "11":
        return merge_roles(old, new, chef)
    if isinstance(old, dict) and isinstance(new, dict):
        merged = dict(old)
        for key in new:
            merged[key] = merge_levels(old[key], new[key], chef) if key in old else new[key]
        return merged
    if isinstance(old, list) and isinstance(new, list):
        return union(old, new)
    if new is None and chef in {"12", "16.4"}:
        return old
    return new


def merge_groups(old, new, chef):
    """What one group of levels gives upon a weaker group: hashes merge, arrays do not."""
    if isinstance(old, dict) and isinstance(new, dict):
        merged = dict(old)
        for key in new:
            merged[key] = merge_groups(old[key], new[key], chef) if key in old else new[key]
        return merged
    if new is None and chef in {"11", "12", "16.4"}:
        return old
    return new


def merge_node(levels, chef):
    def group(names):
        merged = {}
        for name in names:
            merged = merge_levels(merged, levels.get(name, {}), chef)
        return merged

    merged = group(DEFAULTS)
    merged = merge_groups(merged, levels.get("normal", {}), chef)
    merged = merge_groups(merged, group(OVERRIDES), chef)
    return merge_groups(merged, levels.get("automatic", {}), chef)


def refuse_knockouts(*values):
    for value in values:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and "!merge" in text:
                raise KnockoutRefusedError
