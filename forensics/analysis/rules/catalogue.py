"""What the tool reports, one rule a module; ``ALL`` lists them in the order of their severity.

A rule module has ``RULE`` (its id, severity, title and help) and ``find(examination)``, which yields findings. To add
one: write the module, add it here, describe it in the documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules import (
    conflict_markers,
    dangling_recipe,
    doubled_key,
    evidence_gap,
    live_divergence,
    look_alike_names,
    missing_reference,
    name_file_mismatch,
    rb_json_twins,
    residue,
    server_would_refuse,
    shadowed_object,
    stale_after_removal,
    stale_ignore,
    undecided_declaration,
    unreadable_declaration,
    unresolved_ruby,
    upload_aborted,
)
from forensics.analysis.rules.fingerprints import distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.analysis.rules.rule import Rule

_MODULES: Final = (
    live_divergence,
    conflict_markers,
    stale_after_removal,
    shadowed_object,
    rb_json_twins,
    missing_reference,
    dangling_recipe,
    doubled_key,
    residue,
    upload_aborted,
    unreadable_declaration,
    server_would_refuse,
    undecided_declaration,
    evidence_gap,
    unresolved_ruby,
    name_file_mismatch,
    look_alike_names,
)

# what configurations say is weighed when everything is found
ALL: Final[tuple[Rule, ...]] = (*(module.RULE for module in _MODULES), stale_ignore.RULE)
_FIND: Final[tuple[Callable[[Examination], Iterator[Finding]], ...]] = tuple(module.find for module in _MODULES)


def findings(examination: Examination) -> tuple[Finding, ...]:
    """Everything that the rules find, the most severe rule first."""
    return distinct(finding for find in _FIND for finding in find(examination))
