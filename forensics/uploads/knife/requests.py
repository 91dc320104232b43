"""Requests as knife's commands make them: a bad name never leaves, an error of the server ends the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef import json_source, wire
from forensics.chef.json_encoder import UnresolvedBody
from forensics.chef.objects import Kind, Problem, Role
from forensics.chef.request_uri import uri_problem
from forensics.uploads.knife.outcome import Stop
from forensics.uploads.server import HttpRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.chef.objects import Body
    from forensics.uploads.knife.outcome import Command
    from forensics.uploads.server import ObjectKey, Stored


def sent(request: Callable[[], None], refused: str | None = None) -> None:
    """Make a request; whatever the server refuses ends the command with exit 100."""
    try:
        request()
    except HttpRefused as error:
        raise Stop(100, http_problem(error), refused) from None


def http_problem(error: HttpRefused) -> Problem:
    """Say what the server answered."""
    return Problem("send", f"{error.status} {error.message}", "Net::HTTPClientException", stage="send")


def require_uri(*names: str) -> None:
    """End the command where one of the names makes no URI."""
    for name in names:
        problem = uri_problem(name)
        if problem is not None:
            raise Stop(100, problem, name)


def load(command: Command, key: ObjectKey) -> Body:
    """Ask for an object as ``Chef::Role.load`` and its kin do, which refuse what ``from_hash`` refuses."""
    require_uri(key[1])
    answer: list[Body] = []
    sent(lambda: answer.append(command.server.get(key)), key[1])
    try:
        loaded = json_source.load(Kind(key[0]), wire.encode(answer[0], chef=command.chef), chef=command.chef)
    except UnresolvedBody:
        return answer[0]
    if isinstance(loaded, Problem):
        raise Stop(100, loaded, key[1])
    return answer[0]


def load_role(command: Command, name: str) -> Role:
    """Ask for a role, as an object that a command is about to change."""
    answer = load(command, (Kind.ROLE, name))
    run_lists = dict(answer["env_run_lists"])
    default = run_lists.pop("_default", answer["run_list"])
    return Role(
        name,
        answer["description"],
        default if not isinstance(default, list) else tuple(default),
        {environment: tuple(items) if isinstance(items, list) else items for environment, items in run_lists.items()},
        answer["default_attributes"],
        answer["override_attributes"],
    )


def save(command: Command, key: ObjectKey, stored: Stored) -> None:
    """PUT, and POST if there is no such object yet."""
    require_uri(key[1])
    sent(lambda: command.server.save(key, stored), key[1])
