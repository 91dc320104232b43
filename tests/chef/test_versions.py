"""Versions of cookbooks and the constraints that take them."""

from __future__ import annotations

import pytest

from forensics.chef.versions import takes, version_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.2.3", (1, 2, 3)), ("1.2", (1, 2, 0)), ("01.2", (1, 2, 0)), ("1", None), ("1.2.3.4", None), ("a.b", None)],
)
def test_a_version_has_two_or_three_numbers(text, expected):
    assert version_of(text) == expected


@pytest.mark.parametrize(
    ("constraint", "taken", "refused"),
    [
        ("= 1.2.3", ["1.2.3"], ["1.2.4"]),
        ("1.2", ["1.2.0"], ["1.2.1"]),
        (">= 1.2", ["1.2.0", "2.0.0"], ["1.1.9"]),
        (">=1.2", ["1.2.0"], ["1.1.9"]),
        ("> 1.2", ["1.2.1"], ["1.2.0"]),
        ("< 1.2", ["1.1.9"], ["1.2.0"]),
        ("<= 1.2", ["1.2.0"], ["1.2.1"]),
        ("~> 1.2", ["1.2.0", "1.9.0"], ["1.1.0", "2.0.0"]),
        ("~> 1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]),
    ],
)
def test_what_a_constraint_takes(constraint, taken, refused):
    assert all(takes(constraint, version_of(each)) is True for each in taken)
    assert all(takes(constraint, version_of(each)) is False for each in refused)


@pytest.mark.parametrize("constraint", ["", "=", "1", "=> 1.0", "latest", "= 1.x"])
def test_what_is_no_constraint_tells_nothing(constraint):
    assert takes(constraint, (1, 0, 0)) is None
