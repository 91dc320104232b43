"""Cookbook version constraints of an environment (lib/chef/version_constraint.rb)."""

from __future__ import annotations

import re
from typing import Any

from forensics.chef.ruby.failure import UncertainError
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyArray, RubyString, known

_VERSION = re.compile(r"^\d+\.\d+(?:\.\d+)?$", re.ASCII | re.MULTILINE)
_STARTS_WITH_DIGIT = re.compile(r"^[0-9]", re.MULTILINE)
_CONSTRAINT = re.compile(r"^(?:<|>|=|<=|>=|~>) *([0-9].*)$", re.MULTILINE)


def is_constraint(value: Any) -> bool:
    """Whether Chef::VersionConstraint takes the value; nil and an empty array mean any version.

    Raises:
        UncertainError: it is not known.
    """
    value = known(value)
    if isinstance(value, RubyArray):
        if not value.items:
            return True
        if len(value.items) > 1:
            return False
        value = known(value.items[0])
        if not isinstance(value, RubyString):
            raise UncertainError(Unknown("", 1))
    if value is None:
        return True
    if not isinstance(value, RubyString):
        return False
    text = value.text
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise UncertainError(Unknown(text, 1))
    if " " not in text and _STARTS_WITH_DIGIT.search(text):
        return _VERSION.search(text) is not None
    match = _CONSTRAINT.search(text)
    return match is not None and _VERSION.search(match[1]) is not None
