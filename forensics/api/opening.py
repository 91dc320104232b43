"""Opening a chef-repo."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from forensics import config as configuration
from forensics.api.repository import Repository
from forensics.api.results import ScenariosResult
from forensics.errors import UsageError
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations
from forensics.uploads.scenario import choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from os import PathLike

    Stage: TypeAlias = Callable[[str], AbstractContextManager[None]]
    """Tells a waiting person what is being done, for as long as the context lasts."""

_VERSIONS: Final = ("11", "12", "16", "18")


def silently(what: str) -> AbstractContextManager[None]:
    """A stage of which nobody is told."""
    del what
    return nullcontext()


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
    settings = configuration.load(None if config is None else Path(config), place)
    chef = known_version(chef_version or settings.chef_version)
    with stage("reading the history"):
        evidence = open_evidence(place, rev=rev, every_ref=every_ref, trust_owner=trust_owner)
        history = History(replace(evidence, provenance=replace(evidence.provenance, repository=_telling(place))))
    declarations = Declarations(history.blob, chef=chef, server=settings.server_software)
    return Repository(place, history, declarations, settings, every_ref=every_ref, trust_owner=trust_owner, stage=stage)


def _telling(place: Path) -> str:
    """The path as it was given; the directory's own name for ``.`` and ``..``, which tell nobody where that was."""
    return str(place) if place.name not in {"", ".."} else place.absolute().resolve().name or str(place)


def known_version(chef_version: str | None) -> str:
    """The version of Chef to go by, of which the first number decides; the latest one if none is named.

    Raises:
        UsageError: nothing is known of that version.
    """
    chef = chef_version or _VERSIONS[-1]
    if chef.partition(".")[0] not in _VERSIONS:
        raise UsageError(
            f"{chef!r} is no version of Chef that is known; there are {', '.join(_VERSIONS)}: take the nearest one"
        )
    return chef


def known_scenarios(path: str | PathLike[str] = ".", config: str | PathLike[str] | None = None) -> ScenariosResult:
    """The ways of uploading that would be replayed of a chef-repo, shipped ones and its own; its history is not read.

    Raises:
        ConfigError: the configuration says something impossible.
    """
    settings = configuration.load(None if config is None else Path(config), Path(path))
    return ScenariosResult(choose([], settings.scenarios))
