"""``report --format json``: the document ``forensics.report/1``, all that ``forensics.scan/1`` has and the stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.documents import document, render

if TYPE_CHECKING:
    from forensics.analysis.report_results import Scan
    from forensics.report.documents import Document


def report_json(report: Scan) -> str:
    """The document as text, ASCII only."""
    return render(report_document(report))


def report_document(report: Scan) -> Document:
    """The document, whose findings and head a later report compares itself with."""
    return document(report, schema="forensics.report/1")
