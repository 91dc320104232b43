"""Opening a chef-repo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.api.repository import Repository
from forensics.api.session import Session, silently
from forensics.api.settings import known_version, settings_of
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from os import PathLike

    from forensics.api.session import Stage


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

    Raises:
        EvidenceError: it is no repository, or one that cannot be read.
        UnknownRevisionError: it has no such revision.
        NothingToExamineError: no commit holds a Chef object.
        ConfigError: the configuration says something impossible.
    """
    place = Path(path)
    settings = settings_of(place, config)
    chef = known_version(chef_version or settings.chef_version)
    with stage("reading the history"):
        evidence = open_evidence(place, rev=rev, every_ref=every_ref, trust_owner=trust_owner)
        history = History(
            replace(evidence, provenance=replace(evidence.provenance, repository=_name(place))), settings.layout
        )
    declarations = Declarations(history.blob, chef=chef, server=settings.server_software)
    return Repository(Session(place, history, declarations, settings, every_ref, trust_owner, stage))


def _name(place: Path) -> str:
    """The path as it was given; the directory's own name for ``.`` and ``..``, which tell nobody where that was."""
    return str(place) if place.name not in {"", ".."} else place.absolute().resolve().name or str(place)
