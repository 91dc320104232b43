"""Opening a chef-repo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.analysis.objects import parse_object
from forensics.api.narrowing import Selection
from forensics.api.repository import Repository
from forensics.api.session import Session, silently, usage
from forensics.api.settings import known_version, settings_of
from forensics.deferred import deferred
from forensics.history.repository import open_evidence, work_tree_of
from forensics.history.walk import History
from forensics.uploads import given_nodes
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from forensics.api.narrowing import Narrowing
    from forensics.api.session import Stage
    from forensics.evidence import reading
else:
    reading = deferred("forensics.evidence.reading")


def open_repository(
    path: str | PathLike[str] = ".",
    *,
    rev: str = "HEAD",
    every_ref: bool = False,
    config: str | PathLike[str] | None = None,
    chef_version: str | None = None,
    trust_owner: bool = False,
    stage: Stage = silently,
) -> Repository:
    """Open a chef-repo and read its history; nothing is replayed before it is asked for.

    A directory within a work tree narrows to what lies at or below it.

    Raises:
        EvidenceError: it is no repository, or one that cannot be read.
        UnknownRevisionError: it has no such revision.
        NothingToExamineError: no commit holds a Chef object.
        ConfigError: the configuration says something impossible.
    """
    place, below = work_tree_of(Path(path))
    settings = settings_of(place, config)
    chef = known_version(chef_version or settings.chef_version)
    with stage("reading the history"):
        evidence = open_evidence(place, rev=rev, every_ref=every_ref, trust_owner=trust_owner)
        notes = (*evidence.provenance.notes, *([f"only what lies at or below {below} is examined"] if below else []))
        known_as = replace(evidence.provenance, repository=place.name if below else _name(place), notes=notes)
        history = History(replace(evidence, provenance=known_as), settings.layout)
    declarations = Declarations(history.blob, chef=chef, server=settings.server_software)
    return Repository(Session(place, below, history, declarations, settings, every_ref, trust_owner, stage))


def check_usage(
    path: str | PathLike[str],
    narrowing: Narrowing,
    *,
    config: str | PathLike[str] | None = None,
    objects: Sequence[str] = (),
    files: Sequence[str] = (),
) -> None:
    """Find out what is wrong with a question as far as that takes no look into the repository.

    Raises:
        UsageError: a scenario, a date, a list of commands, a directory of nodes, the name of an object or one of the
            ``files`` of evidence is none.
        ConfigError: the configuration says something impossible.
    """
    selection = Selection.of(narrowing)
    usage(selection, settings_of(work_tree_of(Path(path))[0], config))
    if selection.nodes is not None:
        given_nodes.files_of(Path(selection.nodes))
    for name in objects:
        parse_object(name)
    for name in (*selection.evidence, *files):
        reading.source_of(name)


def _name(place: Path) -> str:
    """The path as it was given; the directory's own name for ``.`` and ``..``, which tell nobody where that was."""
    return str(place) if place.name not in {"", ".."} else place.absolute().resolve().name or str(place)
