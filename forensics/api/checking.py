"""Checking what is staged, before it is committed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from forensics import config as configuration
from forensics.analysis.check import check
from forensics.analysis.check_results import Check
from forensics.analysis.examination import Examination, Options
from forensics.analysis.results import EvidenceSummary
from forensics.api.opening import known_version
from forensics.api.results import CheckResult
from forensics.errors import UsageError
from forensics.history.model import NothingToExamineError
from forensics.history.staging import open_staged
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from os import PathLike


def check_staged(
    path: str | PathLike[str] = ".",
    *,
    staged: bool = True,
    index: str | PathLike[str] | None = None,
    config: str | PathLike[str] | None = None,
    chef_version: str | None = None,
    trust_owner: bool = False,
) -> CheckResult:
    """Whether a commit of what is staged would introduce a shadow; no history is read.

    ``index`` is what git names to its hooks in ``GIT_INDEX_FILE``; one that belongs to another repository is not
    looked at.

    Raises:
        EvidenceError: there is no repository, or no index that can be read.
        UsageError: files are unmerged, or ``staged`` is not asked for: nothing else can be checked.
        ConfigError: the configuration says something impossible.
    """
    if not staged:
        raise UsageError("only what is staged can be checked: pass --staged; report tells of commits")
    place = Path(path)
    settings = configuration.load(None if config is None else Path(config), place)
    chef = known_version(chef_version or settings.chef_version)
    evidence = open_staged(place, index=None if index is None else Path(index), trust_owner=trust_owner)
    try:
        history = History(evidence)
    except NothingToExamineError:
        # most commits of some repositories; nothing can be introduced where there is nothing
        return CheckResult(Check(EvidenceSummary(evidence.provenance, 1, 1, ()), (), (), (), 0))
    declarations = Declarations(history.blob, chef=chef, server=settings.server_software)
    options = Options(servers=settings.servers, policy=settings.policy)
    return CheckResult(check(Examination(history, declarations, options)))
