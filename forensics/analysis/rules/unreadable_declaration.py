"""unreadable-declaration: a file at the tip that Chef refuses, so that it declares nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.chef import damage, erchef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "unreadable-declaration",
    "warning",
    "Chef refuses a file",
    "Chef cannot load the file, or could not send what is in it, so that the file declares nothing. What the "
    "server has under that name stays as it was, whatever the file says, and an upload of several files stops "
    "when it comes to this one.",
    "Mend the file where the message says, or remove it.",
)

# conflict-markers and server-would-refuse tell of the first two, and the last is as it should be
_PASSED_OVER: Final = frozenset({damage.CONFLICTED, erchef.REFUSED})


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each file at the tip that declares nothing because Chef refuses it."""
    for _, path, declared in examination.tip.declared():
        problem = declared.problem
        if problem is None or problem.kind in _PASSED_OVER:
            continue
        where = f"{path}:{problem.line}" if problem.line else path
        yield RULE.finding(
            f"{where}: {problem.said}",
            paths=(path,),
            commit=examination.tip.brought_by(path),
            detail=problem.kind,
            line=problem.line,
        )
