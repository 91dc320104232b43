"""How Chef's classes take a field out of parsed JSON, validate it, and refuse.

Mirrors Chef::Mixin::ParamsValidate (lib/chef/mixin/params_validate.rb): a null field keeps its default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import ruby_text
from forensics.chef.objects import Problem, Unresolved

if TYPE_CHECKING:
    from forensics.chef.objects import Value

NO_METHOD_ERROR = "NoMethodError"
VALIDATION_FAILED = "Chef::Exceptions::ValidationFailed"


class Refused(Exception):  # noqa: N818 - named as Chef refuses, not as Python errs
    """Chef raises ``error_class`` at an object; ``kind`` and ``stage`` are those of ``Problem``."""

    def __init__(self, message: str, error_class: str, kind: str = "invalid", stage: str = "load") -> None:
        super().__init__(message)
        self.message = message
        self.error_class = error_class
        self.kind = kind
        self.stage = stage

    def problem(self, *, aborts: bool = True) -> Problem:
        """Build the problem that this refusal is."""
        return Problem(self.kind, self.message, self.error_class, stage=self.stage, aborts=aborts)


def fetch(value: Value, key: str) -> Value:
    """Index any parsed JSON as Ruby does: ``value["key"]``.

    A string gives the key where it contains it; arrays and integers want a number; nothing else can be indexed.
    """
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, str):
        return key if key in value else None
    if isinstance(value, list | Unresolved) or (isinstance(value, int) and not isinstance(value, bool)):
        raise Refused("no implicit conversion of String into Integer", "TypeError", "not-an-object")
    raise Refused(f"undefined method `[]' for {ruby_text.inspect(value)}", NO_METHOD_ERROR, "not-an-object")


def name_kind(name: Value) -> str:
    """Return the kind of problem that a refused name is."""
    if name is None:
        return "name-missing"
    if not isinstance(name, str):
        return "name-not-text"
    return "name-invalid" if name else "name-empty"


def is_name(text: str, extra: str = "") -> bool:
    """Tell whether a line of the text is a name, as ``has_name_line`` does; bytes that are no UTF-8 are refused."""
    try:
        return ruby_text.has_name_line(text, extra)
    except ruby_text.InvalidText:
        raise Refused("invalid byte sequence in UTF-8", "ArgumentError", "name-invalid") from None


def validated_name(name: Value) -> Value:
    r"""Return the name of a role or environment if ``/^[\-[:alnum:]_]+$/`` matches what ``to_s`` makes of it."""
    if name is None:
        return ""
    # A hash, an array or an infinite number never has a line of such characters alone: to_s writes no line breaks.
    text = ruby_text.to_s(name) if isinstance(name, str | int | float) else None
    if not isinstance(name, Unresolved) and (text is None or not is_name(text)):
        raise Refused(
            rf"Property name's value {text} does not match regular expression /^[\-[:alnum:]_]+$/",
            VALIDATION_FAILED,
            name_kind(name),
        )
    return name


def text_or_default(value: Value, key: str) -> Value:
    """Take a field that must be text, ``""`` where it is missing or null."""
    field = fetch(value, key)
    if field is None:
        return ""
    if not isinstance(field, str):
        raise Refused(f"Option {key} must be a kind of String!", VALIDATION_FAILED)
    return field


def hash_or_default(value: Value, key: str) -> Value:
    """Take a field that must be a hash, empty where it is missing or null."""
    field = fetch(value, key)
    if field is None:
        return {}
    if not isinstance(field, dict):
        raise Refused(f"Option {key} must be a kind of Hash!", VALIDATION_FAILED)
    return field
