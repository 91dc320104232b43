"""Follows what a typed line runs, through lists, loops and conditions, without running anything.

How a real program ended is not known: what depends on it is possible, and both are followed where it makes a
difference to the shell. The commits that are possible are followed apart as soon as they differ in what a line asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from forensics.evidence.records import Shell
from forensics.evidence.shell import running
from forensics.evidence.shell.parsing import literal
from forensics.evidence.shell.patterns import matches, tokens_of
from forensics.evidence.shell.state import EMPTY, Act, Data, Settings, State
from forensics.evidence.shell.syntax import (
    Assignment,
    Case,
    For,
    Function,
    If,
    Node,
    NotUnderstood,
    Pipeline,
    Redirected,
    Redirection,
    Sequence,
    Simple,
    Subshell,
    Substitution,
    Test,
    Text,
    Variable,
    While,
)
from forensics.evidence.shell.words import NoMatch, expand, text_of
from forensics.evidence.shell.work_tree import Split, WorkTree, arranged, location

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.evidence.shell.commits import Candidates, Commits
    from forensics.evidence.shell.syntax import Word

    Result = tuple[bool | None, Data | None]

_MOST_STEPS: Final = 20000
_MOST_CASES: Final = 256
_DEEPEST_CALLS: Final = 20
_T = TypeVar("_T")


class Fork(Exception):  # noqa: N818 (no error)
    """Whether something ran makes a difference to the shell: both have to be followed."""


class Abort(Exception):  # noqa: N818 (what zsh does)
    """The shell gives up on the rest of the line."""


class Outcome(NamedTuple):
    """What a line ran if the clone stood at one of some commits, why not all of it is told, and the shell afterwards."""

    candidates: Candidates
    acts: tuple[Act, ...]
    failures: tuple[str, ...]
    state: State


def outcomes(
    node: Node, shell: Shell, state: State, commits: Commits, settings: Settings, time: int | None
) -> list[Outcome]:
    """Everything that a line can have run.

    Raises:
        NotUnderstood: that would be too much.
    """
    start = state.clone if state.clone is not None else commits.by(None if time is None else time + settings.skew)
    pending: list[tuple[Candidates, tuple[bool, ...]]] = [(start, ())]
    found: list[Outcome] = []
    steps = 0
    while pending:
        candidates, choices = pending.pop()
        interpreter = Interpreter(shell, state.copy(), WorkTree(commits, candidates, state.changes), settings, time)
        interpreter.choices = choices
        interpreter.steps = steps
        try:
            interpreter.whole(node)
        except Split as split:
            pending += [(group, choices) for group in split.groups]
        except Fork:
            pending += [(candidates, (*choices, False)), (candidates, (*choices, True))]
        else:
            outcome = Outcome(candidates, tuple(interpreter.acts), tuple(interpreter.failures), interpreter.state)
            found.append(outcome)
        steps = interpreter.steps
        if len(pending) + len(found) > _MOST_CASES:
            raise NotUnderstood("too many commits and outcomes are possible")
    return found


class Interpreter:
    """One shell while it runs one line."""

    def __init__(self, shell: Shell, state: State, tree: WorkTree, settings: Settings, time: int | None) -> None:
        self.shell = shell
        self.state = state
        self.tree = tree
        self.settings = settings
        self.time = time
        self.acts: list[Act] = []
        self.failures: list[str] = []
        self.choices: tuple[bool, ...] = ()
        self.steps = 0
        self.order = ""
        self._chosen = 0
        self._certain = True
        self._calls = 0

    def whole(self, node: Node) -> None:
        """Run all of a line."""
        try:
            self.run(node, None)
        except Abort:
            pass
        except RecursionError:
            raise NotUnderstood("nested too deeply") from None

    def run(self, node: Node, stdin: Data | None) -> Result:  # noqa: PLR0911 (a case for each form)
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

    def _block(self, node: For | While | If | Case, stdin: Data | None) -> Result:
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
        if self._chosen > len(self.choices):
            raise Fork
        return self.choices[self._chosen - 1]

    def either(self) -> bool:
        """Follow both of two possibilities."""
        return self._ran()

    def probe(self, node: Node) -> bool:
        """Whether a part of a line runs knife, or may; it is not run."""
        before, told, failed = self.state.copy(), len(self.acts), len(self.failures)
        self.run(node, None)
        runs = len(self.acts) > told or len(self.failures) > failed
        del self.acts[told:], self.failures[failed:]
        self.state = before
        return runs

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
                self._writes(redirection)
            else:
                stdin = self._read(redirection)
        status, output = self.run(node.body, stdin)
        return status, EMPTY if written else output

    def _writes(self, redirection: Redirection) -> None:
        try:
            self.writes(text_of(redirection.target, self))
        except (NotUnderstood, NoMatch):
            return

    def writes(self, path: str, how: str = "+") -> None:
        """Note that a file of the clone is written."""
        if self.state.cwd is None or path.startswith(("/dev/", "&")):
            return
        place = self.tree.inside(location(self.state.cwd, path))
        if place:
            there = self.tree.entry(place).kind == "file"
            self.state.changed(place, "~" if there and how == "+" else how)
            self.tree.changes = self.state.changes

    def _read(self, redirection: Redirection) -> Data | None:
        try:
            if redirection.operator == "<":
                place = self.tree.inside(location(self.cwd(), text_of(redirection.target, self)))
                return None if place is None else Data(tuple(self.tree.read(place).splitlines()))
            if redirection.operator == "<<" and any(
                isinstance(part, Text) and not part.quoted and set("$`\\") & set(part.value)
                for part in redirection.target
            ):
                return None
            text = (
                "".join(part.value for part in redirection.target if isinstance(part, Text))
                if redirection.operator == "<<"
                else text_of(redirection.target, self)
            )
            return Data(tuple(text.splitlines()))
        except (NotUnderstood, NoMatch):
            return None

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
        printed: Data | None = EMPTY
        for value in values:
            self.state.variables[node.variable] = (value,)
            _, output = self.run(node.body, stdin)
            printed = _both(printed, output)
        return None, printed

    def _while(self, node: While, stdin: Data | None) -> Result:
        names = _read_names(node.condition)
        if names is not None and not node.until:
            return self._read_loop(names, node.body, stdin)
        status, _ = self.run(node.condition, stdin)
        if status is not None and status is node.until:
            return True, EMPTY
        if self.probe(node.body):
            self.fail("nobody knows how often the loop went round")
        return None, None

    def _read_loop(self, names: list[str], body: Node, stdin: Data | None) -> Result:
        known = stdin is not None and (stdin.ordered or len(stdin.lines) < 2) and not any("\\" in x for x in stdin.lines)  # noqa: PLR2004
        if stdin is None or not known:
            for name in names:
                self.state.variables[name] = None
            if self.probe(body):
                self.fail("nobody knows what was read")
            return None, None
        printed: Data | None = EMPTY
        for line in stdin.lines:
            fields = line.split(None, len(names) - 1)
            for number, name in enumerate(names):
                self.state.variables[name] = (fields[number].rstrip() if number < len(fields) else "",)
            _, output = self.run(body, None)
            printed = _both(printed, output)
        return True, printed

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

    def _case(self, node: Case, stdin: Data | None) -> Result:
        try:
            value = text_of(node.word, self)
            for patterns, body in node.arms:
                for pattern in patterns:
                    pieces = [(part.value, part.quoted) for part in pattern if isinstance(part, Text)]
                    if len(pieces) < len(pattern):
                        raise NotUnderstood("a pattern that is not understood")
                    if matches(tokens_of(pieces), value):
                        return self.run(body, stdin)
        except NotUnderstood as error:
            if any(self.probe(body) for _, body in node.arms):
                self.fail(str(error))
            return None, None
        return True, EMPTY

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

    def no_match(self) -> Result:
        """A pattern matches nothing: fish goes on behind the command, the others give up on the line."""
        if self.shell is Shell.FISH:
            return False, EMPTY
        raise Abort

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
        self.acts.append(Act(argv, cwd, self._certain, tuple(self.tree.assumed), self.state.changes))

    def call(self, body: Node, arguments: list[str], stdin: Data | None) -> Result:
        """Run a function."""
        self._calls += 1
        if self._calls > _DEEPEST_CALLS:
            raise NotUnderstood("nested too deeply")
        before, self.state.arguments = self.state.arguments, tuple(arguments)
        argv = self.state.variables.get("argv", ())
        if self.shell is Shell.FISH:
            self.state.variables["argv"] = tuple(arguments)
        result = self.run(body, stdin)
        self.state.arguments = before
        if self.shell is Shell.FISH:
            self.state.variables["argv"] = argv
        self._calls -= 1
        return result

    # what expansions ask

    def value(self, name: str) -> tuple[str, ...]:
        """A variable's values."""
        if name in ("@", "*") or name.isdigit():
            arguments = self.state.arguments or ()
            if name.isdigit():
                return arguments[int(name) - 1 : int(name)] if name != "0" else self.state.variables.get("0") or ()
            return arguments
        if name == "HOME":
            return ("~",)
        if name in ("PWD", "OLDPWD"):
            known = self.directory("+" if name == "PWD" else "-")
            return self._unknown(name) if known is None else (known,)
        value = self.state.variables.get(name)
        return self._unknown(name) if value is None else value

    def _unknown(self, name: str) -> tuple[str, ...]:
        raise NotUnderstood(f"nobody knows the value of ${name}")

    def printed(self, body: Node) -> str:
        """What commands print."""
        _, output = self.apart(lambda: self.run(body, None))
        if output is None:
            raise NotUnderstood("nobody knows what a command printed")
        if not output.ordered:
            raise NotUnderstood("files come in an order that nobody knows")
        return "\n".join(output.lines).rstrip("\n")

    def directory(self, sign: str) -> str | None:
        """The working directory, or the one before, as a word that means the same from here."""
        place = self.state.cwd if sign == "+" else self.state.previous
        if place is None or self.state.cwd is None:
            return None
        return place if place.startswith(("/", "~")) else running.from_here(self.state.cwd, place)

    def cwd(self) -> str:
        """The working directory.

        Raises:
            NotUnderstood: nobody knows it.
        """
        if self.state.cwd is None:
            raise NotUnderstood("nobody knows in which directory")
        return self.state.cwd

    def paths(self, pattern: Any, qualifiers: str) -> list[str] | None:
        """What a pattern matches, in the shell's order."""
        if set(qualifiers) - set("./N@onOD") or (set("oO") & set(qualifiers) and "n" not in qualifiers):
            raise NotUnderstood("a pattern with qualifiers that are not understood")
        deep = {Shell.ZSH: "zsh", Shell.FISH: "fish"}.get(self.shell, "bash" if self.has("globstar") else "")
        hidden = "D" in qualifiers or self.has("dotglob")
        found = self.tree.paths(self.cwd(), pattern, deep=deep, hidden=hidden)
        if set("./") & set(qualifiers):
            wanted = "file" if "." in qualifiers else "directory"
            found = [path for path in found if self._kind(path) == wanted]
        found = arranged(found, "fish" if self.shell is Shell.FISH else self.locale())
        return (found[::-1] if "O" in qualifiers else found) or None

    def _kind(self, path: str) -> str | None:
        place = self.tree.inside(location(self.cwd(), path))
        return None if place is None else self.tree.entry(place).kind

    def locale(self) -> str:
        """The order of names in the shell: ``C``, or the locale's."""
        for name in ("LC_ALL", "LC_COLLATE", "LANG"):
            value = self.state.variables.get(name)
            if value and value[0]:
                return running.order_of(value[0])
        return self.settings.order

    def has(self, option: str) -> bool:
        """Whether an option of the shell is set."""
        return option in self.state.options


def _both(one: Data | None, two: Data | None) -> Data | None:
    if one is None or two is None:
        return None
    return Data(one.lines + two.lines, one.ordered and two.ordered)


def _order_of(assignment: Assignment) -> str:
    if assignment.name not in ("LC_ALL", "LC_COLLATE", "LANG") or assignment.is_list:
        return ""
    word: Word = assignment.words[0]
    return running.order_of("".join(part.value for part in word if isinstance(part, Text)))


def _read_names(condition: Node) -> list[str] | None:
    """The variables of a ``read`` that is a loop's condition."""
    if not isinstance(condition, Simple) or any(each.name != "IFS" for each in condition.assignments):
        return None
    if any(isinstance(part, (Variable, Substitution)) for word in condition.words for part in word):
        return None
    words = ["".join(part.value for part in word if isinstance(part, Text)) for word in condition.words]
    if words[:1] != ["read"] or any(word.startswith("-") and word not in ("-r", "-l") for word in words[1:]):
        return None
    return [word for word in words[1:] if not word.startswith("-")]
