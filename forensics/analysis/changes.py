"""The semantic difference between two contents of one object.

Formatting, comments and the order of keys are no difference; run lists differ by the fewest entries removed and added;
an attribute array that differs is replaced as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.results import ValueChange
from forensics.chef.compare import same_content
from forensics.chef.objects import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.chef.objects import Body, Value

_LARGEST_TABLE: Final = 4_000_000
"""Entries of the table that the shortest edit script needs; two run lists beyond it are compared entry by entry."""


def changes(before: Body, after: Body) -> tuple[ValueChange, ...]:
    """What turns one content (as ``chef.wire.content`` gives it) into another, run lists first."""
    found: list[ValueChange] = []
    keys = list(dict.fromkeys((*before, *after)))
    for key in sorted(keys, key=lambda key: key not in {"run_list", "env_run_lists"}):
        pointer = "/" + escape(key)
        if key == "run_list":
            found += _run_list(before.get(key, ()), after.get(key, ()), pointer)
        elif key == "env_run_lists":
            found += _run_lists(before.get(key, {}), after.get(key, {}), pointer)
        else:
            found += _member(before, after, key, pointer)
    return tuple(found)


def _member(before: dict[str, Value], after: dict[str, Value], key: str, pointer: str) -> Iterator[ValueChange]:
    if key not in after:
        yield ValueChange("remove", pointer, before=before[key])
    elif key not in before:
        yield ValueChange("add", pointer, after=after[key])
    else:
        yield from _values(before[key], after[key], pointer)


def _values(before: Value, after: Value, pointer: str) -> Iterator[ValueChange]:
    pending = [(before, after, pointer)]
    while pending:
        old, new, where = pending.pop()
        if isinstance(old, dict) and isinstance(new, dict):
            shared = [key for key in old if key in new]
            pending += [(old[key], new[key], f"{where}/{escape(key)}") for key in reversed(shared)]
            yield from (
                ValueChange("remove", f"{where}/{escape(key)}", before=old[key]) for key in old if key not in new
            )
            yield from (ValueChange("add", f"{where}/{escape(key)}", after=new[key]) for key in new if key not in old)
            continue
        same = same_content(old, new)
        if same is False or (same is None and not _same_source(old, new)):
            yield ValueChange("replace", where, before=old, after=new)


def _same_source(old: Value, new: Value) -> bool:
    """Whether what is unresolved is at least written the same."""
    if isinstance(old, Unresolved) and isinstance(new, Unresolved):
        return old.source == new.source
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)) and len(old) == len(new):
        return all(_same_source(one, other) for one, other in zip(old, new, strict=True))
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return all(_same_source(old[key], new[key]) for key in old)
    return same_content(old, new) is True


def _run_lists(before: Value, after: Value, pointer: str) -> Iterator[ValueChange]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield from _values(before, after, pointer)
        return
    for environment in dict.fromkeys((*before, *after)):
        where = f"{pointer}/{escape(environment)}"
        if environment not in after:
            yield ValueChange("remove", where, before=before[environment])
        elif environment not in before:
            yield ValueChange("add", where, after=after[environment])
        else:
            yield from _run_list(before[environment], after[environment], where)


def _run_list(before: Value, after: Value, pointer: str) -> Iterator[ValueChange]:
    if not isinstance(before, (list, tuple)) or not isinstance(after, (list, tuple)):
        yield from _values(before, after, pointer)
        return
    kept_before, kept_after = _kept(before, after)
    for index, item in enumerate(before):
        if index not in kept_before:
            yield ValueChange("remove", f"{pointer}/{index}", before=item)
    for index, item in enumerate(after):
        if index not in kept_after:
            yield ValueChange("add", f"{pointer}/{index}", after=item)


def _kept(before: Sequence[Value], after: Sequence[Value]) -> tuple[set[int], set[int]]:
    """The positions of a longest common subsequence in both lists (an Unresolved entry equals itself only)."""
    start = 0
    while start < min(len(before), len(after)) and _same_item(before[start], after[start]):
        start += 1
    kept_before, kept_after = set(range(start)), set(range(start))
    old, new = before[start:], after[start:]
    if len(old) * len(new) > _LARGEST_TABLE:
        for offset, (one, other) in enumerate(zip(old, new, strict=False)):
            if _same_item(one, other):
                kept_before.add(start + offset)
                kept_after.add(start + offset)
        return kept_before, kept_after
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            lengths[i][j] = (
                lengths[i + 1][j + 1] + 1 if _same_item(old[i], new[j]) else max(lengths[i + 1][j], lengths[i][j + 1])
            )
    i = j = 0
    while i < len(old) and j < len(new):
        if _same_item(old[i], new[j]):
            kept_before.add(start + i)
            kept_after.add(start + j)
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept_before, kept_after


def _same_item(one: Value, other: Value) -> bool:
    if isinstance(one, Unresolved) and isinstance(other, Unresolved):
        return one.source == other.source
    return type(one) is type(other) and bool(one == other)


def escape(key: str) -> str:
    """A key as a JSON pointer spells it (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
