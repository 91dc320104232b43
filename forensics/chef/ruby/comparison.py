"""``<=>`` and sorting."""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.values import Opaque, RubyArray, RubyString, Symbol, equal, known

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = (int, float, Fraction)


def spaceship(left: Any, right: Any) -> int | None:
    """``left <=> right``; None if they cannot be compared."""
    left, right = known(left), known(right)
    if bool in {type(left), type(right)} or left is None or right is None:
        return 0 if left is right else None
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        if left != left or right != right:  # noqa: PLR0124 - not a number
            return None
        return (left > right) - (left < right)
    if isinstance(left, RubyString) and isinstance(right, RubyString):
        return _sign(left.text.encode("utf-8", "surrogateescape"), right.text.encode("utf-8", "surrogateescape"))
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return _sign(left.name.encode("utf-8", "surrogateescape"), right.name.encode("utf-8", "surrogateescape"))
    if isinstance(left, RubyArray) and isinstance(right, RubyArray):
        for mine, other in zip(left.items, right.items, strict=False):
            order = spaceship(mine, other)
            if order != 0:
                return order
        return (len(left.items) > len(right.items)) - (len(left.items) < len(right.items))
    if isinstance(left, Opaque) and isinstance(right, Opaque) and left.class_name == right.class_name:
        return int((left.value > right.value) - (left.value < right.value))
    if type(left) is not type(right):
        if any(isinstance(value, (*_NUMBERS, RubyString, Symbol, RubyArray)) for value in (left, right)):
            return None
        raise UnmodelledError
    return 0 if equal(left, right) else None


def _sign(left: bytes, right: bytes) -> int:
    return (left > right) - (left < right)


def compare(left: Any, right: Any) -> int:
    """``left <=> right``.

    Raises:
        RubyRaisedError: they cannot be compared (ArgumentError).
    """
    order = spaceship(left, right)
    if order is None:
        raise RubyRaisedError("ArgumentError", "comparison failed")
    return order


def sorted_values(items: list[Any], block: Callable[..., Any] | None) -> list[Any]:
    """``sort``; members that compare as equal without being so would come out in an order that is not modelled."""
    if block is None:
        ordered = sorted(items, key=functools.cmp_to_key(compare))
    else:
        decide = block

        def by_block(left: Any, right: Any) -> int:
            order = known(decide(left, right))
            if order is None:
                raise RubyRaisedError("ArgumentError", "comparison failed")
            if type(order) is not int:
                raise UnmodelledError
            return order

        ordered = sorted(items, key=functools.cmp_to_key(by_block))
        for before, after in itertools.pairwise(ordered):
            if before is not after and by_block(before, after) == 0 and not equal(before, after):
                raise UnmodelledError
        return ordered
    for before, after in itertools.pairwise(ordered):
        if type(before) is not type(after) and compare(before, after) == 0:
            raise UnmodelledError
    return ordered
