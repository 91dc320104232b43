"""The parser of bash's and zsh's lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.evidence.shell.parsing import ESCAPES, Parser
from forensics.evidence.shell.syntax import (
    Assignment,
    CaseBlock,
    For,
    Function,
    If,
    Node,
    NotUnderstood,
    Opaque,
    Part,
    Subshell,
    Substitution,
    Test,
    Text,
    Unfinished,
    Variable,
    While,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)(\+?=)")
_FUNCTION: Final = re.compile(r"([^\s;&|<>()'\"\\$`=#]+)[ \t]*\([ \t]*\)")
_NAME: Final = re.compile(r"[A-Za-z_]\w*|[0-9*@#?$!_-]")
_BRACED: Final = re.compile(r"([A-Za-z_]\w*|[0-9]+|[*@])(\[[*@]\])?(:-|##|#|%%|%|\})")
_ESCAPED: Final = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|u[0-9A-Fa-f]{1,4}|.)", re.DOTALL)


class PosixParser(Parser):
    """bash's grammar, and with ``zsh`` what zsh adds to it."""

    special_in_quotes = re.compile(r"[\"\\$`]")

    def __init__(self, text: str, aliases: Mapping[str, str], *, zsh: bool = False, comments: bool = True) -> None:
        super().__init__(text, aliases)
        self.zsh = zsh
        self.comments = comments

    def compound(self) -> Node | None:  # noqa: PLR0911 (a case for each word)
        """A block, loop, condition or function."""
        if self.text.startswith("((", self.position):
            self._skip_to("))")
            return Test()
        if self.take("("):
            body = self.sequence(())
            self._close(")")
            return Subshell(body)
        word = self.peek_word()
        if word in ("", "{"):
            if word and self.take("{"):
                return self._block("}")
            return self._function()
        if word == "[[":
            self._skip_to("]]")
            return Test()
        if word in ("for", "foreach", "select"):
            self.take_word(word)
            return self._loop(word)
        if word in ("while", "until"):
            self.take_word(word)
            condition = self.sequence(("do", "{"))
            return While(condition, self._loop_body(), until=word == "until")
        if word == "if":
            self.take_word("if")
            return self._condition()
        if word == "case":
            self.take_word("case")
            return self._case()
        if word == "function":
            self.take_word("function")
            self.skip_blanks()
            name = self.peek_word()
            self.position += len(name)
            self.skip_blanks()
            self.take("()")
            self.skip_lines()
            return Function(name, self.command())
        if word in _UNKNOWN:
            raise NotUnderstood(f"{word} is not understood here")
        return self._function()

    def _function(self) -> Node | None:
        begun = _FUNCTION.match(self.text, self.position)
        if begun is None:
            return None
        self.position = begun.end()
        self.skip_lines()
        if self.at_end():
            raise Unfinished("a function's body is missing")
        return Function(begun[1], self.command())

    def _block(self, end: str) -> Node:
        body = self.sequence((end,))
        self.require(end)
        return body

    def _close(self, end: str) -> None:
        self.skip_lines()
        if not self.take(end):
            raise Unfinished(f"{end} is missing") if self.at_end() else NotUnderstood(f"{end} is missing")

    def _loop(self, kind: str) -> Node:
        if kind == "select":
            raise NotUnderstood("nobody knows what was selected")
        self.skip_blanks()
        if self.text.startswith("((", self.position):
            raise NotUnderstood("a loop that counts")
        name = self.peek_word()
        if not name.isidentifier():
            raise NotUnderstood("a loop without a variable")
        self.position += len(name)
        self.skip_lines()
        words: list[Word] | None = None
        if self.take_word("in"):
            words = self._words()
        elif self.zsh and self.take("("):
            words = self._words(")")
            self._close(")")
        self.skip_blanks()
        self.take(";")
        return For(name, None if words is None else tuple(words), self._loop_body())

    def _words(self, end: str = "") -> list[Word]:
        words: list[Word] = []
        while True:
            self.skip_lines() if end else self.skip_blanks()
            if self.at_end():
                if end:
                    raise Unfinished(f"{end} is missing")
                return words
            if self.peek() in "\n;&|)":
                return words
            words.append(self.word())

    def _loop_body(self) -> Node:
        self.skip_lines()
        if self.take_word("do"):
            return self._block("done")
        if self.take("{"):
            return self._block("}")
        if self.at_end():
            raise Unfinished("do is missing")
        if self.zsh:
            return self.pipeline()
        raise NotUnderstood("do is missing")

    def _condition(self) -> Node:
        branches: list[tuple[Node, Node]] = []
        while True:
            condition = self.sequence(("then", "{"))
            if self.zsh and self.peek_word() == "{":
                raise NotUnderstood("if with braces")
            self.require("then")
            branches.append((condition, self.sequence(("elif", "else", "fi"))))
            if self.take_word("elif"):
                continue
            otherwise = self.sequence(("fi",)) if self.take_word("else") else None
            self.require("fi")
            return If(tuple(branches), otherwise)

    def _case(self) -> Node:
        self.skip_blanks()
        word = self.word()
        self.require("in")
        arms: list[tuple[tuple[Word, ...], Node]] = []
        while True:
            self.skip_lines()
            if self.take_word("esac"):
                return CaseBlock(word, tuple(arms))
            self.take("(")
            patterns = []
            while True:
                self.skip_blanks()
                if self.at_end():
                    raise Unfinished("esac is missing")
                patterns.append(self.word())
                self.skip_blanks()
                if not self.take("|"):
                    break
            self._close(")")
            body = self.sequence(("esac",))
            self.take(";;")
            arms.append((tuple(patterns), body))

    def ends_command(self) -> bool:
        """Whether a simple command ends here; in zsh, a closing brace by itself ends one."""
        if self.zsh and self.peek() == "}" and self.peek(1) in ("", " ", "\t", "\n", ";", "&", "|", ")"):
            return True
        return super().ends_command()

    def assignment(self) -> Assignment | None:
        """``name=value``."""
        begun = _ASSIGNED.match(self.text, self.position)
        if begun is None:
            return None
        self.position = begun.end()
        added: tuple[Part, ...] = (Variable(begun[1], quoted=True),) if begun[2] == "+=" else ()
        if self.take("("):
            words = self._words(")")
            self._close(")")
            if added:
                raise NotUnderstood("a list that grows")
            return Assignment(begun[1], tuple(words), is_list=True)
        if self.at_end() or self.peek() in " \t\n;&|)":
            return Assignment(begun[1], (added,))
        return Assignment(begun[1], ((*added, *self.word()),))

    def word(self) -> Word:
        """The word that begins here."""
        start = self.position
        parts: list[Part] = []
        while not self.at_end():
            character = self.peek()
            if character in " \t\n;&|<>)":
                if character in "<>" and self.peek(1) == "(":
                    self.position += 1
                    self._skip_to(")")
                    parts.append(Opaque("the output of a process as a file"))
                    continue
                break
            if character == "(":
                if not parts:
                    break
                parts.append(self._parenthesis(parts))
            else:
                self._part(parts)
        if self.position == start:
            raise NotUnderstood(f"{self.peek()!r} is not expected here")
        return tuple(parts)

    def _parenthesis(self, parts: list[Part]) -> Part:
        """What stands in parentheses within a word: zsh's qualifiers, or an extended pattern."""
        end = self.text.find(")", self.position)
        if end < 0:
            raise Unfinished(") is missing")
        text, last = self.text[self.position : end + 1], parts[-1]
        if not self.zsh or not isinstance(last, (Text, Variable)):
            if isinstance(last, Text) and last.value[-1:] in "?*+@!" and not last.quoted:
                self.position = end + 1
                return Opaque("an extended pattern")
            raise NotUnderstood("( is not expected here")
        self.position = end + 1
        return Text(text, quoted=False)

    def _part(self, parts: list[Part]) -> None:
        character = self.peek()
        if character == "\\":
            if self.position + 1 == len(self.text):
                raise Unfinished("the line goes on")
            following = self.peek(1)
            self.position += 2
            if following != "\n":
                parts.append(Text(following, quoted=True))
        elif character == "'":
            parts.append(Text(self._until("'"), quoted=True))
        elif character == '"':
            self.double_quoted(parts)
        elif character == "$":
            parts.append(self._dollar(quoted=False))
        elif character == "`":
            parts.append(self._backquoted(quoted=False))
        else:
            end = _SPECIAL.search(self.text, self.position + 1)
            stop = end.start() if end else len(self.text)
            parts.append(Text(self.text[self.position : stop], quoted=False))
            self.position = stop

    def _until(self, quote: str) -> str:
        end = self.text.find(quote, self.position + 1)
        if end < 0:
            raise Unfinished("a quote is open")
        found = self.text[self.position + 1 : end]
        self.position = end + 1
        return found

    def expanded_in_quotes(self, character: str) -> Part:
        """A variable, or what a command prints."""
        return self._backquoted(quoted=True) if character == "`" else self._dollar(quoted=True)

    def _dollar(self, *, quoted: bool) -> Part:
        self.position += 1
        if self.text.startswith("((", self.position):
            self._skip_to("))")
            return Opaque("arithmetic")
        if self.take("("):
            return Substitution(self._inner(), quoted)
        if self.peek() == "{":
            return self._braced(quoted=quoted)
        if not quoted and self.peek() == "'":
            return self._c_string()
        if not quoted and self.peek() == '"':
            return Opaque("a text that is translated")
        name = _NAME.match(self.text, self.position)
        if name is None:
            return Text("$", quoted)
        self.position = name.end()
        if self.zsh and self.peek() == "[":
            raise NotUnderstood("an element of a list")
        return Variable(name[0], quoted)

    def _c_string(self) -> Part:
        start = self.position + 1
        end = start
        while self.text[end : end + 1] not in ("", "'"):
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise Unfinished("a quote is open")
        self.position = end + 1
        return Text(_ESCAPED.sub(_unescaped, self.text[start:end]), quoted=True)

    def _inner(self) -> Node:
        body = self.sequence(())
        self._close(")")
        return body

    def _braced(self, *, quoted: bool) -> Part:
        found = _BRACED.match(self.text, self.position + 1)
        end = self.text.find("}", self.position)
        if end < 0:
            raise Unfinished("} is missing")
        if found is None:
            self.position = end + 1
            return Opaque("a form of ${...} that is not understood")
        name = found[1] + (found[2] or "")[1:2]
        self.position = found.end()
        if found[3] == "}":
            return Variable(name, quoted)
        argument: list[Part] = []
        while not self.take("}"):
            if self.at_end():
                raise Unfinished("} is missing")
            if self.peek() in " \t\n/:":
                argument.append(Text(self.peek(), quoted=False))
                self.position += 1
                continue
            end = self.text.find("}", self.position)
            inner = PosixParser(self.text[self.position : end], {}, zsh=self.zsh, comments=False)
            inner._part(argument)
            self.position += inner.position
        return Variable(name, quoted, found[3], tuple(argument))

    def _backquoted(self, *, quoted: bool) -> Part:
        end = self.position + 1
        while self.text[end : end + 1] not in ("", "`"):
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise Unfinished("a quote is open")
        inner = re.sub(r"\\([`$\\])", r"\1", self.text[self.position + 1 : end])
        self.position = end + 1
        parser = PosixParser(inner, self.aliases, zsh=self.zsh, comments=self.comments)
        parser._depth = self._depth + 1
        return Substitution(parser.program(), quoted)

    def _skip_to(self, end: str) -> None:
        found = self.text.find(end, self.position)
        if found < 0:
            raise Unfinished(f"{end} is missing")
        self.position = found + len(end)


_SPECIAL: Final = re.compile(r"[\s;&|<>()'\"\\$`]")
_UNKNOWN: Final = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}", "repeat", "coproc"})


def _unescaped(found: re.Match[str]) -> str:
    what = found[1]
    if what[0] in "xu":
        return chr(int(what[1:], 16)) if len(what) > 1 else found[0]
    if what[0] in "01234567":
        return chr(int(what, 8) & 0xFF)
    return ESCAPES.get(what, what if what in "\\'\"?" else found[0])
