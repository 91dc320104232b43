"""The page: views of the result, put into templates whose every value is cleaned and escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from forensics.analysis.rules.stale_ignore import described
from forensics.report.html.commits import Commits, day
from forensics.report.html.findings import by_rule, finding_rows, let_pass
from forensics.report.html.island import island
from forensics.report.html.policy import content_security_policy
from forensics.report.html.sections import sections
from forensics.report.html.verdict import verdict
from forensics.report.places import nobody_text, node_files_text
from forensics.report.text.values import change_text
from forensics.report.text_safety import clean
from forensics.uploads.scenario import is_evidence
from forensics.version import __version__

if TYPE_CHECKING:
    from forensics.analysis.report_results import Scan


def report_html(scan: Scan) -> str:
    """A result as one page that loads nothing; the same result gives the same text, which UTF-8 can encode."""
    style, script = static("report.css"), static("report.js")
    commits = Commits(scan.notes)
    shown_sections = sections(scan, commits)
    rows = finding_rows(scan, shown_sections, commits)
    page = environment().get_template("page.html")
    answer = verdict(shown_sections, scan)
    head = commits(scan.evidence.provenance.head, scan.head_date)
    body = {
        "scan": scan,
        "provenance": scan.evidence.provenance,
        "name": _name(scan.evidence.provenance.repository),
        "head": head,
        "head_day": day(scan.head_date),
        "verdict": answer,
        "in_full": answer.detailed,
        "sections": shown_sections,
        "rows": rows,
        "rules": by_rule(rows),
        "suppressed": let_pass(scan.suppressed),
        "problems": [(problem, commits(problem.first_commit)) for problem in scan.problems],
        "gaps": [(gap, commits(gap.commit) if gap.commit else None) for gap in scan.evidence.gaps],
        "ways": [each for each in scan.scenarios if not is_evidence(each.name)],
        "descriptions": {scenario.name: scenario.description for scenario in scan.scenarios},
        "places": {scenario.name: place for place, scenario in enumerate(scan.scenarios)},
        "version": __version__,
        "policy": content_security_policy(style, script),
        "style": Markup(style),  # noqa: S704 (a file of this package)
        "script": Markup(script),  # noqa: S704 (a file of this package)
        "commits": commits,
    }
    return page.render(body)


def static(name: str) -> str:
    """The text of a file that pages hold."""
    return (files("forensics.report.html") / "static" / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """What fills templates: every value is cleaned and escaped on its way into a page."""
    environment = Environment(
        loader=PackageLoader("forensics.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters |= {
        "day": day,
        "percent": _percent,
        "island": lambda value: Markup(island(value)),  # noqa: S704 (spelled so that it ends no element)
        "plural": _plural,
        "sentence": _sentence,
        "described": described,
        "node_files": node_files_text,
        "nobody": nobody_text,
        "change_text": change_text,
    }
    return environment


def _printable(value: Any) -> Any:
    """Every value on its way into the page: text without control or invisible characters, numbers, nothing else."""
    if isinstance(value, (Markup, int, float, StrictUndefined)):
        return value
    if isinstance(value, str):
        return clean(value)
    raise TypeError(f"{type(value).__name__} does not belong in a page")


def _percent(value: float) -> Markup:
    """A place on a row as SVG wants it."""
    return Markup(f"{value:.2f}".rstrip("0").rstrip(".") + "%")  # noqa: S704 (digits)


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _name(repository: str) -> str:
    """The last word of a path that tells repositories apart."""
    parts = [part for part in repository.replace("\\", "/").split("/") if part not in {"", ".", ".git"}]
    return (parts[-1] if parts else repository).removesuffix(".git")
