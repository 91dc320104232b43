"""Reports for people at a terminal; each module is loaded when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.deferred import on_demand

if TYPE_CHECKING:
    from forensics.report.text import check as check
    from forensics.report.text import comparison as comparison
    from forensics.report.text import drift as drift
    from forensics.report.text import explain as explain
    from forensics.report.text import fingerprint as fingerprint
    from forensics.report.text import log as log
    from forensics.report.text import proof as proof
    from forensics.report.text import scan as scan
    from forensics.report.text import scenarios as scenarios
    from forensics.report.text import shadows as shadows
    from forensics.report.text import show as show
    from forensics.report.text import style as style
    from forensics.report.text import timeline as timeline
    from forensics.report.text import trace as trace
else:
    __getattr__ = on_demand(__name__)
