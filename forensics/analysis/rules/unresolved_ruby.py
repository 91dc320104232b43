"""unresolved-ruby: a value in a Ruby file at the tip that only running it could tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.chef.objects import unresolved_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "unresolved-ruby",
    "note",
    "A value that only running the file could tell",
    "A value in a Ruby file depends on what lies outside the file, such as an environment variable, another "
    "file or the clock. Only running it could tell, and nothing from a repository is ever run here, so "
    "whatever depends on the value is left open. It also means that the same commit, uploaded from two "
    "machines, may give the nodes two different contents.",
    "What the tool says about this file leaves the value open; write it as a literal to make it certain.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each file at the tip with unresolved values, naming the first of them."""
    for _, path, declared in examination.tip.declared():
        if not path.endswith(".rb"):
            continue
        unknown = next(unresolved_in(declared.body), None)
        if unknown is None:
            continue
        yield RULE.finding(
            f"{path}:{unknown.line}: a value depends on what lies outside the file: {unknown.source}",
            paths=(path,),
            commit=examination.tip.brought_by(path),
            line=unknown.line,
        )
