"""Places that name what is traced and do not count: text that is replaced, nodes of policies, fixtures, policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.dates import commit_date
from forensics.analysis.json_text import canonical_json
from forensics.analysis.outside import policy_files
from forensics.analysis.presence import in_states, presences
from forensics.analysis.run_lists import follows_policy, run_lists
from forensics.analysis.trace_occurrences import ObjectContent, own_occurrences
from forensics.analysis.trace_results import Mention
from forensics.analysis.trace_subject import value_change, values_of
from forensics.chef.doubled_keys import replaced
from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.policy_source import policy_items
from forensics.uploads.loading import load_for_from_file

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.presence import Presence
    from forensics.analysis.results import ValueChange
    from forensics.analysis.shadows import Sighting
    from forensics.analysis.trace_subject import Subject
    from forensics.chef.objects import Body
    from forensics.history.model import File
    from forensics.uploads.declarations import Declared
    from forensics.uploads.target import Target

_KINDS = (Kind.ROLE, Kind.NODE, Kind.ENVIRONMENT)
_POLICY_KEYS = frozenset({"policy_name", "policy_group"})


class _Place(NamedTuple):
    """What makes a mention one and the same."""

    kind: Kind | None
    name: str | None
    path: str
    where: str
    environment: str | None
    item: str
    value: str
    reason: str
    by: str | None = None


class _Detail(NamedTuple):
    values: tuple[ValueChange, ...] = ()
    line: int | None = None
    by_line: int | None = None


_Places: TypeAlias = "dict[_Place, _Detail]"


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What one file version has of them."""

    rows: _Places = field(default_factory=dict)


def mentions(examination: Examination, subject: Subject) -> list[Mention]:
    """Every such place, those at the tip first, each by path; policies only as the tip has them."""
    of_file: dict[tuple[Target, str, File], _Said] = {}
    fixtures = set(examination.fixtures)
    words = _words(subject)
    for seen in examination.sightings:
        data = examination.history.blob(seen.file, seen.path) if isinstance(seen.file, bytes) else None
        if seen.target.kind in _KINDS and data is not None and all(word in data for word in words):
            declared = examination.declarations.in_tree(seen.target, seen.path, seen.file)
            fixture = seen.target in fixtures
            rows = dict(
                _of_fixture(subject, seen, declared)
                if fixture
                else _of_file(examination, subject, seen, declared, data)
            )
            if rows:
                of_file[seen.target, seen.path, seen.file] = _Said(rows)
    history = examination.history
    found: list[Presence[_Place, _Detail]] = []
    for states in in_states(history, of_file).values():
        keys: list[Hashable] = [states[state] for state in history.state_of]
        told: dict[Hashable, _Places] = {
            each: {row: said for one in each for row, said in one.rows.items()} for each in dict.fromkeys(states)
        }
        found += presences(history, keys, told)
    found += _in_policies(examination, subject)
    found.sort(key=lambda each: (not each.at_head, each.row.path))
    return [_mention(examination, each) for each in found]


def _words(subject: Subject) -> list[bytes]:
    """What a text that names the subject contains."""
    parts = subject.name.split(".") if subject.kind == "attribute" else [subject.name.removesuffix("::default")]
    return [part.encode("utf-8", "surrogateescape") for part in parts]


class _Says(NamedTuple):
    where: str
    environment: str | None
    item: str
    value: str
    values: tuple[ValueChange, ...]


def _says(subject: Subject, kind: Kind, body: Body) -> Iterator[_Says]:
    """Where a body itself names the subject."""
    given: dict[str, list[ValueChange]] = {}
    for level, value in values_of(subject, kind, body):
        if not isinstance(value, Unresolved):
            given.setdefault(level, []).append(value_change(level, subject.name, value))
    for each in own_occurrences(subject, {}, ObjectContent("", run_lists(kind, body), tuple(given))):
        values = tuple(given.get(each.where, ()))
        text = canonical_json([value.after for value in values]) if values else ""
        yield _Says(each.where, each.environment, each.item, text, values)


def _row(seen: Sighting, declared: Declared, says: _Says, reason: str, by: str | None = None) -> _Place:
    return _Place(seen.target.kind, declared.name, seen.path, *says[:4], reason, by)


def _of_fixture(subject: Subject, seen: Sighting, declared: Declared) -> Iterator[tuple[_Place, _Detail]]:
    if declared.body is None:
        return
    if subject.kind == "role" and seen.target.kind is Kind.ROLE and declared.name == subject.name:
        yield _row(seen, declared, _Says("name", None, str(subject), "", ()), "fixture"), _Detail()
    for says in _says(subject, seen.target.kind, declared.body):
        yield _row(seen, declared, says, "fixture"), _Detail(says.values)


def _of_file(
    examination: Examination, subject: Subject, seen: Sighting, declared: Declared, data: bytes
) -> Iterator[tuple[_Place, _Detail]]:
    """What stands in a file of a server's without effect."""
    kind, body = seen.target.kind, declared.body
    if body is None or declared.name is None:
        return
    if kind is Kind.NODE and follows_policy(body):
        obeying = {key: value for key, value in body.items() if key not in _POLICY_KEYS}
        for says in _says(subject, kind, obeying):
            if says.where == "run_list":
                detail = _Detail(line=_line(subject, data, 0, len(data)))
                yield _row(seen, declared, says, "policy-node"), detail
        return
    counting = {says[:4] for says in _says(subject, kind, body)}
    for text in replaced(seen.path, data):
        loaded = load_for_from_file(kind, seen.path, text.without, chef=examination.declarations.chef)
        if isinstance(loaded, Problem):
            continue
        for says in _says(subject, kind, loaded[1]):
            line = _line(subject, data, text.start, text.end)
            if says[:4] not in counting and line is not None:
                yield _row(seen, declared, says, "replaced", text.by), _Detail(says.values, line, text.by_line)


def _line(subject: Subject, data: bytes, start: int, end: int) -> int | None:
    """The first line between two places that names the subject."""
    place = data.find(_words(subject)[-1], start, end)
    return None if place < 0 else data.count(b"\n", 0, place) + 1


def _in_policies(examination: Examination, subject: Subject) -> Sequence[Presence[_Place, _Detail]]:
    """What the run lists of policies at the tip name, and when they did."""
    if subject.kind != "recipe":
        return ()
    history = examination.history
    roots = dict.fromkeys(["", *(target.label.root for target in examination.targets)])
    tip = history.snapshot(examination.head_commit)
    paths = [path for path in dict.fromkeys(policy_files(tip, roots)) if tip.kind(path) == "file"]
    found: list[Presence[_Place, _Detail]] = []
    for path in paths:
        keys: list[Hashable] = []
        rows: dict[Hashable, _Places] = {}
        for commit in range(len(history.graph)):
            blob = history.snapshot(commit).blob(path)
            if blob not in rows:
                data = None if blob is None else history.blob(blob, path)
                rows[blob] = {
                    _Place(None, None, path, each.where, None, str(each.item), "", "policy"): _Detail(line=each.line)
                    for each in (policy_items(path, data) if data is not None else ())
                    if subject.is_named_by(each.item)
                }
            keys.append(blob)
        found += presences(history, keys, rows)
    return found


def _mention(examination: Examination, found: Presence[_Place, _Detail]) -> Mention:
    history, row = examination.history, found.row
    return Mention(
        kind=None if row.kind is None else str(row.kind),
        name=row.name,
        path=row.path,
        line=found.detail.line,
        where=row.where,
        environment=row.environment,
        item=row.item,
        values=found.detail.values,
        reason=row.reason,
        by=row.by,
        by_line=found.detail.by_line,
        first_commit=history.graph.ids[found.first].hex(),
        first_date=commit_date(history, found.first),
        last_commit=history.graph.ids[found.last].hex(),
        last_date=commit_date(history, found.last),
        at_head=found.at_head,
        stretches=found.stretches,
    )
