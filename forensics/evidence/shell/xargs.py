"""``xargs``: the words that come in, put behind a command, or in the place of a sign."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from forensics.evidence.shell.knife_words import is_knife
from forensics.evidence.shell.state import EMPTY, Data

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.evidence.shell.state import Running

_WITH_VALUE: Final = ("-d", "-n", "-I", "-L", "-P", "-s", "-E", "-a")
_LONG: Final = {"--delimiter": "-d", "--max-args": "-n", "--replace": "-I", "--max-procs": "-P", "--max-lines": "-L",
                "--null": "-0", "--no-run-if-empty": "-r"}  # fmt: skip


def run(
    shell: Running, words: list[str], stdin: Data | None, once: Callable[[list[str]], object]
) -> tuple[bool | None, Data | None]:
    """Run the command (``once`` with its words) as often as there is something for it."""
    options, command = _options(words)
    if not command:
        return None, None
    items = None if stdin is None or "-a" in options else _items(stdin, options)
    if items is None or (stdin is not None and not stdin.ordered):
        # the order does not matter to what runs no knife
        if _may_be_knife(shell, command):
            reason = "nobody knows what xargs was given"
            shell.fail(reason if items is None else "files come in an order that nobody knows")
        return None, None
    if not items and "-r" in options:
        return True, EMPTY
    sign = options.get("-I")
    if sign is not None:
        calls = [[word.replace(sign, item) for word in command] for item in items]
    else:
        size = options.get("-n") or options.get("-L") or ""
        step = int(size) if size.isdigit() and int(size) else max(1, len(items))
        calls = [[*command, *items[start : start + step]] for start in range(0, max(1, len(items)), step)]
    if len(calls) > 1 and options.get("-P", "1") != "1" and _may_be_knife(shell, command):
        shell.fail("several at a time, in an order that nobody knows")
        return None, None
    for call in calls:
        once(call)
    return None, None


def _may_be_knife(shell: Running, command: list[str]) -> bool:
    return any(is_knife(word) or "knife " in word for word in command) or command[0] in shell.state.functions


def _options(words: list[str]) -> tuple[dict[str, str], list[str]]:
    rest = list(words)
    found: dict[str, str] = {}
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word.startswith("--"):
            name, sign, value = word.partition("=")
            found[_LONG.get(name, name)] = value if sign else "{}"
        elif word in _WITH_VALUE:
            found[word] = rest.pop(0) if rest else ""
        elif word[:2] in _WITH_VALUE:
            found[word[:2]] = word[2:]
        else:
            found |= {f"-{letter}": "" for letter in word[1:]}
            if word[-1] in "dnIPL" and rest:
                found[f"-{word[-1]}"] = rest.pop(0)
    if "-i" in found:
        found["-I"] = "{}"
    return found, rest


def _items(stdin: Data, options: dict[str, str]) -> list[str] | None:
    if options.get("-d") in ("\\n", "\n") or "-I" in options or "-0" in options:
        return [line if "-d" in options or "-0" in options else line.strip() for line in stdin.lines]
    if "-d" in options or "-L" in options:
        return None
    items: list[str] = []
    for line in stdin.lines:
        try:
            items += shlex.split(line, posix=True)
        except ValueError:
            return None  # an apostrophe: xargs stops there
    return items
