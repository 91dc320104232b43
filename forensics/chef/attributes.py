"""How Chef merges attributes: role upon role, and the levels of precedence on a node.

Mirrors Chef::Mixin::DeepMerge (lib/chef/mixin/deep_merge.rb) and Chef::Node::Attribute (lib/chef/node/attribute.rb).
Results are new values; the merged ones are never altered. Where an ``Unresolved`` value decides what a merge gives,
the result at that place is ``Unresolved``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef.compare import same_content
from forensics.chef.objects import Unresolved, unresolved_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.chef.objects import Value

DEFAULT_LEVELS: Final = ("default", "env_default", "role_default", "force_default")
OVERRIDE_LEVELS: Final = ("override", "role_override", "env_override", "force_override")
LEVELS: Final = (*DEFAULT_LEVELS, "normal", *OVERRIDE_LEVELS, "automatic")
"""Every level of precedence, the weakest first."""

_KNOCKOUT: Final = "!merge"


class SubtractiveMergeRefused(ValueError):  # noqa: N818 - named for what Chef raises, InvalidSubtractiveMerge
    """Chef 11 refuses the ``!merge:`` prefix that Chef 10 took as "remove this"."""

    error_class = "Chef::Mixin::DeepMerge::InvalidSubtractiveMerge"


def merge(first: Value, second: Value, *, chef: str = "18") -> Value:
    """Merge one role's attributes (``second``, which wins) onto what earlier roles gave, as DeepMerge.merge does.

    Hashes are merged key by key, two arrays are united, anything else replaces. ``chef`` is the client's version: up
    to 16.4 a nil that comes later is ignored, except over false; a version of one number is the last of that series.

    Raises:
        SubtractiveMergeRefused: under Chef 11, a merged string begins with ``!merge``.
    """
    if _nil_replaces(chef):
        return _deep_merge(first, second)
    return _deep_merge_before_16_5(first, second, knockouts_refused=_version(chef)[0] == 11)  # noqa: PLR2004


def node_merged(levels: Mapping[str, Value], *, chef: str = "18") -> Value:
    """Merge the levels of a node (keys of ``LEVELS``; absent ones are empty) into what recipes see.

    Within the defaults and within the overrides arrays are united; from group to group only hashes are merged, and
    an array replaces an array.
    """
    merged: Value = {}
    for group in (DEFAULT_LEVELS, ("normal",), OVERRIDE_LEVELS, ("automatic",)):
        united: Value = {}
        for level in group:
            united = _merge_levels(united, levels.get(level, {}), chef)
        merged = _hash_only_merge(merged, united, nil_replaces=_nil_replaces(chef))
    return merged


def _merge_levels(united: Value, level: Value, chef: str) -> Value:
    if _nil_replaces(chef):
        return _deep_merge(united, level)
    if _version(chef)[0] < 12:  # noqa: PLR2004 - Chef 11 merged levels as it merged roles
        return merge(united, level, chef=chef)
    return _deep_merge(united, level, nil_replaces=False)


def _deep_merge(onto: Value, value: Value, *, nil_replaces: bool = True) -> Value:
    if isinstance(value, Unresolved):
        return value
    if isinstance(onto, Unresolved):
        decided = not isinstance(value, (dict, list)) and (nil_replaces or value is not None)
        return value if decided else onto
    if isinstance(onto, dict) and isinstance(value, dict):
        merged = dict(onto)
        for key, member in value.items():
            merged[key] = _deep_merge(merged[key], member, nil_replaces=nil_replaces) if key in merged else member
        return merged
    if isinstance(onto, list) and isinstance(value, list):
        return _union(onto, value)
    return onto if value is None and not nil_replaces else value


def _deep_merge_before_16_5(onto: Value, value: Value, *, knockouts_refused: bool) -> Value:
    """DeepMerge as it was: whatever is nil or false gives way, even to nil; other values do not give way to nil."""
    if onto is None:
        return value
    if knockouts_refused:
        _refuse_knockouts(value)
        _refuse_knockouts(onto)
    if isinstance(onto, dict) and isinstance(value, dict):
        merged = dict(onto)
        for key, member in value.items():
            present = merged.get(key)
            if present is None or present is False:
                if knockouts_refused:
                    _refuse_knockouts(member)
                merged[key] = member
            else:
                merged[key] = _deep_merge_before_16_5(present, member, knockouts_refused=knockouts_refused)
        return merged
    return _deep_merge(onto, value, nil_replaces=False)


def _hash_only_merge(onto: Value, value: Value, *, nil_replaces: bool) -> Value:
    if isinstance(value, Unresolved):
        return value
    if isinstance(value, dict):
        if isinstance(onto, Unresolved):
            return onto
        if isinstance(onto, dict):
            merged = dict(onto)
            for key, member in value.items():
                merged[key] = (
                    _hash_only_merge(merged[key], member, nil_replaces=nil_replaces) if key in merged else member
                )
            return merged
    return onto if value is None and not nil_replaces else value


def _refuse_knockouts(value: Value) -> None:
    for text in value if isinstance(value, list) else (value,):
        if isinstance(text, str) and _KNOCKOUT in text:
            raise SubtractiveMergeRefused("subtractive merge with !merge is no longer supported")


def _union(first: list[Value], second: list[Value]) -> Value:
    """Ruby's ``first | second``: each distinct member once, by ``eql?``, where 1, 1.0 and true are three values."""
    kept: list[Value] = []
    for member in (*first, *second):
        verdicts = {same_content(member, other) for other in kept}
        if True in verdicts:
            continue
        if None in verdicts:
            return next(unresolved_in([*kept, member]))
        kept.append(member)
    return kept


def _nil_replaces(chef: str) -> bool:
    return _version(chef) >= (16, 5)


def _version(chef: str) -> tuple[float, float]:
    match = re.match(r"(\d+)(?:\.(\d+))?", chef)
    if match is None:
        raise ValueError(f"not a version of Chef: {chef!r}")
    return int(match[1]), float(match[2] or "inf")
