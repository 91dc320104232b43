"""The report as one page of HTML that loads nothing: for a browser, offline, on a phone, on paper.

Importing this package imports jinja2, so whoever offers the format imports it when it is asked for.
"""

from __future__ import annotations

from forensics.report.html.page import report_html

__all__ = ["report_html"]
