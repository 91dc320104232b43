"""Ruby's values while a file is evaluated: what is not already a Python int, float, bool or None.

Strings, arrays and hashes are objects with an identity, since role files share and mutate them. ``lost`` marks one
whose content can no longer be known. Integers are ``int``, floats ``float``, rationals ``Fraction``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from forensics.chef.ruby.failure import RubyRaisedError, UncertainError
from forensics.chef.ruby.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from tree_sitter import Node

    from forensics.chef.ruby.scope import Scope
    from forensics.chef.run_list import RunListItem

RubyValue: TypeAlias = Any


@dataclass(slots=True, eq=False)
class RubyString:
    """A mutable string; raw bytes that are no UTF-8 are lone surrogates."""

    text: str
    frozen: bool = False
    lost: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol."""

    name: str


@dataclass(slots=True, eq=False)
class RubyArray:
    """An array."""

    items: list[RubyValue] = field(default_factory=list)
    frozen: bool = False
    lost: Unknown | None = None


@dataclass(slots=True, eq=False)
class RubyHash:
    """A hash, in insertion order; ``entries`` maps an identity (``hash_key``) to key and value.

    ``mash`` is Chef's Mash: symbols as keys become strings, and so do those of the hashes that are put in.
    """

    entries: dict[Hashable, tuple[RubyValue, RubyValue]] = field(default_factory=dict)
    default: RubyValue = None
    default_block: RubyProc | None = None
    frozen: bool = False
    lost: Unknown | None = None
    mash: bool = False
    keywords: bool = False
    """It holds the keywords of a call that is being made."""

    def get(self, key: RubyValue) -> RubyValue:
        """The value under a key, or None."""
        found = self.entries.get(hash_key(key))
        return None if found is None else found[1]

    def put(self, key: RubyValue, value: RubyValue) -> None:
        """Set a key; a string as key is copied and frozen, as Ruby does."""
        identity = hash_key(key)
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


@dataclass(frozen=True, slots=True, eq=False)
class RubyRange:
    """A range; either end may be None."""

    first: RubyValue
    last: RubyValue
    exclusive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RubyRegexp:
    """A regular expression: its source as written, and its options (of ``mix``)."""

    source: str
    options: str = ""


@dataclass(frozen=True, slots=True)
class RubyComplex:
    """A complex number."""

    real: RubyValue
    imaginary: RubyValue


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """An immutable value of a class of the standard library: how ``to_s``, a request body and ``inspect`` write it."""

    class_name: str
    text: str
    wire: str
    value: Any = None


@dataclass(slots=True, eq=False)
class RubyClass:
    """A class or module."""

    name: str
    superclass: RubyClass | None = None
    is_module: bool = False
    builtin: bool = False
    methods: dict[str, RubyMethod] = field(default_factory=dict)
    singleton: dict[str, RubyMethod] = field(default_factory=dict)
    constants: dict[str, RubyValue] = field(default_factory=dict)
    included: list[RubyClass] = field(default_factory=list)
    extended: list[RubyClass] = field(default_factory=list)
    instance_variables: dict[str, RubyValue] = field(default_factory=dict)
    class_variables: dict[str, RubyValue] = field(default_factory=dict)
    members: tuple[str, ...] | None = None
    """The members of a Struct class."""

    def ancestors(self) -> list[RubyClass]:
        """The class, what it includes, and its superclasses."""
        found: list[RubyClass] = []
        here: RubyClass | None = self
        while here is not None:
            found.append(here)
            for module in reversed(here.included):
                found.extend(module.ancestors())
            here = here.superclass
        return found


@dataclass(slots=True, eq=False)
class RubyObject:
    """An object of a class that the file defines, or a plain ``Object``."""

    ruby_class: RubyClass
    instance_variables: dict[str, RubyValue] = field(default_factory=dict)
    singleton: dict[str, RubyMethod] = field(default_factory=dict)
    lost: Unknown | None = None
    frozen: bool = False


@dataclass(slots=True, eq=False)
class RubyException:
    """An exception object."""

    ruby_class: RubyClass
    message: RubyValue


@dataclass(frozen=True, slots=True, eq=False)
class RubyMethod:
    """A method that the file defines: its parameters, its body, and where it stands."""

    name: str
    parameters: Node | None
    body: tuple[Node, ...]
    scope: Scope
    node: Node
    reader: str | None = None
    """The instance variable that it reads, where ``attr_reader`` made it."""
    writer: str | None = None
    block: RubyProc | None = None
    """What it calls, where ``define_method`` made it."""


@dataclass(slots=True, eq=False)
class RubyProc:
    """A block, proc or lambda; or a function of ours that stands for one."""

    parameters: Node | None = None
    body: tuple[Node, ...] = ()
    scope: Scope | None = None
    node: Node | None = None
    is_lambda: bool = False
    function: Callable[[list[RubyValue]], RubyValue] | None = None
    self_object: RubyValue = None
    has_self: bool = False
    numbered: int = 0
    """The highest numbered parameter (``_1``) that the body uses."""


@dataclass(slots=True, eq=False)
class BoundMethod:
    """What ``method(:name)`` gives."""

    receiver: RubyValue
    name: str


@dataclass(slots=True, eq=False)
class Enumerator:
    """An iteration that waits for its block: ``receiver.name(*arguments)``."""

    receiver: RubyValue
    name: str
    arguments: list[RubyValue]


@dataclass(slots=True, eq=False)
class RunListObject:
    """Chef::RunList: its items stand in an array of its own, which the file can get hold of and change."""

    array: RubyArray = field(default_factory=RubyArray)
    lost: Unknown | None = None

    @property
    def items(self) -> list[Any]:
        """The members of the array.

        Raises:
            UncertainError: they are not known.
        """
        return known(self.array).items  # type: ignore[no-any-return]

    @classmethod
    def of(cls, items: Iterable[RunListItem]) -> RunListObject:
        """A run list of these items."""
        return cls(RubyArray(list(items)))


@dataclass(slots=True, eq=False)
class StructObject:
    """An instance of a Struct class."""

    ruby_class: RubyClass
    values: dict[str, RubyValue]
    lost: Unknown | None = None
    frozen: bool = False


@dataclass(slots=True, eq=False)
class RubySet:
    """A Set: its members are the keys."""

    members: RubyHash = field(default_factory=RubyHash)
    frozen: bool = False
    lost: Unknown | None = None


MUTABLE = (RubyString, RubyArray, RubyHash, RubyObject, RunListObject, StructObject, RubySet)


def known(value: RubyValue) -> RubyValue:
    """The value itself.

    Raises:
        UncertainError: it is not known.
    """
    if isinstance(value, Unknown):
        raise UncertainError(value)
    lost = getattr(value, "lost", None)
    if lost is not None:
        raise UncertainError(lost)
    return value


def truthy(value: RubyValue) -> bool:
    """Whether a value counts as true: all but nil and false.

    Raises:
        UncertainError: it is not known.
    """
    if isinstance(value, Unknown):
        raise UncertainError(value)
    return value is not None and value is not False


def hash_key(value: RubyValue) -> Hashable:
    """What tells keys of a hash apart (``eql?``): 1, 1.0 and true differ, equal strings do not."""
    kind = type(value)
    if kind is RubyString:
        return known(value).text  # type: ignore[no-any-return]
    if kind is Symbol:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return ("i", value)
    if value is None or kind is bool:
        return ("c", value)
    if kind is float:
        return ("f", repr(value))
    return _compound_key(known(value))


def _compound_key(value: RubyValue) -> Hashable:
    if isinstance(value, RubyArray):
        return ("a", tuple(hash_key(item) for item in value.items))
    if isinstance(value, RubyHash):
        return ("h", frozenset((key, hash_key(pair[1])) for key, pair in value.entries.items()))
    if isinstance(value, Fraction):
        return ("r", value)
    if isinstance(value, RubyRange):
        return ("..", hash_key(value.first), hash_key(value.last), value.exclusive)
    if isinstance(value, RubySet):
        return ("s", frozenset(value.members.entries))
    if isinstance(value, StructObject):
        return ("t", id(value.ruby_class), tuple(hash_key(item) for item in value.values.values()))
    if isinstance(value, Opaque):
        return ("o", value.class_name, value.text)
    return ("id", id(value), _Kept(value))


class _Kept:
    """Keeps an object alive as long as its identity is a key; equal to any other."""

    __slots__ = ("value",)

    def __init__(self, value: RubyValue) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)

    def __hash__(self) -> int:
        return 0


def check_frozen(value: RubyValue) -> None:
    """Refuse to change what is frozen.

    Raises:
        RubyRaisedError: FrozenError.
    """
    if value.frozen:
        raise RubyRaisedError("FrozenError", "can't modify a frozen object")


def equal(left: RubyValue, right: RubyValue) -> bool:
    """Ruby's ``==``."""
    left, right = known(left), known(right)
    if left is right:
        return not (isinstance(left, float) and left != left)  # noqa: PLR0124 - not a number
    kind = type(left)
    if kind is RubyString:
        return isinstance(right, RubyString) and left.text == right.text
    if kind is bool or type(right) is bool or left is None or right is None:
        return False
    if isinstance(left, int | float | Fraction) and isinstance(right, int | float | Fraction):
        return left == right
    return kind is type(right) and _equal_compound(left, right)


def _equal_compound(left: RubyValue, right: RubyValue) -> bool:
    if isinstance(left, RubyArray):
        return len(left.items) == len(right.items) and all(map(equal, left.items, right.items))
    if isinstance(left, RubyHash):
        return left.entries.keys() == right.entries.keys() and all(
            equal(pair[1], right.entries[key][1]) for key, pair in left.entries.items()
        )
    if isinstance(left, RubyRange):
        return left.exclusive == right.exclusive and equal(left.first, right.first) and equal(left.last, right.last)
    if isinstance(left, RubySet):
        return bool(left.members.entries.keys() == right.members.entries.keys())
    if isinstance(left, RubyRegexp):
        return (left.source, sorted(left.options)) == (right.source, sorted(right.options))
    if isinstance(left, StructObject):
        return left.ruby_class is right.ruby_class and all(
            equal(mine, right.values[name]) for name, mine in left.values.items()
        )
    if isinstance(left, RunListObject):
        return bool(left.items == right.items)
    if isinstance(left, Opaque):
        return (left.class_name, left.text) == (right.class_name, right.text)
    return bool(left == right) if isinstance(left, Symbol | RubyComplex) else False
