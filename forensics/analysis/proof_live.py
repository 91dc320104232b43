"""What was live of each object, as requests and the sizes of answers prove it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from forensics.analysis.proof_results import ProvenStretch, SeenUpload
from forensics.chef.objects import Kind
from forensics.evidence.records import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forensics.analysis.proof_results import Proven, UnseenChange

_Key: TypeAlias = tuple[str, str]
"""An organization, and an object in it."""


def proven_timelines(proven: Proven) -> Mapping[_Key, tuple[ProvenStretch, ...]]:
    """The timeline of each object of each organization, by the organization and the object as people write it.

    Each change begins a stretch, even one that sent the same again. A change of which nobody knows whether it took
    effect begins one whose ``change`` says so.
    """
    changes: dict[_Key, list[tuple[int, SeenUpload | UnseenChange]]] = defaultdict(list)
    gone_bags: list[SeenUpload] = []
    for each in proven.uploads:
        if each.at is None or each.object is None:
            continue
        if each.kind is not None:
            changes[each.organization, each.object].append((each.at, each))
        elif each.action == Action.DELETE.value:
            gone_bags.append(each)
    for one in proven.unseen:
        changes[one.organization, one.object].append((one.at, one))
    for bag in gone_bags:
        prefix = f"{Kind.DATA_BAG_ITEM}[{(bag.object or '').removeprefix('data_bag[').removesuffix(']')}/"
        for (organization, object_), of_object in changes.items():
            if organization == bag.organization and object_.startswith(prefix):
                of_object.append((bag.at or 0, replace(bag, object=object_)))
    return {key: tuple(_stretches(proven, key, of_object)) for key, of_object in changes.items()}


def _stretches(proven: Proven, key: _Key, changes: list[tuple[int, SeenUpload | UnseenChange]]) -> list[ProvenStretch]:
    organization, object_ = key
    ordered = sorted(changes, key=lambda each: each[0])  # stable: those of one second stay as they are
    ends = [time for time, _ in ordered[1:]]
    found = []
    for (time, change), until in zip(ordered, [*ends, None], strict=True):
        lost = [
            first
            for first, last in (each.bounds for each in proven.uncovered)
            if last > time and (until is None or first < until)
        ]
        covered = max(min(lost), time) if lost else None
        found.append(ProvenStretch(object_, organization, time, until, change, covered))
    return found
