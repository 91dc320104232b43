"""``knife role|environment|node|data bag from file``.

Mirrors knife's role_from_file.rb, environment_from_file.rb, node_from_file.rb, data_bag_from_file.rb and
core/object_loader.rb: arguments in their order, and the first that is refused ends the command.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from forensics.chef import ruby_text
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.uploads.checkout import expand_path, joined
from forensics.uploads.knife import requests
from forensics.uploads.knife.outcome import CommandNotUnderstood, Stop, exit_status_of
from forensics.uploads.loading import load_for_from_file
from forensics.uploads.order import arrange
from forensics.uploads.server import Stored

if TYPE_CHECKING:
    from forensics.uploads.knife.outcome import Command

_NOT_ASCII = Problem(
    "not-ascii",
    "invalid multibyte char (US-ASCII): knife under LC_ALL=C reads Ruby files as US-ASCII",
    "SyntaxError",
)


def roles(command: Command) -> None:
    """``role from file FILE...``: without a file, nothing."""
    for argument in command.arguments:
        _upload(command, Kind.ROLE, argument, "roles")


def nodes(command: Command) -> None:
    """``node from file FILE...``."""
    for argument in command.arguments:
        _upload(command, Kind.NODE, argument, "nodes")


def environments(command: Command) -> None:
    """``environment from file FILE...``, or ``-a`` for all of environments/, .json before .rb."""
    if "--all" in command.options:
        found = _all_objects(command, joined(command.cwd, "environments"))
        if not found:
            raise Stop(1)
    else:
        command.required(0)
        found = command.arguments
    for argument in found:
        _upload(command, Kind.ENVIRONMENT, argument, "environments")


def data_bag_items(command: Command) -> None:
    """``data bag from file BAG FILE|DIRECTORY...``, or ``-a`` for all items of one bag or of all bags."""
    if {"--secret", "--secret-file"} & command.options.keys():
        raise CommandNotUnderstood("items that knife encrypts cannot be told: data bag from file --secret")
    if "--all" in command.options:
        directory = joined(command.cwd, "data_bags")
        for bag in command.arguments[:1] or _visible(command, directory, "directory"):
            _upload_items(command, bag, _all_objects(command, joined(directory, bag)))
        return
    command.required(1)
    _upload_items(command, command.arguments[0], command.arguments[1:])


def _upload_items(command: Command, bag: str, items: list[str]) -> None:
    arguments: list[str] = []
    for item in items:
        directory = joined(command.cwd, item)
        if command.checkout.kind(directory) == "directory":
            names = [name for name in command.checkout.names(directory) if _is_matched(name, (".json",))]
            arguments += [posixpath.join(item, name) for name in arrange(names, "byte")]
        else:
            arguments.append(item)
    for argument in arguments:
        _upload(command, Kind.DATA_BAG_ITEM, argument, "data_bags", bag)


def _upload(command: Command, kind: Kind, argument: str, directory: str, bag: str = "") -> None:
    """Load one argument and save what it declares."""
    path = find_file(command, argument, joined(directory, bag))
    loaded = _loaded(command, kind, path, bag)
    if bag and not ruby_text.has_name_line(bag):
        message = r"Property data_bag must match the regular expression /^[\-[:alnum:]_]+$/"
        loaded = Problem("name-invalid", message, "Chef::Exceptions::ValidationFailed")
    if isinstance(loaded, Problem):
        raise Stop(exit_status_of(loaded), loaded, path)
    name, body = loaded
    if isinstance(name, Unresolved):
        message = f"declares an object whose name only running it could tell: {name.source}"
        command.skipped.append((path, Problem("name-unresolved", message, "", name.line)))
        command.uncertain = True
        return
    key = (kind, f"{bag}/{name}" if bag else name)
    requests.require_uri(key[1])
    requests.sent(lambda: command.server.save(key, Stored(body, path)), path)


def _loaded(command: Command, kind: Kind, path: str, bag: str) -> tuple[str | Unresolved, dict[str, object]] | Problem:
    if command.checkout.kind(path) == "directory":
        if path.endswith((".js", ".json", ".rb")):
            return Problem("directory", f"Is a directory - {path}", "Errno::EISDIR")
        return Problem("extension", "File must end in .js, .json, or .rb", "SystemExit(30)")
    data = command.checkout.read(path)
    if command.ascii_ruby and path.endswith(".rb") and not data.isascii():
        return _NOT_ASCII
    return load_for_from_file(kind, path, data, chef=command.chef, bag=bag)


def find_file(command: Command, argument: str, directory: str) -> str:
    """Find what an argument means: the path as it is, seen from the working directory, or one below ``directory``.

    Mirrors ObjectLoader#find_file. chef_repo_path is never consulted, so that ``base.json`` in the working directory
    hides ``roles/base.json``.

    Raises:
        Stop: exit 1, there is no such file.
        CommandNotUnderstood: the path leads out of the repository.
    """
    plain = expand_path(command.cwd, argument)
    if plain is None:
        raise CommandNotUnderstood(f"{argument} lies outside the repository")
    for path in (plain, joined(command.cwd, directory, argument)):
        if command.checkout.kind(path) is not None:
            return posixpath.normpath(path)
    message = f"Could not find or open file '{argument}' in current directory or in '{joined(directory, argument)}'"
    raise Stop(1, Problem("missing-file", message, "SystemExit(1)"), argument)


def _all_objects(command: Command, directory: str) -> list[str]:
    """The base names of ``DIRECTORY/*.{json,rb}``, as Ruby's glob orders them since Ruby 3.0."""
    names = [name for name in command.checkout.names(directory) if _is_matched(name, (".json", ".rb"))]
    return arrange(names, "json-then-rb")


def _visible(command: Command, directory: str, kind: str) -> list[str]:
    names = [name for name in command.checkout.names(directory) if not name.startswith(".")]
    return [name for name in arrange(names, "byte") if command.checkout.kind(joined(directory, name)) == kind]


def _is_matched(name: str, extensions: tuple[str, ...]) -> bool:
    return not name.startswith(".") and name.endswith(extensions)
