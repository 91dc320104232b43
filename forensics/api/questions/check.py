"""``check``: whether a commit of what is staged would introduce a shadow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.analysis.check import check
from forensics.analysis.check_results import Check, StagedShadow
from forensics.analysis.examination import Examination, Options
from forensics.analysis.results import EvidenceSummary
from forensics.api.result import Result, counted, listed
from forensics.api.settings import known_version, settings_of
from forensics.errors import UsageError
from forensics.history.model import NothingToExamineError
from forensics.history.repository import work_tree_of
from forensics.history.staging import open_staged
from forensics.history.walk import History
from forensics.report import text
from forensics.report.snippet import Gist
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from os import PathLike

    from forensics.report.text.style import Style


@dataclass(frozen=True, eq=False, repr=False)
class CheckResult(Result):
    """The answer of ``check``."""

    _frames = ("staged", "suppressed", "gaps")

    value: Check

    @property
    def introduced(self) -> tuple[StagedShadow, ...]:
        """The shadows that a commit of what is staged would bring, but for those that the configuration lets pass."""
        return self.value.introduced

    @property
    def evidence(self) -> EvidenceSummary:
        """What was examined, and how complete it was."""
        return self.value.evidence

    @property
    def failed(self) -> bool:
        """Whether it would introduce any."""
        return bool(self.value.introduced)

    def _text(self, style: Style) -> str:
        return text.check.check_text(self.value, style)

    def _gist(self) -> Gist:
        new, old = self.value.introduced, self.value.standing
        brings = f"would introduce {counted(len(new), 'shadow')}" if new else "introduces no shadow"
        standing = f" {counted(len(old), 'shadow')} stood before." if old else ""
        return Gist(
            f"This commit {brings}.{standing}",
            ("object", "files", "introduced"),
            tuple((each.shadow.object, listed(each.shadow.paths), "yes") for each in new)
            + tuple((each.shadow.object, listed(each.shadow.paths), "no") for each in old),
        )


def ask(
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
    place, below = work_tree_of(Path(path))
    settings = settings_of(place, config)
    chef = known_version(chef_version or settings.chef_version)
    evidence = open_staged(place, index=None if index is None else Path(index), trust_owner=trust_owner)
    try:
        history = History(evidence)
    except NothingToExamineError:
        # most commits of some repositories; nothing can be introduced where there is nothing
        return CheckResult(Check(EvidenceSummary(evidence.provenance, 1, 1, ()), (), (), (), 0))
    declarations = Declarations(history.blob, chef=chef, server=settings.server_software)
    options = Options(containers=(below,) if below else (), servers=settings.servers, policy=settings.policy)
    return CheckResult(check(Examination(history, declarations, options)))
