"""``check``: whether a commit of what is staged would introduce a shadow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.analysis.check import check
from forensics.analysis.check_results import Check
from forensics.analysis.examination import Examination, Options
from forensics.analysis.results import EvidenceSummary
from forensics.api.result import Result, counted, listed
from forensics.api.settings import known_version, settings_of
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.history.model import NothingToExamineError
from forensics.history.staging import open_staged
from forensics.history.walk import History
from forensics.report.snippet import Gist
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from os import PathLike

    from forensics.analysis.check_results import StagedShadow
    from forensics.api.result import Frames
    from forensics.frames import scans, shadows
    from forensics.report import documents
    from forensics.report.documents import Document
    from forensics.report.text import check as text
    from forensics.report.text.style import Style
else:
    scans = deferred("forensics.frames.scans")
    shadows = deferred("forensics.frames.shadows")
    documents = deferred("forensics.report.documents")
    text = deferred("forensics.report.text.check")


@dataclass(frozen=True, eq=False, repr=False)
class CheckResult(Result):
    """The answer of ``check``."""

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

    def to_document(self) -> Document:
        """``forensics.check/1``."""
        return documents.document(self.value, schema="forensics.check/1")

    def _text(self, style: Style) -> str:
        return text.check_text(self.value, style)

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

    def _frames(self) -> Frames:
        return {
            "staged": lambda: shadows.staged(self.value.introduced, self.value.standing),
            "suppressed": lambda: scans.suppressed(self.value.suppressed),
            "gaps": lambda: scans.gaps(self.evidence.gaps),
        }


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
    settings = settings_of(path, config)
    chef = known_version(chef_version or settings.chef_version)
    evidence = open_staged(Path(path), index=None if index is None else Path(index), trust_owner=trust_owner)
    try:
        history = History(evidence)
    except NothingToExamineError:
        # most commits of some repositories; nothing can be introduced where there is nothing
        return CheckResult(Check(EvidenceSummary(evidence.provenance, 1, 1, ()), (), (), (), 0))
    declarations = Declarations(history.blob, chef=chef, server=settings.server_software)
    options = Options(servers=settings.servers, policy=settings.policy)
    return CheckResult(check(Examination(history, declarations, options)))
