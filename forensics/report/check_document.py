"""``check --format json``: the document ``forensics.check/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.documents import document

if TYPE_CHECKING:
    from forensics.analysis.check_results import Check
    from forensics.report.documents import Document


def check_document(found: Check) -> Document:
    """The document."""
    return document(found, schema="forensics.check/1")
