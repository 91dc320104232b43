"""``to_s``."""

from __future__ import annotations

import math
import re

from forensics.chef import ruby_text
from forensics.chef.ruby.failure import UnmodelledError
from forensics.chef.ruby.values import RubyRange, RubyRegexp, RubyString, RubyValue, Symbol, check_known
from forensics.chef.run_list import RunListItem


def to_s(value: RubyValue) -> str:
    """What ``to_s`` gives.

    Raises:
        UncertainError: it cannot be known.
        UnmodelledError: for arrays, hashes, and whatever else has parts.
    """
    check_known(value)
    if isinstance(value, RubyString):
        return value.text
    if isinstance(value, Symbol):
        return value.name
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return ruby_text.integer_text(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, RubyRange):
        return f"{value.first}{'...' if value.exclusive else '..'}{value.last}"
    if isinstance(value, RubyRegexp):
        return _regexp_text(value)
    if isinstance(value, RunListItem):
        return str(value)
    raise UnmodelledError


def _regexp_text(value: RubyRegexp) -> str:
    """``Regexp#to_s``: the source with the options that hold for it; a slash is escaped."""
    if value.source.startswith("(?"):
        raise UnmodelledError
    off = "".join(option for option in "mix" if option not in value.options)
    source = re.sub(r"\\.|/", lambda match: r"\/" if match[0] == "/" else match[0], value.source, flags=re.DOTALL)
    return f"(?{value.options}{'-' if off else ''}{off}:{source})"


def float_text(number: float) -> str:
    """A float as Ruby's ``to_s`` writes it, also one that is no JSON number."""
    if math.isfinite(number):
        return ruby_text.float_text(number)
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def is_text(text: str) -> bool:
    """Whether the text is valid UTF-8: raw bytes change what most methods do."""
    return not ruby_text.has_raw_bytes(text)
