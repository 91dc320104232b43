"""The chef-repo and the server as ``knife upload``, ``delete`` and ``diff`` see them: two trees of the same shape.

Mirrors Chef::ChefFS::FileSystem (lib/chef/chef_fs/file_system/): for the repository, base_file.rb and directory.rb;
for the server, rest_list_dir.rb and rest_list_entry.rb.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.uploads.checkout import expand_path, joined
from forensics.uploads.knife.outcome import CommandNotUnderstood, Stop
from forensics.uploads.knife.patterns import Pattern, pattern_of
from forensics.uploads.order import byte_key
from forensics.uploads.server import BAG, DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from forensics.uploads.knife.outcome import Command
    from forensics.uploads.server import ObjectKey

KIND_OF_DIRECTORY: Final = {
    "data_bags": Kind.DATA_BAG_ITEM,
    "environments": Kind.ENVIRONMENT,
    "nodes": Kind.NODE,
    "roles": Kind.ROLE,
}
_REPOSITORY_MARKS: Final = (".chef", "cookbooks", *KIND_OF_DIRECTORY)
_EXTENSIONS: Final = (".rb", ".json")


@dataclass(frozen=True, slots=True)
class ObjectDirectory:
    """A directory that holds objects of one kind: ``roles``, or ``data_bags/users``; or ``data_bags`` itself."""

    kind: Kind
    path: str
    bag: str = ""

    @property
    def display(self) -> str:
        """The path under which a pattern knows it."""
        return "/" + self.path


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """A file of the repository and the object of the server that it stands for; either may be absent.

    ``file`` is the file's path if there is one, ``display`` the path under which a pattern knows the entry.
    """

    parent: ObjectDirectory
    name: str
    file: str | None
    display: str

    @property
    def key(self) -> ObjectKey:
        """The object on the server."""
        name = without_extension(self.name)
        return self.parent.kind, f"{self.parent.bag}/{name}" if self.parent.bag else name


DIRECTORIES: Final = tuple(ObjectDirectory(kind, directory) for directory, kind in KIND_OF_DIRECTORY.items())


def repository_of(command: Command) -> str:
    """Find the chef-repo: the nearest directory from the working directory upwards that looks like one."""
    here = joined(command.cwd)
    while True:
        if any(command.checkout.kind(joined(here, mark)) == "directory" for mark in _REPOSITORY_MARKS):
            return here
        if not here:
            return joined(command.cwd)
        here = posixpath.dirname(here)


def patterns_of(command: Command, repository: str) -> list[Pattern]:
    """Read the arguments; the working directory must lie in a directory of the chef-repo, or be its root."""
    cwd = joined(command.cwd)
    base = cwd[len(repository) :].strip("/")
    top = base.split("/")[0]
    if top and top not in KIND_OF_DIRECTORY:
        raise Stop(1)
    for argument in command.arguments:
        if argument.startswith("~") or expand_path("x", argument.lstrip("/")) is None:
            raise CommandNotUnderstood(f"{argument} lies outside the repository")
    try:
        return [pattern_of("/" + base, argument) for argument in command.arguments]
    except (re.error, ValueError) as error:
        raise CommandNotUnderstood(
            f"a pattern that cannot be read here: {' '.join(command.arguments)} ({error})"
        ) from None


def local_files(command: Command, repository: str, directory: ObjectDirectory) -> list[ObjectEntry]:
    """List what knife sees in a directory of the repository; of x.json and x.rb, x.rb alone."""
    entries: dict[str, ObjectEntry] = {}
    for name in sorted(command.checkout.names(joined(repository, directory.path)), key=byte_key):
        entry = local_entry(command, repository, directory, name)
        if entry.file is not None:
            entries.setdefault(entry.name, entry)
    return list(entries.values())


def local_entry(command: Command, repository: str, directory: ObjectDirectory, name: str) -> ObjectEntry:
    """Give the entry that a name stands for: its file has the extension .rb if there is such a file, else .json."""
    stem = without_extension(name)
    base = joined(repository, directory.path, stem)
    extension = ".rb" if command.checkout.kind(base + ".rb") is not None else ".json"
    if command.checkout.kind(base + extension) != "file" or name.startswith("."):
        return ObjectEntry(directory, name, None, f"{directory.display}/{name}")
    return ObjectEntry(directory, stem + extension, base + extension, f"{directory.display}/{stem}{extension}")


def local_bags(command: Command, repository: str) -> list[str]:
    """List the data bags of the repository."""
    directory = joined(repository, "data_bags")
    names = [name for name in command.checkout.names(directory) if not name.startswith(".")]
    return [
        name for name in sorted(names, key=byte_key) if command.checkout.kind(joined(directory, name)) == "directory"
    ]


def remote_names(command: Command, directory: ObjectDirectory) -> list[str]:
    """List what the server holds of a directory, in byte order."""
    if directory.bag:
        prefix = directory.bag + "/"
        names = command.server.names(Kind.DATA_BAG_ITEM)
        return [name[len(prefix) :] for name in names if name.startswith(prefix)]
    names = command.server.names(directory.kind)
    return sorted([*names, DEFAULT_ENVIRONMENT], key=byte_key) if directory.kind is Kind.ENVIRONMENT else names


def remote_bags(command: Command) -> list[str]:
    """List the data bags of the server."""
    return command.server.names(BAG)


def remote_display(directory: ObjectDirectory, name: str) -> str:
    """Give the path under which a pattern knows an object of the server: ``.json`` is added to what has no extension.

    So ``/roles/base.bak.json`` means no object of the server, for role ``base.bak`` is known as ``/roles/base.bak``.
    """
    path = f"/{directory.path}/{name if directory.bag else without_extension(name)}"
    return path if _extension(path) else path + ".json"


def without_extension(name: str) -> str:
    """Strip .rb or .json, and nothing else."""
    return name[: -len(_extension(name))] if _extension(name) in _EXTENSIONS else name


def bare_name(name: str) -> str:
    """Strip whatever extension there is, as Ruby's ``File.basename(name, ".*")``."""
    return name[: len(name) - len(_extension(name))]


def _extension(path: str) -> str:
    """Ruby's File.extname: none for a dot file."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else ""
