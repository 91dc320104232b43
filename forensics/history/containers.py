"""Where the containers are in a commit's tree, and in which state each of them is there."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from forensics.chef.layout import DATA_BAGS, KIND_OF_DIRECTORY, may_declare
from forensics.chef.objects import Kind
from forensics.history.model import Broken, Container, File, Gap, ObjectId, Version
from forensics.history.store import TREE
from forensics.history.trees import DIRECTORY, LINK, SUBMODULE, Entry, TreeReader

_DIRECTORIES: Final = re.compile(rb"40000 ([^\0]+)\0(.{20})|[0-7]+ [^\0]+\0.{20}", re.DOTALL)
_LINKS: Final = re.compile(rb"(120000|160000) (roles|environments|nodes|data_bags)\0(.{20})", re.DOTALL)
_WATCHED: Final = frozenset(KIND_OF_DIRECTORY) | {DATA_BAGS}
_DEEPEST: Final = 200  # directories below directories; a tree deeper than this is not a chef-repo


class Place(NamedTuple):
    """A directory entry, or a link, with the name of a container."""

    path: bytes
    mode: bytes
    oid: ObjectId


class ContainerFinder:
    """Finds every container in a commit's tree; equal subtrees are looked at once in the whole history."""

    def __init__(self, trees: TreeReader) -> None:
        self._trees = trees
        self._store = trees.store
        self._places: dict[ObjectId, tuple[Place, ...]] = {}
        self._special: dict[ObjectId, bool] = {}
        self.gaps: dict[tuple[str, str], Gap] = {}

    def places(self, tree: ObjectId, depth: int = 0) -> tuple[Place, ...]:
        """Every entry below ``tree`` that is named like a container, the outermost ones only."""
        known = self._places.get(tree)
        if known is not None:
            return known
        data = self._store.read(tree, TREE)
        found: list[Place] = []
        if data is not None and depth < _DEEPEST:
            if b"40000 " in data:
                places = self._places
                for name, oid in _DIRECTORIES.findall(data):
                    if not name:
                        continue
                    if name in _WATCHED:
                        found += (
                            self._bags(Place(name, DIRECTORY, oid))
                            if name == DATA_BAGS
                            else [Place(name, DIRECTORY, oid)]
                        )
                        continue
                    below = places.get(oid)
                    if below is None:
                        below = self.places(oid, depth + 1)
                    if below:
                        found += [Place(name + b"/" + place.path, place.mode, place.oid) for place in below]
            if b"120000 " in data or b"160000 " in data:
                found += self._linked(data)
        result = tuple(found)
        self._places[tree] = result
        return result

    def _linked(self, data: bytes) -> list[Place]:
        if not _LINKS.search(data):
            return []
        entries = [Entry(*fields) for fields in re.findall(rb"([0-7]+) ([^\0]+)\0(.{20})", data, re.DOTALL)]
        return [Place(e.name, e.mode, e.oid) for e in entries if e.mode in {LINK, SUBMODULE} and e.name in _WATCHED]

    def _bags(self, place: Place) -> list[Place]:
        return [
            Place(place.path + b"/" + entry.name, entry.mode, entry.oid)
            for entry in self._trees.tree(place.oid).entries()
            if entry.mode in {DIRECTORY, LINK, SUBMODULE}
        ]

    def needs_root(self, places: tuple[Place, ...]) -> bool:
        """Whether what stands in these places depends on the rest of the commit's tree (links, submodules)."""
        return any(place.mode != DIRECTORY or self._has_links(place.oid) for place in places)

    def _has_links(self, tree: ObjectId) -> bool:
        known = self._special.get(tree)
        if known is None:
            data = self._store.read(tree, TREE) or b""
            known = b"120000 " in data or b"160000 " in data
            if not known and b"40000 " in data:
                known = any(self._has_links(oid) for name, oid in _DIRECTORIES.findall(data) if name)
            self._special[tree] = known
        return known

    def simple_state(self, places: tuple[Place, ...]) -> list[tuple[Container, Version]]:
        """The containers of a commit without links."""
        return [(_container(place.path), Version(place.oid)) for place in places]

    def linked_state(
        self, root: ObjectId, places: tuple[Place, ...], commit: ObjectId
    ) -> list[tuple[Container, Version]]:
        """The containers of a commit, links followed inside its tree; what cannot be followed is a gap."""
        state: list[tuple[Container, Version]] = []
        for place in places:
            tree = place.oid
            if place.mode != DIRECTORY:
                target = self._trees.resolve(root, place.path)
                if isinstance(target, Broken):
                    self._gap(target, _text(place.path), commit)
                    continue
                if target.mode != DIRECTORY:
                    continue
                tree = target.oid
                if place.path.rpartition(b"/")[2] == DATA_BAGS:
                    bags = self._bags(Place(place.path, DIRECTORY, tree))
                    state += self.linked_state(root, tuple(bags), commit)
                    continue
            container = _container(place.path)
            links = self._links(root, container, place.path, tree, commit) if self._has_links(tree) else ()
            state.append((container, Version(tree, links)))
        return state

    def _links(
        self, root: ObjectId, container: Container, prefix: bytes, tree: ObjectId, commit: ObjectId, depth: int = 0
    ) -> tuple[tuple[str, File], ...]:
        links: list[tuple[str, File]] = []
        for entry in self._trees.tree(tree).entries():
            path = prefix + b"/" + entry.name
            if entry.mode == DIRECTORY and depth < _DEEPEST:
                links += self._links(root, container, path, entry.oid, commit, depth + 1)
            elif entry.mode == SUBMODULE:
                self._gap(Broken("submodule", _text(path)), _text(path), commit)
            elif entry.mode == LINK and may_declare(container.kind, _text(path)):
                target = self._trees.resolve(root, path)
                if isinstance(target, Entry):
                    # a linked directory is no file; knife does not look into it either
                    links.append(
                        (_text(path), Broken("directory", _text(path)) if target.mode == DIRECTORY else target.oid)
                    )
                else:
                    self._gap(target, _text(path), commit)
                    links.append((_text(path), target))
        return tuple(links)

    def _gap(self, broken: Broken, path: str, commit: ObjectId) -> None:
        kind = "submodule" if broken.reason == "submodule" else f"{broken.reason}-symlink"
        detail = {
            "submodule": "the content lies in another repository",
            "dangling": f"leads to {broken.target}, which is not in the tree",
            "outside": f"leads to {broken.target}, outside the tree",
            "loop": "leads back to itself",
        }.get(broken.reason, broken.reason)
        self.gaps.setdefault((kind, path), Gap(kind, detail, path=path, commit=commit.hex()))


def _container(path: bytes) -> Container:
    directory = path.rpartition(b"/")[2]
    above = path.rpartition(b"/")[0].rpartition(b"/")[2]
    kind = Kind.DATA_BAG_ITEM if above == DATA_BAGS else KIND_OF_DIRECTORY[directory]
    return Container(_text(path), kind)


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
