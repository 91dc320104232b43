"""Comparing what a backup holds with a revision: which file and commits each object of the server came from.

Objects are compared as the server answers them: with defaults filled in, run lists without repetitions, whatever the
order of keys. What ``knife ... from file`` and what ``knife upload`` send of a file both count. Nodes are compared by
what decides what they run; the server adds the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from forensics.analysis.changes import changes
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
    Match,
)
from forensics.analysis.fingerprint import uploaded_body
from forensics.analysis.fingerprint_results import ContentPlace
from forensics.analysis.lookup import holders, stretches
from forensics.analysis.results import FileVersion, object_text
from forensics.analysis.shadows import canonical_path
from forensics.chef import layout
from forensics.chef.compare import same_content
from forensics.chef.knife_text import shown_text
from forensics.chef.objects import Kind, Problem
from forensics.chef.wire import content
from forensics.history.model import ObjectId, as_bytes
from forensics.uploads.answers import answer_of
from forensics.uploads.server import DEFAULT_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import ValueChange
    from forensics.chef.objects import Body
    from forensics.evidence.records import Backup, HeldObject
    from forensics.uploads.target import Target

_Version: TypeAlias = "tuple[ContentPlace, ObjectId]"

_OF_NODE: Final = ("chef_environment", "run_list", "policy_name", "policy_group")
_AS_TEXT: Final = "compared as knife prints it for people, which does not tell text from numbers"


class Key(NamedTuple):
    """Which object it is."""

    kind: Kind
    bag: str
    name: str

    @property
    def text(self) -> str:
        """As people write it."""
        return object_text(self.kind, self.bag, self.name)


class _Declared(NamedTuple):
    """A file of the revision that declares an object."""

    target: Target
    path: str
    blob: ObjectId


@dataclass(slots=True)
class _Known:
    """What a history knows of one object: its file versions that hold, or may hold, what the server does."""

    exact: dict[_Version, None] = field(default_factory=dict)
    open: set[tuple[str, ObjectId]] = field(default_factory=set)
    others: dict[int, tuple[_Version, int, Body]] = field(default_factory=dict)
    closest: tuple[_Version, tuple[ValueChange, ...]] | None = None

    @property
    def declared(self) -> bool:
        """Whether any file version declares it."""
        return bool(self.exact or self.others)


def key_of(held: HeldObject) -> Key:
    """Which object a backup's is."""
    return Key(held.kind, held.bag if held.kind is Kind.DATA_BAG_ITEM else "", held.name)


def compare(
    examination: Examination, backup: Backup, targets: Collection[Target]
) -> tuple[list[DriftObject], list[HeldObject]]:
    """Every object of a backup or the revision's ``targets``, the worst first; and the nodes that no file declares."""
    held = {key_of(each): each for each in backup.objects if not _is_nobodys(key_of(each))}
    at_tip = _declared_at_tip(examination, targets)
    known = _known(examination, held, targets)
    for key, each in known.items():
        if not each.exact and not held[key].unreadable and not held[key].shown:
            each.closest = _closest(key, held[key], each)
    strangers = [
        each
        for key, each in held.items()
        if key.kind is Kind.NODE and not known[key].declared and key not in at_tip and not each.unreadable
    ]
    unknown = {key_of(each) for each in strangers}
    versions = [version for each in known.values() for version in each.exact]
    versions += [each.closest[0] for each in known.values() if each.closest]
    found_in = holders(examination.history, versions)
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


def _is_nobodys(key: Key) -> bool:
    """Whether no file can have put it there: every server has the environment ``_default``, and takes none."""
    return key.kind is Kind.ENVIRONMENT and key.name == DEFAULT_ENVIRONMENT


def _declared_at_tip(examination: Examination, targets: Collection[Target]) -> dict[Key, tuple[_Declared, ...]]:
    found: dict[Key, tuple[_Declared, ...]] = {}
    for target, files in examination.tip.files.items():
        if target not in targets:
            continue
        for path, file in files.items():
            name = examination.declarations.in_tree(target.kind, path, file).name
            if name is not None and isinstance(file, bytes):
                key = _key(target, path, name)
                if not _is_nobodys(key):
                    found[key] = (*found.get(key, ()), _Declared(target, path, file))
    return found


def _key(target: Target, path: str, name: str) -> Key:
    container = target.container_of(path)
    return Key(target.kind, container.bag if target.kind is Kind.DATA_BAG_ITEM and container else "", name)


def _known(examination: Examination, held: Mapping[Key, HeldObject], targets: Collection[Target]) -> dict[Key, _Known]:
    """Compare every file version that ever declared an object with what the server holds of it."""
    found = {key: _Known() for key in held}
    served = {key: _served(key, each) for key, each in held.items()}
    answers: dict[tuple[Key, int], bool | None] = {}
    for seen in examination.sightings:
        if not isinstance(seen.file, bytes) or (targets and seen.target not in targets):
            continue
        place = ContentPlace(seen.target, seen.path)
        for key, body in _bodies(examination, place, seen.file, found):
            known = found[key]
            asked = (key, id(body))  # bodies live as long as the declarations
            if asked not in answers:
                answers[asked] = _is_held(key, body, held[key], served[key])
            if answers[asked] is True:
                known.exact[place, seen.file] = None
                continue
            if answers[asked] is None:
                known.open.add((seen.path, seen.file))
            before = known.others.get(id(body))
            if before is None or before[1] < seen.commit:
                known.others[id(body)] = (place, seen.file), seen.commit, body
    return found


def _bodies(
    examination: Examination, place: ContentPlace, blob: ObjectId, wanted: Collection[Key]
) -> Iterator[tuple[Key, Body]]:
    """What the commands send of a file, for the objects that are wanted."""
    declarations, target, path = examination.declarations, place.target, place.path
    declared = declarations.in_tree(target.kind, path, blob)
    if declared.name is not None and declared.body is not None:
        key = _key(target, path, declared.name)
        if key in wanted:
            yield key, declared.body
    key = _key(target, path, layout.stem(path))
    if key in wanted:
        name = declarations.from_file(target.kind, path, blob).name
        body = uploaded_body(declarations, place, blob, name)
        if body is not None and not isinstance(body, Problem):
            yield key, body


def _served(key: Key, held: HeldObject) -> list[Body]:
    """What the server answered, in every way in which the backup can be meant."""
    body: dict[str, Any] = dict(held.body)
    answer = _answer(key, body)
    if key.kind is not Kind.DATA_BAG_ITEM:
        return [answer]
    # older knives add to an item what it is and where it was
    added = body.get("chef_type") == "data_bag_item" and body.get("data_bag") == key.bag
    bare = {name: value for name, value in body.items() if name not in {"chef_type", "data_bag"}}
    return [answer, _answer(key, bare)] if added and "raw_data" not in body else [answer]


def _answer(key: Key, body: Body) -> Body:
    """A body as the server answers it; of a node what decides what it runs."""
    answer = answer_of(key.kind, key.name, body)
    if key.kind is not Kind.NODE:
        return answer
    return {name: answer.get(name) for name in _OF_NODE}


def _is_held(key: Key, body: Body, held: HeldObject, served: Sequence[Body]) -> bool | None:
    """Whether the upload of a body leaves what the server holds; None where an unknown value leaves it open."""
    answer = _answer(key, body)
    if held.unreadable:
        return None
    if held.shown:
        text = shown_text(key.kind, answer)
        return None if text is None else text == held.shown
    found = [same_content(answer, each) for each in served]
    return True if True in found else None if None in found else False


def _closest(key: Key, held: HeldObject, known: _Known) -> tuple[_Version, tuple[ValueChange, ...]] | None:
    """The version from which the fewest changes lead to what the server holds, the newest of several."""
    found = [(_changes(key, held, body), -commit, version) for version, commit, body in known.others.values()]
    if not found:
        return None
    differences, _, version = min(found, key=lambda each: (len(each[0]), each[1]))
    return version, differences


@dataclass(frozen=True, slots=True)
class _Sides:
    """One object of the server, and what the repository has of it."""

    examination: Examination
    key: Key
    held: HeldObject
    at_tip: tuple[_Declared, ...]
    known: _Known
    organization: str

    @property
    def expected(self) -> _Declared | None:
        return _expected(self.key, self.at_tip)


def _expected(key: Key, at_tip: Sequence[_Declared]) -> _Declared | None:
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


def _compared(sides: _Sides, found_in: Mapping[_Version, Sequence[int]]) -> DriftObject:
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
    found_in: Mapping[_Version, Sequence[int]],
) -> tuple[Match, ...]:
    """The stretches of commits that hold it, the newest first; of several, those of the canonical file."""
    return _stretches(sides, expected, found_in, sides.known.exact)


def _closest_match(
    sides: _Sides, expected: _Declared | None, found_in: Mapping[_Version, Sequence[int]]
) -> Closest | None:
    if sides.known.closest is None:
        return None
    version, differences = sides.known.closest
    return Closest(_stretches(sides, expected, found_in, [version])[0], differences)


def _stretches(
    sides: _Sides,
    expected: _Declared | None,
    found_in: Mapping[_Version, Sequence[int]],
    versions: Iterable[_Version],
) -> tuple[Match, ...]:
    graph = sides.examination.history.graph
    found: list[tuple[tuple[bool, int, int, bool, bytes], Match]] = []
    for place, blob in versions:
        for each in stretches(sides.examination, found_in.get((place, blob), ())):
            last = sides.examination.position(each.last_commit)
            match = Match(
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


def _is_own(key: Key, match: Match, expected: _Declared | None) -> bool:
    """Whether a match is of the object's own file, and not of another that declares it, too."""
    if expected is not None and match.path == expected.path:
        return True
    return layout.stem(match.path) == key.name and not match.at_tip


def _state(sides: _Sides, expected: _Declared | None, matches: Sequence[Match]) -> str:
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
    if known.open or sides.key.text in sides.examination.undecided_objects:
        return UNDECIDED
    return UNKNOWN_CONTENT if sides.at_tip else SERVER_ONLY


def _from_expected(sides: _Sides, expected: _Declared) -> tuple[ValueChange, ...]:
    if sides.held.shown or sides.held.unreadable:
        return ()
    body = sides.examination.declarations.in_tree(sides.key.kind, expected.path, expected.blob).body
    return () if body is None else _changes(sides.key, sides.held, body)


def _changes(key: Key, held: HeldObject, body: Body) -> tuple[ValueChange, ...]:
    """From what a body leaves to what the server holds, both as the server answers."""
    before, after = _answer(key, body), _served(key, held)[-1]
    if key.kind is not Kind.NODE:
        before, after = content(key.kind, before), content(key.kind, after)
    return changes(before, after)


def _notes(sides: _Sides, state: str) -> Iterator[str]:
    held, at_tip = sides.held, sides.at_tip
    if held.unreadable:
        yield f"{held.place}: {held.unreadable}"
    if held.shown:
        yield _AS_TEXT
    if state in {OLDER, OTHER_FILE, SERVER_ONLY} and not at_tip:
        before = "" if sides.known.declared else ", nor did any before"
        yield f"no file of the revision declares it{before}"
    if len(at_tip) > 1:
        yield f"declared by {', '.join(each.path for each in at_tip)}"


def _missing(key: Key, at_tip: tuple[_Declared, ...], organization: str) -> DriftObject:
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
