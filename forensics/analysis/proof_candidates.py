"""The file versions of a history that a request can have been of: by what was sent, or by how long the answer is."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from forensics.analysis.fingerprint import fingerprints
from forensics.analysis.fingerprint_results import ContentPlace
from forensics.analysis.ground_results import ProofMatch
from forensics.analysis.lookup import ContentHashError, holders_of, look_up, parse_hash, stretches_of
from forensics.analysis.results import object_text
from forensics.analysis.stored_lengths import StoredLength, stored_length
from forensics.chef import layout
from forensics.chef.layout import at_or_below

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from forensics.analysis.examination import Examination
    from forensics.analysis.fingerprint_results import HeldStretch, LookUp
    from forensics.history.model import ObjectId


class Candidate(NamedTuple):
    """One content of one file, the object that it declares, and how long the server's answers are after it was sent."""

    object: str
    place: ContentPlace
    blob: ObjectId
    lengths: tuple[StoredLength, ...]


_Dated: TypeAlias = tuple[int, ProofMatch]
_File: TypeAlias = tuple[str, str]
"""A path, and the id of a content."""


class Matches(NamedTuple):
    """The file versions that a commit held by some time, and those that one held only afterwards."""

    known: tuple[ProofMatch, ...]
    later: tuple[ProofMatch, ...]


@dataclass(frozen=True, eq=False)
class FileCandidates:
    """What a history has for requests; everything is computed once, whatever the number of requests.

    ``skew`` is how many seconds clocks may differ.
    """

    examination: Examination
    skew: int
    every_ref: bool
    _found: dict[str, LookUp] = field(default_factory=dict)
    _dated: dict[tuple[str, str], tuple[_Dated, ...]] = field(default_factory=dict)
    _holders: dict[tuple[ContentPlace, ObjectId], list[int]] = field(default_factory=dict)
    _stretches: dict[tuple[ContentPlace, ObjectId], tuple[_Dated, ...]] = field(default_factory=dict)
    _of_files: dict[tuple[str, str], Mapping[_File, Candidate]] = field(default_factory=dict)

    def look_up(self, hashes: Iterable[str]) -> None:
        """Look for hashes once, all together; a text that is none matches nothing."""
        parsed = {}
        for text in dict.fromkeys(hashes):
            try:
                parsed[text] = parse_hash(text)
            except ContentHashError:
                continue
        distinct = list(dict.fromkeys(parsed.values()))
        found = look_up(self.examination, fingerprints(self.examination), distinct, every_ref=self.every_ref)
        answers = dict(zip(distinct, found, strict=True))
        self._found.update({text: answers[each] for text, each in parsed.items()})

    def by_hash(self, content_hash: str, organization: str, time: int | None) -> Matches:
        """The file versions whose body has a hash."""
        key = content_hash, organization
        if key not in self._dated:
            found = self._found.get(content_hash)
            self._dated[key] = tuple(
                self._match(file.path, file.blob, file.commands, stretch)
                for file in (found.files if found else ())
                if self._is_of(organization, file.path)
                for stretch in file.stretches
            )
        return self._matches(self._dated[key], time)

    def objects_by_hash(self, content_hash: str, organization: str) -> tuple[str, ...]:
        """The objects that the bodies with a hash name."""
        found = self._found.get(content_hash)
        files = found.files if found else ()
        return tuple(
            dict.fromkeys(file.object for file in files if file.object and self._is_of(organization, file.path))
        )

    def by_versions(self, versions: Collection[Candidate], time: int | None) -> Matches:
        """The same for some versions that ``versions_of`` gave."""
        return self._matches((match for version in versions for match in self._held(version)), time)

    def versions_of(self, object_: str, organization: str) -> tuple[Candidate, ...]:
        """Every version of a file that ever declared an object."""
        return tuple(each for each in self._versions.get(object_, ()) if self._is_of(organization, each.place.path))

    def of_files(self, object_: str, organization: str) -> Mapping[_File, Candidate]:
        """The same by path and content."""
        key = object_, organization
        if key not in self._of_files:
            self._of_files[key] = {
                (each.place.path, each.blob.hex()): each for each in self.versions_of(object_, organization)
            }
        return self._of_files[key]

    def versions_at(self, path: str, commit: str) -> tuple[Candidate, ...]:
        """Every version of a file that ever declared an object; with a commit's id, or its beginning, the one there."""
        versions = self._by_path.get(path, ())
        if not commit:
            return tuple(versions)
        history = self.examination.history
        ids, commit = self._ids, commit.lower()
        first, last = bisect_left(ids, (commit, 0)), bisect_left(ids, (commit + "g", 0))
        blobs = {history.snapshot(position).blob(path) for _, position in ids[first:last]} if last - first == 1 else ()
        return tuple(each for each in versions if each.blob in blobs)

    def _is_of(self, organization: str, path: str) -> bool:
        """Whether a file may have gone to an organization, as far as the configuration says where files go."""
        servers = [each for each in self.examination.options.servers if each.organization]
        own = [each for each in servers if each.organization == organization]
        if own:
            return any(at_or_below(path, *each.directories) for each in own)
        return not any(at_or_below(path, *each.directories) for each in servers)

    def _match(self, path: str, blob: str, commands: tuple[str, ...], stretch: HeldStretch) -> _Dated:
        """A match, and when the first commit that holds it was made."""
        match = ProofMatch(
            path, blob, stretch.first_commit, stretch.first_date, stretch.last_commit, stretch.last_date, commands
        )
        return self.examination.history.graph.times[self.examination.position(stretch.first_commit)], match

    def _matches(self, found: Iterable[_Dated], time: int | None) -> Matches:
        known: list[ProofMatch] = []
        later: list[ProofMatch] = []
        for began, match in found:
            (known if time is None or began <= time + self.skew else later).append(match)
        return Matches(tuple(known), tuple(later))

    def _held(self, version: Candidate) -> tuple[_Dated, ...]:
        """The stretches of commits that hold a version, which ``prepare`` found."""
        key = version.place, version.blob
        if key not in self._stretches:
            self._stretches[key] = tuple(
                self._match(version.place.path, version.blob.hex(), (), stretch)
                for stretch in stretches_of(self.examination, self._holders.get(key, []))
            )
        return self._stretches[key]

    def prepare(self, versions: Iterable[Candidate]) -> None:
        """Find the commits that hold some versions, all together."""
        wanted = {(each.place, each.blob) for each in versions} - self._holders.keys()
        self._holders.update(holders_of(self.examination.history, wanted))

    @cached_property
    def _by_path(self) -> Mapping[str, list[Candidate]]:
        found: dict[str, list[Candidate]] = defaultdict(list)
        for versions in self._versions.values():
            for each in versions:
                found[each.place.path].append(each)
        return found

    @cached_property
    def _ids(self) -> list[tuple[str, int]]:
        """The commits' ids, sorted, with their positions in the graph."""
        return sorted((oid.hex(), position) for position, oid in enumerate(self.examination.history.graph.ids))

    @cached_property
    def _versions(self) -> Mapping[str, list[Candidate]]:
        declarations = self.examination.declarations
        lengths: dict[int, StoredLength | None] = {}
        found: dict[str, list[Candidate]] = defaultdict(list)
        for seen in self.examination.sightings:
            if not isinstance(seen.file, bytes):
                continue
            kind, path, directory = seen.target.kind, seen.path, seen.path.rpartition("/")[0]
            declared = declarations.from_file(kind, path, seen.file)
            named = {}
            if declared.name is not None and declared.body is not None:
                named[declared.name] = [declared.body]
            uploaded = (
                declarations.upload(kind, path, seen.file)
                if declared.name in (None, layout.stem(path)) or not path.endswith(".rb")
                else None
            )
            if isinstance(uploaded, dict):
                named.setdefault(layout.stem(path), []).append(uploaded)
            for name, bodies in named.items():
                for body in bodies:
                    if id(body) not in lengths:
                        lengths[id(body)] = stored_length(kind, body, declarations.chef)
                known = tuple(dict.fromkeys(each for body in bodies if (each := lengths[id(body)])))
                object_ = object_text(kind, directory, name)
                found[object_].append(Candidate(object_, ContentPlace(seen.target, path), seen.file, known))
        return found
