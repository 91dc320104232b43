"""Cookbook version constraints of an environment (lib/chef/version_constraint.rb)."""

from __future__ import annotations

import re

from forensics.chef.ruby.failure import UnmodelledError
from forensics.chef.ruby.methods import valid_text
from forensics.chef.ruby.values import RubyArray, RubyString, RubyValue, check_known

_VERSION = re.compile(r"^\d+\.\d+(?:\.\d+)?$", re.ASCII | re.MULTILINE)
_STARTS_WITH_DIGIT = re.compile(r"^[0-9]", re.MULTILINE)
_CONSTRAINT = re.compile(r"^(?:<|>|=|<=|>=|~>) *([0-9].*)$", re.MULTILINE)


def is_constraint(value: RubyValue) -> bool:
    """Whether Chef::VersionConstraint takes the value; nil and an empty array mean any version.

    Raises:
        UncertainError: it is not known.
        UnmodelledError: it is of an odd kind.
    """
    check_known(value)
    if isinstance(value, RubyArray):
        if not value.items:
            return True
        if len(value.items) > 1:
            return False
        value = value.items[0]
        check_known(value)
        if not isinstance(value, RubyString):
            raise UnmodelledError
    if value is None:
        return True
    if not isinstance(value, RubyString):
        return False
    text = valid_text(value)
    if " " not in text and _STARTS_WITH_DIGIT.search(text):
        return _VERSION.search(text) is not None
    match = _CONSTRAINT.search(text)
    return match is not None and _VERSION.search(match[1]) is not None
