"""Cookbook version constraints of an environment (lib/chef/version_constraint.rb)."""

from __future__ import annotations

from forensics.chef import versions
from forensics.chef.ruby.failure import UnmodelledError
from forensics.chef.ruby.methods import valid_text
from forensics.chef.ruby.values import RubyArray, RubyString, RubyValue, check_known


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
    return versions.is_constraint(valid_text(value))
