"""What a command does once its words are known: builtins, what runs another command, git, programs, and knife."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.evidence.records import Shell
from forensics.evidence.shell import builtins, programs, xargs
from forensics.evidence.shell.fish import FishParser
from forensics.evidence.shell.git_commands import GitCommand
from forensics.evidence.shell.knife_words import is_knife
from forensics.evidence.shell.parsing import literal
from forensics.evidence.shell.state import EMPTY, Data, ShellState
from forensics.evidence.shell.syntax import NotUnderstood, Text
from forensics.evidence.shell.work_tree import location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.evidence.shell.state import Running
    from forensics.evidence.shell.syntax import Word

    Result = tuple[bool | None, Data | None]

_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
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
_TRACED: Final = frozenset(
    {"eval", "source", ".", "for", "case", "[[", "((", "select", "exit", "alias", "while", "until"}
)
_EXECUTING: Final = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_MAKERS: Final = {
    "make": ("GNUmakefile", "makefile", "Makefile"),
    "gmake": ("GNUmakefile", "makefile", "Makefile"),
    "rake": ("Rakefile", "rakefile", "Rakefile.rb"),
}
_EDITORS: Final = frozenset(
    {"vim", "vi", "nano", "emacs", "nvim", "code", "subl", "mate", "ed", "joe", "micro", "pico"}
)
_ELSEWHERE: Final = frozenset(
    {"ssh", "mosh", "vagrant", "docker", "kubectl", "parallel", "watch", "entr", "screen", "tmux", "su"}
)


def names_knife(words: Sequence[Word], shell: Running) -> bool:
    """Whether a command whose words are not known may be knife."""
    known = [literal(word) or "".join(part.value for part in word if isinstance(part, Text)) for word in words]
    if not known or known[0] in ("echo", "printf", "grep", "vim", "cat", "man", "git", "which"):
        return False
    first = shell.state.functions.get(known[0])
    return any(is_knife(word) or "knife " in word for word in known) or (
        {"from", "file"} <= set(known) or (first is not None and shell.probe(first))
    )


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
    if name == "xargs":
        return xargs.run(shell, words[1:], stdin, lambda call: run(shell, call, None))
    if (builtin := builtins.BUILTINS.get(name)) is not None:
        result: Result = builtin(shell, words[1:], stdin)
        return result
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
    if (name in _ELSEWHERE or (name == "find" and not _EXECUTING.isdisjoint(words))) and any(
        "knife" in word for word in words[1:]
    ):
        shell.fail(f"{name} ran it, nobody knows where or how often")
        return None, None
    if name in _MAKERS or "/" in words[0]:
        _script(shell, words[0], _MAKERS.get(name, (words[0],)))
    if len(words) == 1 and shell.shell in (Shell.ZSH, Shell.FISH) and _is_directory(shell, words[0]):
        return builtins.change_back(shell, words, stdin)
    _edited(shell, name, words[1:])
    if shell.state.cwd is None:
        return None, None
    return programs.run(
        name, words[1:], stdin, programs.ProgramPlace(shell.state.cwd, shell.tree, shell.order or shell.locale())
    )


def _script(shell: Running, name: str, files: Sequence[str]) -> None:
    """Say so where a file of the clone runs that names knife: what it ran is not followed."""
    if shell.state.cwd is None:
        return
    for file in files:
        place = shell.tree.inside(location(shell.state.cwd, file))
        if place is not None and shell.tree.kind(place) == "file" and "knife" in shell.tree.read(place):
            shell.fail(f"{name} ran what {place} says, in which knife is named")


def _is_directory(shell: Running, word: str) -> bool:
    """Whether a word alone changes to the directory that it names: always in fish, often in zsh."""
    if builtins.UP.fullmatch(word):
        return True
    if (not word.endswith("/") and shell.shell is Shell.FISH) or shell.state.cwd is None:
        return False
    place = shell.tree.inside(location(shell.state.cwd, word))
    return place is not None and shell.tree.kind(place) == "directory" and (word.endswith("/") or shell.either())


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
        into = target.endswith("/") or (place is not None and shell.tree.kind(place) == "directory")
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
                shell.order = builtins.order_of(assigned[2])
        else:
            break
    if name == "timeout" and rest:
        rest.pop(0)
    try:
        return run(shell, rest, stdin) if rest else (None, None)
    finally:
        shell.order = was
        shell.state.over = shell.state.over or (name == "exec" and bool(rest))


def _inner_shell(shell: Running, name: str, words: list[str], stdin: Data | None) -> Result:
    options = [word for word in words if word.startswith("-")]
    if not any(re.fullmatch(r"-[a-z]*c", option) for option in options):
        _script(shell, name, [word for word in words if not word.startswith("-")][:1])
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
    shell.state = ShellState(cwd=before.cwd, clone=before.clone).with_clone_of(before)
    shell.state.variables = {name: before.variables[name] for name in ("LC_ALL", "LANG") if name in before.variables}
    shell.state.arguments = tuple(rest[2:])
    shell.state.variables["0"] = tuple(rest[1:2])
    shell.shell = kind
    try:
        return shell.run(builtins.parsed(shell, kind, rest[0], aliases=False), stdin)
    except NotUnderstood as error:
        if "knife" in rest[0]:
            shell.fail(str(error))
        return None, None
    finally:
        shell.shell = was
