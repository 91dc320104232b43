"""Who gave an attribute its value: the roles, environments and levels that a node's merged attributes come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.chef.attributes import LEVELS, merge, node_merged
from forensics.chef.compare import same_content
from forensics.chef.objects import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.chef.objects import Value

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Layer:
    """Attributes from one place at one level of precedence (of ``LEVELS``), such as ``role[base]`` at role_default."""

    level: str
    source: str
    attributes: Value


def origins(layers: Iterable[Layer], path: Sequence[str], *, chef: str = "18") -> tuple[Layer, ...]:
    """Tell which layers gave what stands at a path of keys once all are merged, the weakest first.

    Several give one value where hashes are merged or arrays united; a layer whose part a later one says again is left
    out. Layers of one level are taken in the order in which they are given: for roles, that of ``Expansion.completed``.
    Nobody gave it if nothing stands there.
    """
    ordered = sorted(layers, key=lambda layer: LEVELS.index(layer.level))
    if _at(_merged(ordered, chef), path) is _ABSENT:
        return ()
    return tuple(layer for place, layer in enumerate(ordered) if _matters(place, ordered, path, chef))


def _matters(place: int, ordered: Sequence[Layer], path: Sequence[str], chef: str) -> bool:
    """Whether what stands at the path after the later layers would be another thing without this one."""
    own = _at(ordered[place].attributes, path)
    if own is _ABSENT:
        return False
    # a nil that merging passes over comes to stand only where nothing stood before
    seen = ordered if own is None else ordered[place:]
    outcome = _at(_merged(seen, chef), path)
    without = _at(_merged([layer for layer in seen if layer is not ordered[place]], chef), path)
    return outcome is not _ABSENT and (without is _ABSENT or same_content(outcome, without) is not True)


def _merged(layers: Iterable[Layer], chef: str) -> Value:
    """Merge layers as Chef does: those of one level as roles are, then level upon level."""
    levels: dict[str, Value] = {}
    for layer in layers:
        levels[layer.level] = merge(levels.get(layer.level, {}), layer.attributes, chef=chef)
    return node_merged(levels, chef=chef)


def _at(attributes: Value, path: Sequence[str]) -> Value:
    """Give the value at a path; an Unresolved value on the way stands for what is below it."""
    for key in path:
        if isinstance(attributes, Unresolved):
            return attributes
        if not isinstance(attributes, dict) or key not in attributes:
            return _ABSENT
        attributes = attributes[key]
    return attributes
