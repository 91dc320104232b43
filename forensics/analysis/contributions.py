"""Why an attribute has its value: what each role, environment and level says of it, and what of that stands.

What stands is found by marking: a layer's value is marked, everything is merged again as Chef merges it, and the mark
is looked for. So the answer follows Chef's merging in every case, and nothing here repeats its rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.chef.attributes import LEVELS, merge, node_merged
from forensics.chef.compare import same_content
from forensics.chef.objects import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.chef.objects import Value

ABSENT: Final = object()
_MARK: Final = "\0forensics marks what this layer gives\0"


@dataclass(frozen=True, slots=True)
class Layer:
    """Attributes from one place at one level of precedence (of ``LEVELS``), such as ``role[base]`` at role_default."""

    level: str
    source: str
    attributes: Value


class Contribution(NamedTuple):
    """What one layer says at a path, or above it where it has no hash on the way.

    ``wins`` tells whether that, or a part of it, is in the merged value; None where an unresolved value leaves it open.
    """

    layer: Layer
    path: tuple[str, ...]
    value: Value
    wins: bool | None


class Explanation(NamedTuple):
    """The merged value at a path (``ABSENT`` if there is none), and what every layer says there, the weakest first."""

    path: tuple[str, ...]
    value: Value
    contributions: tuple[Contribution, ...]


def readings(dotted: str, layers: Sequence[Layer]) -> tuple[tuple[str, ...], ...]:
    """The paths of keys that dotted text can mean in these layers; keys may hold dots themselves.

    Where no layer has any of them, every dot separates.
    """
    parts = tuple(dotted.split("."))
    found = dict.fromkeys(path for layer in layers for path in _readings(parts, layer.attributes))
    return tuple(found) or (parts,)


def _readings(parts: tuple[str, ...], attributes: Value) -> Iterator[tuple[str, ...]]:
    if not parts:
        yield ()
        return
    if not isinstance(attributes, dict):
        return
    for length in range(1, len(parts) + 1):
        key = ".".join(parts[:length])
        if key in attributes:
            for rest in _readings(parts[length:], attributes[key]):
                yield (key, *rest)


def explain(layers: Sequence[Layer], path: tuple[str, ...], *, chef: str = "18") -> Explanation:
    """What every layer says at a path, and what of that stands after all are merged.

    Layers of one level are taken in their order: for roles, that of ``Expansion.completed``.
    """
    ordered = _narrowed(sorted(layers, key=lambda layer: LEVELS.index(layer.level)), path)
    said = [(place, *_said(layer.attributes, path)) for place, layer in enumerate(ordered)]
    return Explanation(
        path,
        value_at(merged(ordered, chef), path),
        tuple(
            Contribution(ordered[place], path[:depth], value, _wins(ordered, place, path[:depth], value, chef))
            for place, depth, value in said
            if value is not ABSENT
        ),
    )


def value_at(attributes: Value, path: Sequence[str]) -> Value:
    """The value at a path, ``ABSENT`` if there is none; an unresolved value stands for what is below it."""
    for key in path:
        if isinstance(attributes, Unresolved):
            return attributes
        if not isinstance(attributes, dict) or key not in attributes:
            return ABSENT
        attributes = attributes[key]
    return attributes


def _narrowed(layers: Sequence[Layer], path: tuple[str, ...]) -> list[Layer]:
    """The layers with nothing beside a path: that decides nothing there, and attributes can be large."""
    return [Layer(layer.level, layer.source, _only_path(layer.attributes, path)) for layer in layers]


def _only_path(attributes: Value, path: tuple[str, ...]) -> Value:
    """The attributes without what lies beside the path."""
    if not path or not isinstance(attributes, dict):
        return attributes
    key = path[0]
    return {key: _only_path(attributes[key], path[1:])} if key in attributes else {}


def _said(attributes: Value, path: tuple[str, ...]) -> tuple[int, Value]:
    """The value at a path and its depth; where something else than a hash is on the way, that."""
    for depth, key in enumerate(path):
        if not isinstance(attributes, dict):
            return depth, attributes
        if key not in attributes:
            return depth, ABSENT
        attributes = attributes[key]
    return len(path), attributes


def _wins(ordered: Sequence[Layer], place: int, path: tuple[str, ...], value: Value, chef: str) -> bool | None:
    if isinstance(value, dict) and value:
        verdicts = {_wins(_narrowed(ordered, (*path, key)), place, (*path, key), of, chef) for key, of in value.items()}
        return True if True in verdicts else None if None in verdicts else False
    outcome = value_at(merged(ordered, chef), path)
    if isinstance(outcome, Unresolved):
        return True if outcome == value else None
    if isinstance(value, Unresolved):
        return False
    if value is None or value is False:
        # older clients let these give way where any other value, such as a mark, does not
        return outcome is value and _gives(ordered, place, path, chef)
    marked = [
        Layer(layer.level, layer.source, _replaced(layer.attributes, path, _marked(value))) if at == place else layer
        for at, layer in enumerate(ordered)
    ]
    return _has_mark(value_at(merged(marked, chef), path))


def _gives(ordered: Sequence[Layer], place: int, path: tuple[str, ...], chef: str) -> bool:
    """Whether a layer is the last that gives what stands; where several say the same, taking one away shows nothing."""
    found = [at for at in range(len(ordered)) if _matters(at, ordered, path, chef)]
    if found:
        return place in found
    own = value_at(ordered[place].attributes, path)
    return not any(value_at(layer.attributes, path) is own for layer in ordered[place + 1 :])


def _matters(place: int, ordered: Sequence[Layer], path: tuple[str, ...], chef: str) -> bool:
    """Whether what stands at the path after the later layers would be another thing without this one."""
    own = value_at(ordered[place].attributes, path)
    if own is ABSENT:
        return False
    # a nil that merging passes over comes to stand only where nothing stood before
    seen = ordered if own is None else ordered[place:]
    outcome = value_at(merged(seen, chef), path)
    without = value_at(merged([layer for layer in seen if layer is not ordered[place]], chef), path)
    return outcome is not ABSENT and (without is ABSENT or same_content(outcome, without) is not True)


def _marked(value: Value) -> Value:
    if isinstance(value, dict):
        return {_MARK: True}
    return [*value, _MARK] if isinstance(value, list) else _MARK


def _has_mark(value: Value) -> bool:
    return (isinstance(value, (dict, list)) and _MARK in value) or value == _MARK


def _replaced(attributes: Value, path: tuple[str, ...], value: Value) -> Value:
    if not path:
        return value
    return {**attributes, path[0]: _replaced(attributes[path[0]], path[1:], value)}


def merged(layers: Sequence[Layer], chef: str) -> Value:
    """Layers merged as Chef does: those of one level as roles are, then level upon level."""
    levels: dict[str, Value] = {}
    for layer in layers:
        levels[layer.level] = merge(levels.get(layer.level, {}), layer.attributes, chef=chef)
    return node_merged(levels, chef=chef)
