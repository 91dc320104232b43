"""What surrounds a node, as far as jumps and definitions depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_LOOPS = frozenset({"while", "until", "for", "while_modifier", "until_modifier", "block", "do_block", "lambda"})
_BODIES = frozenset({"method", "singleton_method"})
_CLASSES = frozenset({"class", "module", "singleton_class"})


@dataclass(frozen=True, slots=True)
class SyntaxPlace:
    """What surrounds a node."""

    in_loop: bool = False
    in_method: bool = False
    in_class: bool = False
    in_rescue: bool = False


def inside(node: Node, place: SyntaxPlace) -> SyntaxPlace:
    """The place of what stands in a node."""
    kind = node.type
    if kind in _LOOPS:
        return (
            place
            if place.in_loop
            else SyntaxPlace(
                in_loop=True, in_method=place.in_method, in_class=place.in_class, in_rescue=place.in_rescue
            )
        )
    if kind in _BODIES:
        return SyntaxPlace(in_loop=False, in_method=True, in_class=place.in_class)
    if kind in _CLASSES:
        return SyntaxPlace(in_class=True)
    if kind == "rescue":
        return SyntaxPlace(place.in_loop, place.in_method, place.in_class, in_rescue=True)
    return place
