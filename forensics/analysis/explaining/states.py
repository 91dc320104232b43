"""Where stories stand at a moment, and all cheapest ways to get there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.analysis.explaining.costs import OLD
from forensics.analysis.explaining.costs import OUTSIDE as FROM_OUTSIDE
from forensics.analysis.explaining.problem import ABSENT, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.analysis.explaining.alike import Alike
    from forensics.analysis.explaining.problem import StoryStep

UNTOLD: Final = -1
"""What an object holds after a routine upload of which nobody has to know in which order the files came."""


class Fresh(NamedTuple):
    """An act that has met no demand yet: what it cost, and what was known of the window before it."""

    cost: int
    phase: int


SENT_IN_TIME: Final = Fresh(-1, 0)
"""One that could not have come in any later stretch for what it cost."""


class ObjectState(NamedTuple):
    """What an object holds, whether that still has to meet a demand, and what is known of its window."""

    live: int = ABSENT
    fresh: Fresh | None = None
    phase: int = 0


Objects: TypeAlias = tuple[ObjectState, ...]
Unmet: TypeAlias = frozenset[int]
Key: TypeAlias = tuple[Objects, Unmet, int]
"""What all objects are, which demands are to be met, and which object was acted on last (-1: none since the last)."""


@dataclass(slots=True, eq=False)
class Arrival:
    """All cheapest ways to one state: what they cost, how many they are, and their last steps."""

    cost: int
    count: int
    before: list[tuple[Arrival, StoryStep | None]]


class Settled(NamedTuple):
    """Objects after they met demands: which, and what was charged for that."""

    objects: Objects
    met: tuple[int, ...] = ()
    lives: tuple[tuple[int, ...], ...] = ()
    extra: tuple[str, ...] = ()
    cost: int = 0


States: TypeAlias = dict[Key, Arrival]


def replaced(objects: Objects, number: int, state: ObjectState) -> Objects:
    """The objects, one of which is in another state."""
    return (*objects[:number], state, *objects[number + 1 :])


def after(nodes: list[Arrival], cost: int, step: StoryStep) -> Arrival:
    """Where a step leads to from nodes of one cost."""
    return Arrival(nodes[0].cost + cost, sum(node.count for node in nodes), [(node, step) for node in nodes])


def put(states: States, key: Key, node: Arrival) -> None:
    """Add ways to a state, the cheapest of which are kept."""
    known = states.get(key)
    if known is None or node.cost < known.cost:
        states[key] = node
    elif node.cost == known.cost and node is not known:
        states[key] = Arrival(node.cost, known.count + node.count, [(known, None), (node, None)])


def pruned(states: States) -> States:
    """Without what no cheapest story comes through: another state is so cheap that all can be sent again from there."""
    best: dict[Unmet, int] = {}
    for (objects, unmet, _), node in states.items():
        if all(each.fresh is None for each in objects):
            best[unmet] = min(node.cost, best.get(unmet, node.cost))
    if not best:
        return states
    limits: dict[Unmet, int | None] = {}
    kept: States = {}
    for key, node in states.items():
        unmet = key[1]
        if unmet not in limits:
            limits[unmet] = min((cost for other, cost in best.items() if other <= unmet), default=None)
        limit = limits[unmet]
        if limit is None or node.cost <= limit + sum(map(_again, key[0])):
            kept[key] = node
    return kept


def _again(state: ObjectState) -> int:
    """No less than what it costs to bring an object to a state from any other."""
    if state.live == UNTOLD:
        return 1
    return (FROM_OUTSIDE.cost if state.live <= OUTSIDE else OLD.cost) + 1


def cheapest_of_kind(states: States, alike: Sequence[Alike], time: int) -> States:
    """Without states that differ from a cheaper one only in contents that nothing can tell apart."""
    if len(states) == 1:
        return states
    kinds: list[tuple[object, Key, Arrival]] = []
    least: dict[object, int] = {}
    for key, node in states.items():
        of_kind = tuple([(of.kind(each.live), each.fresh, each.phase) for of, each in zip(alike, key[0], strict=True)])
        kind = (of_kind, key[1])
        kinds.append((kind, key, node))
        least[kind] = min(node.cost, least.get(kind, node.cost))
    return {
        key: node
        for kind, key, node in kinds
        if node.cost == least[kind]
        or any(of.comes_again(each.live, time) for of, each in zip(alike, key[0], strict=True))
    }
