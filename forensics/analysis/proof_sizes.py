"""What the sizes of answers tell: which content an upload without a hash had, and what changed without any request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics.analysis.dates import iso
from forensics.analysis.ground_results import LENGTH, PATH, EvidencePlace
from forensics.analysis.proof_results import SeenUpload, UnseenChange
from forensics.analysis.results import object_text
from forensics.chef.objects import Kind
from forensics.evidence.records import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.proof_candidates import Candidate, FileCandidates
    from forensics.analysis.stored_lengths import StoredLength
    from forensics.evidence.records import Sizes

_AT_ONCE: Final = 1
_DELETE: Final = Action.DELETE.value
_Key: TypeAlias = tuple[str, str]
"""An organization, and an object in it."""


class _Form(Enum):
    """How the server writes what it gives out."""

    COMPACT = "compact"
    INDENTED = "indented"

    def of(self, length: StoredLength) -> int:
        return length.compact if self is _Form.COMPACT else length.indented


@dataclass(frozen=True, slots=True)
class _Read:
    """One answer: of some length, or that there is nothing."""

    time: int
    sizes: Sizes


_Event: TypeAlias = "SeenUpload | _Read"
_Entry: TypeAlias = "tuple[int, str, int, _Event]"


@dataclass(frozen=True, slots=True)
class _Unseen:
    """A change that no request tells of, before the commits are known that hold what it can have been."""

    key: _Key
    after: int
    sizes: Sizes
    time: int
    versions: tuple[Candidate, ...]


def by_size(
    candidates: FileCandidates,
    uploads: Sequence[SeenUpload],
    sizes: Iterable[Sizes],
    given: Mapping[int, tuple[Candidate, ...]],
    lost: Sequence[tuple[int, int]],
) -> tuple[list[SeenUpload], list[UnseenChange]]:
    """The uploads, those without a hash by the length of the next answer, and the changes that no upload explains.

    ``given`` has those versions of files that the evidence itself names for an upload, by the id of that. ``lost`` are
    the periods that no log covers.
    """
    events = _events(uploads, sizes)
    form = _form(candidates, events)
    told: dict[int, tuple[Candidate, ...]] = {}
    unseen: list[_Unseen] = []
    for key, of_object in events.items():
        walk = _Walk(candidates, key, form, lost)
        unseen += walk.along(of_object)
        told |= {number: versions for number, versions in walk.told.items() if number not in given}
    by_path = dict(given)
    for each in uploads:
        untold = each.proof == PATH and each.action != _DELETE and each.kind is not None
        if untold and each.object and id(each) not in told and id(each) not in given:
            by_path[id(each)] = candidates.versions_of(each.object, each.organization)
    candidates.prepare(version for group in (*told.values(), *by_path.values()) for version in group)
    candidates.prepare(version for each in unseen for version in each.versions)
    explained = []
    for each in uploads:
        if id(each) in told:
            matches, later = candidates.by_versions(told[id(each)], each.at)
            each = replace(each, proof=LENGTH, matches=matches, committed_later=later, note=_BY_LENGTH)  # noqa: PLW2901
        elif id(each) in by_path:
            each = replace(each, matches=candidates.by_versions(by_path[id(each)], each.at).known)  # noqa: PLW2901
        explained.append(each)
    return explained, sorted((_change(candidates, each) for each in unseen), key=lambda change: change.at)


_BY_LENGTH: Final = "by length: the server's next answer was as long as it is after one of these"


def _events(uploads: Sequence[SeenUpload], sizes: Iterable[Sizes]) -> dict[_Key, list[_Event]]:
    """What happened to each object, in the order of time; within one second in that of files and lines."""
    found: dict[_Key, list[_Entry]] = defaultdict(list)
    bags: dict[_Key, list[_Entry]] = defaultdict(list)
    for each in uploads:
        if each.at is None or each.object is None:
            continue
        entry = (each.at, each.source.file, each.source.line or 0, each)
        if each.kind is not None:
            found[each.organization, each.object].append(entry)
        elif each.action == _DELETE:
            bags[each.organization, each.object].append(entry)
    for one in sizes:
        key = one.organization, object_text(one.kind, one.bag, one.name)
        for time in dict.fromkeys((one.first, one.last)):
            found[key].append((time, one.place.file, one.place.line or 0, _Read(time, one)))
    return {
        key: [entry[-1] for entry in sorted((*entries, *_of_bag(key, bags)), key=lambda each: each[:3])]
        for key, entries in found.items()
    }


def _of_bag(key: _Key, bags: dict[_Key, list[_Entry]]) -> list[_Entry]:
    """The deletions of the bag that an item is in."""
    organization, object_ = key
    kind, _, rest = object_.partition("[")
    bag = rest.partition("/")[0]
    return bags.get((organization, f"data_bag[{bag}]"), []) if kind == Kind.DATA_BAG_ITEM else []


def _form(candidates: FileCandidates, events: dict[_Key, list[_Event]]) -> _Form | None:
    """How the server writes answers, as those show whose content is known by a hash; None if they fit neither way.

    A server that compresses what it gives out fits neither, so that nothing is concluded from its sizes.
    """
    fits = dict.fromkeys(_Form, 0)
    misses = dict.fromkeys(_Form, 0)
    for (organization, object_), of_object in events.items():
        before: _Event | None = None
        for event in of_object:
            if isinstance(event, _Read) and isinstance(before, SeenUpload) and event.sizes.length is not None:
                lengths = _lengths(candidates, organization, object_, before)
                for form in _Form if lengths else ():
                    same = event.sizes.length in {form.of(length) for length in lengths}
                    (fits if same else misses)[form] += 1
            before = event
    best = max(_Form, key=lambda form: fits[form])
    return best if fits[best] > misses[best] else None


def _lengths(
    candidates: FileCandidates, organization: str, object_: str, upload: SeenUpload
) -> frozenset[StoredLength]:
    """How long answers are after an upload whose content is known."""
    known = candidates.of_files(object_, organization) if upload.matches or upload.committed_later else {}
    files = ((match.path, match.blob) for match in (*upload.matches, *upload.committed_later))
    return frozenset(length for file in files if file in known for length in known[file].lengths)


class _Walk:
    """One object from event to event: how long answers can be now, and since when that is known.

    ``lost`` are the periods that no log covers.
    """

    def __init__(
        self, candidates: FileCandidates, key: _Key, form: _Form | None, lost: Sequence[tuple[int, int]]
    ) -> None:
        self._candidates = candidates
        self._key = key
        self._form = form
        self._lost = lost
        self._expected: frozenset[int | None] | None = None
        self._known_at: int | None = None
        self._before: frozenset[int | None] | None = None
        self._upload: SeenUpload | None = None
        self._waiting: SeenUpload | None = None
        self._strange: _Unseen | None = None
        self.told: dict[int, tuple[Candidate, ...]] = {}

    def along(self, events: Iterable[_Event]) -> Iterator[_Unseen]:
        """The changes that nothing explains, neither what was sent before nor what was logged just afterwards."""
        for event in events:
            strange, self._strange = self._strange, None
            if isinstance(event, SeenUpload):
                self._uploaded(event)
                if strange is not None and not self._explains(event, strange):
                    yield strange
            else:
                if strange is not None:
                    yield strange
                self._read(event)
        if self._strange is not None:
            yield self._strange

    def _explains(self, upload: SeenUpload, strange: _Unseen) -> bool:
        """Whether an answer may have been given after an upload and logged before it."""
        near = (upload.at or 0) - strange.time <= self._apart(upload, strange.sizes)
        return near and (self._expected is None or strange.sizes.length in self._expected)

    def _apart(self, upload: SeenUpload, sizes: Sizes) -> int:
        """How many seconds the order of an upload and an answer can be otherwise than their times say."""
        return _AT_ONCE if upload.source.file == sizes.place.file else max(_AT_ONCE, self._candidates.skew)

    def _read(self, event: _Read) -> None:
        length = event.sizes.length
        upload, before = self._upload, self._before
        late = upload is not None and event.time - (upload.at or 0) <= self._apart(upload, event.sizes)
        if late and before is not None and length in before:
            return  # it may have been answered before the upload, and logged after it
        self._before = None
        if self._form is None and length is not None:
            self._expected = self._waiting = None
            return
        if self._waiting is not None and length is not None:
            versions = self._of_length(length)
            if versions and not self._may_lack(self._waiting.at or 0, event.time):
                self.told[id(self._waiting)] = versions
        elif self._expected is not None and length not in self._expected and self._known_at is not None:
            versions = () if length is None else self._of_length(length)
            self._strange = _Unseen(self._key, self._known_at, event.sizes, event.time, versions)
        self._waiting = None
        self._expected, self._known_at = frozenset({length}), event.time

    def _may_lack(self, since: int, until: int) -> bool:
        """Whether no log covers a part of a time, in which something else may have been sent."""
        return any(first < until and last > since for first, last in self._lost)

    def _uploaded(self, upload: SeenUpload) -> None:
        self._upload, self._waiting = upload, None
        before = self._before = self._expected
        self._known_at = upload.at
        if upload.action == _DELETE:
            self._expected = frozenset({None})
        elif upload.proof == PATH:
            self._waiting, self._expected = upload, None
        else:
            organization, object_ = self._key
            lengths = _lengths(self._candidates, organization, object_, upload)
            self._expected = frozenset(map(self._form.of, lengths)) if lengths and self._form else None
        if not upload.applied:
            # whether it took effect is not known: what was before may still be
            self._expected = None if before is None or self._expected is None else before | self._expected
            self._waiting = None

    def _of_length(self, length: int) -> tuple[Candidate, ...]:
        return tuple(self._by_length.get(length, ()))

    @cached_property
    def _by_length(self) -> Mapping[int, list[Candidate]]:
        form, (organization, object_) = self._form, self._key
        found: dict[int, list[Candidate]] = defaultdict(list)
        for version in self._candidates.versions_of(object_, organization):
            for length in {form.of(each) for each in version.lengths} if form else ():
                found[length].append(version)
        return found


def _change(candidates: FileCandidates, unseen: _Unseen) -> UnseenChange:
    organization, object_ = unseen.key
    sizes = unseen.sizes
    return UnseenChange(
        object=object_,
        organization=organization,
        after=iso(unseen.after),
        by=iso(unseen.time),
        absent=sizes.length is None,
        length=sizes.length,
        source=EvidencePlace(sizes.place.file, sizes.place.line),
        matches=candidates.by_versions(unseen.versions, unseen.time).known,
        at=unseen.time,
    )
