"""The trees that typed lines are parsed into, the same for bash, zsh and fish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


class NotUnderstood(Exception):  # noqa: N818 (named for what happens to the line)
    """What a line ran cannot be told; the text is the reason, for people."""


class Unfinished(NotUnderstood):
    """A line that ends before its command does: a quote, a here-document or a block is open."""


@dataclass(frozen=True, slots=True)
class Text:
    """Characters of a word; ``quoted`` ones mean themselves."""

    value: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """``$name``, or ``${name OPERATOR argument}`` where the operator is ``#``, ``##``, ``%``, ``%%`` or ``:-``."""

    name: str
    quoted: bool
    operator: str = ""
    argument: Word = ()


@dataclass(frozen=True, slots=True)
class Substitution:
    """``$(...)``: what commands print."""

    body: Node
    quoted: bool


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part of a word whose value nobody can tell, with why."""

    reason: str


Part: TypeAlias = "Text | Variable | Substitution | Opaque"
Word: TypeAlias = "tuple[Part, ...]"


@dataclass(frozen=True, slots=True)
class Redirection:
    """``<``, ``>``, ``>>``, ``<<<`` with a word; ``<<`` with the body of the here-document."""

    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Assignment:
    """``name=word``, or ``name=(words)`` as a list."""

    name: str
    words: tuple[Word, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Simple:
    """A command with its words; without any, assignments that last."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """``[[ ... ]]`` and ``((...))``: nobody looks what comes out."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands whose output is the next one's input; ``negated`` by ``!``."""

    commands: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands one after the other, each with what joins it to those before: ``;``, ``&&`` or ``||``."""

    items: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Subshell:
    """``( ... )`` and ``... &``: what changes in there stays in there."""

    body: Node
    background: bool = False


@dataclass(frozen=True, slots=True)
class For:
    """A loop over words; None stands for the arguments of the function."""

    variable: str
    words: tuple[Word, ...] | None
    body: Node


@dataclass(frozen=True, slots=True)
class While:
    """A loop; ``until`` turns the condition over."""

    condition: Node
    body: Node
    until: bool = False


@dataclass(frozen=True, slots=True)
class If:
    """Conditions with their bodies, and what is done if none holds."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None


@dataclass(frozen=True, slots=True)
class CaseBlock:
    """A word and the arms that it may fit."""

    word: Word
    arms: tuple[tuple[tuple[Word, ...], Node], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """The definition of a function."""

    name: str
    body: Node


@dataclass(frozen=True, slots=True)
class Redirected:
    """A command with redirections; the body of a here-document comes in once it is read."""

    body: Node
    redirections: list[Redirection]


Node: TypeAlias = (
    "Simple | Test | Pipeline | Sequence | Subshell | For | While | If | CaseBlock | Function | Redirected"
)


def read_names(condition: Node) -> list[str] | None:
    """The variables of a ``read`` that is a loop's condition."""
    if not isinstance(condition, Simple) or any(each.name != "IFS" for each in condition.assignments):
        return None
    if any(isinstance(part, (Variable, Substitution)) for word in condition.words for part in word):
        return None
    words = ["".join(part.value for part in word if isinstance(part, Text)) for word in condition.words]
    if words[:1] != ["read"] or any(word.startswith("-") and word not in ("-r", "-l") for word in words[1:]):
        return None
    return [word for word in words[1:] if not word.startswith("-")]
