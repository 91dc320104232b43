"""``knife raw``: any request, with a file as its body.

Mirrors knife's raw.rb: an error of the server is exit 1, any other exception exit 100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.chef import json_parser
from forensics.chef.json_parser import JsonRefused
from forensics.chef.objects import Kind, Problem
from forensics.uploads.checkout import expand_path
from forensics.uploads.knife import requests
from forensics.uploads.knife.outcome import CommandNotUnderstood, Stop
from forensics.uploads.server import HttpRefused, Stored

if TYPE_CHECKING:
    from forensics.uploads.knife.outcome import Command

_KIND_OF_COLLECTION = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT, "nodes": Kind.NODE}
_DEPTH = 2


def raw(command: Command) -> None:
    """``raw PATH -m METHOD -i FILE``; GET and paths that hold no objects change nothing."""
    if len(command.arguments) != 1:
        raise Stop(1)
    method = command.options.get("--method", "GET")
    path = _input_path(command)
    data = command.checkout.read(path) if path else b""
    parts = [part for part in command.arguments[0].split("?")[0].split("/") if part]
    requests.require_uri(*parts)
    try:
        _request(command, method, parts, data, path)
    except HttpRefused as error:
        server_failed = error.status >= 500  # noqa: PLR2004 - knife raw catches only errors of the client
        raise Stop(100 if server_failed else 1, requests.http_problem(error), path) from None


def _request(command: Command, method: str, parts: list[str], data: bytes, path: str | None) -> None:
    kind = _KIND_OF_COLLECTION.get(parts[0]) if parts else None
    if method == "GET" or (kind is None and parts[:1] != ["data"]):
        command.uncertain = True
    elif kind is not None and method == "DELETE" and len(parts) == _DEPTH:
        command.server.delete((kind, parts[1]))
    elif kind is not None and method == "PUT" and len(parts) == _DEPTH:
        command.server.put((kind, parts[1]), Stored(_body(data), path))
    else:
        raise CommandNotUnderstood(f"knife raw of what is no role, environment or node: {method} /{'/'.join(parts)}")


def _input_path(command: Command) -> str | None:
    name = command.options.get("--input")
    if name is None:
        return None
    path = expand_path(command.cwd, name)
    if path is None:
        raise CommandNotUnderstood(f"{name} lies outside the repository")
    if command.checkout.kind(path) != "file":
        raise Stop(100, Problem("missing-file", f"No such file or directory - {name}", "Errno::ENOENT"), name)
    return path


def _body(data: bytes) -> dict[str, Any]:
    """Parse the body as the server does, which fails on what is no JSON object."""
    try:
        body = json_parser.parse(data)
    except JsonRefused as refused:
        raise HttpRefused(500, f"Exception raised! {refused.message}") from None
    if not isinstance(body, dict):
        raise HttpRefused(500, "Exception raised! the body is no object")
    return body
