"""What else of a history knife can have sent: requests that no declaration tells of.

A file need not lie where its kind does, the person says which data bag an item goes to, ``knife raw`` sends bytes as
they are, and some of what knife sends only the server refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forensics.analysis.fingerprint import command_text
from forensics.analysis.results import object_text
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.chef.wire import ContentHashes, content_hashes, hashes_of
from forensics.history.elsewhere import files_ending
from forensics.uploads.loading import name_text, sent_from_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.chef.objects import Body
    from forensics.history.model import ObjectId

_ENDINGS: Final = (b".json", b".js", b".rb")
_RUBY_KINDS: Final = (Kind.ROLE, Kind.ENVIRONMENT)
# a library or a recipe does not name itself; evaluating each of a history's would take minutes
_NAMES_ITSELF: Final = re.compile(
    # a call with an argument: no assignment, no key of a hash, no method called on the name
    rb"^[ \t]*name(?:[ \t]+[^\s=.,)\]}&|?]|[ \t]*\(|[\"'%<\\]|:\S)",
    re.MULTILINE,
)
_OF_OBJECTS: Final = re.compile(
    rb"\b(?:run_list|recipes|env_run_lists?|(?:default|override)_attributes|cookbook_versions|cookbook[ \t(])"
)


@dataclass(frozen=True, slots=True)
class FurtherRequest:
    """A request for a file: by which command, for which object (None if it names none), and what came of it."""

    path: str
    blob: ObjectId
    command: str
    object: str | None
    hashes: ContentHashes
    note: str | None = None


def further_requests(examination: Examination) -> Iterator[FurtherRequest]:
    """Every request that knife can make of a history's files beside those of its declarations."""
    bags = sorted(
        {
            member.bag
            for target in (*examination.targets, *examination.fixtures)
            for member in target.members
            if target.kind is Kind.DATA_BAG_ITEM
        }
    )
    yield from _in_containers(examination, bags)
    yield from _elsewhere(examination, bags)


def _in_containers(examination: Examination, bags: list[str]) -> Iterator[FurtherRequest]:
    for seen in examination.sightings:
        kind, path, blob = seen.target.kind, seen.path, seen.file
        data = examination.history.blob(blob, path) if isinstance(blob, bytes) else None
        if data is None or not isinstance(blob, bytes):
            continue
        yield FurtherRequest(path, blob, "knife raw", None, content_hashes(data))
        if kind is Kind.DATA_BAG_ITEM:
            yield from _as_kind(examination, kind, path, blob, data, bags)
            continue
        problem = examination.declarations.from_file(kind, path, blob).problem
        if problem is not None:  # nothing comes of it where knife itself refuses the file
            note = f"which the server refuses: {problem.message}"
            yield from _as_kind(examination, kind, path, blob, data, [], note)


def _elsewhere(examination: Examination, bags: list[str]) -> Iterator[FurtherRequest]:
    known = {(seen.path, seen.file) for seen in examination.sightings}
    evaluated: dict[tuple[str, ObjectId], list[FurtherRequest]] = {}
    history = examination.history.apart()  # what cannot be read there is no gap of what others ask for
    for path, blob in files_ending(history, _ENDINGS):
        if (path, blob) in known:
            continue
        data = history.blob(blob, path)
        if data is None:
            continue
        yield FurtherRequest(path, blob, "knife raw", None, content_hashes(data))
        kinds = tuple(Kind)
        if path.endswith(".rb"):
            kinds = _RUBY_KINDS if _NAMES_ITSELF.search(data) and _OF_OBJECTS.search(data) else ()
        key = (layout.extension(path), blob)
        if key not in evaluated:
            evaluated[key] = [each for kind in kinds for each in _as_kind(examination, kind, path, blob, data, bags)]
        for each in evaluated[key]:
            yield FurtherRequest(path, blob, each.command, each.object, each.hashes)


def _as_kind(
    examination: Examination,
    kind: Kind,
    path: str,
    blob: ObjectId,
    data: bytes,
    bags: list[str],
    note: str | None = None,
) -> Iterator[FurtherRequest]:
    chef = examination.declarations.chef
    for bag in bags if kind is Kind.DATA_BAG_ITEM else [""]:
        body = sent_from_file(kind, path, data, chef=chef, bag=bag)
        if body is None:
            return
        hashes = hashes_of(body, chef)
        if isinstance(hashes, ContentHashes):
            yield FurtherRequest(path, blob, command_text(kind, bag), _object(kind, bag, body), hashes, note)


def _object(kind: Kind, bag: str, body: Body) -> str | None:
    name = body["name"]
    if kind is Kind.DATA_BAG_ITEM:
        name = str(name).removeprefix(f"data_bag_item_{bag}_")
    text = name_text(name)
    return object_text(kind, bag, text) if isinstance(text, str) and text else None
