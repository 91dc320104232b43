"""What a shell knows between two lines, and what a line has run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forensics.evidence.records import Shell
    from forensics.evidence.shell.commits import Candidates
    from forensics.evidence.shell.syntax import Node
    from forensics.evidence.shell.work_tree import WorkTree

_T = TypeVar("_T")


class Settings(NamedTuple):
    """What holds for a whole history.

    ``order`` is that of names (``C`` or ``locale``), ``aliases`` are those that are configured, and ``skew`` is how far
    clocks may differ, in seconds.
    """

    order: str
    aliases: Mapping[str, str]
    skew: int


class Act(NamedTuple):
    """A knife that ran, or may have run (``certain``): its words after the program's name, and where it ran.

    ``assumed`` is what was taken for granted to say so; ``changes`` are those of the work tree by then.
    """

    argv: tuple[str, ...]
    cwd: str
    certain: bool
    assumed: tuple[str, ...]
    changes: frozenset[tuple[str, str]]


class Data(NamedTuple):
    """Lines that a program prints; where they are not ``ordered`` nobody knows in which order."""

    lines: tuple[str, ...]
    ordered: bool = True


EMPTY = Data(())


@dataclass(slots=True)
class ShellState:
    """A shell, as far as it matters.

    ``cwd`` is a location (``work_tree.location``), None where nobody knows it. A variable that is None has a value that
    nobody knows. ``clone`` are the commits that the clone can stand at (None: whatever there was by then), ``branches``
    where other branches were left. ``changes`` are those of the work tree.
    """

    cwd: str | None = ""
    previous: str | None = None
    stack: tuple[str | None, ...] = ()
    variables: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    options: frozenset[str] = frozenset()
    arguments: tuple[str, ...] | None = None
    over: bool = False
    clone: Candidates | None = None
    fetched: int | None = None
    branch: str = ""
    branches: dict[str, Candidates | None] = field(default_factory=dict)
    changes: frozenset[tuple[str, str]] = frozenset()

    def copy(self) -> ShellState:
        """A shell of its own that knows the same."""
        return replace(
            self,
            variables=dict(self.variables),
            aliases=dict(self.aliases),
            functions=dict(self.functions),
            branches=dict(self.branches),
        )

    def with_clone_of(self, other: ShellState) -> ShellState:
        """The same shell, with the clone as another one left it: what happens on the disk is the same for all."""
        return replace(
            self.copy(),
            clone=other.clone,
            fetched=other.fetched,
            branch=other.branch,
            branches=dict(other.branches),
            changes=other.changes,
        )

    def changed(self, path: str, how: str) -> None:
        """Note that a file was made (``+``), removed (``-``) or may have been changed (``~``)."""
        kept = frozenset(change for change in self.changes if change[0] != path)
        self.changes = kept | {(path, how)}


class Running(Protocol):
    """A shell that runs a line: what commands may ask of it, and do to it."""

    shell: Shell
    state: ShellState
    tree: WorkTree
    settings: Settings
    time: int | None
    order: str

    def run(self, node: Node, stdin: Data | None) -> tuple[bool | None, Data | None]:
        """Run a part of a line."""

    def call(self, body: Node, arguments: list[str], stdin: Data | None) -> tuple[bool | None, Data | None]:
        """Run a function."""

    def apart(self, go: Callable[[], _T]) -> _T:
        """Run something in a shell of its own."""

    def act(self, argv: tuple[str, ...]) -> None:
        """Run knife."""

    def fail(self, reason: str) -> None:
        """Say that knife ran and nobody can tell how."""

    def leave(self) -> None:
        """Leave a loop or a function."""

    def probe(self, node: Node) -> bool:
        """Whether knife would be run."""

    def either(self) -> bool:
        """Follow both of two possibilities."""

    def writes(self, path: str, how: str = "+") -> None:
        """Note that a file is written."""

    def locale(self) -> str:
        """The order of names."""

    def has(self, option: str) -> bool:
        """Whether an option is set."""
