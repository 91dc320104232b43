"""Comparing what a backup holds with a revision: which file and commits each object of the server came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.analysis.drift_matching import (
    FileContent,
    HeldKey,
    Known,
    differences,
    file_key,
    is_nobodys,
    key_of,
    known_of,
)
from forensics.analysis.drift_results import (
    CONTESTED,
    OLDER,
    OTHER_FILE,
    REPOSITORY_ONLY,
    SAME,
    SERVER_ONLY,
    UNDECIDED,
    UNKNOWN_CONTENT,
    WORST_FIRST,
    Closest,
    DriftObject,
    MatchedVersion,
)
from forensics.analysis.lookup import holders_of, stretches_of
from forensics.analysis.results import FileVersion
from forensics.analysis.shadows import canonical_path
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.history.model import UNREADABLE, ObjectId, as_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import ValueChange
    from forensics.evidence.records import Backup, HeldObject
    from forensics.uploads.target import Target

_AS_TEXT: Final = "compared as knife prints it for people, which does not tell text from numbers"


class _Declared(NamedTuple):
    """A file of the revision that declares an object."""

    target: Target
    path: str
    blob: ObjectId


def compare(
    examination: Examination, backup: Backup, targets: Collection[Target]
) -> tuple[list[DriftObject], list[HeldObject]]:
    """Every object of a backup or the revision's ``targets``, the worst first; and the nodes that no file declares."""
    held = {key_of(each): each for each in backup.objects if not is_nobodys(key_of(each))}
    if examination.options.containers:
        # of what lies beside them nobody has looked whether a file declares it
        examined = {(target.kind, file_key(target, f"{target.label.path}/", "").bag) for target in targets}
        held = {key: each for key, each in held.items() if (key.kind, key.bag) in examined}
    at_tip = _declared_at_tip(examination, targets)
    known = known_of(examination, held, targets)
    strangers = [
        each
        for key, each in held.items()
        if key.kind is Kind.NODE
        and not known[key].declared
        and key not in at_tip
        and not each.unreadable
        and key.text not in examination.undecided_objects
    ]
    unknown = {key_of(each) for each in strangers}
    versions = [version for each in known.values() for version in each.exact]
    versions += [each.closest[0] for each in known.values() if each.closest]
    found_in = holders_of(examination.history, versions)
    objects = [
        _compared(_Sides(examination, key, each, at_tip.get(key, ()), known[key], backup.organization), found_in)
        for key, each in held.items()
        if key not in unknown
    ]
    if not backup.partial:
        objects += [
            _missing(key, declared, backup.organization)
            for key, declared in at_tip.items()
            if key not in held and key.kind in backup.kinds
        ]
    objects.sort(key=lambda each: (WORST_FIRST.index(each.state), _order(each)))
    return objects, strangers


def _order(each: DriftObject) -> tuple[int, bytes]:
    return list(Kind).index(Kind(each.kind)), as_bytes(each.object)


def _declared_at_tip(examination: Examination, targets: Collection[Target]) -> dict[HeldKey, tuple[_Declared, ...]]:
    found: dict[HeldKey, tuple[_Declared, ...]] = {}
    for target, files in examination.tip.files.items():
        if target not in targets:
            continue
        for path, file in files.items():
            name = examination.declarations.in_tree(target, path, file).name
            if name is not None and isinstance(file, bytes):
                key = file_key(target, path, name)
                if not is_nobodys(key):
                    found[key] = (*found.get(key, ()), _Declared(target, path, file))
    return found


@dataclass(frozen=True, slots=True)
class _Sides:
    """One object of the server, and what the repository has of it."""

    examination: Examination
    key: HeldKey
    held: HeldObject
    at_tip: tuple[_Declared, ...]
    known: Known
    organization: str

    @property
    def expected(self) -> _Declared | None:
        return _expected(self.key, self.at_tip)


def _expected(key: HeldKey, at_tip: Sequence[_Declared]) -> _Declared | None:
    """The canonical file, or the only one; None if nobody can tell which of several is meant."""
    if len(at_tip) == 1:
        return at_tip[0]
    by_target: dict[Target, list[_Declared]] = {}
    for each in at_tip:
        by_target.setdefault(each.target, []).append(each)
    if len(by_target) != 1:
        return None
    (target,) = by_target
    path = canonical_path(key.name, [each.path for each in at_tip], target)
    return next((each for each in at_tip if each.path == path), None)


def _compared(sides: _Sides, found_in: Mapping[FileContent, Sequence[int]]) -> DriftObject:
    expected = sides.expected
    matches = _matches(sides, expected, found_in)
    state = _state(sides, expected, matches)
    return DriftObject(
        kind=str(sides.key.kind),
        object=sides.key.text,
        state=state,
        matches=matches,
        expected=None if expected is None else FileVersion(expected.path, expected.blob.hex()),
        changes=() if state == SAME or expected is None else _from_expected(sides, expected),
        closest=_closest_match(sides, expected, found_in) if state in {UNKNOWN_CONTENT, SERVER_ONLY} else None,
        notes=tuple(_notes(sides, state)),
        organization=sides.organization,
    )


def _matches(
    sides: _Sides,
    expected: _Declared | None,
    found_in: Mapping[FileContent, Sequence[int]],
) -> tuple[MatchedVersion, ...]:
    """The stretches of commits that hold it, the newest first; of several, those of the canonical file."""
    return _stretches(sides, expected, found_in, sides.known.exact)


def _closest_match(
    sides: _Sides, expected: _Declared | None, found_in: Mapping[FileContent, Sequence[int]]
) -> Closest | None:
    if sides.known.closest is None:
        return None
    version, differences = sides.known.closest
    return Closest(_stretches(sides, expected, found_in, [version])[0], differences)


def _stretches(
    sides: _Sides,
    expected: _Declared | None,
    found_in: Mapping[FileContent, Sequence[int]],
    versions: Iterable[FileContent],
) -> tuple[MatchedVersion, ...]:
    graph = sides.examination.history.graph
    found: list[tuple[tuple[bool, int, int, bool, bytes], MatchedVersion]] = []
    for place, blob in versions:
        for each in stretches_of(sides.examination, found_in.get((place, blob), ())):
            last = sides.examination.position(each.last_commit)
            match = MatchedVersion(
                place.path,
                blob.hex(),
                each.first_commit,
                each.first_date,
                each.last_commit,
                each.last_date,
                each.commits,
                each.at_tip,
            )
            own = _is_own(sides.key, match, expected)
            found.append(((not each.at_tip, -graph.times[last], -last, not own, as_bytes(place.path)), match))
    return tuple(match for _, match in sorted(found, key=lambda pair: pair[0]))


def _is_own(key: HeldKey, match: MatchedVersion, expected: _Declared | None) -> bool:
    """Whether a match is of the object's own file, and not of another that declares it, too."""
    if expected is not None and match.path == expected.path:
        return True
    return layout.stem(match.path) == key.name and not match.at_tip


def _state(sides: _Sides, expected: _Declared | None, matches: Sequence[MatchedVersion]) -> str:
    known = sides.known
    if sides.held.unreadable:
        return UNDECIDED
    if expected is not None:
        if any(each.at_tip and each.path == expected.path for each in matches):
            return SAME
        if (expected.path, expected.blob) in known.open:
            return UNDECIDED
    if matches:
        if len(sides.at_tip) > 1 and expected is None:
            return CONTESTED
        return OLDER if _is_own(sides.key, matches[0], expected) else OTHER_FILE
    if known.open or _may_be_declared(sides):
        return UNDECIDED
    return UNKNOWN_CONTENT if sides.at_tip else SERVER_ONLY


def _may_be_declared(sides: _Sides) -> bool:
    """Whether a file of the revision may declare it and nobody can tell."""
    examination, kind = sides.examination, sides.key.kind
    if sides.key.text in examination.undecided_objects:
        return True
    unseen = {*examination.elsewhere}
    return not sides.at_tip and (
        any(layout.KIND_OF_DIRECTORY.get(layout.basename(path).encode()) is kind for path in unseen)
        or any(
            target.kind is kind and any(file == UNREADABLE or path in unseen for path, file in files.items())
            for target, files in examination.tip.files.items()
        )
    )


def _from_expected(sides: _Sides, expected: _Declared) -> tuple[ValueChange, ...]:
    if sides.held.shown or sides.held.unreadable:
        return ()
    body = sides.examination.declarations.in_tree(expected.target, expected.path, expected.blob).body
    return () if body is None else differences(sides.key, sides.held, body)


def _notes(sides: _Sides, state: str) -> Iterator[str]:
    held, at_tip = sides.held, sides.at_tip
    if held.unreadable:
        yield f"{held.place}: {held.unreadable}"
    if held.shown:
        yield _AS_TEXT
    if state in {OLDER, OTHER_FILE, SERVER_ONLY} and not at_tip:
        before = "" if sides.known.declared else ", nor did any before"
        unknown = "whether a file of the revision declares it cannot be told"
        yield unknown if _may_be_declared(sides) else f"no file of the revision declares it{before}"
    if len(at_tip) > 1:
        yield f"declared by {', '.join(each.path for each in at_tip)}"


def _missing(key: HeldKey, at_tip: tuple[_Declared, ...], organization: str) -> DriftObject:
    """An object that only the revision has."""
    expected = _expected(key, at_tip)
    return DriftObject(
        kind=str(key.kind),
        object=key.text,
        state=REPOSITORY_ONLY,
        matches=(),
        expected=None if expected is None else FileVersion(expected.path, expected.blob.hex()),
        changes=(),
        notes=(f"declared by {', '.join(each.path for each in at_tip)}",) if len(at_tip) > 1 else (),
        organization=organization,
    )


def by_state(objects: Iterable[DriftObject]) -> dict[str, int]:
    """How many objects are in each state that there is, the worst first."""
    states = [each.state for each in objects]
    return {state: states.count(state) for state in WORST_FIRST if state in states}
