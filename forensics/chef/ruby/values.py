"""Ruby's values while a file is evaluated: what is not already a Python int, float, bool or None.

Strings, arrays and hashes are objects with an identity, since role files share and mutate them. ``lost`` marks one
whose content can no longer be known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UncertainError, UnmodelledError
from forensics.chef.ruby.unknown import UnknownValue

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from forensics.chef.run_list import RunListItem


@dataclass(slots=True, eq=False)
class RubyString:
    """A mutable string; raw bytes that are no UTF-8 are lone surrogates."""

    text: str
    frozen: bool = False
    lost: UnknownValue | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol."""

    name: str


@dataclass(slots=True, eq=False)
class RubyArray:
    """An array."""

    items: list[RubyValue] = field(default_factory=list)
    frozen: bool = False
    lost: UnknownValue | None = None
    members_lost: bool = False


@dataclass(slots=True, eq=False)
class RubyHash:
    """A hash, in insertion order; ``entries`` maps an identity (``hash_key``) to key and value.

    ``mash`` is Chef's Mash: symbols as keys become strings, and so do those of the hashes that are put in.
    """

    entries: dict[Hashable, tuple[RubyValue, RubyValue]] = field(default_factory=dict)
    frozen: bool = False
    lost: UnknownValue | None = None
    members_lost: bool = False
    mash: bool = False

    def found(self, key: RubyValue) -> tuple[RubyValue, RubyValue] | None:
        """The pair under a key."""
        return self.entries.get(hash_key(_mash_key(key) if self.mash else key))

    def put(self, key: RubyValue, value: RubyValue) -> None:
        """Set a key; a string as key is copied and frozen, as Ruby does."""
        if self.mash:
            key = _mash_key(key)
        self.put_under(hash_key(key), key, value)

    def put_under(self, identity: Hashable, key: RubyValue, value: RubyValue) -> None:
        """Set a key whose identity is known already."""
        present = self.entries.get(identity)
        if present is not None:
            self.entries[identity] = (present[0], value)
            return
        if isinstance(key, RubyString) and not key.frozen:
            key = RubyString(key.text, frozen=True)
        self.entries[identity] = (key, value)

    def pairs(self) -> list[tuple[RubyValue, RubyValue]]:
        """Keys with their values, in order."""
        return list(self.entries.values())

    @classmethod
    def of(cls, pairs: Iterable[tuple[RubyValue, RubyValue]]) -> RubyHash:
        """A hash of these pairs."""
        made = cls()
        for key, value in pairs:
            made.put(key, value)
        return made


@dataclass(frozen=True, slots=True)
class RubyRange:
    """A range of integers, or of single characters of ASCII."""

    first: int | str
    last: int | str
    exclusive: bool

    def numbers(self) -> range:
        """Its members, characters as their codes."""
        first, last = (ord(end) if isinstance(end, str) else end for end in (self.first, self.last))
        return range(first, last + (0 if self.exclusive else 1))

    def members(self) -> list[RubyValue]:
        """Its members."""
        if isinstance(self.first, int):
            return list(self.numbers())
        return [RubyString(chr(code)) for code in self.numbers()]


@dataclass(frozen=True, slots=True, eq=False)
class RubyRegexp:
    """A regular expression as a value, which nothing is matched against: its source, and its options (of ``mix``)."""

    source: str
    options: str


@dataclass(slots=True, eq=False)
class RunListObject:
    """Chef::RunList."""

    items: list[RunListItem] = field(default_factory=list)
    lost: UnknownValue | None = None


@dataclass(slots=True, eq=False)
class DslObject:
    """The role or environment that the file is evaluated on.

    ``sources`` says where each field was last set, for values that turn out not to be known; a field in ``spoilt`` may
    be set again at any time by code that is not evaluated, so that it stays unknown.
    """

    fields: dict[str, RubyValue] = field(default_factory=dict)
    sources: dict[str, UnknownValue] = field(default_factory=dict)
    spoilt: dict[str, UnknownValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields["name"] = RubyString("")
        self.fields["description"] = RubyString("")
        self.fields["default_attributes"] = RubyHash(mash=True)
        self.fields["override_attributes"] = RubyHash(mash=True)

    def assign(self, name: str, value: RubyValue) -> None:
        """Set a field."""
        self.fields[name] = self.spoilt.get(name, value)


class RoleObject(DslObject):
    """A role; its run list is that of the environment ``_default``."""

    def __post_init__(self) -> None:
        DslObject.__post_init__(self)
        self.fields["env_run_lists"] = RubyHash.of([(RubyString("_default"), RunListObject())])


class EnvironmentObject(DslObject):
    """An environment."""

    def __post_init__(self) -> None:
        DslObject.__post_init__(self)
        self.fields["cookbook_versions"] = RubyHash()


RubyValue: TypeAlias = (
    "bool | int | float | RubyString | Symbol | RubyArray | RubyHash | RubyRange | RubyRegexp | RunListObject "
    "| RunListItem | DslObject | UnknownValue | None"
)


def _mash_key(key: RubyValue) -> RubyValue:
    return RubyString(key.name) if isinstance(key, Symbol) else key


def unknown_part(value: RubyValue) -> UnknownValue | None:
    """What makes the value unknown itself (not just something in it), or None."""
    if isinstance(value, _LOSABLE):
        return value.lost
    return value if isinstance(value, UnknownValue) else None


_LOSABLE = (RubyString, RubyArray, RubyHash, RunListObject)


def check_known(value: RubyValue) -> None:
    """Let pass what is known.

    Raises:
        UncertainError: the value is not.
    """
    unknown = unknown_part(value)
    if unknown is not None:
        raise UncertainError(unknown)


def truthy(value: RubyValue) -> bool:
    """Whether a value counts as true: all but nil and false.

    Raises:
        UncertainError: it is not known.
    """
    if isinstance(value, UnknownValue):
        raise UncertainError(value)
    return value is not None and value is not False


def hash_key(value: RubyValue) -> Hashable:
    """What tells keys of a hash apart (``eql?``): 1, 1.0 and true differ, equal strings do not.

    Raises:
        UncertainError: it is not known.
        UnmodelledError: for arrays and hashes as keys.
    """
    if isinstance(value, Symbol):
        return value
    check_known(value)
    if isinstance(value, RubyString):
        return value.text
    if value is None or isinstance(value, bool):
        return ("c", value)
    if isinstance(value, int):
        return ("i", value)
    if isinstance(value, float):
        return ("f", repr(value))
    raise UnmodelledError


def check_frozen(value: RubyString | RubyArray | RubyHash) -> None:
    """Refuse to change what is frozen.

    Raises:
        RubyRaisedError: FrozenError.
    """
    if value.frozen:
        raise RubyRaisedError("FrozenError", "can't modify a frozen object")


def lose(value: RubyValue, unknown: UnknownValue) -> None:
    """Nothing about the content of this value, and of what it holds, is known any more.

    Raises:
        GiveUpError: it is the role itself.
    """
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, DslObject):
            raise GiveUpError(unknown)
        if isinstance(here, RubyArray | RubyHash) and not here.members_lost:
            here.members_lost = True
            waiting.extend(here.items if isinstance(here, RubyArray) else [item for _, item in here.pairs()])
        if isinstance(here, RunListObject) or (isinstance(here, RubyString | RubyArray | RubyHash) and not here.frozen):
            here.lost = here.lost or unknown
