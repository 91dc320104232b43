"""``knife upload PATTERN...`` and ``knife diff``: a file's stem is the name of its object.

Mirrors Chef::ChefFS::FileSystem.copy_to (lib/chef/chef_fs/file_system.rb) and knife's upload.rb. Only what
differs from the server goes up. Everything that one pattern means goes up in parallel: where a file makes the command
abort, nobody can tell which of the others went.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forensics.chef import erchef
from forensics.chef.objects import Kind, Problem
from forensics.chef.request_uri import uri_problem
from forensics.chef.upload_source import RESERVED_BAGS, differs
from forensics.uploads.checkout import joined
from forensics.uploads.knife import entries
from forensics.uploads.knife.entries import ObjectDirectory, ObjectEntry
from forensics.uploads.knife.outcome import Stop
from forensics.uploads.knife.targets import targets_of
from forensics.uploads.loading import load_for_upload
from forensics.uploads.server import BAG, DEFAULT_ENVIRONMENT, Stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.chef.objects import Body
    from forensics.uploads.knife.outcome import Command
    from forensics.uploads.server import ObjectKey

_NOT_ALLOWED = "Chef::ChefFS::FileSystem::OperationNotAllowedError"


def upload(command: Command) -> None:
    """Upload what each pattern means; exit 1 if a file was refused, 100 if one aborted the command."""
    command.required(0)
    _carry_out(command)


def diff(command: Command) -> None:
    """Compare what each pattern (or everything) means; nothing changes, but a file that does not load ends it."""
    command.options["--dry-run"] = ""
    command.arguments = command.arguments or ["."]
    _carry_out(command)


def _carry_out(command: Command) -> None:
    repository = entries.repository_of(command)
    failed = False
    for pattern in entries.patterns_of(command, repository):
        plan = _Plan(command, repository)
        for target in targets_of(command, pattern, repository):
            if isinstance(target, ObjectEntry):
                if target.file is not None:
                    plan.require_bag(target.parent)
                plan.transfer(target)
            else:
                plan.directory(target, deep="--no-recurse" not in command.options or not pattern.matches("/"))
        plan.carry_out()
        failed = failed or plan.failed
        command.skipped += plan.refused
    if failed:
        path, problem = command.skipped[0]
        raise Stop(1, problem, path)


@dataclass(slots=True)
class _Plan:
    """What one pattern's upload would leave behind: each object's states after it, for each state before."""

    command: Command
    repository: str
    after: dict[ObjectKey, list[Stored | None]] = field(default_factory=dict)
    refused: list[tuple[str, Problem]] = field(default_factory=list)
    aborting: list[tuple[str, Problem]] = field(default_factory=list)
    failed: bool = False

    def directory(self, directory: ObjectDirectory, *, deep: bool) -> None:
        """Upload what a directory holds; with ``--purge``, delete what it does not hold."""
        command = self.command
        if command.checkout.kind(joined(self.repository, directory.path)) != "directory":
            self._absent_directory(directory)
        elif directory.kind is Kind.DATA_BAG_ITEM and not directory.bag:
            bags = entries.local_bags(command, self.repository)
            for name in [*bags, *(bag for bag in entries.remote_bags(command) if bag not in bags)]:
                bag = ObjectDirectory(directory.kind, f"{directory.path}/{name}", name)
                if name not in bags:
                    self._purge_bag(bag)
                elif deep and "--no-recurse" not in command.options:
                    self.directory(bag, deep=deep)
                else:
                    self.require_bag(bag)
        elif deep:
            self.require_bag(directory)
            local = entries.local_files(command, self.repository, directory)
            for entry in local:
                self.transfer(entry)
            present = {entries.bare_name(entry.name) for entry in local}
            for name in entries.remote_names(command, directory):
                if name not in present:
                    self.transfer(ObjectEntry(directory, name, None, entries.remote_display(directory, name)))

    def require_bag(self, directory: ObjectDirectory) -> None:
        """Create the data bag that a directory is, if there is none."""
        key = (BAG, directory.bag)
        if directory.bag and "--dry-run" not in self.command.options:
            created = Stored({"name": directory.bag})
            self.after[key] = [created if state is None else state for state in self.command.server.possible(key)]

    def transfer(self, entry: ObjectEntry) -> None:
        """Upload one file, or purge the object that has none."""
        command = self.command
        if entry.file is None:
            if "--purge" in command.options and entry.key[1] != DEFAULT_ENVIRONMENT:
                self._require_uri(entry)
                if "--dry-run" not in command.options:
                    self.after[entry.key] = [None]
            return
        if not self._require_uri(entry):
            return
        loaded = self._loaded(entry, entry.file)
        if entry.key == (Kind.ENVIRONMENT, DEFAULT_ENVIRONMENT):
            if isinstance(loaded, Problem) and loaded.aborts:
                self.aborting.append((entry.file, loaded))
            return
        if command.verb == "diff" and isinstance(loaded, Problem) and loaded.aborts and entry.file.endswith(".rb"):
            self.aborting.append((entry.file, loaded))  # it reads a file even where the server has no such object
        local = loaded if isinstance(loaded, Problem) else Stored(loaded, entry.file)
        states = command.server.possible(entry.key)
        self.after[entry.key] = [self._written(entry, local, state) for state in states]

    def _written(self, entry: ObjectEntry, local: Stored | Problem, state: Stored | None) -> Stored | None:
        """Give the state of an object after its turn, from the state before."""
        options = self.command.options
        dry = "--dry-run" in options
        compared = state is not None and "--force" not in options
        if (state is not None and "--no-diff" in options) or (dry and not compared):
            return state
        if isinstance(local, Problem):
            if local.aborts:
                self.aborting.append((entry.file or entry.display, local))
            elif not dry:
                self.refused.append((entry.file or entry.display, local))
                self.failed = True
                self.command.uncertain = self.command.uncertain or local.kind == "name-unresolved"
            return state
        unchanged = state is not None and compared and not differs(entry.parent.kind, local.body, state.body)
        return state if dry or unchanged else local

    def carry_out(self) -> None:
        """Make the server what the upload leaves behind.

        Raises:
            Stop: exit 100, the upload aborted; what it would have changed may be changed or not.
        """
        command, server = self.command, self.command.server
        changed = {key: states for key, states in self.after.items() if not _identical(states, server.possible(key))}
        if self.aborting:
            for key, states in changed.items():
                server.set_possible(key, [*server.possible(key), *states])
            command.open = tuple(changed)
            path, problem = self.aborting[0]
            raise Stop(100, problem, path)
        for key, states in changed.items():
            if key[0] == BAG and states == [None]:
                server.delete(key)
            elif _identical(states, [states[0]] * len(states)):
                server.write(key, states[0])
            else:
                server.set_possible(key, states)

    def _absent_directory(self, directory: ObjectDirectory) -> None:
        if "--purge" not in self.command.options:
            return
        if directory.bag:
            self._purge_bag(directory)
            return
        self.refused.append((directory.path, Problem("not-allowed", "the directory is not there", _NOT_ALLOWED)))
        self.failed = True

    def _purge_bag(self, bag: ObjectDirectory) -> None:
        if "--purge" in self.command.options and "--dry-run" not in self.command.options:
            self._require_uri(ObjectEntry(bag, bag.bag, None, bag.display))
            for name in entries.remote_names(self.command, bag):
                self.after[Kind.DATA_BAG_ITEM, f"{bag.bag}/{name}"] = [None]
            self.after[BAG, bag.bag] = [None]

    def _require_uri(self, entry: ObjectEntry) -> bool:
        """The server is asked for the object before its file is read."""
        problem = uri_problem(entry.key[1])
        if problem is not None:
            self.aborting.append((entry.file or entry.display, problem))
        return problem is None

    def _loaded(self, entry: ObjectEntry, file: str) -> Body | Problem:
        kind, bag = entry.parent.kind, entry.parent.bag
        data = self.command.checkout.read(file)
        loaded = load_for_upload(kind, file, data, chef=self.command.chef, bag=bag)
        if bag and not isinstance(loaded, Problem) and RESERVED_BAGS.search(bag):
            return Problem("name-invalid", f"Data bag name ('{bag}') must not match a reserved name", "", aborts=False)
        if self.command.server.strict and not isinstance(loaded, Problem):
            return erchef.refusal(kind, loaded, chef=self.command.chef, aborts=False) or loaded
        return loaded


def _identical(states: Sequence[Stored | None], others: Sequence[Stored | None]) -> bool:
    return len(states) == len(others) and all(state is other for state, other in zip(states, others, strict=True))
