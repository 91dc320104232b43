"""Which of a history's containers hold Chef objects, and which of those are fixtures of tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import join, normpath
from typing import TYPE_CHECKING, Final

from forensics.chef import recognition
from forensics.chef.layout import at_or_below
from forensics.chef.objects import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from forensics.history.model import Container, File
    from forensics.history.snapshot import Snapshot
    from forensics.history.walk import History

_KITCHEN: Final = (".kitchen.yml", "kitchen.yml", ".kitchen.yaml", "kitchen.yaml", ".kitchen.local.yml")
_SUITE_PATH: Final = re.compile(
    r"^\s*(?:-\s+)?(roles|environments|nodes|data_bags)_path:[ \t]*[\"']?([^\"'#\n<]+)", re.MULTILINE
)
_METADATA: Final = ("metadata.rb", "metadata.json")
_ORDER: Final = (Kind.ROLE, Kind.ENVIRONMENT, Kind.NODE, Kind.DATA_BAG_ITEM)  # the surest first


@dataclass(frozen=True, slots=True)
class Recognized:
    """The containers of a history that hold Chef objects.

    ``fixtures`` are what tests use, ``examples`` what came with cookbooks, each with the directory that makes it so:
    both are examined only where somebody asks for them by name.
    """

    objects: frozenset[Container]
    fixtures: Mapping[Container, str]
    examples: Mapping[Container, str]

    def to_examine(self, named: Iterable[str]) -> frozenset[Container]:
        """The containers whose objects are a server's, if these directories are asked for by name."""
        tops = tuple(top.strip("/") for top in named)
        apart = {**self.fixtures, **self.examples}
        return self.objects.union(
            container
            for container, above in apart.items()
            if any(at_or_below(top, above) and at_or_below(container.path, top) for top in tops)
        )


def recognize(history: History) -> Recognized:
    """Look into each container until something in it is Chef's: first where it was last, then at what it ever held.

    Where something cannot be read, nobody can tell that it was not Chef's.
    """
    # what is only looked at to be sorted out is nobody's gap
    evidence = history.apart()
    unread = [gap.path for gap in history.gaps if gap.oid is not None and gap.path is not None]
    containers = sorted(history.containers, key=lambda each: _ORDER.index(each.kind))
    configured = history.layout.named
    chefs = {each: None for each in containers if at_or_below(each.path, *configured)} if configured else {}
    chefs |= {each: None for each in containers if any(at_or_below(path, each.path) for path in unread)}
    roots = {each.root for each in chefs}
    rest = [each for each in containers if each not in chefs]
    for names_count in (False, True):
        for container in rest:
            beside = _beside(container) & roots
            if container not in chefs and names_count <= bool(beside) and _holds(evidence, container, bool(beside)):
                chefs[container] = None
                roots.add(container.root)
    kitchens = _suite_paths(history.snapshot(history.graph.line[-1]), chefs, configured)
    fixtures, examples = {}, {}
    for container in [each for each in chefs if not at_or_below(each.path, *configured)]:
        above = recognition.fixtures_above(container.path)
        above = above or next((kitchens[top] for top in kitchens if at_or_below(container.path, top)), None)
        cookbook = recognition.cookbook_above(container.path)
        if above is not None:
            fixtures[container] = above
        elif cookbook is not None:
            examples[container] = cookbook
    return Recognized(frozenset(each for each in chefs if each not in fixtures | examples), fixtures, examples)


def _beside(container: Container) -> set[str]:
    """The roots at which an object of Chef's vouches for the files of a container."""
    tests = recognition.fixtures_above(container.path)
    return {container.root} if tests is None else {container.root, tests.rpartition("/")[0]}


def _holds(history: History, container: Container, names_count: bool) -> bool:  # noqa: FBT001
    """Whether some content of a container is Chef's, or, where names count, gives something a name."""

    def is_chefs(path: str, file: File) -> bool:
        data = history.blob(file, path) if isinstance(file, bytes) else None
        if data is None:
            return True
        if names_count and recognition.is_named(path, data):
            return True
        return recognition.is_only_chefs(container.kind, path, data)

    return any(is_chefs(path, file) for path, file in _contents(history, container))


def _contents(history: History, container: Container) -> Iterator[tuple[str, File]]:
    """What a container last held, then every other content that it ever had."""
    seen: set[File] = set()
    for path, file in history.files(container, history.containers[container]).items():
        if not recognition.is_ansible(container.path, path):
            seen.add(file)
            yield path, file
    before = None
    for state in history.states:
        version = state.get(container)
        for change in history.changes(container, before, version):
            if change.after is not None and change.after not in seen:
                seen.add(change.after)
                if not recognition.is_ansible(container.path, change.path):
                    yield change.path, change.after
        before = version


def _suite_paths(snapshot: Snapshot, chefs: Iterable[Container], configured: tuple[str, ...]) -> dict[str, str]:
    """The directories that suites of Test Kitchen take objects from, each with the part of the path that is theirs.

    A suite may as well test with the real roles. So its directory is one of fixtures where a cookbook is tested, or
    where the usual directory stands beside.
    """
    places = [each.path for each in chefs]
    directories = {"", *(above for each in chefs for above in _upwards(each.root))}
    found: dict[str, str] = {}
    for directory in sorted(directories):
        for name in _KITCHEN:
            path = join(directory, name)
            if snapshot.kind(path) != "file":
                continue
            tests_cookbook = any(snapshot.kind(join(directory, each)) == "file" for each in _METADATA)
            text = snapshot.read(path).decode("utf-8", "replace")
            for kind, named in _SUITE_PATH.findall(text):
                place = normpath(join(directory, named.strip()))
                below = place[len(directory) :].strip("/") if at_or_below(place, directory) else ""
                usual = join(directory, kind)
                if "/" in below and (tests_cookbook or any(at_or_below(each, usual) for each in places)):
                    found[place] = join(directory, below.partition("/")[0])
    return {place: above for place, above in found.items() if place not in configured}


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
