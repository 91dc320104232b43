"""What a rule finds in a small history, for the tests of the rules."""

from __future__ import annotations

from building import examine, role

from forensics.analysis.rules.catalogue import findings
from forensics.uploads.scenario import choose

BASE = {"roles/base.json": role("base", "ntp")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
OTHER = {"roles/z.json": role("z")}


def found(tmp_path, rule, *trees, scenarios=(), **options):
    """The findings of one rule, and the ids of the commits."""
    if scenarios:
        options |= {"scenarios": choose(list(scenarios)), "chosen": True}
    examination, ids = examine(tmp_path, *trees, **options)
    return [finding for finding in findings(examination) if finding.rule == rule], ids
