"""What the parsers of all shells share: characters, lists of commands, pipelines, redirections, aliases."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from forensics.evidence.shell.syntax import (
    Assignment,
    Node,
    NotUnderstood,
    Part,
    Pipeline,
    Redirected,
    Redirection,
    Sequence,
    Simple,
    Subshell,
    Text,
    Unfinished,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LONGEST_TEXT: Final = 1 << 16
DEEPEST: Final = 40
ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
"""What letters behind a backslash mean."""
_MOST_ALIASES: Final = 20
_REDIRECTED: Final = re.compile(r"(?:\d+|\{[A-Za-z_]\w*\})?(&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||<|>)|\^(?=\s*/dev/null)")


def literal(word: Word) -> str | None:
    """The text of a word that nothing is quoted in; None for any other."""
    parts = [part.value for part in word if isinstance(part, Text) and not part.quoted]
    return "".join(parts) if parts and len(parts) == len(word) else None


class Parser(ABC):
    """One text, read from its beginning.

    Raises (everywhere):
        Unfinished: the text ends before the command does.
        NotUnderstood: it is no command that is known here.
    """

    comments = True
    reserved: Collection[str] = ()
    special_in_quotes: re.Pattern[str]
    """What is not itself between double quotes, unless a backslash stands before it."""

    def __init__(self, text: str, aliases: Mapping[str, str]) -> None:
        if len(text) > LONGEST_TEXT:
            raise NotUnderstood("too large")
        self.text = text.replace("\r\n", "\n")
        self.position = 0
        self.aliases = aliases
        self._used_aliases = 0
        self._depth = 0
        self.heredocs: list[tuple[list[Redirection], int, str, bool, bool]] = []

    def program(self) -> Node:
        """Everything that the text runs."""
        found = self.sequence(())
        if self.position < len(self.text):
            raise NotUnderstood(f"{self.text[self.position : self.position + 10]!r} is not expected here")
        if self.heredocs:
            raise Unfinished("the body of a here-document is missing")
        return found

    def sequence(self, ends: Collection[str]) -> Node:
        """Commands up to a word of ``ends`` in the place of a command, or to what closes them; that is left to read."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotUnderstood("nested too deeply")
        items: list[tuple[str, Node]] = []
        operator = ";"
        while True:
            self.skip_lines()
            if (
                self.at_end()
                or self.peek() == ")"
                or self.peek_word() in ends
                or self.text.startswith(";;", self.position)
            ):
                if operator != ";":
                    raise Unfinished("a command is missing") if self.at_end() else NotUnderstood("a command is missing")
                break
            before = self.position
            node = self.pipeline()
            operator = self.joined_by(operator)
            items.append((operator, node))
            operator = self._separator(items)
            if self.position == before:
                raise NotUnderstood(f"{self.peek()!r} is not expected here")
        self._depth -= 1
        return items[0][1] if len(items) == 1 and items[0][0] == ";" else Sequence(tuple(items))

    def joined_by(self, operator: str) -> str:
        """What joins the command that was just read to those before it (fish says it in the command)."""
        return operator

    def _separator(self, items: list[tuple[str, Node]]) -> str:
        self.skip_blanks()
        for operator in ("&&", "||"):
            if self.take(operator):
                return operator
        if self.text.startswith(";;", self.position):
            return ";"
        if self.take("&"):
            start = max(index for index, (operator, _) in enumerate(items) if operator == ";")
            items[start:] = [(";", Subshell(Sequence(tuple(items[start:])), background=True))]
        else:
            _ = self.take(";")
        return ";"

    def pipeline(self) -> Node:
        """Commands joined by ``|``."""
        negated = False
        while self.peek_word() in ("!", "not"):
            self.word()
            self.skip_blanks()
            negated = not negated
        commands = [self.command()]
        while True:
            self.skip_blanks()
            if not (self.take("|&") or (not self.text.startswith("||", self.position) and self.take("|"))):
                break
            self.skip_lines()
            if self.at_end():
                raise Unfinished("a command is missing")
            commands.append(self.command())
        return commands[0] if len(commands) == 1 and not negated else Pipeline(tuple(commands), negated)

    def command(self) -> Node:
        """One command with its redirections."""
        self.skip_blanks()
        self._expand_alias()
        redirections: list[Redirection] = []
        body = self.compound()
        if body is None:
            return self.simple()
        self.read_redirections(redirections)
        return Redirected(body, redirections) if redirections else body

    @abstractmethod
    def compound(self) -> Node | None:
        """A block, loop, condition or function; None, with nothing read, if a simple command stands here."""

    def simple(self) -> Node:
        """Assignments, words and redirections up to what ends a command."""
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirections: list[Redirection] = []
        while True:
            self.skip_blanks()
            if self.read_redirections(redirections):
                continue
            if self.at_end() or self.ends_command():
                break
            if not words and (assignment := self.assignment()) is not None:
                assignments.append(assignment)
                if not self.aliases:
                    continue
                self.skip_blanks()
                self._expand_alias()
                continue
            words.append(self.word())
        node = Simple(tuple(assignments), tuple(words))
        return Redirected(node, redirections) if redirections else node

    def assignment(self) -> Assignment | None:
        """``name=value`` where one begins here."""
        return None

    @abstractmethod
    def word(self) -> Word:
        """The word that begins here, at least one character of it."""

    def ends_command(self) -> bool:
        """Whether a simple command ends here."""
        return self.peek() in "\n;&|)" or (self.comments and self.peek() == "#")

    def read_redirections(self, found: list[Redirection]) -> bool:
        """Read those that stand here; tells whether there were any."""
        any_read = False
        while True:
            self.skip_blanks()
            begun = _REDIRECTED.match(self.text, self.position)
            if begun is None or (self.peek() in "<>" and self.text.startswith("(", self.position + 1)):
                return any_read
            any_read = True
            self.position = begun.end()
            operator = begun[1] or ">"
            self.skip_blanks()
            if self.at_end():
                raise Unfinished("a file's name is missing")
            word = self.word()
            if operator in ("<<", "<<-"):
                delimiter = "".join(part.value for part in word if isinstance(part, Text))
                quoted = any(isinstance(part, Text) and part.quoted for part in word)
                self.heredocs.append((found, len(found), delimiter, operator == "<<-", quoted))
                found.append(Redirection("<<", ()))
            elif operator in ("<", "<<<", ">", ">>", ">|", "&>", "&>>") and begun[0][0] not in "23456789^":
                found.append(Redirection({">|": ">", "&>": ">", "&>>": ">>"}.get(operator, operator), word))

    def _read_heredocs(self) -> None:
        for found, number, delimiter, tabs, quoted in self.heredocs:
            body: list[str] = []
            while True:
                if self.at_end():
                    raise Unfinished("the body of a here-document is missing")
                end = self.text.find("\n", self.position)
                end = len(self.text) if end < 0 else end
                line = self.text[self.position : end]
                self.position = min(end + 1, len(self.text))
                line = line.lstrip("\t") if tabs else line
                if line == delimiter:
                    break
                body.append(line + "\n")
            found[number] = Redirection("<<", (Text("".join(body), quoted),))
        self.heredocs = []

    def _expand_alias(self) -> None:
        """Put the text of an alias in its place, again and again but for itself, as shells do it."""
        expanded: set[str] = set()
        start = self.position
        while self.aliases:
            name = self.peek_word()
            if name not in self.aliases or name in expanded:
                return
            expanded.add(name)
            self._used_aliases += 1
            if self._used_aliases > _MOST_ALIASES or len(self.text) > LONGEST_TEXT:
                raise NotUnderstood("too many aliases")
            value = self.aliases[name]
            self.text = self.text[:start] + value + self.text[start + len(name) :]
            if value.endswith((" ", "\t")):
                self.position = start + len(value)
                self.skip_blanks()
                self._expand_alias()
                self.position = start
                return

    def double_quoted(self, parts: list[Part]) -> None:
        """What stands between double quotes, which begin here."""
        self.position += 1
        parts.append(Text("", quoted=True))
        while not self.take('"'):
            character = self.peek()
            if not character:
                raise Unfinished("a quote is open")
            if character == "\\":
                following = self.peek(1)
                self.position += 2
                if following != "\n":
                    special = self.special_in_quotes.fullmatch(following) is not None
                    parts.append(Text(following if special else "\\" + following, quoted=True))
            elif self.special_in_quotes.fullmatch(character):
                parts.append(self.expanded_in_quotes(character))
            else:
                end = self.special_in_quotes.search(self.text, self.position)
                stop = end.start() if end else len(self.text)
                parts.append(Text(self.text[self.position : stop], quoted=True))
                self.position = stop

    @abstractmethod
    def expanded_in_quotes(self, character: str) -> Part:
        """The part that a character begins between double quotes."""

    # characters

    def at_end(self) -> bool:
        """Whether everything is read."""
        return self.position >= len(self.text)

    def peek(self, ahead: int = 0) -> str:
        """The next character; empty at the end."""
        return self.text[self.position + ahead : self.position + ahead + 1]

    def take(self, expected: str) -> bool:
        """Read a text if it stands here."""
        if not self.text.startswith(expected, self.position):
            return False
        self.position += len(expected)
        return True

    def peek_word(self) -> str:
        """The unquoted word that stands here, where it is a name of some kind; otherwise empty."""
        found = _PLAIN_WORD.match(self.text, self.position)
        return found[1] if found else ""

    def take_word(self, *expected: str) -> bool:
        """Read one of these words if it stands here."""
        word = self.peek_word()
        if word not in expected:
            return False
        self.position += len(word)
        return True

    def require(self, *expected: str) -> None:
        """Read a word that has to stand here."""
        self.skip_lines()
        if not self.take_word(*expected):
            if self.at_end():
                raise Unfinished(f"{expected[0]} is missing")
            raise NotUnderstood(f"{expected[0]} is missing")

    def skip_blanks(self) -> None:
        """Pass over blanks and joined lines, and a comment."""
        while True:
            character = self.peek()
            if character in (" ", "\t"):
                self.position += 1
            elif character == "\\" and self.peek(1) == "\n":
                self.position += 2
            elif character == "\\" and self.position + 1 == len(self.text):
                raise Unfinished("the line goes on")
            else:
                break
        if (
            self.comments
            and self.peek() == "#"
            and (self.position == 0 or self.text[self.position - 1] in " \t\n;&|()")
        ):
            end = self.text.find("\n", self.position)
            self.position = len(self.text) if end < 0 else end

    def skip_lines(self) -> None:
        """Pass over blanks, comments and empty lines, and read the here-documents that begin."""
        while True:
            self.skip_blanks()
            if self.peek() != "\n":
                return
            self.position += 1
            if self.heredocs:
                self._read_heredocs()


_PLAIN_WORD: Final = re.compile(
    r"([^\s;&|<>()'\"\\$`#*?\[\]{}=~][^\s;&|<>()'\"\\$`*?\[\]{}=]*|[{}!]|\[\[|\[)(?=[\s;&|<>()]|\Z)"
)
