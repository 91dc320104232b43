"""What a command does once its words are known: builtins, what runs another command, git, programs, and knife."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, Final

from forensics.evidence.records import Shell
from forensics.evidence.shell import programs, xargs
from forensics.evidence.shell.fish import FishParser
from forensics.evidence.shell.git_commands import GitCommand
from forensics.evidence.shell.knife_words import is_knife
from forensics.evidence.shell.parsing import literal
from forensics.evidence.shell.posix import PosixParser
from forensics.evidence.shell.state import EMPTY, Data, State
from forensics.evidence.shell.syntax import Node, NotUnderstood, Text
from forensics.evidence.shell.work_tree import location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from forensics.evidence.shell.state import Running
    from forensics.evidence.shell.syntax import Word

    Result = tuple[bool | None, Data | None]

_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_UP: Final = re.compile(r"\.\.(/\.\.)*/?")
_SUDO_VALUE: Final = frozenset({"-u", "-g", "-C", "-h", "-p", "-U", "-r", "-t", "--user", "--group"})
_BEFORE: Final[dict[str, frozenset[str]]] = {
    "sudo": _SUDO_VALUE,
    "doas": frozenset({"-u", "-C"}),
    "rvmsudo": _SUDO_VALUE,
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "command": frozenset(),
    "builtin": frozenset(),
    "exec": frozenset({"-a"}),
    "nohup": frozenset(),
    "time": frozenset({"-f", "-o"}),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n"}),
    "timeout": frozenset({"-k", "-s"}),
    "stdbuf": frozenset({"-o", "-i", "-e"}),
    "noglob": frozenset(),
    "nocorrect": frozenset(),
    "caffeinate": frozenset({"-t"}),
    "setsid": frozenset(),
    "-": frozenset(),
}
"""What runs the rest of its words as a command, with those of its options that have a value."""

_EXECUTED: Final = frozenset({"bundle", "chef", "rbenv", "be", "mise", "asdf"})
_SHELLS: Final = frozenset({"bash", "sh", "zsh", "dash", "fish", "ksh"})
_TRACED: Final = frozenset({"eval", "source", ".", "for", "case", "[[", "((", "select", "exit", "alias", "while", "until"})
_EDITORS: Final = frozenset({"vim", "vi", "nano", "emacs", "nvim", "code", "subl", "mate", "ed", "joe", "micro", "pico"})
_ELSEWHERE: Final = frozenset({"ssh", "mosh", "vagrant", "docker", "kubectl", "parallel", "watch", "entr", "screen", "tmux", "su"})


def names_knife(words: Sequence[Word], shell: Running) -> bool:
    """Whether a command whose words are not known may be knife."""
    known = [literal(word) or "".join(part.value for part in word if isinstance(part, Text)) for word in words]
    if not known or known[0] in ("echo", "printf", "grep", "vim", "cat", "man", "git", "which"):
        return False
    first = shell.state.functions.get(known[0])
    return any(is_knife(word) or "knife " in word for word in known) or (
        {"from", "file"} <= set(known) or first is not None and shell.probe(first)
    )


def order_of(locale: str) -> str:
    """The order of names that a locale has."""
    return "C" if locale.partition(".")[0] in ("C", "POSIX") else "locale"


def from_here(cwd: str, place: str) -> str:
    """A location as a relative path."""
    return posixpath.relpath(place or ".", cwd or ".")


def run(shell: Running, words: list[str], stdin: Data | None) -> Result:  # noqa: C901, PLR0911 (a case for each kind)
    """Run a command by its words."""
    name = words[0]
    if shell.shell is Shell.TRACE and name in _TRACED:
        return None, EMPTY  # what it runs is traced, too
    if name in shell.state.functions:
        return shell.call(shell.state.functions[name], words[1:], stdin)
    if shell.shell is Shell.FISH and name in shell.settings.aliases:
        body = FishParser(f"{shell.settings.aliases[name]} $argv").program()
        return shell.call(body, words[1:], stdin)
    name = name.rpartition("/")[2] if name.startswith(("/", "~")) and not name.endswith("/") else name
    if is_knife(name):
        shell.act(tuple(words[1:]))
        return None, None
    if (builtin := _BUILTINS.get(name)) is not None:
        return builtin(shell, words[1:], stdin)
    if name in _BEFORE:
        return _prefixed(shell, name, words[1:], stdin)
    if name in _EXECUTED and words[1:2] == ["exec"]:
        rest = words[2:]
        while rest and rest[0].startswith("-"):
            rest.pop(0)
        return run(shell, rest, stdin) if rest else (None, None)
    if name == "rvm" and "do" in words:
        rest = words[words.index("do") + 1 :]
        return run(shell, rest, stdin) if rest else (None, None)
    if name in _SHELLS:
        return _inner_shell(shell, name, words[1:], stdin)
    if name in ("git", "hub"):
        GitCommand(shell.tree.commits, shell.tree, shell.state, shell.time, shell.settings.skew).run(words[1:])
        shell.tree.changes = shell.state.changes
        return True if words[1:2] in (["pull"], ["checkout"], ["fetch"], ["reset"]) else None, None
    if name in _ELSEWHERE and any("knife" in word for word in words[1:]):
        shell.fail(f"{name} ran it, nobody knows where or how often")
        return None, None
    if len(words) == 1 and shell.shell in (Shell.ZSH, Shell.FISH) and _is_directory(shell, words[0]):
        return _cd(shell, words, stdin)
    _edited(shell, name, words[1:])
    if shell.state.cwd is None:
        return None, None
    return programs.run(
        name, words[1:], stdin, programs.Surroundings(shell.state.cwd, shell.tree, shell.order or shell.locale())
    )


def _is_directory(shell: Running, word: str) -> bool:
    """Whether a word alone changes to the directory that it names: always in fish, often in zsh."""
    if _UP.fullmatch(word):
        return True
    if not word.endswith("/") and shell.shell is Shell.FISH or shell.state.cwd is None:
        return False
    place = shell.tree.inside(location(shell.state.cwd, word))
    return place is not None and shell.tree.entry(place).kind == "directory" and (word.endswith("/") or shell.either())


def _edited(shell: Running, name: str, words: list[str]) -> None:
    """Note what programs do to files."""
    files = [word for word in words if not word.startswith("-")]
    if name in _EDITORS or name == "touch":
        for file in files:
            shell.writes(file)
    elif name in ("sed", "perl", "gsed") and any(word.startswith(("-i", "-pi", "--in-place")) for word in words):
        for file in files[1:] or files:
            shell.writes(file)
    elif name == "rm":
        for file in files:
            shell.writes(file, "-")
    elif name in ("cp", "mv") and len(files) > 1:
        target = files[-1]
        place = shell.tree.inside(location(shell.state.cwd or "", target)) if shell.state.cwd is not None else None
        into = target.endswith("/") or (place is not None and shell.tree.entry(place).kind == "directory")
        for file in files[:-1]:
            shell.writes(f"{target.rstrip('/')}/{file.rstrip('/').rpartition('/')[2]}" if into else target)
            if name == "mv":
                shell.writes(file, "-")
    elif name == "tee":
        for file in files:
            shell.writes(file)


def _prefixed(shell: Running, name: str, words: list[str], stdin: Data | None) -> Result:
    rest = list(words)
    with_value = _BEFORE[name]
    was = shell.order
    while rest:
        if rest[0] == "--":
            rest.pop(0)
            break
        if rest[0].startswith("-") and rest[0] != "-":
            option = rest.pop(0)
            if name in ("command", "builtin") and option in ("-v", "-V"):
                return None, None
            if (name in ("sudo", "doas") and option in ("-i", "--login")) or option in ("-C", "--chdir", "-S"):
                if any("knife" in word for word in rest):
                    shell.fail(f"nobody knows in which directory {name} {option} runs it")
                return None, None
            if option in with_value and rest:
                rest.pop(0)
        elif name in ("env", "sudo", "rvmsudo", "doas") and (assigned := _ASSIGNED.fullmatch(rest[0])):
            rest.pop(0)
            if assigned[1] in ("LC_ALL", "LC_COLLATE", "LANG"):
                shell.order = order_of(assigned[2])
        else:
            break
    if name == "timeout" and rest:
        rest.pop(0)
    try:
        return run(shell, rest, stdin) if rest else (None, None)
    finally:
        shell.order = was
        shell.state.over = shell.state.over or (name == "exec" and bool(rest))


def _parsed(shell: Running, kind: Shell, text: str, aliases: bool) -> Node:  # noqa: FBT001 (one caller each)
    if kind is Shell.FISH:
        return FishParser(text).program()
    known = {**shell.settings.aliases, **shell.state.aliases} if aliases else {}
    comments = kind is not Shell.ZSH or not aliases or shell.has("interactivecomments")
    return PosixParser(text, known, zsh=kind is Shell.ZSH, comments=comments).program()


def _inner_shell(shell: Running, name: str, words: list[str], stdin: Data | None) -> Result:
    options = [word for word in words if word.startswith("-")]
    if not any(re.fullmatch(r"-[a-z]*c", option) for option in options):
        return None, None
    at = next(index for index, word in enumerate(words) if re.fullmatch(r"-[a-z]*c", word))
    rest = words[at + 1 :]
    if not rest:
        return None, None
    if any(re.fullmatch(r"-[a-z]*l[a-z]*", option) for option in options) and "knife" in rest[0]:
        shell.tree.assume("a login shell begins in the same directory")
    kind = {"zsh": Shell.ZSH, "fish": Shell.FISH}.get(name, Shell.BASH)
    return shell.apart(lambda: _elsewhere(shell, kind, rest, stdin))


def _elsewhere(shell: Running, kind: Shell, rest: list[str], stdin: Data | None) -> Result:
    was = shell.shell
    before = shell.state
    shell.state = State(cwd=before.cwd, clone=before.clone).with_clone_of(before)
    shell.state.variables = {name: before.variables[name] for name in ("LC_ALL", "LANG") if name in before.variables}
    shell.state.arguments = tuple(rest[2:])
    shell.state.variables["0"] = tuple(rest[1:2])
    shell.shell = kind
    try:
        return shell.run(_parsed(shell, kind, rest[0], aliases=False), stdin)
    except NotUnderstood as error:
        if "knife" in rest[0]:
            shell.fail(str(error))
        return None, None
    finally:
        shell.shell = was


# builtins


def _cd(shell: Running, words: list[str], _stdin: Data | None) -> Result:
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
    if target.startswith(("/", "~")) or target == "-" or _UP.fullmatch(target):
        return True
    if place.startswith(("/", "~", "?")):
        return True
    if place.startswith("../"):
        return shell.tree.inside(place, directory=True) is not None
    kind = shell.tree.entry(place).kind
    if kind == "directory":
        return True
    if kind is None and shell.state.cwd == "" and shell.state.previous is None:
        # the session began above the clone
        shell.state.cwd = "?"
        shell.state.previous, shell.state.cwd = "?", f"?/{target.rstrip('/')}"
        raise _Entered
    return False if kind == "file" else shell.either()


class _Entered(Exception):
    """The session turns out to have begun above the clone."""


def _change(shell: Running, words: list[str], stdin: Data | None) -> Result:
    try:
        return _cd(shell, words, stdin)
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
        return shell.run(_parsed(shell, shell.shell, text, aliases=True), stdin)
    except NotUnderstood as error:
        if "knife" in text:
            shell.fail(str(error))
        return None, None


def _exit(shell: Running, _words: list[str], _stdin: Data | None) -> Result:
    shell.state.over = True
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
    return _cd(shell, ["-"], stdin)


def _unknown_shell(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    if any("knife" in word for word in words):
        shell.fail("a script of which nobody knows what it ran")
    return None, None


def _xargs(shell: Running, words: list[str], stdin: Data | None) -> Result:
    return xargs.run(shell, words, stdin, lambda call: run(shell, call, None))


def _unset(shell: Running, words: list[str], _stdin: Data | None) -> Result:
    for word in words:
        shell.state.variables.pop(word, None)
        shell.state.functions.pop(word, None)
    return True, EMPTY


_BUILTINS: Final[dict[str, Callable[[Any, list[str], Data | None], Any]]] = {
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
    "logout": _exit,
    "read": _read,
    "source": _unknown_shell,
    ".": _unknown_shell,
    "xargs": _xargs,
    "true": lambda *_: (True, EMPTY),
    ":": lambda *_: (True, EMPTY),
    "false": lambda *_: (False, EMPTY),
    "wait": lambda *_: (None, EMPTY),
}
