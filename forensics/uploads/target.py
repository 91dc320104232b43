"""Where uploads go: which containers share one server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.chef.layout import at_or_below
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forensics.history.model import Change, Container, Files, Version
    from forensics.history.states import State
    from forensics.history.walk import History

TargetVersion: TypeAlias = "tuple[Version | None, ...]"
"""The states of a target's containers, in the order of its members; None where a container does not exist."""


class SharedServer(NamedTuple):
    """A server that several chef-repos go to: everything at or below its ``directories``.

    ``canonical`` are the directories whose files are meant where several files have an object's name, the first one
    that has any before the others. ``organization`` is how the paths of a server's log name it, if the configuration
    says so.
    """

    directories: tuple[str, ...]
    canonical: tuple[str, ...] = ()
    organization: str = ""


class Target(NamedTuple):
    """One server's objects of one kind (for data bag items: one bag), and the containers whose files go there.

    Every container is a target of its own unless the configuration says that some share a server; ``label`` is the
    first of them and stands for the target in results. Of a server that several share, ``canonical`` says which
    directories' files are meant first, and ``roots`` has the chef-repos that go there.
    """

    label: Container
    members: tuple[Container, ...]
    canonical: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of all objects here."""
        return self.label.kind

    def version(self, state: State) -> TargetVersion:
        """The states of the members in a commit's state."""
        if len(self.members) == 1:
            return (state.get(self.label),)
        return tuple([state.get(member) for member in self.members])

    def absent(self) -> TargetVersion:
        """The version before anything existed."""
        return (None,) * len(self.members)

    def changes(self, history: History, before: TargetVersion, after: TargetVersion) -> list[Change]:
        """The files that differ between two versions, container by container; callers must not change the list."""
        if len(self.members) == 1:
            return history.changes(self.label, before[0], after[0])
        return [
            change
            for member, old, new in zip(self.members, before, after, strict=True)
            for change in history.changes(member, old, new)
        ]

    def files(self, history: History, version: TargetVersion) -> Files:
        """All files of a version that may declare something."""
        if len(self.members) == 1:
            return history.files(self.label, version[0])
        merged: Files = {}
        for member, one in zip(self.members, version, strict=True):
            merged.update(history.files(member, one))
        return merged

    def is_beside(self, container: Container) -> bool:
        """Whether a container's objects are on the same server."""
        return container.root in (self.roots or (self.label.root,))

    def container_of(self, path: str) -> Container | None:
        """The member that a path lies in."""
        if len(self.members) == 1:
            return self.label if path.startswith(self.label.path + "/") else None
        return next((member for member in self.members if path.startswith(member.path + "/")), None)


def targets_of(containers: Iterable[Container], servers: Sequence[SharedServer] = ()) -> tuple[Target, ...]:
    """Every target that some containers make up, by the path of its label.

    All containers of one kind (for data bags: of one bag) that go to one of the ``servers`` share a target.
    """
    shared: dict[tuple[int, Kind, str], list[Container]] = {}
    single: list[Container] = []
    for container in sorted(containers, key=_by_path):
        server = server_of(container, servers)
        if isinstance(server, str):
            single.append(container)
        else:
            bag = container.bag if container.kind == "data_bag_item" else ""
            shared.setdefault((server, container.kind, bag), []).append(container)
    targets = [Target(container, (container,)) for container in single]
    for (number, *_), members in shared.items():
        together = (each for (other, *_), group in shared.items() if other == number for each in group)
        roots = tuple(dict.fromkeys(each.root for each in together))
        targets.append(Target(members[0], tuple(members), servers[number].canonical, roots))
    return tuple(sorted(targets, key=lambda target: _by_path(target.label)))


def server_of(container: Container, servers: Sequence[SharedServer] = ()) -> int | str:
    """The server that a container's files go to: its number among those configured, or the chef-repo that it is in."""
    for number, server in enumerate(servers):
        if at_or_below(container.path, *server.directories):
            return number
    return container.root


def nowhere(containers: Iterable[Container], servers: Sequence[SharedServer]) -> tuple[str, ...]:
    """The directories of servers at or below which no commit has a container: misspelt, most likely."""
    paths = [container.path for container in containers]
    named = dict.fromkeys(top for server in servers for top in server.directories)
    return tuple(top for top in named if not any(at_or_below(path, top) for path in paths))


def chosen(targets: Sequence[Target], paths: Sequence[str]) -> tuple[Target, ...]:
    """The targets that have a container at or below one of these paths; all of them if none is given."""
    if not paths:
        return tuple(targets)
    tops = [path.strip("/") for path in paths]
    return tuple(t for t in targets if any(at_or_below(member.path, *tops) for member in t.members))


def differing(before: State, after: State) -> list[Container]:
    """The containers that are in another state, have come or have gone."""
    if list(before) == list(after):
        # the same containers as before, as nearly always: their versions are compared without hashing a thing
        return [
            container
            for container, old, new in zip(after, before.values(), after.values(), strict=True)
            if old is not new and old != new
        ]
    found = [container for container, version in after.items() if before.get(container) != version]
    if len(before) + len(found) > len(after):
        found += [container for container in before if container not in after]
    return found


def _by_path(container: Container) -> tuple[bytes, str]:
    return container.path.encode("utf-8", "surrogateescape"), container.kind


def directories_of(targets: Iterable[Target]) -> list[str]:
    """The directories of some targets, all bags of one together."""
    labels = (target.label for target in targets)
    return list(
        dict.fromkeys(each.path.rpartition("/")[0] if each.kind is Kind.DATA_BAG_ITEM else each.path for each in labels)
    )
