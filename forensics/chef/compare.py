"""Whether two values are the same, where some parts may be unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from forensics.chef.objects import Unresolved
from forensics.chef.run_list import as_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.chef.objects import Value


def same_content(one: Value, other: Value) -> bool | None:
    """Compare two values as a server stores them: types count (1, 1.0 and true differ), the order of keys does not.

    ``None`` where an ``Unresolved`` part leaves it open; two of them are undecidable even with the same source, which
    may give another value each time. Any part that surely differs makes the whole differ.
    """
    return _same(one, other, typed=True)


def content_key(value: Value) -> str | None:
    """A text that two values share if and only if they are the same; None where only comparing them can tell."""
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    except (TypeError, RecursionError):  # an Unresolved part, or nested too deep
        return None
    return None if "-0.0" in text else text  # which is 0.0


def same_run(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool | None:
    """Compare what objects mean: as ``same_content``, but for what the client does not see of run lists."""
    return same_content(*({key: _as_run(key, value) for key, value in each.items()} for each in (one, other)))


def _as_run(key: str, value: Value) -> Value:
    if key == "env_run_lists" and isinstance(value, dict):
        return {environment: as_run(run_list) for environment, run_list in value.items()}
    return as_run(value) if key == "run_list" else value


def equal_in_ruby(one: Value, other: Value) -> bool | None:
    """Compare two values with Ruby's ``==``: as ``same_content``, but 1 and 1.0 are equal."""
    return _same(one, other, typed=False)


def _same(one: Value, other: Value, *, typed: bool) -> bool | None:
    undecided = False
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, Unresolved) or isinstance(right, Unresolved):
            undecided = True
        elif isinstance(left, dict) and isinstance(right, dict):
            if left.keys() != right.keys():
                return False
            waiting.extend((value, right[key]) for key, value in left.items())
        elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
            if len(left) != len(right):
                return False
            waiting.extend(zip(left, right, strict=True))
        elif left != right or (type(left) is not type(right) and (typed or bool in {type(left), type(right)})):
            return False
    return None if undecided else True
