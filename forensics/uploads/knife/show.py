"""Commands that leave all roles, environments, nodes and data bags alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.uploads.knife import requests
from forensics.uploads.knife.outcome import Stop
from forensics.uploads.server import BAG, HttpRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forensics.uploads.knife.outcome import Command


def show(command: Command) -> None:
    """``role|environment|node show NAME``: exit 100 if there is no such object."""
    kind = Kind(command.verb.split()[0])
    requests.load(command, (kind, command.required(0)))


def show_data_bag(command: Command) -> None:
    """``data bag show BAG [ITEM]``: exit 100 if there is none."""
    bag = command.required(0)
    requests.require_uri(*command.arguments)
    key = (Kind.DATA_BAG_ITEM, f"{bag}/{command.arguments[1]}") if len(command.arguments) > 1 else (BAG, bag)
    if command.server.stored(key) is None:
        raise Stop(100, requests.http_problem(HttpRefused(404, f"Object not found: {key[1]}")), key[1])


def nothing(_: Command) -> None:
    """Look at something, and exit with 0."""


def something_else(command: Command) -> None:
    """Do something with other things than the objects here; how it exits cannot be told."""
    command.uncertain = True


SHOWING: Final[Mapping[str, Callable[[Command], None]]] = {
    "role show": show,
    "environment show": show,
    "node show": show,
    "data bag show": show_data_bag,
    "role list": nothing,
    "environment list": nothing,
    "node list": nothing,
    "data bag list": nothing,
    **dict.fromkeys(
        ("list", "show", "download", "search", "status", "cookbook", "client", "user", "config", "ssl", "deps"),
        something_else,
    ),
}
"""The verbs that change nothing here; options that they have for themselves are passed over."""
