"""``report --format csv``: one row for each finding, for a spreadsheet (RFC 4180).

A cell that a spreadsheet would take for a formula or a number begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from forensics.report.alerts import alerts
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from forensics.analysis.report_results import Scan
    from forensics.report.alerts import Alert


class CsvColumn(NamedTuple):
    """A column: its name, what it holds, and what gives that."""

    name: str
    description: str
    value: Callable[[Alert], str]


def _yes(truth: object) -> str:
    return "yes" if truth else "no"


COLUMNS: Final[tuple[CsvColumn, ...]] = (
    CsvColumn("rule", "the rule's id", lambda alert: alert.finding.rule),
    CsvColumn("severity", "error, warning or note", lambda alert: alert.finding.severity),
    CsvColumn(
        "object", "the object that it is about, as role[base]; may be empty", lambda alert: alert.finding.object or ""
    ),
    CsvColumn(
        "container",
        "the directory of that object, where several files declared it; may be empty",
        lambda alert: alert.story.container if alert.story else "",
    ),
    CsvColumn(
        "paths", "the files that it is about, one a line", lambda alert: "\n".join(map(clean, alert.finding.paths))
    ),
    CsvColumn("line", "the line in the first of them; may be empty", lambda alert: str(alert.finding.line or "")),
    CsvColumn("at_tip", "yes if it is true at the tip, no if it is over", lambda alert: _yes(alert.finding.at_tip)),
    CsvColumn(
        "commit",
        "the commit with which it began, or that brought the file as it is",
        lambda alert: alert.finding.commit or "",
    ),
    CsvColumn("date", "when that was committed (ISO 8601)", lambda alert: alert.note.date if alert.note else ""),
    CsvColumn("author", "who wrote it", lambda alert: alert.note.author if alert.note else ""),
    CsvColumn("subject", "the first line of its message", lambda alert: alert.note.subject if alert.note else ""),
    CsvColumn("message", "what was found", lambda alert: alert.finding.message),
    CsvColumn(
        "fingerprint",
        "the same in every report, also when history is rewritten",
        lambda alert: alert.finding.fingerprint,
    ),
    CsvColumn(
        "state", "new, worse or known, compared with the baseline; empty without one", lambda alert: alert.state or ""
    ),
    CsvColumn(
        "suppressed",
        "why the configuration lets it pass; empty if it does not",
        lambda alert: alert.ignore.reason or "(no reason)" if alert.ignore else "",
    ),
)
"""What each column holds, in order."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""How a formula may begin, in full width too; an apostrophe of its own is kept by another."""
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]*)?([eE][0-9]+)?")
_NUMBERS: Final = frozenset({"line"})


def report_csv(scan: Scan) -> str:
    """The table as text, its lines ended by CR LF."""
    text = io.StringIO(newline="")
    # every cell is quoted: where a spreadsheet splits at semicolons, text must not become further cells
    table = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow([column.name for column in COLUMNS])
    for alert in alerts(scan):
        table.writerow([_cell(column, alert) for column in COLUMNS])
    return text.getvalue()


def _cell(column: CsvColumn, alert: Alert) -> str:
    lines = column.value(alert).split("\n") if column.name == "paths" else [column.value(alert)]
    text = "\n".join(map(clean, lines))
    if text.startswith(_FORMULA) or (_NUMBER.fullmatch(text) and column.name not in _NUMBERS):
        return f"'{text}"
    return text
