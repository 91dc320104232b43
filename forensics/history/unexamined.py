"""Directories of the tip that look like Chef's under other names: nobody looks into them before they are configured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import join, normpath
from typing import TYPE_CHECKING, Final

from forensics.chef.layout import DATA_BAGS, KIND_OF_DIRECTORY, at_or_below, may_declare
from forensics.chef.objects import Kind
from forensics.chef.recognition import cookbook_above, fixtures_above, is_named, is_only_chefs
from forensics.history.containers import DEEPEST
from forensics.history.model import Broken, as_bytes, as_text
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from forensics.chef.layout import Layout
    from forensics.history.model import Container, ObjectId
    from forensics.history.raw_tree import Entry
    from forensics.history.trees import TreeReader

_KEYS: Final = {"role": "roles", "environment": "environments", "env": "environments", "node": "nodes"}
_ALIKE: Final = re.compile(rb"(?:\w+[-_.])?(role|environment|env|node|data[-_]?bag)s?(?:[-_.]\w+)?", re.IGNORECASE)
_WATCHED: Final = frozenset(KIND_OF_DIRECTORY) | {DATA_BAGS}
_METADATA: Final = frozenset({b"metadata.rb", b"metadata.json"})
_CONFIGURATIONS: Final = (".chef/knife.rb", ".chef/config.rb", ".chef/solo.rb", "knife.rb", "config.rb", "solo.rb")
_SETTING: Final = re.compile(
    r"^[ \t]*(role|environment|node|data_bag)_path\b((?:[^\n\[]*\[[^\]]*\]|[^\n]*))", re.MULTILINE
)
_LITERAL: Final = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'([^'\n]*)'")
_INTERPOLATION: Final = re.compile(r"#\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Unexamined:
    """A directory, the key of ``[layout]`` that takes it, and the file that names it, if one does.

    ``in_bag`` is whether it is known as a data bag, and has directories with items that are in no bag therefore.
    """

    path: str
    key: str
    named_in: str | None = None
    in_bag: bool = False

    def __str__(self) -> str:
        return self.path + ("/*" if self.in_bag else "") + (f" (named in {self.named_in})" if self.named_in else "")


def unexamined(
    trees: TreeReader, root: ObjectId, containers: Sequence[Container], layout: Layout
) -> tuple[Unexamined, ...]:
    """What in a tree holds something of Chef's, or is named by Chef's settings, and is no container."""
    found = {each.path: each for each in _Search(trees, root, containers).directories()}
    found |= {each.path: each for each in _in_bags(trees, root, containers)}
    found |= {each.path: each for each in _configured(trees, root, containers)}
    known = (*layout.named, *layout.exclude)
    return tuple(
        found[path]
        for path in sorted(found)
        if not (path in known or at_or_below(path, *(layout.exclude if found[path].in_bag else known)))
    )


def told(found: Sequence[Unexamined]) -> str:
    """What there is to say of them, in one sentence; empty where there are none."""
    if not found:
        return ""
    names = ", ".join(map(str, found))
    keys = {key: [each.path for each in found if each.key == key] for key in dict.fromkeys(e.key for e in found)}
    lists = "; ".join(f"{key} = [{', '.join(map(_quoted, paths))}]" for key, paths in keys.items())
    looks = (
        "looks like a directory of Chef's and was"
        if len(found) == 1 and not found[0].in_bag
        else "look like directories of Chef's and were"
    )
    return f"{names} {looks} not examined: forensics.toml can say that objects are there, by [layout] {lists}"


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Search:
    """Looks for directories of such names, outside of containers, cookbooks and tests."""

    def __init__(self, trees: TreeReader, root: ObjectId, containers: Sequence[Container]) -> None:
        self._trees = trees
        self._root = root
        self._containers = {each.path for each in containers}
        self._roots = {each.root for each in containers}

    def directories(self) -> Iterator[Unexamined]:
        pending: list[tuple[str, ObjectId, int]] = [("", self._root, 0)]
        while pending:
            prefix, tree, depth = pending.pop()
            entries = self._trees.tree(tree).entries()
            if prefix and any(entry.name in _METADATA for entry in entries):
                continue
            for entry in entries:
                path = prefix + as_text(entry.name)
                if entry.name in _WATCHED or path in self._containers or entry.mode not in {DIRECTORY, LINK}:
                    continue
                # what has containers inside is the place of a chef-repo, whatever it is called
                key = None if any(at_or_below(each, path) for each in self._containers) else _key(entry.name)
                if key is not None and not fixtures_above(path) and self._holds(path, entry, key, prefix.rstrip("/")):
                    yield Unexamined(path, key)
                elif entry.mode == DIRECTORY and depth < DEEPEST:
                    pending.append((path + "/", entry.oid, depth + 1))

    def _holds(self, path: str, entry: Entry, key: str, above: str) -> bool:
        """Whether something in a directory is Chef's; beside what is, a name is enough."""
        place = self._trees.resolve(self._root, as_bytes(path)) if entry.mode == LINK else entry
        if isinstance(place, Broken) or place.mode != DIRECTORY or cookbook_above(path):
            return False
        kind = _kind(key)
        for name, oid in _files(self._trees, place.oid, "", 0):
            if may_declare(kind, name):
                data = self._trees.store.read_blob(oid, path=join(path, name)) or b""
                if is_only_chefs(kind, name, data) or (above in self._roots and is_named(name, data)):
                    return True
        return False


def _files(trees: TreeReader, tree: ObjectId, prefix: str, depth: int) -> Iterator[tuple[str, ObjectId]]:
    for entry in trees.tree(tree).entries():
        name = prefix + as_text(entry.name)
        if entry.mode == DIRECTORY:
            if depth < DEEPEST:
                yield from _files(trees, entry.oid, name + "/", depth + 1)
        elif entry.mode not in {LINK, SUBMODULE}:
            yield name, entry.oid


def _in_bags(trees: TreeReader, root: ObjectId, containers: Sequence[Container]) -> Iterator[Unexamined]:
    """The directories in data bags that hold directories with items: those are bags, if something says so."""
    paths = {each.path for each in containers}
    for bag in (each.path for each in containers if each.kind is Kind.DATA_BAG_ITEM):
        place = trees.resolve(root, as_bytes(bag))
        if isinstance(place, Broken) or place.mode != DIRECTORY or fixtures_above(bag) or cookbook_above(bag):
            continue
        seen = set[str]()
        for name, oid in _files(trees, place.oid, "", 0):
            inner = join(bag, name).rpartition("/")[0]
            above = inner.rpartition("/")[0]
            if "/" not in name or above in seen or inner in paths or not may_declare(Kind.DATA_BAG_ITEM, name):
                continue
            if is_only_chefs(Kind.DATA_BAG_ITEM, name, trees.store.read_blob(oid, path=join(bag, name)) or b""):
                seen.add(above)
                yield Unexamined(above, "data_bags", in_bag=True)


def _key(name: bytes) -> str | None:
    found = _ALIKE.fullmatch(name)
    return None if found is None else _KEYS.get(found[1].decode().lower(), "data_bags")


def _kind(key: str) -> Kind:
    return Kind.DATA_BAG_ITEM if key == "data_bags" else KIND_OF_DIRECTORY[key.encode()]


def _configured(trees: TreeReader, root: ObjectId, containers: Sequence[Container]) -> Iterator[Unexamined]:
    """The directories that the configuration of knife or chef-solo names, as far as it does literally."""
    paths = [each.path for each in containers]
    for directory in sorted({"", *(each.root for each in containers)}):
        for name in _CONFIGURATIONS:
            file = join(directory, name)
            entry = trees.resolve(root, as_bytes(file))
            if isinstance(entry, Broken) or entry.mode == DIRECTORY:
                continue
            text = (trees.store.read_blob(entry.oid, path=file) or b"").decode("utf-8", "replace")
            bases = dict.fromkeys((directory, join(directory, name).rpartition("/")[0], file))
            for word, value in _SETTING.findall(text):
                for path in _named(value, tuple(bases), lambda place: _is_directory(trees, root, place)):
                    if path.rpartition("/")[2].encode() in _WATCHED or any(at_or_below(path, each) for each in paths):
                        continue
                    key = word + "s"
                    if not any(at_or_below(each, path) for each in paths):
                        yield Unexamined(path, key, file)


def _named(value: str, bases: Sequence[str], is_directory: Callable[[str], bool]) -> Iterator[str]:
    literals = [_INTERPOLATION.sub("", double or single) for double, single in _LITERAL.findall(value)]
    for literal in dict.fromkeys((*literals, "/".join(literals))):
        if not literal.strip("./"):
            continue  # a step upwards
        places = (normpath(join(base, literal.lstrip("/"))) for base in bases)
        place = next(
            (each for each in places if each != "." and not each.startswith("..") and is_directory(each)), None
        )
        if place is not None:
            yield place


def _is_directory(trees: TreeReader, root: ObjectId, path: str) -> bool:
    entry = trees.resolve(root, as_bytes(path))
    return not isinstance(entry, Broken) and entry.mode == DIRECTORY
