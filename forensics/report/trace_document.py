"""``trace --format json``: the document ``forensics.trace/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.documents import document

if TYPE_CHECKING:
    from forensics.analysis.trace_results import Trace
    from forensics.report.documents import Document


def trace_document(found: Trace) -> Document:
    """The document."""
    return document(found, schema="forensics.trace/1")
