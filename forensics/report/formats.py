"""The formats of ``report``, by name: what renders each, and what its file is called."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from forensics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forensics.analysis.report_results import Scan


@dataclass(frozen=True, slots=True)
class Format:
    """A format of ``report``.

    ``suffix`` ends the names of its files, ``media_type`` is what a server calls them. ``module`` and ``function`` say
    what turns a report into text; the module is imported only when it is needed.
    """

    name: str
    suffix: str
    media_type: str
    description: str
    module: str
    function: str

    def render(self, scan: Scan) -> str:
        """A report as text, always the same for the same report."""
        function: Callable[[Scan], str] = getattr(import_module(self.module), self.function)
        return function(scan)


_ALL: Final = (
    Format(
        "html",
        ".html",
        "text/html",
        "one file for people: timelines, differences and findings, without anything from the network",
        "forensics.report.html",
        "report_html",
    ),
    Format(
        "markdown",
        ".md",
        "text/markdown",
        "for a post-mortem, a wiki page or a pull request",
        "forensics.report.markdown",
        "report_markdown",
    ),
    Format(
        "json",
        ".json",
        "application/json",
        "everything, for programs and as the baseline of a later report (forensics.report/1)",
        "forensics.report.documents",
        "report_json",
    ),
    Format(
        "sarif",
        ".sarif",
        "application/sarif+json",
        "SARIF 2.1.0, for code scanning and editors: what is true at the tip",
        "forensics.report.sarif",
        "report_sarif",
    ),
    Format(
        "junit",
        ".xml",
        "application/xml",
        "JUnit XML, for whatever shows test results: a suite for each rule, a failure for each finding",
        "forensics.report.junit",
        "report_junit",
    ),
    Format(
        "gitlab",
        ".json",
        "application/json",
        "GitLab's code quality report: what is true at the tip",
        "forensics.report.gitlab",
        "report_gitlab",
    ),
    Format(
        "github",
        ".txt",
        "text/plain",
        "workflow commands that annotate a run of GitHub Actions",
        "forensics.report.github",
        "github_annotations",
    ),
    Format(
        "csv",
        ".csv",
        "text/csv",
        "one row for each finding, for a spreadsheet",
        "forensics.report.csv_table",
        "report_csv",
    ),
)

FORMATS: Final[Mapping[str, Format]] = {each.name: each for each in _ALL}
"""Every format by its name, in the order in which people read of them."""


def render_report(scan: Scan, name: str) -> str:
    """A report in the format of this name.

    Raises:
        UsageError: there is no such format.
    """
    if name not in FORMATS:
        raise UsageError(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
    return FORMATS[name].render(scan)
