"""The history of every container: which state it is in at each commit, and what differs between two states."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from copy import copy
from dataclasses import replace
from functools import cached_property
from operator import le
from typing import TYPE_CHECKING, Final

import pygit2

from forensics.chef.layout import Layout, at_or_below, may_declare
from forensics.chef.objects import Kind
from forensics.history.configured import ConfiguredFinder
from forensics.history.containers import DEEPEST, METADATA, ContainerEntries, ContainerFinder
from forensics.history.details import read_details
from forensics.history.gaps import in_order
from forensics.history.graph import CommitGraph, read_graph
from forensics.history.listing import FILE, Listed, Side, differing, listed, sides
from forensics.history.model import (
    NO_TREE,
    UNREADABLE,
    Broken,
    Change,
    CommitDetails,
    Container,
    EvidenceError,
    File,
    Files,
    Gap,
    NothingToExamineError,
    ObjectId,
    Provenance,
    Version,
    as_bytes,
    as_text,
)
from forensics.history.raw_tree import DIRECTORY, LINK, SUBMODULE
from forensics.history.renames import Renames
from forensics.history.snapshot import Snapshot
from forensics.history.states import State, StateReader
from forensics.history.store import BLOB, LARGEST_BLOB
from forensics.history.trees import TreeReader
from forensics.history.unexamined import Unexamined, told, unexamined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from forensics.history.repository import Evidence

_KEPT_FILES: Final = 8
_KEPT_TREES: Final = 4096  # of a whole commit, where one is compared with a much later one
_NOT_CLONED: Final = "the history before this commit was not cloned; git fetch --unshallow gets it"
_NO_FILES: Final = frozenset({LINK, SUBMODULE})
_UNREAD: Final = Side(FILE, b"")


class History:
    """What the commits behind one revision hold of Chef objects.

    ``states`` are the distinct states of all containers together, ``state_of`` gives each commit's (by its position in
    ``graph``). Most commits share one with their neighbour, so both stay small. ``layout`` is what the repository says
    of the places of its objects.
    """

    def __init__(self, evidence: Evidence, layout: Layout = Layout()) -> None:  # noqa: B008 (a value that is frozen)
        self._evidence = evidence
        self._store = evidence.store
        self._trees = TreeReader(evidence.store)
        self.layout = layout
        self.provenance: Provenance = evidence.provenance
        self.graph: CommitGraph = read_graph(evidence.store, list(evidence.heads), evidence.shallow)
        self._shallow = evidence.shallow
        self._sought: set[ObjectId] = set()
        self._files: OrderedDict[tuple[Container, Version], Files] = OrderedDict()
        self._changes: dict[tuple[Container, Version | None, Version | None], list[Change]] = {}
        # those in which nothing differs but what git takes for plain files, each of which may declare something
        self._plain: set[tuple[Container, Version | None, Version | None]] = set()
        self._details: dict[ObjectId, CommitDetails | None] = {}
        self.states: list[State] = []
        self.state_of: array[int] = array("l")
        self._unread = False
        self._collect_states()
        if not any(self.states):
            if self._unread:
                raise EvidenceError(
                    "whether there are Chef objects cannot be told: directories that may hold some cannot be read"
                )
            nothing = f"no commit has roles/, environments/, nodes/ or data_bags/BAG/ ({len(self.graph)} examined)"
            raise NothingToExamineError("; ".join(filter(None, (nothing, self.unexamined))))

    def _collect_states(self) -> None:
        finder = ContainerFinder(self._trees)
        configured = ConfiguredFinder(self._trees, finder, self.layout)
        self._metadata = finder.metadata
        reader = StateReader(self._trees, finder, self.layout)
        number_of: dict[ContainerEntries, int] = {}
        by_content: dict[tuple[tuple[Container, Version], ...], int] = {}
        self._left_out = reader.left_out
        for position, (commit, tree) in enumerate(zip(self.graph.ids, self.graph.trees, strict=True)):
            entries = configured.entries(tree, commit)
            number = number_of.get(entries)
            if number is None:
                state, linked, unread = reader.state(entries, tree, commit)
                if unread:
                    state = self._with_unread(state, unread, position)
                number = by_content.setdefault(tuple(state.items()), len(self.states))
                if number == len(self.states):
                    self.states.append(state)
                if not linked:
                    number_of[entries] = number
            self.state_of.append(number)

    def _with_unread(self, state: State, unread: tuple[str, ...], commit: int) -> State:
        """A state in which the files of the commit before that lie below a directory that was not read are unreadable.

        They are not gone; nobody knows what they hold, or whether they are there.
        """
        self._unread = True
        parents = self.graph.parents[commit]
        found = dict(state)
        for container, version in self.state(parents[0]).items() if parents else ():
            now = state.get(container)
            present = self.files(container, now)
            kept = {
                path: UNREADABLE
                for path in self.files(container, version)
                if path not in present and any(not top or path.startswith(f"{top}/") for top in unread)
            }
            if kept:
                links = (dict(now.links) if now else {}) | kept
                found[container] = Version(now.tree if now else NO_TREE, tuple(sorted(links.items(), key=_path_of)))
        return found

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that was looked for and could not be read so far, in a stable order."""
        account = self._store.gaps
        wanted = account.unlocated() - self._sought
        if wanted:
            self._sought |= wanted
            for oid, path, commit in self._first_uses(wanted):
                account.locate(oid, path=path, commit=commit)
        cut = (oid.hex() for oid in self.graph.boundary if oid in self._shallow)
        found = [Gap("shallow", _NOT_CLONED, oid, commit=oid) for oid in cut]
        found += account.all()
        return in_order(found)

    def apart(self) -> History:
        """The same with an account of gaps of its own, for who looks at more than the files of containers."""
        other, store = copy(self), self._store.apart()
        vars(other).update(_store=store, _trees=TreeReader(store), _sought=set(), _files=OrderedDict())
        vars(other).update(_changes={}, _plain=set())
        return other

    def _first_uses(self, wanted: set[ObjectId]) -> Iterator[tuple[ObjectId, str, ObjectId]]:
        """Where files first stand: their paths and the first commits (in replay order) that hold them."""
        last: dict[Container, Version] = {}
        seen = -1
        for commit, number in enumerate(self.state_of):
            if number <= seen:  # states are numbered as they appear
                continue
            seen = number
            for container, version in self.states[number].items():
                for change in self.changes(container, last.get(container), version):
                    if change.after in wanted:
                        yield change.after, change.path, self.graph.ids[commit]
                last[container] = version

    @cached_property
    def in_time_order(self) -> bool:
        """Whether no commit of the graph is older than one before it."""
        times = self.graph.times
        return all(map(le, times, times[1:]))

    @cached_property
    def unexamined_places(self) -> tuple[Unexamined, ...]:
        """The tip's directories that look like Chef's and are no containers."""
        if not self.graph.line:
            return ()
        tip = self.graph.line[-1]
        trees = TreeReader(self._store.apart())
        return unexamined(trees, self.graph.trees[tip], list(self.state(tip)), self.layout)

    @property
    def unexamined(self) -> str:
        """What to say of these; empty if there is none."""
        return told(self.unexamined_places)

    def with_bags_in(self, tops: Sequence[str]) -> History:
        """The same with directories in data bags as directories of bags, where these paths name them: else itself."""
        named = tuple(
            each.path
            for each in self.unexamined_places
            if each.in_bag and any(at_or_below(top, each.path) for top in tops)
        )
        if not named:
            return self
        return History(self._evidence, replace(self.layout, data_bags=(*self.layout.data_bags, *named)))

    @cached_property
    def containers(self) -> dict[Container, Version]:
        """Every container that some commit has, by path, in the version of the tip or else in the latest state."""
        found: dict[Container, Version] = dict(self.state(self.graph.line[-1])) if self.graph.line else {}
        seen: list[Container] = []
        for state in reversed(self.states):
            present = list(state)
            if present != seen:  # neighbours mostly have the same ones
                found = {**state, **found}
                seen = present
        return dict(sorted(found.items(), key=lambda each: (as_bytes(each[0].path), each[0].kind)))

    def state(self, commit: int) -> State:
        """The containers at a commit."""
        return self.states[self.state_of[commit]]

    def is_unread(self, version: Version) -> bool:
        """Whether a container's own tree could not be read, so that nobody knows what it holds."""
        return version.tree == NO_TREE or version.tree in self._store.gaps

    def files(self, container: Container, version: Version | None) -> Files:
        """Every file of a container's version that may declare something; callers must not change the mapping."""
        if version is None:
            return {}
        key = (container, version)
        known = self._files.get(key)
        if known is None:
            known = {
                change.path: change.after for change in self._differences(container, None, version) if change.after
            }
            self._files[key] = known
            if len(self._files) > _KEPT_FILES:
                self._files.popitem(last=False)
        else:
            self._files.move_to_end(key)
        return known

    def changes(self, container: Container, before: Version | None, after: Version | None) -> list[Change]:
        """The files that differ between two versions (None: the container is not there), byte-sorted by path.

        A mode change is none. Callers must not change the list: those who look for shadows and those who replay ask
        for the same pairs.
        """
        if before == after:
            return []
        key = (container, before, after)
        known = self._changes.get(key)
        if known is None:
            known = self._changes[key] = self._differences(container, before, after)
        return known

    def _differences(self, container: Container, before: Version | None, after: Version | None) -> list[Change]:
        old: dict[str, File] = {}
        new: dict[str, File] = {}
        relinked: set[str] = set()
        plain = self._compare(
            container,
            container.path,
            (before.tree or None) if before else None,
            (after.tree or None) if after else None,
            old,
            new,
            relinked,
        )
        still_linked: set[str] = set()
        if plain and not relinked:
            self._plain.add((container, before, after))
        if (before and before.links) or (after and after.links):
            self._plain.discard((container, before, after))
            old_links = dict(before.links) if before else {}
            new_links = dict(after.links) if after else {}
            old.update({path: file for path, file in old_links.items() if new_links.get(path) != file})
            new.update({path: file for path, file in new_links.items() if old_links.get(path) != file})
            still_linked = (old_links.keys() & new_links.keys()) - relinked
        paths = sorted({*old, *new}, key=as_bytes)
        return [
            Change(path, old.get(path), new.get(path), listed=path not in still_linked)
            for path in paths
            if old.get(path) != new.get(path)
        ]

    def _compare(
        self,
        container: Container,
        prefix: str,
        old_tree: ObjectId | None,
        new_tree: ObjectId | None,
        old: dict[str, File],
        new: dict[str, File],
        relinked: set[str],
    ) -> bool:
        """Collect what differs; tells whether that is nothing but plain files that may declare something."""
        plain = True
        too_deep = prefix.count("/") - container.path.count("/") == DEEPEST
        removed, added = self._trees.differences(old_tree, new_tree)
        directories: dict[str, list[ObjectId | None]] = {}
        for entries, files, side in ((removed, old, 0), (added, new, 1)):
            for entry in entries:
                path = prefix + "/" + as_text(entry.name)
                if entry.mode == DIRECTORY:
                    if too_deep or entry.oid in self._left_out:
                        plain = False
                        continue
                    directories.setdefault(path, [None, None])[side] = entry.oid
                elif entry.mode == LINK:
                    relinked.add(path)
                elif entry.mode not in _NO_FILES and may_declare(container.kind, path):
                    files[path] = entry.oid
                    plain = plain and entry.mode == FILE
                else:
                    plain = False
        if container.kind is Kind.DATA_BAG_ITEM:
            return plain and not directories  # a bag's items lie directly in its directory; what is below is nobody's
        for path, (old_id, new_id) in directories.items():
            plain = self._compare(container, path, old_id, new_id, old, new, relinked) and plain
        return plain

    def plain_changes(self, container: Container, before: Version, after: Version) -> list[Change] | None:
        """The files that differ, if git lists nothing else and takes each for a plain file on either side."""
        changes = self.changes(container, before, after)
        return changes if (container, before, after) in self._plain else None

    def listed(self, container: Container, before: Version | None, after: Version | None) -> list[Listed]:
        """Every path below a container that git lists as different between two versions of it, whatever its name.

        A file of which nobody can tell whether it is there counts as there, with a content of its own.
        """
        prefix = container.path + "/"
        old, new = (version.tree or None if version else None for version in (before, after))
        was_unread, is_unread = _unread(before), _unread(after)
        if was_unread or is_unread:  # a link that leads to what cannot be read is in its tree
            was = sides(self._trees, prefix, None, old, self._left_out)[1]
            now = sides(self._trees, prefix, None, new, self._left_out)[1]
            return differing(was_unread | was, is_unread | now)
        return listed(self._trees, prefix, old, new, self._left_out)

    @property
    def metadata(self) -> list[tuple[str, ObjectId]]:
        """The metadata files that cookbooks below directories called ``cookbooks`` ever had: name and content."""
        return [(as_text(entry[1:-21]), entry[-20:]) for entry in sorted(self._metadata)]

    def cookbooks(self, commit: int, path: str) -> dict[str, tuple[ObjectId, str, ObjectId]]:
        """The cookbooks in a directory of a commit's tree, by name: their trees and metadata files."""
        found = self._trees.resolve(self.graph.trees[commit], as_bytes(path), self.graph.ids[commit])
        if isinstance(found, Broken) or found.mode != DIRECTORY:
            return {}
        cookbooks: dict[str, tuple[ObjectId, str, ObjectId]] = {}
        for entry in self._trees.tree(found.oid).entries():
            if entry.mode != DIRECTORY:
                continue
            for name in METADATA:
                file = self._trees.tree(entry.oid).entry(name[1:-1])
                if file is not None:
                    cookbooks[as_text(entry.name)] = entry.oid, as_text(file.name), file.oid
                    break
        return cookbooks

    def renames(self) -> Callable[[int, int, Iterable[str]], dict[str, str]]:
        """Whoever asks again and again which deleted paths git shows as renamed, between a commit and later ones."""
        known = Renames(TreeReader(self._store, kept=_KEPT_TREES))
        trees = self.graph.trees
        return lambda before, after, wanted: known.renamed(trees[before], trees[after], wanted)

    def note_gap(self, kind: str, detail: str, *, path: str, commit: int) -> None:
        """Record what could not be found out about a path in a commit."""
        self._store.gaps.note(kind, detail, path=path, commit=self.graph.ids[commit])

    def blob(self, oid: ObjectId, path: str | None = None) -> bytes | None:
        """A file's content, or None if it cannot be read (a gap is recorded)."""
        return self._store.read_blob(oid, path=path)

    def peek(self, oid: ObjectId) -> bytes | None:
        """A file's content, or None if it is not there: nothing is missed for want of it."""
        try:
            size = self._store.size(oid)
        except (KeyError, ValueError, pygit2.GitError):
            return None
        return self._store.read(oid, BLOB) if size <= LARGEST_BLOB else None

    def details(self, commit: int) -> CommitDetails | None:
        """Author, dates and message of a commit."""
        oid = self.graph.ids[commit]
        if oid not in self._details:
            self._details[oid] = read_details(self._store, oid)
        return self._details[oid]

    def snapshot(self, commit: int) -> Snapshot:
        """A commit's tree as somebody who checked it out sees it."""
        return Snapshot(self._trees, self.graph.trees[commit], self.graph.ids[commit])


def _unread(version: Version | None) -> dict[str, Side]:
    return {path: _UNREAD for path, file in version.links if file == UNREADABLE} if version else {}


def _path_of(link: tuple[str, File]) -> bytes:
    return as_bytes(link[0])
