"""``check --format json``: the document ``forensics.check/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.documents import Document, evidence, finding, ignore, problem
from forensics.version import __version__

if TYPE_CHECKING:
    from forensics.analysis.check_results import Check, StagedShadow


def check_document(found: Check) -> Document:
    """The document."""
    summary = evidence(found.evidence)
    return {
        "schema": "forensics.check/1",
        "tool": {"name": "forensics", "version": __version__, "libgit2": found.evidence.provenance.libgit2},
        "evidence": {
            "repository": summary["repository"],
            # null where nothing was committed yet
            "head": summary["head"] or None,
            "complete": summary["complete"],
            "gaps": summary["gaps"],
            "notes": summary["notes"],
        },
        "files": found.files,
        "unreadable": [problem(each) for each in found.unreadable],
        "introduced": [_staged(each) for each in found.introduced],
        "standing": [_staged(each) for each in found.standing],
        "suppressed": [{"finding": finding(each.finding), "ignore": ignore(each.ignore)} for each in found.suppressed],
    }


def _staged(each: StagedShadow) -> Document:
    shadow = each.shadow
    return {
        "id": shadow.id,
        "object": shadow.object,
        "kind": shadow.kind,
        "container": shadow.container,
        "name": shadow.name,
        "paths": list(shadow.paths),
        "canonical": shadow.canonical,
        "contents_differ": shadow.contents_differ,
        "added": list(each.added),
        "edited": list(each.edited),
        "fingerprint": each.finding.fingerprint,
    }
