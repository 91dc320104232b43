"""What a merge made of its parents: which changes of theirs it dropped, and what neither of them had.

A value of a merge is expected to be that of the parent that changed it since the common ancestors, as every merge of
three contents has it. Run lists and other lists of plain values are compared entry by entry, in whatever order.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar

from forensics.analysis.changes import escape
from forensics.analysis.json_text import canonical_json
from forensics.analysis.results import ValueChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from forensics.chef.objects import Body, Value
    from forensics.history.graph import CommitGraph

_Key = TypeVar("_Key")
_Value = TypeVar("_Value", bound="int | str")
_PLAIN: Final = (str, int, float, bool)
_LATER: Final = 2
_COMMON: Final = 3
_BELOW: Final = 7


class Atom(NamedTuple):
    """A place in a content that has one value; in a list of plain values, one ``entry`` (as JSON) of it."""

    pointer: str
    entry: str | None


Atoms: TypeAlias = "Mapping[Atom, int | str]"
"""What a content holds: the value (as JSON) at each place, and how often each entry of a plain list is there."""


class Ancestry(NamedTuple):
    """What lies behind the parents of a merge: their best common ancestors, and what only later parents have."""

    bases: tuple[int, ...]
    merged: tuple[int, ...]


class Deviation(NamedTuple):
    """A value of a merge that is not the one expected; ``parent`` is the place of the parent that lost, if one did."""

    did: str
    atom: Atom
    change: ValueChange
    parent: int | None


def ancestry(graph: CommitGraph, first: int, others: Sequence[int]) -> Ancestry:
    """The ancestry of a merge of these parents, by one walk down from them; positions are topological."""
    seen = dict.fromkeys(others, _LATER)
    seen[first] = seen.get(first, 0) | 1
    pending = [-commit for commit in seen]
    heapq.heapify(pending)
    waiting = len(seen)
    bases: list[int] = []
    merged: list[int] = []
    while waiting:
        commit = -heapq.heappop(pending)
        flags = seen[commit]
        waiting -= flags <= _COMMON
        if flags == _LATER:
            merged.append(commit)
        elif flags == _COMMON:
            bases.append(commit)
            flags = _BELOW
        for parent in graph.parents[commit]:
            before = seen.get(parent)
            if before is None:
                heapq.heappush(pending, -parent)
                waiting += flags <= _COMMON
                seen[parent] = flags
            elif before | flags != before:
                waiting -= before <= _COMMON < before | flags
                seen[parent] = before | flags
    return Ancestry(tuple(bases), tuple(reversed(merged)))


def atoms(content: Body) -> Atoms:
    """What a content (as ``chef.wire.content`` gives it) holds, taken apart; what is empty holds nothing."""
    found: dict[Atom, int | str] = {}
    pending: list[tuple[str, Value]] = [("", content)]
    while pending:
        pointer, value = pending.pop()
        if isinstance(value, dict):
            pending += [(f"{pointer}/{escape(str(key))}", member) for key, member in reversed(value.items())]
        elif isinstance(value, (list, tuple)) and all(isinstance(each, _PLAIN) for each in value):
            for text, count in Counter(map(canonical_json, value)).items():
                found[Atom(pointer, text)] = count
        else:
            found[Atom(pointer, None)] = canonical_json(value)
    return found


def deviations(bases: Sequence[Body], parents: Sequence[Body], merge: Body) -> Iterator[Deviation]:
    """Every value of a merge that is not what its parents' changes since their common ancestors come to."""
    before, above, made = [atoms(each) for each in bases], [atoms(each) for each in parents], atoms(merge)
    for atom, old, had, came in _unexpected(before, above, made):
        changed = {place: value for place, value in enumerate(had) if value not in old}
        place = next((place for place, value in changed.items() if value != came), None)
        lost = had[place or 0]
        yield Deviation(
            _did(old, had, came, None if place is None else (lost,)),
            atom,
            _change(atom, (parents[place or 0], lost), (merge, came)),
            place,
        )


def is_clean(bases: Sequence[bytes], parents: Sequence[bytes], merge: bytes) -> bool:
    """Whether a merged text has just those lines that its parents' changes come to, in whatever order.

    Where code computes values, such a merge may give some that no parent had, and nobody made it do so.
    """
    before, above = [_lines(each) for each in bases], [_lines(each) for each in parents]
    return next(_unexpected(before, above, _lines(merge)), None) is None


def _lines(text: bytes) -> Counter[bytes]:
    """How often a text has each line; what follows in a list decides whether a comma ends one."""
    return Counter(line.strip().rstrip(b",") for line in text.splitlines() if line.strip())


def _unexpected(
    bases: Sequence[Mapping[_Key, _Value]], parents: Sequence[Mapping[_Key, _Value]], merge: Mapping[_Key, _Value]
) -> Iterator[tuple[_Key, list[_Value | None], list[_Value | None], _Value | None]]:
    """Every key whose value in a merge is another than that of the parents that changed it, with all of its values."""
    for key in dict.fromkeys(key for each in (*parents, *bases, merge) for key in each):
        old, had, came = [each.get(key) for each in bases], [each.get(key) for each in parents], merge.get(key)
        changed = {value for value in had if value not in old}
        wanted = changed or set(had)
        if came not in wanted or (changed and len(wanted) > 1):
            yield key, old, had, came


def _did(
    old: Sequence[int | str | None],
    had: Sequence[int | str | None],
    came: int | str | None,
    lost: tuple[int | str | None] | None,
) -> str:
    counts = [each for each in had if isinstance(each, int)]
    if counts and isinstance(came, int) and came > max(counts):
        return "doubled"
    if lost is None or (came not in had and came not in old):
        return "changed"
    if came in old:
        return "restored" if lost[0] is None else "dropped"
    return "chose"


def _change(atom: Atom, parent: tuple[Body, int | str | None], merge: tuple[Body, int | str | None]) -> ValueChange:
    """What turns a parent into the merge at one place."""
    before, after = _side(atom, *parent), _side(atom, *merge)
    if atom.entry is not None:
        more = int(parent[1] or 0) < int(merge[1] or 0)
        value, place = after if more else before
        where = f"{atom.pointer}/{place}"
        return ValueChange("add", where, after=value) if more else ValueChange("remove", where, before=value)
    if merge[1] is None:
        return ValueChange("remove", atom.pointer, before=before[0])
    if parent[1] is None:
        return ValueChange("add", atom.pointer, after=after[0])
    return ValueChange("replace", atom.pointer, before=before[0], after=after[0])


def _side(atom: Atom, content: Body, holds: int | str | None) -> tuple[Value, int]:
    """The value of an atom that a content holds, and where in its list that entry stands last."""
    if holds is None:
        return None, 0
    value: Value = content
    for part in atom.pointer.split("/")[1:]:
        value = next(member for key, member in value.items() if escape(str(key)) == part)
    if atom.entry is None:
        return value, 0
    place = max(index for index, each in enumerate(value) if canonical_json(each) == atom.entry)
    return value[place], place
