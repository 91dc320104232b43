"""What the patterns of ``knife upload``, ``delete`` and ``diff`` lead to.

Mirrors Chef::ChefFS::FileSystem::Lister and PairLister (lib/chef/chef_fs/file_system.rb): a part without wildcards
leads on whether or not there is such a thing, a part with wildcards to what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.objects import Kind
from forensics.uploads.knife import entries
from forensics.uploads.knife.entries import DIRECTORIES, ObjectDirectory, ObjectEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.uploads.knife.outcome import Command
    from forensics.uploads.knife.patterns import Pattern


def targets_of(
    command: Command, pattern: Pattern, repository: str | None = None
) -> Iterator[ObjectDirectory | ObjectEntry]:
    """Give what a pattern means in the repository, then what it means on the server alone.

    Without a repository only the server counts, and the files of the entries are left out.
    """
    if repository is not None and pattern.matches("/"):
        yield from DIRECTORIES
    for directory in DIRECTORIES:
        if pattern.matches(directory.display):
            yield directory
        if not pattern.may_match_below(directory.display):
            continue
        if directory.kind is not Kind.DATA_BAG_ITEM:
            yield from _in_directory(command, repository, pattern, directory, 1)
            continue
        local = [] if repository is None else entries.local_bags(command, repository)
        for name in _one_or_all(pattern, 1, list(dict.fromkeys([*local, *entries.remote_bags(command)]))):
            bag = ObjectDirectory(Kind.DATA_BAG_ITEM, f"data_bags/{name}", name)
            if pattern.matches(bag.display):
                yield bag
            if pattern.may_match_below(bag.display):
                yield from _in_directory(command, repository, pattern, bag, 2)


def _in_directory(
    command: Command, repository: str | None, pattern: Pattern, directory: ObjectDirectory, depth: int
) -> Iterator[ObjectEntry]:
    if repository is None:
        yield from _remote_in_directory(command, pattern, directory, depth)
        return
    exact = _exact(pattern, depth)
    if exact is None:
        local = entries.local_files(command, repository, directory)
    else:
        local = [entries.local_entry(command, repository, directory, exact)]
    found = set()
    for entry in local:
        if pattern.matches(entry.display):
            found.add(entry.display)
            yield entry
    for remote in _remote_in_directory(command, pattern, directory, depth):
        if remote.display not in found:
            name = remote.display.rpartition("/")[2]
            entry = entries.local_entry(command, repository, directory, name)
            yield ObjectEntry(directory, remote.name, entry.file, remote.display)


def _remote_in_directory(
    command: Command, pattern: Pattern, directory: ObjectDirectory, depth: int
) -> Iterator[ObjectEntry]:
    for name in _one_or_all(pattern, depth, entries.remote_names(command, directory)):
        display = entries.remote_display(directory, name)
        if pattern.matches(display):
            yield ObjectEntry(directory, name, None, display)


def _one_or_all(pattern: Pattern, depth: int, names: list[str]) -> list[str]:
    exact = _exact(pattern, depth)
    return names if exact is None else [exact]


def _exact(pattern: Pattern, depth: int) -> str | None:
    return pattern.exact[depth] if depth < len(pattern.exact) else None
