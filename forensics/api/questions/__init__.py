"""The questions, one module each: what an answer is, every form in which it can be told, and how it is found.

Each is loaded when it is asked. ``ask`` finds the answer; whoever calls it has read what people wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.deferred import on_demand

if TYPE_CHECKING:
    from forensics.api.questions import check as check
    from forensics.api.questions import drift as drift
    from forensics.api.questions import evidence as evidence
    from forensics.api.questions import explain as explain
    from forensics.api.questions import fingerprint as fingerprint
    from forensics.api.questions import log as log
    from forensics.api.questions import report as report
    from forensics.api.questions import scan as scan
    from forensics.api.questions import scenarios as scenarios
    from forensics.api.questions import shadows as shadows
    from forensics.api.questions import show as show
    from forensics.api.questions import timeline as timeline
    from forensics.api.questions import trace as trace
else:
    __getattr__ = on_demand(__name__)
