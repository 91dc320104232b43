"""From what evidence says to what it proves: which file of which commit each request was of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.dates import iso, iso_within
from forensics.analysis.ground_results import HASH, PATH, EvidencePlace
from forensics.analysis.proof_candidates import FileCandidates
from forensics.analysis.proof_results import (
    BadLine,
    EvidenceSource,
    Proven,
    RunFailure,
    SavedNode,
    SeenBackup,
    SeenObservation,
    SeenRun,
    SeenUpload,
    UncoveredPeriod,
)
from forensics.analysis.proof_sizes import by_size
from forensics.analysis.results import object_text
from forensics.chef.objects import Kind
from forensics.chef.wire import content_hashes, encode
from forensics.evidence import CLOCK_SKEW
from forensics.evidence.commands import Shells, commands
from forensics.evidence.formats import FORMATS
from forensics.evidence.merging import uncovered
from forensics.evidence.records import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forensics.analysis.examination import Examination
    from forensics.analysis.ground_results import ProofMatch
    from forensics.evidence.reading import ReadEvidence
    from forensics.evidence.records import Place, Request, SourceReport

NOTHING: Final = "matches nothing in this repository: edited on the server, in a work tree, or from another clone"
_LATER: Final = "committed only afterwards: sent from a work tree, or from another clone"
_UNTOLD: Final = "no hash tells what was sent"
_NOWHERE: Final = "no commit has a file there that declares one object"
_SOON: Final = 600
_SHELLS: Final = Shells()


def prove(
    examination: Examination,
    read: ReadEvidence,
    *,
    skew: int = CLOCK_SKEW,
    every_ref: bool = False,
    shells: Shells = _SHELLS,
) -> Proven:
    """Match everything that was read to the files of a history.

    ``skew`` is how many seconds clocks may differ; ``shells`` is what histories do not say of those that wrote them.
    """
    candidates = FileCandidates(examination, skew, every_ref)
    candidates.look_up(each.content_hash for each in read.requests if each.content_hash)
    bags = _hashes_of_bags(examination, read.requests)
    seen = [_upload(candidates, each, bags) for each in read.requests]
    given = {
        id(upload): candidates.versions_at(each.path, each.commit)
        for upload, each in zip(seen, read.requests, strict=True)
        if each.path and upload.proof == PATH
    }
    periods = uncovered(read.sources)
    lost = [(each.first, each.last) for each in periods]
    uploads, unseen = by_size(candidates, seen, read.sizes, given, lost)
    typed = commands(read.transcripts, examination.history, shells, skew=skew)
    return Proven(
        evidence=examination.evidence(),
        sources=tuple(map(_source, read.sources)),
        uploads=tuple(uploads),
        unseen=tuple(unseen),
        saves=tuple(
            SavedNode(
                object_text(Kind.NODE, "", each.name),
                each.organization,
                iso(each.first),
                iso(each.last),
                each.saves,
                place_of(each.place),
            )
            for each in read.saves
        ),
        uncovered=tuple(
            UncoveredPeriod(
                iso(each.first), iso(each.last), each.after, each.before, each.missing, (each.first, each.last)
            )
            for each in periods
        ),
        clock_skew=skew,
        commands=typed.commands,
        passed_over=typed.passed_over,
        unclear=typed.not_understood,
        runs=tuple(
            SeenRun(
                each.node,
                moment(each.start),
                moment(each.end),
                each.run_list,
                each.expanded,
                None if each.failure is None else RunFailure(each.failure.kind, each.failure.name),
                place_of(each.place),
            )
            for each in read.runs
        ),
        observations=tuple(
            SeenObservation(
                moment(each.first), moment(each.last), each.subject, each.claim, each.item, place_of(each.place)
            )
            for each in read.observations
        ),
        snapshots=tuple(
            SeenBackup(place_of(each.place), iso_within(each.first, each.at), len(each.objects))
            for each in read.backups
        ),
    )


def moment(time: int | None) -> str | None:
    """A time as results tell it."""
    return None if time is None else iso(time)


def place_of(place: Place) -> EvidencePlace:
    """A place as results tell it."""
    return EvidencePlace(place.file, place.line)


def _source(report: SourceReport) -> EvidenceSource:
    format_ = next(each for each in FORMATS if each.name == report.format)
    return EvidenceSource(
        file=report.file,
        format=report.format,
        title=format_.title,
        proves=format_.proves,
        first=moment(report.first),
        last=moment(report.last),
        zone=report.zone,
        lines=report.lines,
        used=report.used,
        refused=report.refused,
        repeated=report.repeated,
        bad_lines=report.bad.count,
        bad=tuple(BadLine(place.file, place.line, reason) for place, reason in report.bad.examples),
        gaps=tuple(report.gaps),
    )


def _hashes_of_bags(examination: Examination, requests: Iterable[Request]) -> Mapping[str, str]:
    """The data bags that the hash of a request can be for that makes one, as ``knife data bag create`` does."""
    names = {each.bag for each in examination.history.containers if each.kind is Kind.DATA_BAG_ITEM}
    names |= {each.bag for each in requests if each.bag}
    found = {}
    for name in names:
        hashes = content_hashes(encode({"name": name}, chef=examination.declarations.chef))
        found[hashes.sha1] = found[hashes.sha256] = name
    return found


def _upload(candidates: FileCandidates, request: Request, bags: Mapping[str, str]) -> SeenUpload:
    """A request with the files that it can have been of, as far as its own line tells."""
    matches: tuple[ProofMatch, ...] = ()
    later: tuple[ProofMatch, ...] = ()
    object_ = _object(candidates, request)
    note, proof = "", PATH
    if request.kind is None and not request.path:
        bag = request.bag or bags.get(request.content_hash, "")
        object_ = f"data_bag[{bag}]" if bag else None
        note = "deletes the data bag with all its items" if request.action is Action.DELETE else "makes a data bag"
        proof = HASH if request.content_hash in bags else PATH
    elif request.action is Action.DELETE:
        note = "deletes it"
    elif request.content_hash:
        proof = HASH
        matches, later = candidates.by_hash(request.content_hash, request.organization, request.time)
        if object_ is None:
            named = candidates.objects_by_hash(request.content_hash, request.organization)
            object_ = named[0] if len(named) == 1 else None
        if not matches:
            note = _LATER if later else _unexplained(request)
    else:
        note = _UNTOLD
        if request.path:
            note = "" if object_ else _NOWHERE
    return SeenUpload(
        at=request.time,
        time=moment(request.time),
        action=request.action.value,
        object=object_,
        organization=request.organization,
        user=request.user,
        client=request.client,
        status=request.status,
        content_hash=request.content_hash,
        source=place_of(request.place),
        proof=proof,
        matches=matches,
        committed_later=later,
        applied=request.applied,
        note=note,
        kind=request.kind if object_ is None or request.kind else _kind_of(object_),
    )


def _object(candidates: FileCandidates, request: Request) -> str | None:
    if request.kind is not None and request.name is not None:
        return object_text(request.kind, request.bag, request.name)
    if not request.path:
        return None
    declared = {version.object for version in candidates.versions_at(request.path, request.commit)}
    return declared.pop() if len(declared) == 1 else None


def _kind_of(object_: str) -> Kind | None:
    kind = object_.partition("[")[0]
    return next((each for each in Kind if each == kind), None)


def _unexplained(request: Request) -> str:
    """What is known of a content that no file has."""
    if request.kind is Kind.NODE and request.client and "knife" not in request.client.casefold():
        return "a client registered or saved its node"
    if request.read_before is not None and request.read_before <= _SOON:
        return (
            f"{NOTHING}; its sender had read the object {request.read_before} s before, as knife role edit or "
            "run_list add does"
        )
    return NOTHING
