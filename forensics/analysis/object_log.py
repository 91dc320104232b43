"""How the declarations of an object changed: every commit against its own parents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from forensics.analysis.changes import changes
from forensics.analysis.commits import commit_notes
from forensics.analysis.merges import ancestry, atoms, deviations, is_clean
from forensics.analysis.object_results import LogEntry, MergeChange, OriginCommit
from forensics.analysis.objects import check_known, is_in
from forensics.chef import json_parser, layout
from forensics.chef.objects import Kind
from forensics.chef.run_list_source import run_list_of_value
from forensics.chef.wire import content
from forensics.uploads.steps import replay_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.merges import Ancestry, Atom
    from forensics.analysis.objects import ObjectName
    from forensics.analysis.results import ValueChange
    from forensics.chef.objects import Body
    from forensics.history.model import Change, File
    from forensics.uploads.declarations import Declared
    from forensics.uploads.target import Target

_DEFAULT: Final = "_default"


@dataclass(frozen=True, slots=True, eq=False)
class _Statement:
    """What a file says of the object, or said last before it could not be loaded any more.

    ``reason`` says why that is so; with ``unknown`` nobody can tell whether it could not. ``body`` is None for a file
    of which nobody could ever tell whether it declares the object.
    """

    body: Body | None
    file: File
    reason: str | None = None
    unknown: bool = False


_Files: TypeAlias = "Mapping[str, _Statement]"
_NOBODY: _Files = {}


class _Difference(NamedTuple):
    """A file that says something else of the object than it did in a parent."""

    path: str
    event: str
    before: _Statement | None
    after: _Statement | None
    moved_from: str | None = None


def log(examination: Examination, wanted: ObjectName) -> tuple[LogEntry, ...]:
    """Every commit of the replayed line that changed what some file says about an object, oldest first.

    A commit is compared with its own first parent; of a merge, whatever its parents' changes do not come to is told as
    what the merge did. Where side branches are told themselves, a merge is told only for that. A file's first content
    is compared with the canonical file's at that commit, if there is one: a copy shows as such.

    Raises:
        UnknownObjectError: no commit declares the object.
    """
    check_known(examination, [wanted])
    told = ObjectFiles(examination, wanted)
    graph = examination.history.graph
    since, until = examination.options.since, examination.options.until
    return tuple(
        entry
        for commit in replay_line(examination.history, full=examination.options.full)
        if (since is None or graph.times[commit] >= since) and (until is None or graph.times[commit] <= until)
        for entry in told.entries(commit)
    )


class ObjectFiles:
    """Everything that files ever said of one object: ``at`` has the files that declare it, commit by commit."""

    def __init__(self, examination: Examination, wanted: ObjectName) -> None:
        self._history = examination.history
        self._declarations = examination.declarations
        self._full = examination.options.full
        self._cut_at = examination.evidence().cut_at
        self._may_declare = {each.path for each in examination.undecided if str(wanted) in each.objects}
        self._wanted = wanted
        self.targets = [target for target in examination.targets if is_in(wanted, target)]
        self._atoms: dict[int, Mapping[Atom, int | str]] = {}
        self._said: dict[tuple[str, File, int], _Statement] = {}
        self.at: list[_Files] = []
        for commit, parents in enumerate(self._history.graph.parents):
            self.at.append(self._files(commit, parents[0] if parents else None))

    def entries(self, commit: int) -> Iterator[LogEntry]:
        """What a commit did to what files say of the object."""
        parents = self._history.graph.parents[commit]
        here, before = self.at[commit], self.at[parents[0]] if parents else _NOBODY
        differences = () if here is before else tuple(_differences(before, here))
        if len(parents) < 2:  # noqa: PLR2004 (no merge)
            for each in differences:
                yield self._entry(commit, each, here)
        elif any(self.at[parent] != here for parent in parents):
            yield from self._of_merge(commit, parents, differences)

    def _files(self, commit: int, parent: int | None) -> _Files:
        """What files say at a commit, known from what they said at its first parent."""
        history = self._history
        before = _NOBODY if parent is None else self.at[parent]
        if parent is not None and history.state_of[parent] == history.state_of[commit]:
            return before
        state, old = history.state(commit), {} if parent is None else history.state(parent)
        found = [
            (target, change)
            for target in self.targets
            for change in target.changes(history, target.version(old), target.version(state))
        ]
        return self._after(before, found) if found else before

    def _after(self, before: _Files, found: Sequence[tuple[Target, Change]]) -> _Files:
        here = dict(before)
        unloadable: list[tuple[str, File, Declared]] = []
        for target, change in found:
            last = here.pop(change.path, None)
            if change.after is None:
                continue
            declared = self._declarations.in_tree(target, change.path, change.after)
            if declared.body is not None and declared.name == self._wanted.name:
                here[change.path] = self._same(change.path, _Statement(declared.body, change.after))
            elif declared.unloadable is not None and last is not None:
                here[change.path] = self._same(
                    change.path, _Statement(last.body, change.after, declared.unloadable, declared.undecided)
                )
            elif declared.undecided and change.path in self._may_declare:
                here[change.path] = self._same(
                    change.path, _Statement(None, change.after, declared.unloadable, unknown=True)
                )
            elif declared.unloadable is not None:
                unloadable.append((change.path, change.after, declared))
        for path, file, declared in unloadable:
            gone = (said for each, said in before.items() if each not in here and said.file == file)
            same = next(gone, None)
            if same is not None:
                here[path] = self._same(path, _Statement(same.body, file, declared.unloadable, declared.undecided))
        return before if here == before else here

    def _same(self, path: str, said: _Statement) -> _Statement:
        """One value for all that is equal, whatever branch it is met on; the bodies are kept by the declarations."""
        return self._said.setdefault((path, said.file, id(said.body)), said)

    def _entry(
        self,
        commit: int,
        found: _Difference,
        here: _Files,
        *,
        brought_by: Sequence[int] = (),
        merge: Sequence[MergeChange] = (),
        compared: bool = True,
    ) -> LogEntry:
        path, event, before, after, moved_from = found
        told: tuple[ValueChange, ...] = ()
        reference = self._beside(path, here) if event == "added" else before
        if compared and reference and reference.body is not None and after is not None and after.reason is None:
            told = changes(self._content(reference), self._content(after))
        graph = self._history.graph
        oid = graph.ids[commit].hex()
        return LogEntry(
            commit=oid,
            note=commit_notes(self._history, [oid])[oid],
            path=path,
            blob=after.file.hex() if after is not None and isinstance(after.file, bytes) else None,
            event="present" if event == "added" and oid in self._cut_at else event,
            changes=told,
            reason=after.reason if after is not None else None,
            moved_from=moved_from,
            overridden=self._overridden(path, before, after) if compared else (),
            default_list=self._default_list(path, after),
            brought_by=tuple(self._origin(each) for each in brought_by),
            merge=tuple(merge),
        )

    def _beside(self, path: str, here: _Files) -> _Statement | None:
        """What the canonical file of the same target says, or else the first other file."""
        target = self._target_of(path)
        others = {
            each: said
            for each, said in here.items()
            if each != path and said.reason is None and self._target_of(each) is target
        }
        canonical = next((each for each in sorted(others) if layout.stem(each) == self._wanted.name), None)
        return others[canonical] if canonical is not None else next(iter(others.values()), None)

    def _target_of(self, path: str) -> Target | None:
        return next((target for target in self.targets if target.container_of(path) is not None), None)

    def _origin(self, commit: int) -> OriginCommit:
        oid = self._history.graph.ids[commit].hex()
        return OriginCommit(oid, commit_notes(self._history, [oid])[oid])

    # what a merge did

    def _of_merge(
        self, commit: int, parents: tuple[int, ...], differences: Sequence[_Difference]
    ) -> Iterator[LogEntry]:
        here = self.at[commit]
        behind = ancestry(self._history.graph, parents[0], parents[1:])
        did = self._deviations(commit, parents, behind) if behind.bases else {}
        if self._full:
            for path, found in did.items():
                difference = _Difference(path, "merged", None, here.get(path))
                yield self._entry(commit, difference, here, merge=found, compared=False)
            for each in differences:
                above = [self.at[parent].get(each.path) for parent in parents]
                if each.event in {"unloadable", "unknown"} and not any(
                    said is not None and said.reason for said in above
                ):
                    yield self._entry(commit, each, here)
            return
        for each in differences:
            brought = [one for one in behind.merged if self._touched(one, each.path)]
            yield self._entry(commit, each, here, brought_by=brought, merge=did.pop(each.path, ()))
        for path, found in did.items():
            yield self._entry(commit, _Difference(path, "merged", None, here.get(path)), here, merge=found)

    def _touched(self, commit: int, path: str) -> bool:
        parents = self._history.graph.parents[commit]
        said = self.at[commit].get(path)
        return all(self.at[parent].get(path) is not said for parent in parents or ()) and bool(parents or said)

    def _deviations(self, commit: int, parents: tuple[int, ...], behind: Ancestry) -> dict[str, list[MergeChange]]:
        """What the merge made of each file, beyond what its parents' changes come to."""
        old = [self.at[base] for base in behind.bases]
        names = self._names(old[0], [*(self.at[parent] for parent in parents), self.at[commit]])
        above = [_renamed(self.at[parent], names) for parent in parents]
        made = _renamed(self.at[commit], names)
        current = {names.get(path, path): path for path in self.at[commit]}
        found: dict[str, list[MergeChange]] = {}
        for name in dict.fromkeys(path for files in (*above, *old, made) for path in files):
            told = list(self._file_deviations(name, [files.get(name) for files in old], above, made, behind, parents))
            if told:
                found[current.get(name, name)] = told
        return found

    def _names(self, base: _Files, sides: Iterable[_Files]) -> dict[str, str]:
        """The names in the common ancestor of files that were moved since."""
        names: dict[str, str] = {}
        for side in sides:
            gone = {path: said for path, said in base.items() if path not in side}
            names |= _moves(gone, {path: said for path, said in side.items() if path not in base})
        return names

    def _file_deviations(
        self,
        name: str,
        old: Sequence[_Statement | None],
        above: Sequence[_Files],
        made: _Files,
        behind: Ancestry,
        parents: tuple[int, ...],
    ) -> Iterator[MergeChange]:
        had, came = [files.get(name) for files in above], made.get(name)
        if any(said is not None and said.reason is not None for said in (*old, *had, came)):
            return  # what it said last may be long ago
        there = [said is not None for said in had]
        if came is None or not any(there):
            changed = {place for place, each in enumerate(there) if each not in {said is not None for said in old}}
            lost = next(iter(changed), 0)
            if (len(changed) == 1 or (not changed and len(set(there)) == 1)) and there[lost] is (came is None):
                yield MergeChange("dropped" if changed else "changed", None, self._hex(parents[lost]), None)
            return
        if not all(there):
            if all(said is not None for said in old):
                yield MergeChange("restored", None, self._hex(parents[there.index(False)]), None)
            return
        if self._is_clean(name, old, had, came):
            return
        bodies = [[self._content(each) for each in side if each is not None] for side in (old, had)]
        for each in deviations(bodies[0], bodies[1], self._content(came)):
            place = each.parent
            origin = None if place is None else self._brought(name, each.atom, parents, place, behind)
            yield MergeChange(
                each.did,
                each.change,
                None if place is None else self._hex(parents[place]),
                None if origin is None else self._origin(origin),
            )

    def _is_clean(
        self, path: str, old: Sequence[_Statement | None], had: Sequence[_Statement | None], came: _Statement
    ) -> bool:
        texts = [[self._text(path, each) for each in side if each is not None] for side in (old, had, (came,))]
        known = [[each for each in side if each is not None] for side in texts]
        return known == texts and is_clean(known[0], known[1], known[2][0])

    def _text(self, path: str, said: _Statement) -> bytes | None:
        return self._history.blob(said.file, path) if isinstance(said.file, bytes) else None

    def _brought(self, name: str, atom: Atom, parents: tuple[int, ...], place: int, behind: Ancestry) -> int | None:
        """The last commit behind a parent, since the common ancestors, that gave a place in a file its value."""
        parent = parents[place]
        others = [each for number, each in enumerate(parents) if number != place]
        own = ancestry(self._history.graph, others[0], [parent, *others[1:]]).merged if behind.bases else ()
        value = self._atom(parent, name, atom)
        graph = self._history.graph
        for commit in reversed(own):
            if self._atom(commit, name, atom) == value and all(
                self._atom(each, name, atom) != value for each in graph.parents[commit]
            ):
                return commit
        return None

    def _atom(self, commit: int, name: str, atom: Atom) -> int | str | None:
        said = self.at[commit].get(name)
        if said is None or said.body is None:
            return None
        if id(said) not in self._atoms:
            self._atoms[id(said)] = atoms(self._content(said))
        return self._atoms[id(said)].get(atom)

    def _content(self, said: _Statement) -> Body:
        return content(self._wanted.kind, said.body or {})

    def _hex(self, commit: int) -> str:
        return self._history.graph.ids[commit].hex()

    # the list that `_default` in env_run_lists takes the place of (Chef::Role.from_hash)

    def _given_lists(self, path: str, said: _Statement | None) -> tuple[object, object] | None:
        """A role's run list and the one of ``_default`` in a JSON file that has both."""
        if self._wanted.kind is not Kind.ROLE or said is None or said.reason is not None or path.endswith(".rb"):
            return None
        data = self._text(path, said)
        given = json_parser.parse(data) if data is not None else None
        own = given.get("env_run_lists") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(own, dict) or _DEFAULT not in own:
            return None
        return run_list_of_value(given.get("run_list")), own[_DEFAULT]

    def _default_list(self, path: str, said: _Statement | None) -> str | None:
        return None if self._given_lists(path, said) is None else f"env_run_lists.{_DEFAULT}"

    def _overridden(self, path: str, before: _Statement | None, after: _Statement | None) -> tuple[ValueChange, ...]:
        old, new = self._given_lists(path, before), self._given_lists(path, after)
        if new is None:
            return ()
        return changes({"run_list": old[0] if old is not None else ()}, {"run_list": new[0]})


def _differences(before: _Files, here: _Files) -> Iterator[_Difference]:
    fresh = {path: said for path, said in here.items() if path not in before}
    moves = _moves({path: said for path, said in before.items() if path not in here}, fresh)
    for path in sorted(before.keys() | here.keys(), key=lambda path: path.encode("utf-8", "surrogateescape")):
        old, new = before.get(path), here.get(path)
        if old is new:
            continue
        if new is None:
            if path not in moves.values() and old is not None and old.body is not None:
                yield _Difference(path, "removed", old, None)
        elif path in moves:
            yield _Difference(path, "moved", before[moves[path]], new, moves[path])
        elif new.reason is None:
            yield _Difference(path, "added" if old is None or old.body is None else "changed", old, new)
        elif new.body is None or (old is not None and old.reason is None):
            yield _Difference(path, "unknown" if new.unknown else "unloadable", old, new)


def _renamed(files: _Files, names: Mapping[str, str]) -> dict[str, _Statement]:
    return {names.get(path, path): said for path, said in files.items() if said.body is not None}


def _moves(gone: _Files, fresh: _Files) -> dict[str, str]:
    """Where files that came were before: those with the same content, then the only one of each."""
    left, found = dict(gone), dict[str, str]()
    for path, said in fresh.items():
        origin = next((each for each, other in left.items() if other.file == said.file), None)
        if origin is not None:
            found[path] = origin
            del left[origin]
    rest = [path for path in fresh if path not in found]
    if len(rest) == len(left) == 1:
        found[rest[0]] = next(iter(left))
    return found
