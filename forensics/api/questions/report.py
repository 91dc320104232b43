"""``report``: the whole result with the stories behind it, and what changed since an earlier one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from forensics.analysis.baseline import BaselineError, Earlier, compare, earlier_report
from forensics.analysis.redaction import Redaction, redact_scan
from forensics.analysis.report_results import Scan
from forensics.analysis.stories import report
from forensics.api.questions.scan import ScanResult
from forensics.api.result import of_value
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.facts import view_of
from forensics.report import text

if TYPE_CHECKING:
    from os import PathLike

    from forensics.analysis.report_results import Comparison
    from forensics.api.narrowing import Selection
    from forensics.api.session import Session
    from forensics.frames import database
    from forensics.report import formats, github
    from forensics.report.text.style import Style
else:
    database = deferred("forensics.frames.database")
    formats = deferred("forensics.report.formats")
    github = deferred("forensics.report.github")

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9._~:/%+\[\]-]+")


class ReportResult(ScanResult):
    """The answer of ``report``: a scan and the stories behind it.

    It has all that a ``ScanResult`` has. ``gating`` says that only what an earlier report does not know can make it
    fail.
    """

    _view = view_of(Scan)

    @property
    def scan(self) -> ScanResult:
        """The scan alone."""
        alone = replace(self.value, stories=(), baseline=None, first=False, repository_uri=None)
        return ScanResult(alone, self._examination, self._redaction, self._fail_on)

    baseline: Comparison | None = of_value("How it differs from the earlier report that it was to be compared with.")

    @property
    def _with_stories(self) -> Scan:
        return self.value

    def render(self, format_: str = "text") -> str:
        """The report in one of the formats of ``--format``.

        Raises:
            UsageError: there is no such format.
        """
        return self.to_text() if format_ == "text" else formats.render_report(self.value, format_)

    def to_sqlite(self) -> bytes:
        """All frames as the tables of one SQLite database, as ``--format sqlite`` writes it."""
        return database.database(self, self.frames)

    def summary(self) -> str:
        """The Markdown that GitHub shows as the summary of a step, cut to what it takes."""
        return github.github_summary(self.value)

    def changes(self) -> str:
        """Only what changed since the earlier report, for a mail; empty if nothing did, all of it for a first one."""
        if self.value.first:
            return self.to_text()
        return text.comparison.changes_text(self.value, text.style.Style(verbose=True))

    def _text(self, style: Style) -> str:
        return text.scan.report_text(self.value, style)


def ask(
    session: Session,
    selection: Selection,
    *,
    redact: bool,
    baseline: str | PathLike[str] | None,
    since_last: str | PathLike[str] | None,
    repository_uri: str | None,
) -> ReportResult:
    """The whole examination with the stories, compared with an earlier report if one is named."""
    address = None if repository_uri is None else repository_address(repository_uri)
    # read first: the new report may be written over it
    earlier = _earlier(baseline, since_last)
    redaction = Redaction.of(asked=redact)
    examination = session.examination_with_files(selection)
    with session.stage("replaying the uploads"):
        found = report(examination, session.asked(selection))
    found = replace(
        found,
        baseline=None if earlier is None else compare(earlier, found, examination.history.graph),
        first=since_last is not None and earlier is None,
        repository_uri=address,
    )
    return ReportResult(
        redact_scan(found, redaction),
        examination,
        redaction,
        session.settings.fail_on,
        gating=baseline is not None,
    )


def repository_address(text: str) -> str:
    """An address on the web that may stand in a report: nobody's credentials, and nothing that a reader trips over.

    Raises:
        UsageError: it is no such address.
    """
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    # a user name and a password stand before an @, which is none of the characters
    if not sound or not _ADDRESS.fullmatch(text):
        raise UsageError(
            "--repository-uri takes an address such as https://example.org/chef-repo, without user name or password"
        )
    return text


def _earlier(baseline: str | PathLike[str] | None, since_last: str | PathLike[str] | None) -> Earlier | None:
    """What the file of ``--baseline`` or ``--since-last`` says; None if neither is given, or the latter is not there.

    Raises:
        BaselineError: the file is no earlier report, or cannot be read.
        UsageError: both are given.
    """
    if baseline is not None and since_last is not None:
        raise UsageError("--baseline and --since-last both name an earlier report; give one of them")
    named = baseline if baseline is not None else since_last
    if named is None:
        return None
    path = Path(named)
    try:
        return earlier_report(path.read_bytes(), str(path))
    except FileNotFoundError:
        if since_last is not None:
            return None
        raise BaselineError(f"{path} does not exist; name a file written by report --format json") from None
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {error.strerror}") from None
