"""The parser of fish's lines."""

from __future__ import annotations

import re
from typing import Final

from forensics.evidence.shell.parsing import DEEPEST, ESCAPES, Parser
from forensics.evidence.shell.syntax import (
    Assignment,
    For,
    Function,
    If,
    Node,
    NotUnderstood,
    Part,
    Sequence,
    Substitution,
    Text,
    Unfinished,
    Variable,
    While,
    Word,
)

_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=")
_NAME: Final = re.compile(r"\w+")
_SPECIAL: Final = re.compile(r"[\s;&|<>()'\"\\$]")
_BLOCKS: Final = frozenset({"for", "while", "if", "switch", "function", "begin"})


class FishParser(Parser):
    """fish's grammar; an alias is a function there, so that none is put in place of a word."""

    special_in_quotes = re.compile(r"[\"\\$]")

    def __init__(self, text: str) -> None:
        super().__init__(text, {})
        self._joined = ""
        self._word_depth = 0

    def joined_by(self, operator: str) -> str:
        """``and`` and ``or`` stand before the command that they join."""
        joined, self._joined = self._joined, ""
        return joined or operator

    def pipeline(self) -> Node:
        """Commands joined by ``|``, with the ``and`` or ``or`` before them."""
        joined = ""
        while self.peek_word() in ("and", "or"):
            joined = "&&" if self.take_word("and") else "||"
            self.take_word("or")
            self.skip_blanks()
        node = super().pipeline()
        self._joined = joined
        return node

    def assignment(self) -> Assignment | None:
        """``name=value`` before a command."""
        begun = _ASSIGNED.match(self.text, self.position)
        if begun is None:
            return None
        self.position = begun.end()
        plain = self.at_end() or self.peek() in " \t\n;&|)"
        return Assignment(begun[1], ((),) if plain else (self.word(),))

    def compound(self) -> Node | None:
        """A block."""
        word = self.peek_word()
        if word not in _BLOCKS:
            if word in ("end", "else", "case"):
                raise NotUnderstood(f"{word} is not expected here")
            return None
        self.take_word(word)
        if word == "switch":
            raise NotUnderstood("switch")
        if word == "if":
            return self._condition()
        if word == "for":
            self.skip_blanks()
            name = self.peek_word()
            self.position += len(name)
            self.skip_blanks()
            if not name or not self.take_word("in"):
                raise NotUnderstood("a loop without a variable")
            node: Node = For(name, self._rest(), self._body())
        elif word == "while":
            node = While(self._job(), self._body())
        elif word == "function":
            words = self._rest()
            name = "".join(part.value for part in words[0] if isinstance(part, Text)) if words else ""
            node = Function(name, self._body())
        else:
            node = self._body()
        return node

    def _rest(self) -> tuple[Word, ...]:
        words: list[Word] = []
        while True:
            self.skip_blanks()
            if self.at_end() or self.ends_command():
                return tuple(words)
            words.append(self.word())

    def _body(self) -> Node:
        self.skip_blanks()
        self.take(";")
        body = self.sequence(("end",))
        self.require("end")
        return body

    def _job(self) -> Node:
        """A condition: one pipeline, and what ``and``, ``or``, ``&&`` and ``||`` add to it."""
        items: list[tuple[str, Node]] = []
        operator = ";"
        while True:
            node = self.pipeline()
            items.append((self.joined_by(operator), node))
            self.skip_blanks()
            operator = "&&" if self.take("&&") else "||" if self.take("||") else ";"
            if operator != ";":
                continue
            before = self.position
            self.take(";")
            self.skip_lines()
            if self.at_end():
                raise Unfinished("end is missing")
            if self.peek_word() not in ("and", "or"):
                self.position = before
                return items[0][1] if len(items) == 1 else Sequence(tuple(items))

    def _condition(self) -> Node:
        branches: list[tuple[Node, Node]] = []
        while True:
            self.skip_blanks()
            condition = self._job()
            self.take(";")
            branches.append((condition, self.sequence(("else", "end"))))
            self.skip_lines()
            if self.take_word("else"):
                self.skip_blanks()
                if self.take_word("if"):
                    continue
                self.take(";")
                otherwise = self.sequence(("end",))
                self.require("end")
                return If(tuple(branches), otherwise)
            self.require("end")
            return If(tuple(branches))

    def word(self) -> Word:
        """The word that begins here."""
        start = self.position
        parts: list[Part] = []
        while not self.at_end() and self.peek() not in " \t\n;&|<>)":
            character = self.peek()
            if character == "\\":
                self._escape(parts)
            elif character == "'":
                self._single_quoted(parts)
            elif character == '"':
                self.double_quoted(parts)
            elif character == "(":
                parts.append(self._substitution(quoted=False))
            elif character == "$":
                parts.append(self._dollar(quoted=False))
            else:
                end = _SPECIAL.search(self.text, self.position + 1)
                stop = end.start() if end else len(self.text)
                parts.append(Text(self.text[self.position : stop], quoted=False))
                self.position = stop
        if self.position == start:
            raise NotUnderstood(f"{self.peek()!r} is not expected here")
        return tuple(parts)

    def _escape(self, parts: list[Part]) -> None:
        if self.position + 1 == len(self.text):
            raise Unfinished("the line goes on")
        following = self.peek(1)
        self.position += 2
        if following in "xXuU" or following in "01234567c":
            raise NotUnderstood("a character by its number")
        if following != "\n":
            parts.append(Text(ESCAPES.get(following, following), quoted=True))

    def _single_quoted(self, parts: list[Part]) -> None:
        self.position += 1
        found: list[str] = []
        while not self.take("'"):
            character = self.peek()
            if not character:
                raise Unfinished("a quote is open")
            if character == "\\" and self.peek(1) in ("\\", "'"):
                self.position += 1
                character = self.peek()
            found.append(character)
            self.position += 1
        parts.append(Text("".join(found), quoted=True))

    def expanded_in_quotes(self, character: str) -> Part:
        """A variable, or what a command prints."""
        del character  # nothing but $
        return self._dollar(quoted=True)

    def _dollar(self, *, quoted: bool) -> Part:
        self.position += 1
        if self.peek() == "(":
            return self._substitution(quoted=quoted)
        name = _NAME.match(self.text, self.position)
        if name is None:
            raise NotUnderstood("$ without a name")
        self.position = name.end()
        if self.peek() == "[":
            raise NotUnderstood("an element of a list")
        return Variable(name[0], quoted)

    def _substitution(self, *, quoted: bool) -> Part:
        self.position += 1
        self._word_depth += 1
        if self._word_depth > DEEPEST:
            raise NotUnderstood("nested too deeply")
        body = self.sequence(())
        self.skip_lines()
        if not self.take(")"):
            raise Unfinished(") is missing")
        if self.peek() == "[":
            raise NotUnderstood("an element of a list")
        self._word_depth -= 1
        return Substitution(body, quoted)
