"""The commands that change the shell itself: where it is, what it knows, what words mean."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, Final

from forensics.evidence.records import Shell
from forensics.evidence.shell.fish import FishParser
from forensics.evidence.shell.posix import PosixParser
from forensics.evidence.shell.state import EMPTY, Data
from forensics.evidence.shell.syntax import Node, NotUnderstood
from forensics.evidence.shell.work_tree import location

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.evidence.shell.state import Running

    Result = tuple[bool | None, Data | None]

_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
UP: Final = re.compile(r"\.\.(/\.\.)*/?")
"""Directories above."""


def order_of(locale: str) -> str:
    """The order of names that a locale has."""
    return "C" if locale.partition(".")[0] in ("C", "POSIX") else "locale"


def from_here(cwd: str, place: str) -> str:
    """A location as a relative path."""
    return posixpath.relpath(place or ".", cwd or ".")


def parsed(shell: Running, kind: Shell, text: str, aliases: bool) -> Node:  # noqa: FBT001 (one caller each)
    """Parse a text in a shell's language, with the aliases that are known or without any."""
    if kind is Shell.FISH:
        return FishParser(text).program()
    known = {**shell.settings.aliases, **shell.state.aliases} if aliases else {}
    comments = kind is not Shell.ZSH or not aliases or shell.has("interactivecomments")
    return PosixParser(text, known, zsh=kind is Shell.ZSH, comments=comments).program()


def change_back(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    """Change to a directory, or back."""
    state = shell.state
    others = [word for word in words if word == "-" or not word.startswith("-")]
    target = others[0] if others else "~"
    if target == "-":
        target_place = state.previous
    elif state.cwd is None and not target.startswith(("/", "~")):
        target_place = None
    else:
        target_place = location(state.cwd or "", target)
    if target_place is not None and target_place != state.cwd and not _enters(shell, target_place, target):
        return False, EMPTY
    state.previous, state.cwd = state.cwd, target_place
    return True, EMPTY if target != "-" else Data((target_place or ".",))


def _enters(shell: Running, place: str, target: str) -> bool:
    """Whether changing to a directory succeeds."""
    if target.startswith(("/", "~")) or target == "-" or UP.fullmatch(target):
        return True
    if place.startswith(("/", "~", "?")):
        return True
    if place.startswith("../"):
        return shell.tree.inside(place, directory=True) is not None
    kind = shell.tree.kind(place)
    if kind == "directory":
        return True
    if kind is None and shell.state.cwd == "" and shell.state.previous is None:
        # the session began above the clone
        shell.state.cwd = "?"
        shell.state.previous, shell.state.cwd = "?", f"?/{target.rstrip('/')}"
        raise _Entered
    return False if kind == "file" else shell.either()


class _Entered(Exception):  # noqa: N818 (no error)
    """The session turns out to have begun above the clone."""


def _change(shell: Running, words: list[str], stdin: Data | None) -> Result:
    try:
        return change_back(shell, words, stdin)
    except _Entered:
        return True, EMPTY


def _pushd(shell: Running, words: list[str], stdin: Data | None) -> Result:
    state, before = shell.state, shell.state.cwd
    others = [word for word in words if not word.startswith(("-", "+"))]
    if len(others) < len(words):
        state.cwd = None
        return None, None
    if not others:
        if not state.stack:
            return False, EMPTY
        state.cwd, state.previous, state.stack = state.stack[0], before, (before, *state.stack[1:])
        return True, None
    status, _ = _change(shell, others, stdin)
    if status:
        state.stack = (before, *state.stack)
    return status, None


def _popd(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    state = shell.state
    if words and words != ["-q"]:
        state.cwd = None
        return None, None
    if not state.stack:
        return False, EMPTY
    state.previous, state.cwd, state.stack = state.cwd, state.stack[0], state.stack[1:]
    return True, None


def _export(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    for word in words:
        if assigned := _ASSIGNED.fullmatch(word):
            shell.state.variables[assigned[1]] = (assigned[2],)
    return True, EMPTY


def _set(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    if shell.shell is not Shell.FISH:
        if words[:1] in (["-f"], ["+f"]) and shell.shell is Shell.BASH:
            _option(shell, "noglob", on=words[0] == "-f")
        elif words[:1] == ["--"]:
            shell.state.arguments = tuple(words[1:])
        return True, EMPTY
    options = "".join(word for word in words if word.startswith("-"))
    names = [word for word in words if not word.startswith("-")]
    if names and not set(options) & set("qnS"):
        shell.state.variables[names[0]] = () if "e" in options else tuple(names[1:])
    return True, EMPTY


def _option(shell: Running, name: str, *, on: bool) -> None:
    name = name.lower().replace("_", "")
    shell.state.options = shell.state.options | {name} if on else shell.state.options - {name}


def _options(shell: Running, words: list[str], *, on: bool) -> Result:
    for word in words:
        name = word.lower().replace("_", "")
        if name.startswith("no") and name not in ("nomatch", "notify", "nomatch"):
            _option(shell, name[2:], on=not on)
        elif not word.startswith("-"):
            _option(shell, "nonomatch" if name == "nomatch" else name, on=not on if name == "nomatch" else on)
    if "nonomatch" in {word.lower().replace("_", "") for word in words}:
        _option(shell, "nonomatch", on=on)
    return True, EMPTY


def _shopt(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    for word in words[1:]:
        if words[0] in ("-s", "-u"):
            _option(shell, word, on=words[0] == "-s")
    return True, EMPTY


def _alias(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    others = [word for word in words if not word.startswith("-")]
    if shell.shell is Shell.FISH:
        name, sign, value = others[0].partition("=") if others else ("", "", "")
        value = value if sign else " ".join(others[1:])
        if name and value:
            shell.state.functions[name] = FishParser(f"{value} $argv").program()
        return True, EMPTY
    for word in others:
        name, sign, value = word.partition("=")
        if sign:
            shell.state.aliases[name] = value
    return True, EMPTY


def _unalias(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    for word in words:
        shell.state.aliases.pop(word, None)
    return True, EMPTY


def _eval(shell: Running, words: list[str], stdin: Data | None) -> Result:
    text = " ".join(words)
    try:
        return shell.run(parsed(shell, shell.shell, text, aliases=True), stdin)
    except NotUnderstood as error:
        if "knife" in text:
            shell.fail(str(error))
        return None, None


def _exit(shell: Running, _words: list[str], _stdin: Data | None) -> Result:
    shell.state.over = True
    return None, EMPTY


def _leave(shell: Running, _words: list[str], _stdin: Data | None) -> Result:
    shell.leave()
    return None, EMPTY


def _read(shell: Running, words: list[str], stdin: Data | None) -> Result:
    names = [word for word in words if not word.startswith("-")]
    if len(names) < len(words) or stdin is None or not stdin.ordered or not stdin.lines or "\\" in stdin.lines[0]:
        shell.state.variables |= dict.fromkeys(names)
        return None, EMPTY
    fields = stdin.lines[0].split(None, max(0, len(names) - 1))
    for number, name in enumerate(names):
        shell.state.variables[name] = (fields[number].rstrip() if number < len(fields) else "",)
    return True, EMPTY


def _previous(shell: Running, words: list[str], stdin: Data | None) -> Result:
    if words or shell.state.previous is None:
        shell.state.cwd = None
        return None, EMPTY
    return change_back(shell, ["-"], stdin)


def _unknown_shell(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    if any("knife" in word for word in words):
        shell.fail("a script of which nobody knows what it ran")
    return None, None


def _unset(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    for word in words:
        shell.state.variables.pop(word, None)
        shell.state.functions.pop(word, None)
    return True, EMPTY


BUILTINS: Final[dict[str, Callable[[Any, list[str], Data | None], Any]]] = {
    "cd": _change,
    "chdir": _change,
    "prevd": _previous,
    "pushd": _pushd,
    "popd": _popd,
    "export": _export,
    "declare": _export,
    "typeset": _export,
    "local": _export,
    "readonly": _export,
    "set": _set,
    "setopt": lambda shell, words, _: _options(shell, words, on=True),
    "unsetopt": lambda shell, words, _: _options(shell, words, on=False),
    "shopt": _shopt,
    "alias": _alias,
    "unalias": _unalias,
    "unset": _unset,
    "eval": _eval,
    "exit": _exit,
    "continue": _leave,
    "break": _leave,
    "return": _leave,
    "logout": _exit,
    "read": _read,
    "source": _unknown_shell,
    ".": _unknown_shell,
    "true": lambda *_: (True, EMPTY),
    ":": lambda *_: (True, EMPTY),
    "false": lambda *_: (False, EMPTY),
    "wait": lambda *_: (None, EMPTY),
}
