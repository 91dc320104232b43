"""Follows what a typed line runs, through lists, loops and conditions, without running anything.

How a real program ended is not known: what depends on it is possible, and both are followed where it makes a
difference to the shell. The commits that are possible are followed apart as soon as they differ in what a line asks.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final, TypeVar

from forensics.evidence.records import Shell
from forensics.evidence.shell import builtins, running
from forensics.evidence.shell.parsing import literal
from forensics.evidence.shell.patterns import matches, tokens_of
from forensics.evidence.shell.state import EMPTY, Act, Data, Settings, ShellState
from forensics.evidence.shell.syntax import (
    Assignment,
    CaseBlock,
    For,
    Function,
    If,
    Node,
    NotUnderstood,
    Pipeline,
    Redirected,
    Sequence,
    Simple,
    Subshell,
    Test,
    Text,
    While,
    read_names,
)
from forensics.evidence.shell.values import Values
from forensics.evidence.shell.words import NoMatch, expand, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from forensics.evidence.shell.syntax import Word
    from forensics.evidence.shell.work_tree import WorkTree

    Result = tuple[bool | None, Data | None]

_MOST_STEPS: Final = 20000
_MOST_CASES: Final = 256
_DEEPEST_CALLS: Final = 20
_T = TypeVar("_T")


class Fork(Exception):  # noqa: N818 (no error)
    """Whether something ran makes a difference to the shell: both have to be followed."""


class LineAborted(Exception):  # noqa: N818 (what zsh does)
    """The shell gives up on the rest of the line."""


class LineInterpreter(Values):
    """One shell while it runs one line."""

    def __init__(
        self,
        shell: Shell,
        state: ShellState,
        tree: WorkTree,
        settings: Settings,
        time: int | None,
        choices: tuple[bool, ...],
    ) -> None:
        super().__init__(shell, state, tree, settings, time)
        self.acts: list[Act] = []
        self.failures: list[str] = []
        self.steps = 0
        self._choices = choices
        self._chosen = 0
        self._certain = True
        self._left = False
        self._calls = 0

    def whole(self, node: Node) -> None:
        """Run all of a line."""
        try:
            self.run(node, None)
        except LineAborted:
            pass
        except RecursionError:
            raise NotUnderstood("nested too deeply") from None

    def run(self, node: Node, stdin: Data | None) -> Result:
        """Run a part of a line; gives whether it succeeds and what it prints, None where nobody knows."""
        if self.state.over:
            return None, EMPTY
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise NotUnderstood("too large")
        if isinstance(node, Simple):
            return self._simple(node, stdin)
        if isinstance(node, Sequence):
            return self._sequence(node, stdin)
        if isinstance(node, Pipeline):
            return self._pipeline(node, stdin)
        if isinstance(node, Subshell):
            result = self.apart(lambda: self.run(node.body, stdin))
            return (True, EMPTY) if node.background else result
        if isinstance(node, Redirected):
            return self._redirected(node, stdin)
        if isinstance(node, Function):
            self.state.functions[node.name] = node.body
            return True, EMPTY
        if isinstance(node, Test):
            return None, EMPTY
        return self._block(node, stdin)

    def _block(self, node: For | While | If | CaseBlock, stdin: Data | None) -> Result:
        if isinstance(node, For):
            return self._for(node, stdin)
        if isinstance(node, While):
            return self._while(node, stdin)
        if isinstance(node, If):
            return self._if(node, 0, stdin)
        return self._case(node, stdin)

    def apart(self, go: Callable[[], _T]) -> _T:
        """Run something in a shell of its own; what it does to the clone stays."""
        before = self.state
        self.state = before.copy()
        try:
            return go()
        finally:
            self.state = before.with_clone_of(self.state)

    def maybe(self, go: Callable[[], Result]) -> Result:
        """Run something of which nobody knows whether it ran."""
        before, was, told = self.state.copy(), self._certain, len(self.acts)
        self._certain = False
        result = go()
        self._certain = was
        if self.state != before and not self._ran():
            self.state = before
            del self.acts[told:]
        return None, None if result[1] != EMPTY else EMPTY

    def _ran(self) -> bool:
        self._chosen += 1
        if self._chosen > len(self._choices):
            raise Fork
        return self._choices[self._chosen - 1]

    def either(self) -> bool:
        """Follow both of two possibilities."""
        return self._ran()

    def probe(self, node: Node) -> bool:
        """Whether a part of a line runs knife, or may; it is not run."""
        before, told, failed = self.state.copy(), len(self.acts), len(self.failures)
        self._within(node, None)
        runs = len(self.acts) > told or len(self.failures) > failed
        del self.acts[told:], self.failures[failed:]
        self.state = before
        return runs

    def leave(self) -> None:
        """A loop or a function is left, or would be: nothing that follows in it ran for certain."""
        self._left = True

    def _within(self, node: Node, stdin: Data | None) -> Result:
        """Run a part of a line out of which nothing that leaves a loop or a function leads."""
        was = self._left
        result = self.run(node, stdin)
        self._left = was
        return result

    def fail(self, reason: str) -> None:
        """Say that something ran knife of which nobody can tell how."""
        if reason not in self.failures:
            self.failures.append(reason)

    # lists

    def _sequence(self, node: Sequence, stdin: Data | None) -> Result:
        status: bool | None = True
        printed: Data | None = EMPTY
        for operator, item in node.items:
            if operator == ";" or status is (operator == "&&"):
                status, output = self.run(item, stdin)
            elif status is None:
                _, output = self.maybe(lambda item=item: self.run(item, stdin))  # type: ignore[misc]
            else:
                continue
            printed = _both(printed, output)
        return status, printed

    def _pipeline(self, node: Pipeline, stdin: Data | None) -> Result:
        status: bool | None = True
        for number, command in enumerate(node.commands):
            last = number == len(node.commands) - 1
            if len(node.commands) > 1 and not (last and self.shell is not Shell.BASH):
                status, stdin = self.apart(lambda command=command, given=stdin: self.run(command, given))  # type: ignore[misc]
            else:
                status, stdin = self.run(command, stdin)
        return (None if status is None else status is not node.negated), stdin

    def _redirected(self, node: Redirected, stdin: Data | None) -> Result:
        written = False
        for redirection in node.redirections:
            if redirection.operator in (">", ">>"):
                written = True
                self.redirected(redirection)
            else:
                stdin = self.input_of(redirection)
        status, output = self.run(node.body, stdin)
        return status, EMPTY if written else output

    # blocks

    def _for(self, node: For, stdin: Data | None) -> Result:
        if node.words is None:
            values = list(self.value("@"))
        else:
            try:
                values = expand(node.words, self, unmatched_is_nothing=self.shell is Shell.FISH)
            except NotUnderstood as error:
                self.state.variables[node.variable] = None
                if self.probe(node.body):
                    self.fail(str(error))
                return None, None
            except NoMatch:
                return self.no_match()
        return None, self._rounds(node.body, stdin, ({node.variable: (value,)} for value in values))

    def _rounds(self, body: Node, stdin: Data | None, rounds: Iterable[Mapping[str, tuple[str, ...]]]) -> Data | None:
        """What the rounds of a loop print, each with its variables."""
        printed: Data | None = EMPTY
        was = self._left
        for variables in rounds:
            self.state.variables |= variables
            printed = _both(printed, self.run(body, stdin)[1])
        self._left = was
        return printed

    def _while(self, node: While, stdin: Data | None) -> Result:
        names = read_names(node.condition)
        if names is not None and not node.until:
            return self._read_loop(names, node.body, stdin)
        status, _ = self.run(node.condition, stdin)
        if status is not None and status is node.until:
            return True, EMPTY
        if self.probe(node.body):
            self.fail("nobody knows how often the loop went round")
        return None, None

    def _read_loop(self, names: list[str], body: Node, stdin: Data | None) -> Result:
        if stdin is None or not stdin.ordered or any("\\" in line for line in stdin.lines):
            for name in names:
                self.state.variables[name] = None
            if self.probe(body):
                self.fail("nobody knows what was read")
            return None, None
        split = (line.split(None, len(names) - 1) for line in stdin.lines)
        rounds = ({name: (value.rstrip(),) for name, value in zip_longest(names, each, fillvalue="")} for each in split)
        return True, self._rounds(body, None, rounds)

    def _if(self, node: If, number: int, stdin: Data | None) -> Result:
        if number == len(node.branches):
            return (True, EMPTY) if node.otherwise is None else self.run(node.otherwise, stdin)
        condition, body = node.branches[number]
        status, _ = self.run(condition, stdin)
        if status:
            return self.run(body, stdin)
        if status is False:
            return self._if(node, number + 1, stdin)
        self.maybe(lambda: self.run(body, stdin))
        self.maybe(lambda: self._if(node, number + 1, stdin))
        return None, None

    def _case(self, node: CaseBlock, stdin: Data | None) -> Result:
        try:
            value = text_of(node.word, self)
            for patterns, body in node.arms:
                for pattern in patterns:
                    pieces = [(part.value, part.quoted) for part in pattern if isinstance(part, Text)]
                    if len(pieces) < len(pattern):
                        return self._unclear_case(node, "a pattern that is not understood")
                    if matches(tokens_of(pieces), value):
                        return self.run(body, stdin)
        except NotUnderstood as error:
            return self._unclear_case(node, str(error))
        return True, EMPTY

    def _unclear_case(self, node: CaseBlock, reason: str) -> Result:
        if any(self.probe(body) for _, body in node.arms):
            self.fail(reason)
        return None, None

    # commands

    def _simple(self, node: Simple, stdin: Data | None) -> Result:
        try:
            words = self._expanded(node)
        except NotUnderstood as error:
            if running.names_knife(node.words, self):
                self.fail(str(error))
            return None, None
        except NoMatch:
            return self.no_match()
        if not words:
            for assignment in node.assignments:
                self._assign(assignment)
            return True, EMPTY
        was = self.order
        for assignment in node.assignments:
            self.order = _order_of(assignment) or self.order
        try:
            return running.run(self, words, stdin)
        finally:
            self.order = was

    def _expanded(self, node: Simple) -> list[str]:
        if self.shell is not Shell.ZSH or not node.words or literal(node.words[0]) != "noglob":
            return expand(node.words, self)
        before = self.state.options
        self.state.options |= {"noglob"}
        try:
            return expand(node.words[1:], self)
        finally:
            self.state.options = before

    def printed(self, body: Node) -> str:
        """What commands print."""
        _, output = self.apart(lambda: self.run(body, None))
        if output is None:
            raise NotUnderstood("nobody knows what a command printed")
        if not output.ordered:
            raise NotUnderstood("files come in an order that nobody knows")
        return "\n".join(output.lines).rstrip("\n")

    def no_match(self) -> Result:
        """A pattern matches nothing: fish goes on behind the command, the others give up on the line."""
        if self.shell is Shell.FISH:
            return False, EMPTY
        raise LineAborted

    def _assign(self, assignment: Assignment) -> None:
        try:
            if assignment.is_list:
                value: tuple[str, ...] = tuple(expand(assignment.words, self))
            else:
                value = (text_of(assignment.words[0], self),)
        except (NotUnderstood, NoMatch):
            self.state.variables[assignment.name] = None
        else:
            self.state.variables[assignment.name] = value

    def act(self, argv: tuple[str, ...]) -> None:
        """A knife runs."""
        if self.state.cwd is None:
            self.fail("nobody knows in which directory")
            return
        try:
            place = self.tree.inside(self.state.cwd, directory=True)
        except NotUnderstood:
            place = ""  # of a commit that is not examined only the words are known
        cwd = self.state.cwd if place is None else place
        self.acts.append(Act(argv, cwd, self._certain and not self._left, tuple(self.tree.assumed), self.state.changes))

    def call(self, body: Node, arguments: list[str], stdin: Data | None) -> Result:
        """Run a function."""
        self._calls += 1
        if self._calls > _DEEPEST_CALLS:
            raise NotUnderstood("nested too deeply")
        before, self.state.arguments = self.state.arguments, tuple(arguments)
        argv = self.state.variables.get("argv", ())
        if self.shell is Shell.FISH:
            self.state.variables["argv"] = tuple(arguments)
        result = self._within(body, stdin)
        self.state.arguments = before
        if self.shell is Shell.FISH:
            self.state.variables["argv"] = argv
        self._calls -= 1
        return result


def _both(one: Data | None, two: Data | None) -> Data | None:
    if one is None or two is None:
        return None
    return Data(one.lines + two.lines, one.ordered and two.ordered)


def _order_of(assignment: Assignment) -> str:
    if assignment.name not in ("LC_ALL", "LC_COLLATE", "LANG") or assignment.is_list:
        return ""
    word: Word = assignment.words[0]
    return builtins.order_of("".join(part.value for part in word if isinstance(part, Text)))
