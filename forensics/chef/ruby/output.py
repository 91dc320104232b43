"""From Ruby's values to what the request body holds (Role#to_h, FFI_Yajl::Encoder)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from forensics.chef.objects import Environment, RepeatedKeys, Role, Unresolved
from forensics.chef.ruby.escapes import text_of
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.source import STANDS_FOR_BYTES
from forensics.chef.ruby.text import is_text, to_s
from forensics.chef.ruby.unknown import UnknownValue
from forensics.chef.ruby.values import (
    RoleObject,
    RubyArray,
    RubyHash,
    RubyRange,
    RubyRegexp,
    RubyString,
    RunListObject,
    Symbol,
    check_known,
    unknown_part,
)
from forensics.chef.ruby_text import major

if TYPE_CHECKING:
    from forensics.chef.objects import RunList, Value
    from forensics.chef.ruby.state import EvaluationState
    from forensics.chef.ruby.values import RubyValue

_DEEPEST = 127
"""Arrays and hashes in a body may nest this deep, the body itself included; yajl refuses more."""
_FIRST_WITH_OWN_ERROR = 12
_STAND_IN = re.compile(f"[{chr(STANDS_FOR_BYTES)}-{chr(STANDS_FOR_BYTES + 0xFF)}]")
_YAJL_TEXT = re.compile(
    rb"(?:[\x00-\x7f]|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3})*\Z"
)


def object_of(state: EvaluationState, *, foreign: bool) -> Role | Environment:
    """The role or environment that knife sends.

    Raises:
        RubyRaisedError: the encoder refuses a value.
    """
    body = _Body(state, foreign=foreign)
    common = [body.field(name) for name in ("name", "description", "default_attributes", "override_attributes")]
    name, description, default_attributes, override_attributes = common
    if isinstance(state.role, RoleObject):
        run_list, lists = body.run_lists()
        return Role(name, description, run_list, lists, default_attributes, override_attributes)
    versions = body.field("cookbook_versions")
    return Environment(name, description, versions, default_attributes, override_attributes)


class _Body:
    """The fields of one request body."""

    def __init__(self, state: EvaluationState, *, foreign: bool) -> None:
        self.state = state
        self.foreign = foreign
        self.source = UnknownValue("", 1)

    def field(self, name: str) -> Value:
        """The value of a field."""
        self.source = self.state.role.sources.get(name, UnknownValue(name, 1))
        return self._value(self.state.role.fields[name], 2)

    def _value(self, value: RubyValue, depth: int) -> Value:
        """A value as it stands in the body; what is not known is Unresolved."""
        self.state.budget.spend()
        try:
            check_known(value)
            if isinstance(value, RubyHash):
                return self._hash(value, depth)
            if isinstance(value, RubyArray):
                self._check_depth(depth)
                return [self._value(item, depth + 1) for item in value.items]
            return self._scalar(value)
        except UncertainError as error:
            return Unresolved(error.unknown.source or self.source.source, error.unknown.line or self.source.line)
        except UnmodelledError:
            return Unresolved(self.source.source, self.source.line)

    def _scalar(self, value: RubyValue) -> Value:
        if isinstance(value, RubyString):
            return self._text(value.text)
        if isinstance(value, Symbol):
            return self._text(value.name)
        if value is None or isinstance(value, int):
            return value
        if isinstance(value, float):
            self._check_number(value)
            return value
        if isinstance(value, RubyRange):
            return to_s(value)
        if isinstance(value, RubyRegexp):
            text = to_s(value)
            if major(self.state.chef) < _FIRST_WITH_OWN_ERROR:
                text = text.replace("\\/", "/")  # what Chef 11 makes of other backslashes is not known
                if "\\" in text:
                    raise UnmodelledError
            return self._text(text)
        raise UnmodelledError

    def _check_number(self, number: float) -> None:
        if not math.isfinite(number):
            raise self._refused("'NaN', 'Infinity' and '-Infinity' are not allowed")

    def _text(self, text: str) -> str:
        """Text, if the encoder takes its bytes: it takes those of any encoding for UTF-8."""
        self.state.budget.spend(len(text) >> 8)
        if self.foreign:
            text = text_of(_STAND_IN.sub(_byte, text).encode("utf-8", "surrogateescape"))
        if not text.isascii() and not is_text(text) and not _YAJL_TEXT.match(text.encode("utf-8", "surrogateescape")):
            raise self._refused("Invalid UTF-8 string")
        return text

    def _refused(self, message: str) -> RubyRaisedError:
        old = major(self.state.chef) < _FIRST_WITH_OWN_ERROR
        error_class = "FFI_Yajl::EncodeError" if old else "Chef::Exceptions::JSON::EncodeError"
        return RubyRaisedError(error_class, message, self.source.line, stage="encode")

    def _check_depth(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise self._refused("Max nesting exceeded")

    def _hash(self, value: RubyHash, depth: int) -> dict[str, Value]:
        self._check_depth(depth)
        pairs = [(self._key(key), self._value(item, depth + 1)) for key, item in value.pairs()]
        mapping = dict(pairs)
        return mapping if len(mapping) == len(pairs) else RepeatedKeys(pairs)

    def _key(self, key: RubyValue) -> str:
        if isinstance(key, Symbol):
            return self._text(key.name)
        if isinstance(key, float):
            self._check_number(key)
        if isinstance(key, bool) and major(self.state.chef) < _FIRST_WITH_OWN_ERROR:
            raise UnmodelledError
        return self._text(to_s(key))

    def run_lists(self) -> tuple[RunList, dict[str, RunList] | Unresolved]:
        """The run list, and those of environments."""
        lists = self.state.role.fields["env_run_lists"]
        self.source = UnknownValue("env_run_lists", 1)
        unknown = unknown_part(lists)
        if unknown is not None or not isinstance(lists, RubyHash):
            unknown = unknown or self.source
            return Unresolved(unknown.source, unknown.line), Unresolved(unknown.source, unknown.line)
        found: list[tuple[str, RunList]] = []
        default: RunList = Unresolved(self.source.source, self.source.line)
        for key, run_list in lists.pairs():
            if isinstance(key, RubyString) and key.text == "_default":
                default = self._items(run_list)
            elif isinstance(key, RubyString | Symbol):
                found.append((self._text(to_s(key)), self._items(run_list)))
            else:
                return default, Unresolved(self.source.source, self.source.line)
        mapping = dict(found)
        return default, mapping if len(mapping) == len(found) else RepeatedKeys(found)

    def _items(self, run_list: RubyValue) -> RunList:
        unknown = unknown_part(run_list)
        if unknown is None and isinstance(run_list, RunListObject):
            return tuple(self._text(str(item)) for item in run_list.items)
        if unknown is None and isinstance(run_list, RubyArray):
            unknown = next(filter(None, map(unknown_part, run_list.items)), None)
            texts = [item.text for item in run_list.items if isinstance(item, RubyString)]
            if unknown is None and len(texts) == len(run_list.items):
                return tuple(map(self._text, texts))
        unknown = unknown or self.source
        return Unresolved(unknown.source, unknown.line)


def _byte(match: re.Match[str]) -> str:
    return chr(0xDC00 + ord(match[0]) - STANDS_FOR_BYTES)
