"""Commands that create and delete single objects: ``role|environment|node create|delete``, ``bulk delete``, data bags.

Mirrors knife's role_create.rb, role_delete.rb, role_bulk_delete.rb, their kin, data_bag_create.rb and
data_bag_delete.rb. Questions are taken to be answered with yes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.chef import ruby_text, wire
from forensics.chef.objects import Environment, Kind, Problem, Role
from forensics.chef.upload_source import RESERVED_BAGS
from forensics.uploads.knife import requests
from forensics.uploads.knife.outcome import CommandNotUnderstood, Stop
from forensics.uploads.server import BAG, Stored

if TYPE_CHECKING:
    from forensics.uploads.knife.outcome import Command

_KIND_OF_WORD = {"role": Kind.ROLE, "environment": Kind.ENVIRONMENT, "node": Kind.NODE}
_BAG_NAME_EXTRA = "."
_RUBY_ONLY = re.compile(r"\\[hHRXGkg]|\(\?[~<>#imx-]|\[\[:|&&")


def delete(command: Command) -> None:
    """``role|environment|node delete NAME``: load it, then delete it."""
    kind = _KIND_OF_WORD[command.verb.split()[0]]
    name = command.required(0)
    requests.load(command, (kind, name))
    requests.sent(lambda: command.server.delete((kind, name)), name)


def bulk_delete(command: Command) -> None:
    """``role|node bulk delete REGEX``: every object whose name matches; exit 0 if none does."""
    kind = _KIND_OF_WORD[command.verb.split()[0]]
    pattern = _ruby_expression(command.required(0))
    for name in command.server.names(kind):
        if pattern.search(name):
            requests.require_uri(name)
            command.server.write((kind, name), None)


def create(command: Command) -> None:
    """``role|environment create NAME --description TEXT -d``: an empty object under that name."""
    kind = _KIND_OF_WORD[command.verb.split()[0]]
    name = command.required(0)
    if "--disable-editing" not in command.options:
        raise CommandNotUnderstood(f"what was typed into the editor cannot be told: {command.verb}")
    if not ruby_text.has_name_line(name):
        message = rf"Property name's value {name} does not match regular expression /^[\-[:alnum:]_]+$/"
        raise Stop(100, Problem("name-invalid", message, "Chef::Exceptions::ValidationFailed"), name)
    description = command.options.get("--description", "")
    declared = (
        Role(name, description, (), {}, {}, {}) if kind is Kind.ROLE else Environment(name, description, {}, {}, {})
    )
    requests.save(command, (kind, name), Stored(wire.from_file_body(declared)))


def create_data_bag(command: Command) -> None:
    """``data bag create BAG``: nothing happens to a bag that exists."""
    bag = command.required(0)
    if len(command.arguments) > 1:
        raise CommandNotUnderstood("what was typed into the editor cannot be told: data bag create with an item")
    if not ruby_text.has_name_line(bag, _BAG_NAME_EXTRA) or RESERVED_BAGS.search(bag):
        raise Stop(1, Problem("name-invalid", f"no data bag can be called {bag}", "SystemExit(1)"), bag)
    requests.require_uri(bag)
    if command.server.stored((BAG, bag)) is None:
        requests.sent(lambda: command.server.save((BAG, bag), Stored({"name": bag})), bag)


def delete_data_bag(command: Command) -> None:
    """``data bag delete BAG [ITEM]``."""
    bag = command.required(0)
    if len(command.arguments) > 2:  # noqa: PLR2004 - a bag and an item
        raise Stop(1)
    requests.require_uri(*command.arguments)
    item = command.arguments[1:]
    key = (Kind.DATA_BAG_ITEM, f"{bag}/{item[0]}") if item else (BAG, bag)
    requests.sent(lambda: command.server.delete(key), key[1])


def _ruby_expression(text: str) -> re.Pattern[str]:
    r"""Compile a regular expression of Ruby's, whose ``^`` and ``$`` stand at lines and whose ``\Z`` means ``\Z``.

    Raises:
        CommandNotUnderstood: it uses what Python's expressions lack or take for something else.
    """
    if _RUBY_ONLY.search(text) and not text.startswith("(?i)"):
        raise CommandNotUnderstood(f"a regular expression that only Ruby reads: {text}")
    try:
        return re.compile(text.replace(r"\z", r"\Z"), re.MULTILINE | re.ASCII)
    except re.error as error:
        raise CommandNotUnderstood(f"not a regular expression that can be read here: {text} ({error})") from None
