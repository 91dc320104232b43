"""From Ruby's values to what the request body holds (Role#to_h, FFI_Yajl::Encoder)."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from forensics.chef.objects import Environment, Kind, RepeatedKeys, Role, Unresolved
from forensics.chef.ruby.escapes import text_of
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.source import STANDS_FOR_BYTES
from forensics.chef.ruby.text import LOCAL_TIME, regexp_text, to_s
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import (
    Opaque,
    RubyArray,
    RubyClass,
    RubyComplex,
    RubyHash,
    RubyRange,
    RubyRegexp,
    RubySet,
    RubyString,
    RunListObject,
    StructObject,
    Symbol,
    known,
)

if TYPE_CHECKING:
    from forensics.chef.objects import RunList
    from forensics.chef.ruby.dsl import DslObject

_DEEPEST = 127
"""Arrays and hashes in a body may nest this deep, the body itself included; yajl refuses more."""
_RAW = re.compile("[\udc80-\udcff]")
_STAND_IN = re.compile(f"[{chr(STANDS_FOR_BYTES)}-{chr(STANDS_FOR_BYTES + 0xFF)}]")
_YAJL_TEXT = re.compile(
    rb"(?:[\x00-\x7f]|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3})*\Z"
)


def object_of(role: DslObject, chef: str, *, foreign: bool = False) -> Role | Environment:
    """The role or environment that knife sends.

    Raises:
        RubyRaisedError: the encoder refuses a value.
    """
    writer = _Writer(role, chef, foreign=foreign)
    if role.kind is Kind.ENVIRONMENT:
        return Environment(
            writer.field("name"),
            writer.field("description"),
            writer.field("cookbook_versions"),
            writer.field("default_attributes"),
            writer.field("override_attributes"),
        )
    run_list, lists = writer.run_lists()
    return Role(
        writer.field("name"),
        writer.field("description"),
        run_list,
        lists,
        writer.field("default_attributes"),
        writer.field("override_attributes"),
    )


class _Writer:
    """Writes the fields of one object."""

    def __init__(self, role: DslObject, chef: str, *, foreign: bool) -> None:
        self.role = role
        self.foreign = foreign
        self.old = chef.split(".", maxsplit=1)[0] in {"10", "11"}
        self.source = Unknown("", 1)

    def field(self, name: str) -> Any:
        """The value of an instance variable."""
        self.source = self.role.sources.get(f"@{name}", Unknown(name, 1))
        return self.value(self.role.instance_variables[f"@{name}"], 2)

    def value(self, value: Any, depth: int) -> Any:
        """A value as it stands in the body; what is not known is Unresolved."""
        try:
            if isinstance(value, RubyHash):
                return self._hash(known(value), depth)
            if isinstance(value, RubyArray):
                self._check_depth(depth)
                return [self.value(item, depth + 1) for item in known(value).items]
            return self._scalar(known(value))
        except UncertainError as error:
            return Unresolved(error.unknown.source or self.source.source, error.unknown.line or self.source.line)
        except UnmodelledError:
            return Unresolved(self.source.source, self.source.line)

    def _scalar(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            if not math.isfinite(value):
                raise self.refused("'NaN', 'Infinity' and '-Infinity' are not allowed")
            return value
        if isinstance(value, RubyString | Symbol):
            return self.text(to_s(value))
        if isinstance(value, Opaque):
            if value.class_name in {LOCAL_TIME, "MatchData"} or (value.class_name == "Time" and self.old):
                raise UnmodelledError
            return value.wire
        if isinstance(value, RubyRegexp) and self.old:
            return self.text(_old_regexp(value))
        if isinstance(value, Fraction | RubyComplex | RubyRange | RubyRegexp | RubyClass | RubySet | StructObject):
            return self.text(to_s(value))
        raise UnmodelledError

    def text(self, text: str) -> str:
        """Text, if the encoder takes its bytes: it takes those of any encoding for UTF-8."""
        if self.foreign:
            text = text_of(_STAND_IN.sub(_byte, text).encode("utf-8", "surrogateescape"))
        if _RAW.search(text) and not _YAJL_TEXT.match(text.encode("utf-8", "surrogateescape")):
            raise self.refused("Invalid UTF-8 string")
        return text

    def refused(self, message: str) -> RubyRaisedError:
        """What the encoder raises."""
        error_class = "FFI_Yajl::EncodeError" if self.old else "Chef::Exceptions::JSON::EncodeError"
        return RubyRaisedError(error_class, message, self.source.line, stage="encode")

    def _check_depth(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise self.refused("Max nesting exceeded")

    def _hash(self, value: RubyHash, depth: int) -> dict[str, Any]:
        self._check_depth(depth)
        pairs = []
        for key, item in value.pairs():
            pairs.append((self.text(self._key(key)), self.value(item, depth + 1)))
        mapping = dict(pairs)
        return mapping if len(mapping) == len(pairs) else RepeatedKeys(pairs)

    def _key(self, key: Any) -> str:
        if isinstance(key, float) and not math.isfinite(key):
            raise self.refused("'NaN', 'Infinity' and '-Infinity' are not allowed")
        plain = key is None or isinstance(key, RubyString | Symbol | int | float)
        if not plain and (self.old or isinstance(key, Opaque)):
            raise UnmodelledError
        return to_s(key)

    def run_lists(self) -> tuple[RunList, dict[str, RunList] | Unresolved]:
        """The run list, and those of environments."""
        lists = self.role.instance_variables["@env_run_lists"]
        self.source = self.role.sources.get("@env_run_lists", Unknown("env_run_lists", 1))
        if isinstance(lists, Unknown) or not isinstance(lists, RubyHash) or lists.lost is not None:
            unknown = lists if isinstance(lists, Unknown) else getattr(lists, "lost", None) or self.source
            value = Unresolved(unknown.source, unknown.line)
            return value, value
        found: list[tuple[str, RunList]] = []
        default: RunList = Unresolved(self.source.source, self.source.line)
        for key, run_list in lists.pairs():
            if isinstance(key, RubyString) and key.text == "_default":
                if isinstance(run_list, RunListObject | Unknown):
                    default = self._items(run_list)
            elif isinstance(key, RubyString | Symbol):
                found.append((self.text(to_s(key)), self._items(run_list)))
            else:
                return default, Unresolved(self.source.source, self.source.line)
        mapping = dict(found)
        return default, mapping if len(mapping) == len(found) else RepeatedKeys(found)

    def _items(self, run_list: Any) -> RunList:
        try:
            known(run_list)
            if isinstance(run_list, RunListObject | RubyArray):
                return tuple(self.text(to_s(item)) for item in known(run_list).items)
        except UncertainError as error:
            return Unresolved(error.unknown.source, error.unknown.line)
        except UnmodelledError:
            pass
        return Unresolved(self.source.source, self.source.line)


def _byte(match: re.Match[str]) -> str:
    return chr(0xDC00 + ord(match[0]) - STANDS_FOR_BYTES)


def _old_regexp(value: RubyRegexp) -> str:
    """Chef 11 sends a slash without its backslash; what it makes of other backslashes is not known."""
    text = regexp_text(value)
    unescaped = text.replace("\\/", "/")
    if "\\" in unescaped:
        raise UnmodelledError
    return unescaped


def holds_unresolved(value: Any) -> bool:
    """Whether something in the object is not known."""
    waiting = [getattr(value, name) for name in value.__slots__]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Unresolved):
            return True
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list | tuple):
            waiting.extend(here)
    return False
