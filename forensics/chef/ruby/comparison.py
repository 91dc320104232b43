"""``==``, ``===`` and ``<=>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import ExhaustedError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.values import (
    RubyArray,
    RubyHash,
    RubyRange,
    RubyRegexp,
    RubyString,
    RubyValue,
    Symbol,
    check_known,
)
from forensics.chef.run_list import RunListItem

if TYPE_CHECKING:
    from forensics.chef.ruby.budget import Budget

_DEEPEST = 100


def equal(left: RubyValue, right: RubyValue, budget: Budget, depth: int = 0) -> bool:
    """Ruby's ``==``; what two values share is compared as often as it stands in them.

    Raises:
        UncertainError: it cannot be known.
        UnmodelledError: the values are of odd kinds.
    """
    budget.spend()
    if depth > _DEEPEST:
        raise ExhaustedError
    check_known(left)
    check_known(right)
    if isinstance(left, RubyString) and isinstance(right, RubyString):
        return left.text == right.text
    if isinstance(left, RubyArray) and isinstance(right, RubyArray):
        return len(left.items) == len(right.items) and all(
            equal(mine, other, budget, depth + 1) for mine, other in zip(left.items, right.items, strict=True)
        )
    if isinstance(left, RubyHash) and isinstance(right, RubyHash):
        return left.entries.keys() == right.entries.keys() and all(
            equal(pair[1], right.entries[key][1], budget, depth + 1) for key, pair in left.entries.items()
        )
    if isinstance(left, RunListItem) or isinstance(right, RunListItem):
        raise UnmodelledError  # it equals some strings
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        if depth and left != left:  # noqa: PLR0124 - not a number: within arrays, Ruby looks at identity first
            raise UnmodelledError
        return left == right
    if isinstance(left, Symbol | RubyRange) and isinstance(right, Symbol | RubyRange):
        return left == right
    if type(left) is type(right):
        raise UnmodelledError
    return False


def case_equal(pattern: RubyValue, value: RubyValue, budget: Budget) -> bool:
    """``pattern === value``, for a pattern that is no class; raises as ``equal``."""
    if isinstance(pattern, RubyRegexp):
        raise UnmodelledError
    if isinstance(pattern, RubyRange):
        check_known(value)
        if isinstance(value, bool) or not isinstance(value, int) or not isinstance(pattern.first, int):
            raise UnmodelledError
        return value in pattern.numbers()
    return equal(pattern, value, budget)


def spaceship(left: RubyValue, right: RubyValue) -> int | None:
    """``left <=> right``; None if they cannot be compared.

    Raises:
        UncertainError: it cannot be known.
        UnmodelledError: the values have parts.
    """
    check_known(left)
    check_known(right)
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return 0 if left is right else None
    if isinstance(left, int | float) and isinstance(right, int | float):
        if left != left or right != right:  # noqa: PLR0124 - not a number
            return None
        return (left > right) - (left < right)
    if isinstance(left, RubyString) and isinstance(right, RubyString):
        return _order(left.text, right.text)
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return _order(left.name, right.name)
    plain = (int, float, RubyString, Symbol)
    if isinstance(left, plain) and isinstance(right, plain):
        return None
    raise UnmodelledError


def _order(left: str, right: str) -> int:
    mine, other = left.encode("utf-8", "surrogateescape"), right.encode("utf-8", "surrogateescape")
    return (mine > other) - (mine < other)


def compare(left: RubyValue, right: RubyValue) -> int:
    """``left <=> right``; raises as ``spaceship``.

    Raises:
        RubyRaisedError: they cannot be compared (ArgumentError).
    """
    order = spaceship(left, right)
    if order is None:
        raise RubyRaisedError("ArgumentError", "comparison failed")
    return order
