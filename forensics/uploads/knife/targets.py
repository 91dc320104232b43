"""What the patterns of ``knife upload``, ``delete`` and ``diff`` lead to.

Mirrors Chef::ChefFS::FileSystem::Lister and PairLister (lib/chef/chef_fs/file_system.rb): a part without wildcards
leads on whether or not there is such a thing, a part with wildcards to what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.chef.objects import Kind
from forensics.uploads.knife import entries
from forensics.uploads.knife.entries import PLACES, Entry, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.uploads.knife.outcome import Command
    from forensics.uploads.knife.patterns import Pattern


def pairs_of(command: Command, repository: str, pattern: Pattern) -> Iterator[Place | Entry]:
    """Give what a pattern means in the repository, then what it means on the server alone."""
    if pattern.matches("/"):
        yield from PLACES
    for place in PLACES:
        if pattern.matches(place.display):
            yield place
        if pattern.may_match_below(place.display):
            if place.kind is Kind.DATA_BAG_ITEM:
                yield from _in_bags(command, repository, pattern)
            else:
                yield from _in_place(command, repository, pattern, place, 1)


def remote_of(command: Command, pattern: Pattern) -> Iterator[Place | Entry]:
    """Give what a pattern means on the server; the files of the entries are left out."""
    for place in PLACES:
        if pattern.matches(place.display):
            yield place
        if not pattern.may_match_below(place.display):
            continue
        if place.kind is not Kind.DATA_BAG_ITEM:
            yield from _remote_in_place(command, pattern, place, 1)
            continue
        for name in _one_or_all(pattern, 1, entries.remote_bags(command)):
            bag = Place(Kind.DATA_BAG_ITEM, f"data_bags/{name}", name)
            if pattern.matches(bag.display):
                yield bag
            if pattern.may_match_below(bag.display):
                yield from _remote_in_place(command, pattern, bag, 2)


def _in_bags(command: Command, repository: str, pattern: Pattern) -> Iterator[Place | Entry]:
    every = dict.fromkeys([*entries.local_bags(command, repository), *entries.remote_bags(command)])
    for name in _one_or_all(pattern, 1, list(every)):
        bag = Place(Kind.DATA_BAG_ITEM, f"data_bags/{name}", name)
        if pattern.matches(bag.display):
            yield bag
        if pattern.may_match_below(bag.display):
            yield from _in_place(command, repository, pattern, bag, 2)


def _in_place(command: Command, repository: str, pattern: Pattern, place: Place, depth: int) -> Iterator[Entry]:
    exact = _exact(pattern, depth)
    if exact is None:
        local = entries.local_files(command, repository, place)
    else:
        local = [entries.local_entry(command, repository, place, exact)]
    found = set()
    for entry in local:
        if pattern.matches(entry.display):
            found.add(entry.display)
            yield entry
    for remote in _remote_in_place(command, pattern, place, depth):
        if remote.display not in found:
            name = remote.display.rpartition("/")[2]
            entry = entries.local_entry(command, repository, place, name)
            yield Entry(place, remote.name, entry.file, remote.display)


def _remote_in_place(command: Command, pattern: Pattern, place: Place, depth: int) -> Iterator[Entry]:
    for name in _one_or_all(pattern, depth, entries.remote_names(command, place)):
        display = entries.remote_display(place, name)
        if pattern.matches(display):
            yield Entry(place, name, None, display)


def _one_or_all(pattern: Pattern, depth: int, names: list[str]) -> list[str]:
    exact = _exact(pattern, depth)
    return names if exact is None else [exact]


def _exact(pattern: Pattern, depth: int) -> str | None:
    return pattern.exact[depth] if depth < len(pattern.exact) else None
