"""Commands and their options, as typer knows them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import typer

from forensics.cli.app import COMMANDS, application
from handbook.markdown import block, code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def _group() -> Any:
    return typer.main.get_command(application(*COMMANDS))


_GROUPS: Final = (
    ("Which repository", ("repo", "rev", "every_ref", "config", "no_config", "chef_version", "trust_owner")),
    ("Which part of it", ("container", "since", "until")),
    ("What is replayed", ("history", "replay_from", "commands", "nodes", "evidence", "clock_skew", "scenario")),
    ("How the answer is told", ("format_", "output", "overwrite", "color", "verbose", "quiet", "redact")),
    ("What the exit code says", ("fail_on", "fail_on_history", "strict_evidence")),
)
"""The options that several commands share, in the groups in which people look for them."""


def parameters(name: str) -> list[Any]:
    """What a command takes, arguments and options."""
    return list(_group().commands[name].params)


def spelled(parameter: Any) -> tuple[str, ...]:
    """Every way to write an option or an argument."""
    if parameter.param_type_name == "argument":
        return (str(parameter.metavar),)
    return (*parameter.opts, *parameter.secondary_opts)


def listed() -> str:
    """A table of the commands, each with a link to its page."""
    rows = [
        (f"[{code(f'forensics {name}')}]({name}.md)", prose(str(_group().commands[name].help).split("\n\n")[0]))
        for name in COMMANDS
    ]
    return table(("command", "what it does"), rows)


def usage(name: str) -> str:
    """What a command does, how it is written, and a table of its options for each group."""
    command = _group().commands[name]
    arguments = [spelled(each)[0] for each in command.params if each.param_type_name == "argument"]
    parts = [
        prose(" ".join(command.help.split())),
        block("text", " ".join(["forensics", name, *arguments, "[OPTIONS]"])),
    ]
    for title, found in _grouped(command.params):
        if found[0].param_type_name == "argument":
            told = [(code(spelled(each)[0]), prose(each.help or "")) for each in found]
            parts += [f"**{title}**", table(("argument", "meaning"), told)]
            continue
        rows = [(", ".join(map(code, _written(each))), _values(each), prose(each.help or "")) for each in found]
        parts += [f"**{title}**", table(("option", "values", "meaning"), rows)]
    return "\n\n".join(parts)


def _grouped(found: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    arguments = [each for each in found if each.param_type_name == "argument"]
    shared = {name for _, names in _GROUPS for name in names}
    own = [each for each in found if each not in arguments and each.name not in shared]
    if arguments:
        yield "Arguments", arguments
    if own:
        yield "Of this command alone", own
    for title, names in _GROUPS:
        members = [each for name in names for each in found if each.name == name and each not in arguments]
        if members:
            yield title, members


def _written(parameter: Any) -> list[str]:
    return sorted(spelled(parameter), key=len)


def _values(parameter: Any) -> str:
    choices = getattr(parameter.type, "choices", None)
    if choices:
        default = f" (default {code(str(parameter.default))})" if parameter.default is not None else ""
        return ", ".join(code(str(each)) for each in choices) + default
    if parameter.is_flag:
        return ""
    shown = code(parameter.metavar or "TEXT")
    return f"{shown} (default {code(str(parameter.default))})" if parameter.default else shown
