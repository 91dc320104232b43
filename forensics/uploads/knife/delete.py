"""``knife delete PATTERN...``: objects of the server, by path.

Mirrors knife's delete.rb and Chef::ChefFS::FileSystem::ChefServer (rest_list_entry.rb, data_bag_dir.rb).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.objects import Problem
from forensics.uploads.knife import entries, requests
from forensics.uploads.knife.entries import ObjectDirectory, ObjectEntry
from forensics.uploads.knife.outcome import Stop
from forensics.uploads.knife.targets import targets_of
from forensics.uploads.server import BAG, DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from forensics.uploads.knife.outcome import Command


def delete(command: Command) -> None:
    """Delete from the server what each pattern means; what is not there, or not to be deleted, is exit 1 at the end."""
    command.required(0)
    if "--local" in command.options:
        return
    repository = entries.repository_of(command)
    failures: list[tuple[str, Problem]] = []
    for pattern in entries.patterns_of(command, repository):
        for target in list(targets_of(command, pattern)):
            problem = _delete(command, target)
            if problem is not None:
                failures.append((target.display, problem))
    if failures:
        path, problem = failures[0]
        raise Stop(1, problem, path)


def _delete(command: Command, target: ObjectDirectory | ObjectEntry) -> Problem | None:
    if isinstance(target, ObjectDirectory):
        if not target.bag:
            return Problem("not-allowed", f"{target.path} cannot be deleted", "OperationNotAllowedError")
        key = (BAG, target.bag)
        if command.server.stored(key) is not None and "--recurse" not in command.options:
            return Problem("not-allowed", f"{target.path} must be deleted recursively", "MustDeleteRecursivelyError")
    else:
        key = target.key
    if key[1] == DEFAULT_ENVIRONMENT:
        return Problem("not-allowed", "The default environment cannot be modified", "OperationNotAllowedError")
    requests.require_uri(key[1])
    if command.server.stored(key) is None:
        return Problem("missing", f"{target.display}: No such file or directory", "NotFoundError")
    command.server.delete(key)
    return None
