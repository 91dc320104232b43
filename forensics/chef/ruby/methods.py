"""The one table of the methods that are modelled, by the kind of their receiver and their name.

A name that the table lacks is unknown, whatever it may mean: see ``dispatch``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, TypeAlias, TypeVar

from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.text import is_text
from forensics.chef.ruby.values import RubyArray, RubyHash, RubyString, RubyValue, Symbol, check_known

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.state import EvaluationState

_Receiver = TypeVar("_Receiver")
_Receiver_co = TypeVar("_Receiver_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What is given to a call as its block: how to call it, and the code that it would run."""

    function: Callable[[list[RubyValue]], RubyValue]
    nodes: tuple[Node, ...] = ()
    scope: Scope | None = None


@dataclass(slots=True, eq=False)
class Arguments:
    """What a call passes."""

    positional: list[RubyValue] = field(default_factory=list)
    keywords: RubyHash | None = None
    block: Block | None = None

    def flat(self) -> list[RubyValue]:
        """The arguments as a method without keyword parameters sees them: keywords are one last hash."""
        return self.positional if self.keywords is None else [*self.positional, self.keywords]


@dataclass(frozen=True, slots=True, eq=False)
class Call(Generic[_Receiver_co]):
    """A call of a modelled method."""

    state: EvaluationState
    receiver: _Receiver_co
    name: str
    arguments: list[RubyValue]
    block: Block | None
    node: Node

    def given(self, *values: RubyValue) -> RubyValue:
        """Call the block.

        Raises:
            UnmodelledError: there is none.
        """
        if self.block is None:
            raise UnmodelledError
        self.state.budget.spend()
        return self.block.function(list(values))

    def argument(self, index: int = 0) -> RubyValue:
        """One argument.

        Raises:
            UncertainError: it is not known.
        """
        check_known(self.arguments[index])
        return self.arguments[index]

    def text(self, index: int = 0) -> str:
        """An argument that has to be a string.

        Raises:
            UnmodelledError: it is something else.
        """
        value = self.argument(index)
        if not isinstance(value, RubyString):
            raise UnmodelledError
        return value.text

    def integer(self, index: int = 0) -> int:
        """An argument that has to be an integer.

        Raises:
            UnmodelledError: it is something else.
        """
        value = self.argument(index)
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnmodelledError
        return value

    def refuse(self, value: RubyValue, *kinds: type) -> NoReturn:
        """A value of these kinds cannot be meant, and Ruby says so; of any other, nothing is certain.

        Raises:
            RubyRaisedError: Ruby refuses it (TypeError).
            UnmodelledError: it may mean something.
        """
        if isinstance(value, (*kinds, Symbol, int, float, type(None))):
            raise RubyRaisedError("TypeError", f"no implicit conversion of the argument of `{self.name}'")
        raise UnmodelledError

    def made(self, text: str) -> RubyString:
        """A new string."""
        self.state.budget.spend_on(len(text))
        return RubyString(text)

    def spend(self) -> None:
        """Count the work on the receiver and the arguments, as large as they are."""
        for value in (self.receiver, *self.arguments):
            if isinstance(value, RubyString):
                self.state.budget.spend_on(len(value.text))
            elif isinstance(value, RubyArray):
                self.state.budget.spend_on(len(value.items))
            elif isinstance(value, RubyHash):
                self.state.budget.spend_on(len(value.entries))


Function: TypeAlias = "Callable[[Call[_Receiver]], RubyValue]"


@dataclass(frozen=True, slots=True)
class Method:
    """A modelled method: with how many arguments it is modelled, whether it takes a block, and what it leaves behind.

    What a ``fresh`` result holds is its own; any other may hold what the receiver and the arguments hold, or the
    method changes them: where such a result is unknown, so are they.
    """

    function: Callable[[Call[Any]], RubyValue]
    least: int
    most: int
    block: Literal["none", "allowed", "needed"]
    fresh: bool

    def check(self, values: list[RubyValue], block: Block | None) -> None:
        """Let pass the arguments and the block that the model is for.

        Raises:
            UnmodelledError: for others.
        """
        if not self.least <= len(values) <= self.most:
            raise UnmodelledError
        if self.block == ("none" if block is not None else "needed"):
            raise UnmodelledError


METHODS: dict[tuple[type, str], Method] = {}


def method(
    *names: str,
    on: tuple[type, ...],
    least: int = 0,
    most: int | None = None,
    block: Literal["none", "allowed", "needed"] = "none",
    fresh: bool = False,
) -> Callable[[Function[_Receiver]], Function[_Receiver]]:
    """Put a method into the table under its names, for receivers of these kinds."""

    def register(function: Function[_Receiver]) -> Function[_Receiver]:
        for kind in on:
            for name in names:
                METHODS[kind, name] = Method(function, least, least if most is None else most, block, fresh)
        return function

    return register


def valid_text(value: RubyString) -> str:
    """The text of a string.

    Raises:
        UnmodelledError: it holds raw bytes.
    """
    if not is_text(value.text):
        raise UnmodelledError
    return value.text
