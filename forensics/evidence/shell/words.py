"""What words become: braces, tildes, variables, substitutions, splitting and patterns, as each shell does it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from forensics.evidence.records import Shell
from forensics.evidence.shell.parsing import LONGEST_TEXT
from forensics.evidence.shell.patterns import is_wild, matches, tokens_of
from forensics.evidence.shell.syntax import NotUnderstood, Opaque, Part, Substitution, Text, Variable, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.evidence.shell.syntax import Node

MOST_WORDS: Final = 4096
_SOME: Final = 16
_LONGEST_TRIMMED: Final = 512
_SEQUENCE: Final = re.compile(r"(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?|([A-Za-z])\.\.([A-Za-z])")
_QUALIFIERS: Final = re.compile(r"\(([^()|]*)\)\Z")
_DEEPEST_BRACES: Final = 20
Field = "list[tuple[str, bool]]"


class Surroundings(Protocol):
    """What an expansion needs to know of the shell that it happens in."""

    shell: Shell

    def value(self, name: str) -> tuple[str, ...]:
        """A variable's values: one, or those of a list; raises NotUnderstood where nobody knows them."""

    def printed(self, body: Node) -> str:
        """What commands print, without the line feeds at the end; raises NotUnderstood."""

    def directory(self, sign: str) -> str | None:
        """What ``~+`` (``+``) and ``~-`` (``-``) stand for, as a word; None where nobody knows."""

    def paths(self, pattern: Sequence[Any], qualifiers: str) -> list[str] | None:
        """What a pattern matches, in order; None if nothing."""

    def has(self, option: str) -> bool:
        """Whether an option of the shell is set."""


class NoMatch(Exception):  # noqa: N818 (what zsh and fish say)
    """A pattern matches nothing, and the shell does not run the command."""


def expand(words: Iterable[Word], shell: Surroundings, *, unmatched_is_nothing: bool = False) -> list[str]:
    """The arguments that words become.

    Raises:
        NotUnderstood: nobody knows.
        NoMatch: the shell refuses.
    """
    found: list[str] = []
    for word in words:
        for braced in _braces(word, shell):
            for field in _fields(braced, shell):
                found += _matched(field, shell, unmatched_is_nothing=unmatched_is_nothing)
                if len(found) > MOST_WORDS or sum(map(len, found[-_SOME:])) > LONGEST_TEXT:
                    raise NotUnderstood("too large")
    return found


def text_of(word: Word, shell: Surroundings) -> str:
    """What a word becomes where it is neither split nor matched: assigned, or a file's name."""
    if word and isinstance(word[0], Text) and not word[0].quoted:
        word = _tilde(word, shell)
    fields = list(_fields(tuple(_quoted(part) for part in word), shell))
    return " ".join("".join(text for text, _ in field) for field in fields)


def _quoted(part: Part) -> Part:
    if isinstance(part, Variable):
        return Variable(part.name, True, part.operator, part.argument)  # noqa: FBT003 (a dataclass)
    if isinstance(part, Substitution):
        return Substitution(part.body, True)  # noqa: FBT003
    return part


# braces


def _braces(word: Word, shell: Surroundings) -> Iterator[Word]:
    if not any(isinstance(part, Text) and not part.quoted and "{" in part.value for part in word):
        yield _tilde(word, shell)
        return
    items: list[str | Part] = []
    for part in word:
        if isinstance(part, Text) and not part.quoted:
            items += part.value
        else:
            items.append(part)
    for expanded in _expanded(items, shell.shell, 0):
        yield _tilde(_joined(expanded), shell)


def _joined(items: Sequence[str | Part]) -> Word:
    parts: list[Part] = []
    for is_text, group in itertools.groupby(items, key=lambda item: isinstance(item, str)):
        if is_text:
            parts.append(Text("".join(str(item) for item in group), quoted=False))
        else:
            parts += [item for item in group if not isinstance(item, str)]
    return tuple(parts)


def _expanded(items: Sequence[str | Part], shell: Shell, depth: int) -> list[list[str | Part]]:
    """Every word that braces make of one, at most so many that somebody can have meant them."""
    if depth > _DEEPEST_BRACES:
        raise NotUnderstood("nested too deeply")
    done: list[list[str | Part]] = [[]]
    position = 0
    while position < len(items):
        choices = None
        if items[position] == "{":
            end, commas = _closing(items, position)
            if end:
                choices = _choices(items, position, end, commas, shell, depth)
        if choices is None:
            for each in done:
                each.append(items[position])
            position += 1
            continue
        if len(done) * len(choices) > MOST_WORDS:
            raise NotUnderstood("too large")
        done = [[*each, *choice] for each in done for choice in choices]
        position = end + 1
    return done


def _closing(items: Sequence[str | Part], start: int) -> tuple[int, list[int]]:
    level, commas = 0, []
    for position in range(start, len(items)):
        item = items[position]
        if item == "{":
            level += 1
        elif item == "," and level == 1:
            commas.append(position)
        elif item == "}":
            level -= 1
            if not level:
                return position, commas
    return 0, commas


def _choices(
    items: Sequence[str | Part], start: int, end: int, commas: list[int], shell: Shell, depth: int
) -> list[list[str | Part]] | None:
    if commas:
        borders = [start, *commas, end]
        found: list[list[str | Part]] = []
        for left, right in itertools.pairwise(borders):
            found += _expanded(items[left + 1 : right], shell, depth + 1)
            if len(found) > MOST_WORDS:
                raise NotUnderstood("too large")
        return found
    inner = items[start + 1 : end]
    if shell is Shell.FISH or not all(isinstance(item, str) for item in inner):
        return None
    numbers = _SEQUENCE.fullmatch("".join(str(item) for item in inner))
    if numbers is None:
        return None
    if numbers[4]:
        first, last, width = ord(numbers[4]), ord(numbers[5]), 0
    else:
        first, last = int(numbers[1]), int(numbers[2])
        padded = any(text.lstrip("-").startswith("0") and len(text.lstrip("-")) > 1 for text in numbers.group(1, 2))
        width = max(map(len, numbers.group(1, 2))) if padded else 0
    step = abs(int(numbers[3] or 1)) or 1
    if abs(last - first) // step > MOST_WORDS:
        raise NotUnderstood("too large")
    counted = range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    return [list(chr(number) if numbers[4] else str(number).zfill(width)) for number in counted]


# tilde, variables, substitutions


def _tilde(word: Word, shell: Surroundings) -> Word:
    """Put in the place of ``~+`` and ``~-`` what they stand for; nobody knows where a home directory lies."""
    if not word or not isinstance(word[0], Text) or word[0].quoted or not word[0].value.startswith(("~+", "~-")):
        return word
    head, slash, rest = word[0].value.partition("/")
    if len(head) > len("~+") or (not slash and len(word) > 1) or shell.shell is Shell.FISH:
        return word
    directory = shell.directory(head[1])
    if directory is None:
        raise NotUnderstood(f"nobody knows what {head} stands for")
    if directory == "." and slash:
        return (Text(rest, quoted=False), *word[1:])  # the same file, though nobody knows the directory's path
    return (Text(directory, quoted=True), Text(slash + rest, quoted=False), *word[1:])


def _fields(word: Word, shell: Surroundings) -> Iterator[Any]:
    fields: list[Any] = [[]]
    begun = False
    for part in word:
        if isinstance(part, Opaque):
            raise NotUnderstood(part.reason)
        if isinstance(part, Text):
            for field in fields if shell.shell is Shell.FISH else fields[-1:]:
                field.append((part.value, part.quoted))
            begun = begun or part.quoted or bool(part.value)
            continue
        values, literal = _values(part, shell)
        if shell.shell is Shell.FISH:
            fields = [[*field, (value, True)] for field in fields for value in values]
            begun = True
            if len(fields) > MOST_WORDS:
                raise NotUnderstood("too large")
            continue
        begun = begun or (part.quoted and not _is_all(part))
        for number, value in enumerate(values):
            if number:
                fields.append([])
            if value or part.quoted:
                fields[-1].append((value, literal))
                begun = True
    if begun or len(fields) > 1:
        if sum(len(text) for field in fields for text, _ in field) > LONGEST_TEXT:
            raise NotUnderstood("too large")
        yield from (field for field in fields if field)


def _is_all(part: Part) -> bool:
    return isinstance(part, Variable) and part.name.endswith("@")


def _values(part: Variable | Substitution, shell: Surroundings) -> tuple[list[str], bool]:
    """The values that a part becomes, and whether patterns in them mean themselves."""
    kind = shell.shell
    if isinstance(part, Substitution):
        text = shell.printed(part.body)
        if kind is Shell.FISH:
            return ([text] if part.quoted else text.split("\n") if text else []), True
        return ([text] if part.quoted else text.split()), part.quoted or kind is Shell.ZSH
    values = list(_with_operator(part, shell))
    if part.quoted:
        if _is_all(part):
            return values, True
        return [" ".join(values)], True
    if kind is Shell.ZSH:
        return [value for value in values if value], True
    if kind is Shell.FISH:
        return values, True
    return [piece for value in values for piece in value.split()], False


def _with_operator(part: Variable, shell: Surroundings) -> tuple[str, ...]:
    name = part.name.rstrip("@*") or part.name
    values = shell.value(name)
    if not part.operator:
        return values
    pieces = [(each.value, each.quoted) for each in part.argument if isinstance(each, Text)]
    if len(pieces) != len(part.argument):
        raise NotUnderstood("a form of ${...} that is not understood")
    if part.operator == ":-":
        return values if any(values) else ("".join(text for text, _ in pieces),)
    tokens = tokens_of(pieces)
    return tuple(_trimmed(value, tokens, part.operator) for value in values)


def _trimmed(value: str, tokens: list[Any], operator: str) -> str:
    if len(value) > _LONGEST_TRIMMED:
        raise NotUnderstood("too large")
    at_end = operator[0] == "%"
    # the shortest prefix or suffix that fits first; the longest for a doubled sign
    lengths: Iterable[int] = range(len(value) + 1)
    for length in reversed(lengths) if len(operator) > 1 else lengths:  # type: ignore[call-overload]
        piece = value[len(value) - length :] if at_end else value[:length]
        if matches(tokens, piece):
            return value[: len(value) - length] if at_end else value[length:]
    return value


# patterns


def _matched(field: Any, shell: Surroundings, *, unmatched_is_nothing: bool) -> list[str]:
    text = "".join(value for value, _ in field)
    qualifiers = ""
    if shell.shell is Shell.ZSH and field and not field[-1][1] and (found := _QUALIFIERS.search(field[-1][0])):
        field = [*field[:-1], (field[-1][0][: found.start()], False)]
        qualifiers = found[1]
        if not qualifiers:
            raise NotUnderstood("a pattern with qualifiers that are not understood")
    elif shell.shell is Shell.ZSH and any("(" in value for value, quoted in field if not quoted):
        raise NotUnderstood("a pattern with parentheses")
    tokens = tokens_of(field, question=True)
    if shell.has("noglob") or not (is_wild(tokens) or qualifiers):
        return [text]
    paths = shell.paths(tokens, qualifiers)
    if paths is not None:
        return paths
    if shell.has("nullglob") or "N" in qualifiers or unmatched_is_nothing:
        return []
    if shell.shell is Shell.BASH and not shell.has("failglob"):
        return [text]
    if shell.shell is Shell.ZSH and shell.has("nonomatch"):
        return [text]
    raise NoMatch
