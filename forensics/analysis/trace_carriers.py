"""Every file that ever carried what is traced, on every commit that the revision reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.dates import commit_date
from forensics.analysis.json_text import canonical_json
from forensics.analysis.presence import in_states, presences
from forensics.analysis.run_lists import run_lists
from forensics.analysis.shadows import canonical_path, shadow_id
from forensics.analysis.trace_occurrences import (
    ObjectContent,
    ObjectContents,
    Occurrence,
    Occurrences,
    environments_of,
    nested_occurrences,
    own_occurrences,
)
from forensics.analysis.trace_results import Carrier, Unknown
from forensics.analysis.trace_subject import value_change, values_of
from forensics.chef.objects import Kind, Unresolved
from forensics.uploads.target import server_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from forensics.analysis.cookbooks import CookbookIndex, Including, Leading
    from forensics.analysis.examination import Examination
    from forensics.analysis.presence import Presence
    from forensics.analysis.results import ValueChange
    from forensics.analysis.trace_subject import Subject
    from forensics.history.model import File
    from forensics.uploads.target import Target

_KINDS = (Kind.ROLE, Kind.NODE, Kind.ENVIRONMENT)


@dataclass(frozen=True, slots=True, eq=False)
class DeclaredContent:
    """One content of one file that declares an object."""

    target: Target
    path: str
    content: ObjectContent
    values: tuple[ValueChange, ...] = ()


class _Row(NamedTuple):
    """What makes a carrier one and the same."""

    kind: Kind | str
    container: str
    name: str
    path: str
    where: str
    environment: str | None
    item: str
    carriage: str
    value: str = ""


_Detail: TypeAlias = "tuple[tuple[str, ...], tuple[ValueChange, ...]]"
_Rows: TypeAlias = "dict[_Row, _Detail]"
NOTHING_LEADS: Leading = {}


class Versions:
    """Every file version that may have to do with the subject, and those parts of all that nobody can tell."""

    def __init__(self, examination: Examination, subject: Subject, ever_leading: Iterable[str]) -> None:
        self._examination = examination
        self._subject = subject
        everything: dict[tuple[Target, str, File], DeclaredContent] = {}
        distinct, same = ObjectContents(), dict[tuple[object, ...], DeclaredContent]()
        self.unresolved: list[tuple[Target, str, File, int, Unresolved]] = []
        for seen in examination.survey.sightings:
            if seen.target.kind not in _KINDS:
                continue
            declared = examination.declarations.in_tree(seen.target, seen.path, seen.file)
            if declared.unresolved is not None:
                self.unresolved.append((seen.target, seen.path, seen.file, seen.commit, declared.unresolved))
            if declared.name is None or declared.body is None:
                continue
            lists, values, unknown = run_lists(seen.target.kind, declared.body), [], []
            for level, value in values_of(subject, seen.target.kind, declared.body):
                if isinstance(value, Unresolved):
                    unknown.append(value)
                else:
                    values.append(value_change(level, subject.name, value))
            if subject.kind != "attribute":
                unknown += lists.unresolved
            self.unresolved += [(seen.target, seen.path, seen.file, seen.commit, each) for each in unknown]
            levels = tuple(value.pointer.split("/")[1] for value in values)
            content = distinct.content(declared.name, lists, levels)
            key = (seen.target, seen.path, content, canonical_json([value.after for value in values]))
            version = same.setdefault(key, DeclaredContent(seen.target, seen.path, content, tuple(values)))
            everything[seen.target, seen.path, seen.file] = version
        relevant = relevant_contents(subject, dict.fromkeys(ever_leading, ()), [v.content for v in everything.values()])
        self.of_file = {key: version for key, version in everything.items() if version.content in relevant}


def relevant_contents(subject: Subject, ever_leading: Leading, contents: Iterable[ObjectContent]) -> set[ObjectContent]:
    """The contents that carry the subject, or name a role of which some content does, at whatever time."""
    included_by: dict[str, list[ObjectContent]] = {}
    found: set[ObjectContent] = set()
    pending: list[ObjectContent] = []
    for content in contents:
        if next(own_occurrences(subject, ever_leading, content), None) is not None:
            pending.append(content)
        for _, item in content.lists.named():
            if item.type == "role":
                included_by.setdefault(item.name, []).append(content)
    while pending:
        content = pending.pop()
        if content not in found:
            found.add(content)
            pending += included_by.pop(content.name, ())
    return found


def carriers(examination: Examination, subject: Subject, versions: Versions, index: CookbookIndex) -> list[Carrier]:
    """Every declaration that carries the subject, first those that name it; then the recipes that include it."""
    history = examination.history
    present = in_states(history, versions.of_file)
    found: list[Presence[_Row, _Detail]] = []
    carried = _Carried(subject)
    servers = examination.options.servers
    for server in dict.fromkeys(server_of(target.label, servers) for target in present):
        targets = [target for target in present if server_of(target.label, servers) == server]
        root = min(target.label.root for target in targets)
        numbers: dict[tuple[frozenset[DeclaredContent], ...], int] = {}
        number_of = [
            numbers.setdefault(each, len(numbers)) for each in zip(*(present[t] for t in targets), strict=True)
        ]
        combinations = list(numbers)
        keys: list[Hashable] = []
        rows: dict[Hashable, _Rows] = {}
        for commit, state in enumerate(history.state_of):
            leading = leading_at(index, subject, commit, root)
            key = (number_of[state], id(leading))
            if key not in rows:
                here = [version for one in combinations[key[0]] for version in one]
                rows[key] = dict(carried.rows(leading, here))
            keys.append(key)
        found += presences(history, keys, rows)
    if subject.kind == "recipe":
        found += _including_recipes(examination, subject, index)
    order = {"direct": 0, "include": 1, "nested": 2}
    shadows = _Shadows(examination)
    result = [_carrier(examination, shadows, each) for each in found]
    if examination.nodes.given is not None:  # which take the place of those that roles lead to
        result = [each for each in result if (each.kind, each.carriage) != (Kind.NODE, "nested")]
    result.sort(key=lambda c: (c.kind == "recipe", order[c.carriage] == 2, not c.at_head))  # noqa: PLR2004 (nested last)
    return result


def leading_at(index: CookbookIndex, subject: Subject, commit: int, root: str) -> Leading:
    """The recipes that lead to the subject at a commit; none, if it is no recipe."""
    return index.leading_to(subject.name).at(commit, root) if subject.kind == "recipe" else NOTHING_LEADS


class _Carried:
    """The carriers among declared contents, of which each is looked at once for the same recipes that lead there."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._occurrences = Occurrences(subject)
        self._own: dict[tuple[DeclaredContent, int], list[tuple[_Row, _Detail]]] = {}

    def rows(self, leading: Leading, here: Iterable[DeclaredContent]) -> Iterator[tuple[_Row, _Detail]]:
        """What carries the subject where these are together."""
        here = sorted(here, key=lambda version: (version.target.label.path, version.path))
        roles = [version.content for version in here if version.target.kind is Kind.ROLE]
        carrying = {
            each: self._occurrences.carrying_roles(leading, roles, each)
            for each in environments_of(version.content for version in here)
        }
        for version in here:
            own = self._own.get((version, id(leading)))
            if own is None:
                own = self._own[version, id(leading)] = list(self._own_rows(leading, version))
            yield from own
            for occurrence in nested_occurrences(self._subject, carrying, version.content):
                yield _row(version, occurrence), (occurrence.through, ())

    def _own_rows(self, leading: Leading, version: DeclaredContent) -> Iterator[tuple[_Row, _Detail]]:
        for occurrence in self._occurrences.own(leading, version.content):
            values = tuple(value for value in version.values if value.pointer.split("/")[1] == occurrence.where)
            row = _row(version, occurrence)
            if values:
                row = row._replace(value=canonical_json([value.after for value in values]))
            yield row, (occurrence.through, values)


def _row(version: DeclaredContent, occurrence: Occurrence) -> _Row:
    target = version.target
    return _Row(
        target.kind,
        target.label.path,
        version.content.name,
        version.path,
        occurrence.where,
        occurrence.environment,
        occurrence.item,
        occurrence.carriage,
    )


def _including_recipes(
    examination: Examination, subject: Subject, index: CookbookIndex
) -> list[Presence[_Row, _Detail]]:
    keys: list[Hashable] = []
    rows: dict[Hashable, _Rows] = {}
    leading_to = index.leading_to(subject.name)
    by_cookbook: dict[tuple[int, int], _Rows] = {}
    for commit in range(len(examination.history.graph)):
        including = leading_to.including(commit)
        key = id(including)
        if key not in rows:
            here = rows[key] = {}
            for cookbook in including:
                leading = leading_to.at(commit, index.owner(cookbook.path))
                own = (id(cookbook), id(leading))
                if own not in by_cookbook:
                    by_cookbook[own] = dict(_including_rows(subject, leading, cookbook))
                here |= by_cookbook[own]
        keys.append(key)
    return presences(examination.history, keys, rows)


def _including_rows(subject: Subject, leading: Leading, cookbook: Including) -> Iterator[tuple[_Row, _Detail]]:
    for include in cookbook.includes:
        if include.name in leading:
            carriage = "direct" if include.name == subject.name else "include"
            row = _Row(
                "recipe",
                cookbook.path,
                include.recipe,
                include.path,
                "include_recipe",
                None,
                include.spelled,
                carriage,
            )
            yield row, (tuple(f"recipe[{each}]" for each in leading[include.name]), ())


class _Shadows:
    """The shadows that a file was ever part of."""

    def __init__(self, examination: Examination) -> None:
        self._head = examination.head_commit
        self._of: dict[tuple[str, str, str], list[tuple[str, bool, bool]]] = {}
        for episode in examination.survey.episodes:
            key = episode.key
            canonical = canonical_path(key.name, key.paths, key.target)
            name = shadow_id(key.target, key.name, key.paths)
            at_head = self._head in episode.commits
            for path in key.paths:
                self._of.setdefault((str(key.target.kind), key.name, path), []).append(
                    (name, at_head, path == canonical)
                )

    def of(self, row: _Row) -> list[tuple[str, bool, bool]]:
        """The id of each shadow, whether it is there at the tip, and whether the file is its canonical one."""
        return self._of.get((str(row.kind), row.name, row.path), [])


def _carrier(examination: Examination, known: _Shadows, presence: Presence[_Row, _Detail]) -> Carrier:
    history, row = examination.history, presence.row
    ids = history.graph.ids
    shadows = known.of(row)
    alone = row.kind == "recipe" or canonical_path(row.name, [row.path], _target(examination, row)) == row.path
    return Carrier(
        kind=str(row.kind),
        container=row.container,
        name=row.name,
        path=row.path,
        where=row.where,
        environment=row.environment,
        item=row.item,
        carriage=row.carriage,
        through=presence.detail[0],
        canonical=shadows[-1][2] if shadows else alone,
        shadows=tuple(name for name, _, _ in shadows),
        shadowed_at_head=any(at_head for _, at_head, _ in shadows),
        commits=presence.commits,
        first_commit=ids[presence.first].hex(),
        first_date=commit_date(history, presence.first),
        last_commit=ids[presence.last].hex(),
        last_date=commit_date(history, presence.last),
        at_head=presence.at_head,
        stretches=presence.stretches,
        values=presence.detail[1],
        dropped_by=None if presence.dropped is None else ids[presence.dropped].hex(),
    )


def _target(examination: Examination, row: _Row) -> Target:
    return next(t for t in examination.targets if t.kind == row.kind and t.label.path == row.container)


def unknown_places(examination: Examination, versions: Versions) -> list[Unknown]:
    """What only running a file could tell, each place once, with whether it is there at the tip."""
    found: dict[tuple[str, str, str], Unknown] = {}
    for target, path, file, commit, unresolved in versions.unresolved:
        at_head = examination.tip.files[target].get(path) == file
        key = (path, str(target.kind), unresolved.source)
        before = found.get(key)
        first = examination.history.graph.ids[commit].hex() if before is None else before.first_commit
        line = unresolved.line if before is None or at_head else before.line
        found[key] = Unknown(*key, line, first, at_head or (before is not None and before.at_head))
    return list(found.values())
