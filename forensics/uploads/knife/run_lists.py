"""``knife role run_list|env_run_list add|remove|set|replace|clear``: a role on the server, changed in place.

Mirrors knife's role_run_list_*.rb and role_env_run_list_*.rb: the role is loaded, one of its run lists is built anew,
and it is saved under the name that was typed.
"""

from __future__ import annotations

from dataclasses import replace as with_changes
from typing import TYPE_CHECKING

from forensics.chef import wire
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.run_list import ArgumentRefused, parse_item
from forensics.uploads.knife import requests
from forensics.uploads.knife.outcome import CommandNotUnderstood, Stop
from forensics.uploads.server import Stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.chef.objects import Role, RunList
    from forensics.uploads.knife.outcome import Command

_DEFAULT = "_default"
_BLANKS = "\0\t\n\v\f\r "  # what Ruby's String#strip takes off


def add(command: Command) -> None:
    """Append entries, or put them behind the item of ``--after``; an environment without a run list begins empty."""
    after = command.options.get("--after")

    def change(items: list[str], words: list[str]) -> list[str]:
        entries = _entries(words)
        if after is None:
            return items + entries
        return [each for item in items for each in ([item, *entries] if item == after else [item])]

    _change(command, change, falls_back=False)


def remove(command: Command) -> None:
    """Take an item out; an environment without a run list gets the default one without the item."""
    _change(command, lambda items, words: [item for item in items if item not in words[:1]])


def replace(command: Command) -> None:
    """Put one item in the place of another."""

    def change(items: list[str], words: list[str]) -> list[str]:
        if words[:1] and words[0] in items and len(words) < 2:  # noqa: PLR2004 - the old item and the new one
            raise Stop(100, Problem("invalid", "must be a Hash or String", "ArgumentError"))
        return [words[1] if item == words[0] else item for item in items] if words else items

    _change(command, change)


def set_to(command: Command) -> None:
    """Give the run list other entries."""
    _change(command, lambda _, words: _entries(words))


def clear(command: Command) -> None:
    """Empty the run list."""
    if len(command.arguments) > 2:  # noqa: PLR2004 - a role and an environment
        raise Stop(1)
    _change(command, lambda *_: [])


def _change(command: Command, change: Callable[[list[str], list[str]], list[str]], *, falls_back: bool = True) -> None:
    """Load the role, change one run list, save.

    ``falls_back`` tells that an environment without a run list of its own starts from the default one.
    """
    of_environment = "env_run_list" in command.verb
    if len(command.arguments) < (2 if of_environment else 1):
        raise CommandNotUnderstood(f"without a role or an environment: knife {command.verb}")
    name = command.arguments[0]
    environment = command.arguments[1] if of_environment else _DEFAULT
    words = command.arguments[2 if of_environment else 1 :]
    role = requests.load_role(command, name)
    items = _run_list(role, environment, falls_back=falls_back)
    changed: RunList
    if isinstance(items, Unresolved):
        changed = items
    elif unknown := [item for item in items if isinstance(item, Unresolved)]:
        changed = unknown[0]
    else:
        changed = tuple(_normalised(item) for item in change([str(item) for item in items], words))
    if environment == _DEFAULT:
        role = with_changes(role, run_list=changed)
    elif not isinstance(role.env_run_lists, Unresolved):
        role = with_changes(role, env_run_lists={**role.env_run_lists, environment: changed})
    requests.save(command, (Kind.ROLE, name), Stored(wire.from_file_body(role)))


def _run_list(role: Role, environment: str, *, falls_back: bool) -> RunList:
    if environment == _DEFAULT:
        return role.run_list
    if isinstance(role.env_run_lists, Unresolved):
        return role.env_run_lists
    return role.env_run_lists.get(environment, role.run_list if falls_back else ())


def _entries(words: list[str]) -> list[str]:
    """Split words at commas and strip the parts, as knife does; Ruby's split drops empty parts at the end."""
    if not words:
        raise Stop(100, Problem("invalid", "undefined method `split' for nil", "NoMethodError"))
    entries: list[str] = []
    for word in words:
        parts = word.split(",")
        while parts and not parts[-1]:
            parts.pop()
        entries += [part.strip(_BLANKS) for part in parts]
    return entries


def _normalised(item: str) -> str:
    try:
        return str(parse_item(item))
    except ArgumentRefused as refused:
        raise Stop(100, Problem("invalid", str(refused), refused.error_class)) from None
