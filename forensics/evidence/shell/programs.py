"""Programs whose output may become a knife's arguments: what they print, where that can be told.

A program is given its words and what comes in, and gives whether it succeeds and what it prints; None is unknown.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, Final

from forensics.evidence.shell.patterns import MANY, ONE, matches, tokens_of
from forensics.evidence.shell.state import EMPTY, Data
from forensics.evidence.shell.syntax import NotUnderstood
from forensics.evidence.shell.work_tree import WorkTree, arranged, location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST_LINES: Final = 20000


class ProgramPlace:
    """Where a program runs: its directory, the files, the order of its locale."""

    def __init__(self, cwd: str, tree: WorkTree, order: str) -> None:
        self.cwd = cwd
        self.tree = tree
        self.order = order

    def kind(self, path: str) -> str | None:
        """What stands at a path."""
        place = self.tree.inside(location(self.cwd, path))
        return None if place is None else self.tree.kind(place)

    def place(self, path: str) -> str:
        """A path from the clone's root.

        Raises:
            NotUnderstood: it lies outside.
        """
        place = self.tree.inside(location(self.cwd, path), directory=True)
        if place is None:
            raise NotUnderstood(f"{path} lies outside of the clone")
        return place


def run(name: str, words: Sequence[str], stdin: Data | None, at: ProgramPlace) -> tuple[bool | None, Data | None]:
    """Run a program; of one that is not known here nothing is known."""
    program = _PROGRAMS.get(name)
    if program is None:
        return None, None
    try:
        result: tuple[bool | None, Data | None] = program(list(words), stdin, at)
    except NotUnderstood:
        return None, None
    return result


def _echo(words: list[str], _stdin: Data | None, _at: ProgramPlace) -> Any:
    while words and words[0] in ("-n", "-e", "-E"):
        if words.pop(0) == "-e":
            return True, None
    text = " ".join(words)
    return True, None if "\\" in text else Data(tuple(text.split("\n")))


def _printf(words: list[str], _stdin: Data | None, _at: ProgramPlace) -> Any:
    if words[:1] in (["%s\\n"], ["%s\n"]):
        return True, Data(tuple(words[1:]))
    return True, None


def _cat(words: list[str], stdin: Data | None, at: ProgramPlace) -> Any:
    if any(word.startswith("-") for word in words):
        return None, None
    if not words:
        return True, stdin
    return True, _of_files(words, at)


def _of_files(paths: Sequence[str], at: ProgramPlace) -> Data:
    return Data(tuple(line for path in paths for line in _lines(at.tree.read(at.place(path)))))


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _ls(words: list[str], _stdin: Data | None, at: ProgramPlace) -> Any:
    options = "".join(word[1:] for word in words if word.startswith("-") and word != "-")
    paths = [word for word in words if not word.startswith("-")]
    if set(options) - set("1CAardF") or "a" in options:
        return None, None
    files = [path for path in paths if (kind := at.kind(path)) == "file" or (kind and "d" in options)]
    directories = [path for path in paths if path not in files and at.kind(path) == "directory"]
    if not paths:
        directories = ["."]
    found = arranged(files, at.order)
    for path in arranged(directories, at.order):
        names = [name for name in at.tree.names(at.place(path)) if not name.startswith(".") or "A" in options]
        if len(paths) > 1:
            found += [*([""] if found else []), f"{path}:"]
        found += arranged(names, at.order)
    if "F" in options or ("r" in options and len(paths) > 1 and directories):
        return None, None
    if "r" in options:
        found.reverse()
    return len(files) + len(directories) >= len(paths), Data(tuple(found))


def _find(words: list[str], _stdin: Data | None, at: ProgramPlace) -> Any:
    tops: list[str] = []
    while words and not words[0].startswith(("-", "!", "(")):
        tops.append(words.pop(0))
    depth, least = _MOST_LINES, 0
    tests: list[tuple[bool, str, Any]] = []
    negated = False
    while words:
        test = words.pop(0)
        if test in ("!", "-not"):
            negated = not negated
            continue
        if test in ("-print", "-print0", "-follow"):
            continue
        value = words.pop(0) if words else ""
        if test in ("-maxdepth", "-mindepth") and value.isdigit():
            depth, least = (int(value), least) if test == "-maxdepth" else (depth, int(value))
        elif test in ("-name", "-iname"):
            tests.append((negated, test, tokens_of([(value if test == "-name" else value.lower(), False)])))
        elif test == "-type" and value in ("f", "d"):
            tests.append((negated, test, value))
        else:
            return None, None
        negated = False
    found: list[str] = []
    for top in tops or ["."]:
        place = at.place(top) if at.kind(top) is not None else None
        if place is None:
            continue
        entries = [("", at.kind(top) == "directory")]
        if depth and entries[0][1]:
            entries += at.tree.below(place, depth, hidden=True)
        for path, is_directory in entries:
            level = path.count("/") + 1 if path else 0
            whole = posixpath.join(top, path) if path else top
            if level >= least and _passes(whole, tests, is_directory=is_directory):
                found.append(whole)
    return True, Data(tuple(found), ordered=len(found) < 2)  # noqa: PLR2004 (one has no order)


def _passes(path: str, tests: Sequence[tuple[bool, str, Any]], *, is_directory: bool) -> bool:
    name = path.rstrip("/").rpartition("/")[2]
    for negated, test, value in tests:
        if test == "-type":
            fits = (value == "d") is is_directory
        else:
            fits = matches(value, name if test == "-name" else name.lower())
        if fits is negated:
            return False
    return True


def _grep(words: list[str], stdin: Data | None, at: ProgramPlace) -> Any:
    options, patterns, rest = "", [], []
    while words:
        word = words.pop(0)
        if word == "-e" and words:
            patterns.append(words.pop(0))
        elif word.startswith("-") and len(word) > 1:
            options += word[1:]
        else:
            rest.append(word)
    if not patterns and rest:
        patterns.append(rest.pop(0))
    if rest:
        stdin = _of_files(rest, at) if len(rest) == 1 or "h" in options else None
    if stdin is None or set(options) - set("viEFxqah"):
        return None, None
    fold = str.lower if "i" in options else str
    tokens = [each for pattern in patterns for each in _expressions(fold(pattern), options)]
    kept = tuple(
        line for line in stdin.lines if any(matches(each, fold(line)) for each in tokens) is not ("v" in options)
    )
    return bool(kept), EMPTY if "q" in options else Data(kept, stdin.ordered)


def _expressions(pattern: str, options: str) -> list[list[Any]]:
    """The patterns for whole lines that an expression means, as far as it is a simple one.

    Raises:
        NotUnderstood: it is none.
    """
    if "F" in options:
        alternatives = pattern.split("\n")
        return [[*pattern] if "x" in options else [MANY, *pattern, MANY] for pattern in alternatives]
    alternatives = pattern.split("|") if "E" in options else pattern.split("\\|")
    found = []
    for each in alternatives:
        begin, each = each.startswith("^") or "x" in options, each.removeprefix("^")  # noqa: PLW2901
        end = (each.endswith("$") and not each.endswith("\\$")) or "x" in options
        body = _expression(each.removesuffix("$") if end else each, extended="E" in options)
        found.append([*([] if begin else [MANY]), *body, *([] if end else [MANY])])
    return found


def _expression(text: str, *, extended: bool) -> list[Any]:
    tokens: list[Any] = []
    position = 0
    while position < len(text):
        character, following = text[position], text[position + 1 : position + 2]
        if character == "\\" and following in (".", "*", "[", "]", "^", "$", "/", "-", "\\"):
            tokens.append(following)
            position += 1
        elif character == "." and following == "*":
            tokens.append(MANY)
            position += 1
        elif character == ".":
            tokens.append(ONE)
        elif character == "[" and (end := text.find("]", position + 2)) > 0:
            tokens += tokens_of([(text[position : end + 1], False)])
            position = end
        elif character in "*\\[^$" or (extended and character in "+?(){}"):
            raise NotUnderstood("an expression that is not understood")
        else:
            tokens.append(character)
        position += 1
    return tokens


def _sort(words: list[str], stdin: Data | None, at: ProgramPlace) -> Any:
    options = "".join(word[1:] for word in words if word.startswith("-"))
    files = [word for word in words if not word.startswith("-")]
    stdin = _of_files(files, at) if files else stdin
    if stdin is None or set(options) - set("ru"):
        return True, None
    lines = arranged(list(dict.fromkeys(stdin.lines)) if "u" in options else stdin.lines, at.order)
    return True, Data(tuple(lines[::-1] if "r" in options else lines))


def _head(words: list[str], stdin: Data | None, _at: ProgramPlace) -> Any:
    return _cut(words, stdin, lambda lines, count: lines[:count])


def _tail(words: list[str], stdin: Data | None, _at: ProgramPlace) -> Any:
    return _cut(words, stdin, lambda lines, count: lines[max(0, len(lines) - count) :])


def _cut(words: list[str], stdin: Data | None, cut: Callable[[tuple[str, ...], int], tuple[str, ...]]) -> Any:
    text = "".join(words).removeprefix("-n").removeprefix("-") or "10"
    if stdin is None or not stdin.ordered or not text.isdigit():
        return True, None
    return True, Data(cut(stdin.lines, int(text)))


def _uniq(words: list[str], stdin: Data | None, _at: ProgramPlace) -> Any:
    if words or stdin is None or not stdin.ordered:
        return True, None
    return True, Data(
        tuple(each for each, last in zip(stdin.lines, (None, *stdin.lines), strict=False) if each != last)
    )


def _tac(words: list[str], stdin: Data | None, at: ProgramPlace) -> Any:
    stdin = _of_files(words, at) if len(words) == 1 else None if words else stdin
    return True, None if stdin is None else Data(stdin.lines[::-1], stdin.ordered)


def _basename(words: list[str], _stdin: Data | None, _at: ProgramPlace) -> Any:
    if not words or words[0].startswith("-") or len(words) > 2:  # noqa: PLR2004 (a name and a suffix)
        return None, None
    name = words[0].rstrip("/").rpartition("/")[2]
    suffix = words[1] if len(words) > 1 else ""
    return True, Data((name.removesuffix(suffix) if name != suffix else name,))


def _dirname(words: list[str], _stdin: Data | None, _at: ProgramPlace) -> Any:
    return (True, Data((posixpath.dirname(words[0]) or ".",))) if len(words) == 1 else (None, None)


_PROGRAMS: Final[dict[str, Callable[[list[str], Data | None, ProgramPlace], Any]]] = {
    "echo": _echo,
    "printf": _printf,
    "cat": _cat,
    "ls": _ls,
    "find": _find,
    "grep": _grep,
    "egrep": lambda words, stdin, at: _grep(["-E", *words], stdin, at),
    "fgrep": lambda words, stdin, at: _grep(["-F", *words], stdin, at),
    "sort": _sort,
    "head": _head,
    "tail": _tail,
    "uniq": _uniq,
    "tac": _tac,
    "basename": _basename,
    "dirname": _dirname,
}
