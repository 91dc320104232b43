"""Backups of a server, as ``knife download``, ``show``, ``backup export`` and ``ec backup`` leave them.

A directory, a tar, one file, or a git repository of such directories, of which each commit is a dated observation.
When a backup was made is told by somebody, by a commit or by a name; the time of a file is no proof: whoever copies or
checks out files makes it anew.
"""

from __future__ import annotations

import os
import tarfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind
from forensics.errors import UsageError
from forensics.evidence.backup_members import LEFT_OUT, Members, location, moment_of_root, organization_of
from forensics.evidence.backup_object import LARGEST, is_loose, placed
from forensics.evidence.files import DAMAGED, EvidenceFile, EvidenceFileError
from forensics.evidence.format import EvidenceFormat
from forensics.evidence.node_objects import runs_of
from forensics.evidence.records import Backup, ClientRun, HeldObject, Place
from forensics.history.model import NothingToExamineError, ObjectId
from forensics.history.repository import open_evidence
from forensics.history.walk import History

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from forensics.evidence.records import Record, SourceReport
    from forensics.history.model import Container, Version

_MOST_FILES: Final = 500_000
_LARGEST_TAR: Final = 16 * 1024**3
_ABOVE: Final = 4  # organizations/ORG/data_bags/BAG
_TAR_MAGIC: Final = slice(257, 262)
_COMMIT: Final = "the commit"
NO_BACKUP: Final = (
    "holds no backup of a Chef server: no NAME.json in roles/, environments/, nodes/ or data_bags/BAG/, "
    "and nothing that knife show prints"
)


def backups(source: EvidenceFile, report: SourceReport) -> Iterator[Backup]:
    """Every backup in a source, in its order: of a git repository the oldest commit of its first-parent line first."""
    if source.is_directory and _is_repository(source.path):
        yield from _of_repository(source, report)
        return
    parts = source.path.resolve().parts[-_ABOVE:]
    if source.is_directory:
        members = Members(source.name, "/".join(parts) + "/", source.zone)
        _walk(source.path, members, report)
    else:
        above = "/".join(parts[:-1])
        with source.opened() as file:
            start = file.read(512)
        if start[_TAR_MAGIC] == b"ustar":
            members = Members(source.name, "/".join(parts) + "/", source.zone)
            _unpack(source, members, report)
        else:
            members = Members(source.name, f"{above}/" if above else "", source.zone, single=True)
            members.file(parts[-1], partial(_content, source))
            report.lines += 1
    report.used += members.files
    yield from members.backups()


def _is_repository(path: Path) -> bool:
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def _walk(top: Path, members: Members, report: SourceReport) -> None:
    members.directory("")
    seen = 0
    for directory, below, names in os.walk(top):
        below[:] = sorted(name for name in below if name not in LEFT_OUT)
        inside = os.path.relpath(directory, top).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        for name in below:
            members.directory(prefix + name)
        for name in sorted(names):
            seen += 1
            if seen > _MOST_FILES:
                report.gaps.append(f"only the first {_MOST_FILES} files were looked at")
                return
            path = top / inside / name
            # no backup program makes links, and where one leads is not what the server held
            data = _nothing if path.is_symlink() else partial(_content, EvidenceFile(path, f"{prefix}{name}"))
            members.file(prefix + name, data)
    report.lines += seen


def _nothing() -> None:
    """What cannot be read."""


def _content(source: EvidenceFile) -> bytes | None:
    try:
        with source.opened() as file:
            data = file.read(LARGEST + 1)
    except (*DAMAGED, UsageError):
        return None
    return data if len(data) <= LARGEST else None


def _unpack(source: EvidenceFile, members: Members, report: SourceReport) -> None:
    try:
        with source.opened() as file, tarfile.open(fileobj=file, mode="r|") as archive:
            for member in archive:
                report.lines += 1
                if member.offset_data > _LARGEST_TAR or report.lines > _MOST_FILES:
                    report.gaps.append("the archive is larger than what is looked at: its rest is unknown")
                    return
                path = os.path.normpath(member.name).replace(os.sep, "/").lstrip("/")
                if member.isdir():
                    members.directory("" if path == "." else path)
                elif member.isreg() and not path.startswith(".."):
                    members.file(path, partial(_member, archive, member))
    except (*DAMAGED, tarfile.TarError):
        report.gaps.append("the archive is damaged or was cut: what followed is unknown")


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes | None:
    if member.size > LARGEST:
        return None
    file = archive.extractfile(member)
    return None if file is None else file.read()


def _of_repository(source: EvidenceFile, report: SourceReport) -> Iterator[Backup]:
    try:
        history = History(open_evidence(source.path))
    except NothingToExamineError:
        return
    known: dict[tuple[str, ObjectId], HeldObject] = {}
    current: dict[Container, tuple[Version | None, dict[str, HeldObject]]] = {}
    together: dict[str, tuple[list[object], Sequence[HeldObject]]] = {}
    for commit in history.graph.line:
        every = history.state(commit)
        state = {each: version for each, version in every.items() if LEFT_OUT.isdisjoint(each.path.split("/"))}
        roots: dict[str, list[Container]] = {}
        for container, version in state.items():
            roots.setdefault(container.root, []).append(container)
            before, objects = current.get(container, (None, {}))
            if before == version:
                continue
            objects = dict(objects)
            for change in history.changes(container, before, version):
                objects.pop(change.path, None)
                if isinstance(change.after, bytes) and (held := _at(history, source, change.path, change.after, known)):
                    objects[change.path] = held
            current[container] = (version, objects)
        report.lines += 1
        report.used += 1
        for root, containers in roots.items():
            versions: list[object] = [(each, state[each]) for each in containers]
            if root not in together or together[root][0] != versions:
                together[root] = (versions, [held for each in containers for held in current[each][1].values()])
            yield _of_commit(history, source, commit, root, containers, together[root][1])


def _at(
    history: History, source: EvidenceFile, path: str, blob: ObjectId, known: dict[tuple[str, ObjectId], HeldObject]
) -> HeldObject | None:
    found = location(path)
    if found is None:
        return None
    if (path, blob) not in known:
        data = history.blob(blob, path)
        place = Place(f"{source.name}!{path}")
        known[path, blob] = (
            HeldObject(place, found.kind, found.stem, {}, found.bag, unreadable="it cannot be read")
            if data is None
            else placed(data, place, found.kind, found.bag, found.stem)
        )
    return known[path, blob]


def _of_commit(
    history: History,
    source: EvidenceFile,
    commit: int,
    root: str,
    containers: Sequence[Container],
    objects: Sequence[HeldObject],
) -> Backup:
    named = moment_of_root(root, source.zone)
    time = history.graph.times[commit]
    oid = history.graph.ids[commit].hex()[:12]
    return Backup(
        Place(f"{source.name}@{oid}" + (f"!{root}" if root else "")),
        named.last if named else time,
        objects,
        frozenset(each.kind for each in containers),
        partial=False,
        organization=organization_of(root),
        refused=tuple((each.place, each.unreadable) for each in objects if each.unreadable),
        first=named.first if named else time,
        basis="the name of a directory" if named else _COMMIT,
    )


def _recognise(source: EvidenceFile, start: bytes) -> bool:
    if source.is_directory:
        return True
    return start[_TAR_MAGIC] == b"ustar" or is_loose(start)


def _read(source: EvidenceFile, report: SourceReport) -> Iterator[Record]:
    seen: set[object] = set()
    empty = True
    for backup in backups(source, report):
        empty = empty and not (backup.objects or backup.kinds)
        given = source.moment if backup.at is None else None
        found = backup if given is None else replace(backup, at=given.last, first=given.first, basis="given")
        report.saw(found.first)
        report.saw(found.at)
        for place, reason in found.refused:
            report.bad.add(place, reason)
        yield found
        for held in found.objects:
            if held.kind is Kind.NODE and id(held) not in seen:
                seen.add(id(held))
                for run in runs_of(held):
                    key = (held.name, run.start if isinstance(run, ClientRun) else (run.first, run.item))
                    if key not in seen:
                        seen.add(key)
                        yield run
    if empty and source.is_directory:
        raise EvidenceFileError(f"{source.name} {NO_BACKUP}, nor a log that is called so")


FORMAT: Final = EvidenceFormat(
    "backup",
    "backups of a server (knife download, show, ec backup, backup export): a directory, a tar or a git repository",
    "what the server held of each object at that moment",
    _recognise,
    _read,
)
