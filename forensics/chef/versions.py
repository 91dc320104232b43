"""Versions of cookbooks, and which of them a constraint takes.

Mirrors Chef::Version and Chef::VersionConstraint (lib/chef/version_class.rb, lib/chef/version_constraint.rb).
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Version: TypeAlias = tuple[int, int, int]

_VERSION: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_CONSTRAINT: Final = re.compile(r"(<=|>=|~>|<|>|=)? *([0-9.]+)")


_STARTS_WITH_DIGIT: Final = re.compile(r"^[0-9]", re.MULTILINE)
_READ: Final = re.compile(r"^(?:<|>|=|<=|>=|~>) *([0-9].*)$", re.MULTILINE)
_TWO_OR_THREE: Final = re.compile(r"^[0-9]+\.[0-9]+(?:\.[0-9]+)?$", re.MULTILINE)


def is_constraint(text: str) -> bool:
    """Whether ``Chef::VersionConstraint.new`` takes a text, of which it looks at lines."""
    if " " not in text and _STARTS_WITH_DIGIT.search(text):
        return _TWO_OR_THREE.search(text) is not None
    match = _READ.search(text)
    return match is not None and _TWO_OR_THREE.search(match[1]) is not None


def version_of(text: str) -> Version | None:
    """Two or three numbers, the third 0 if it is not there; None for what is no version."""
    match = _VERSION.fullmatch(text.strip())
    return None if match is None else (int(match[1]), int(match[2]), int(match[3] or 0))


def takes(constraint: str, version: Version) -> bool | None:
    """Whether a constraint takes a version; None for what is no constraint.

    ``~> 1.2`` takes every 1.x from 1.2 on, ``~> 1.2.3`` every 1.2.x from there.
    """
    match = _CONSTRAINT.fullmatch(constraint.strip())
    wanted = None if match is None else version_of(match[2])
    if match is None or wanted is None:
        return None
    operator = match[1] or "="
    if operator == "~>":
        fixed = match[2].count(".")
        return version >= wanted and version[:fixed] == wanted[:fixed]
    return {
        "=": version == wanted,
        "<": version < wanted,
        ">": version > wanted,
        "<=": version <= wanted,
        ">=": version >= wanted,
    }[operator]
