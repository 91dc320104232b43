"""undecided-declaration: a file of which it cannot be told what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.chef.layout import at_or_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "undecided-declaration",
    "warning",
    "What a file declares could not be told",
    "Which object the file declares, or whether Chef loads it at all, could not be told: the name depends on what lies "
    "outside of the file, and nothing from a repository is ever run, or its content is missing or damaged. It may "
    "declare an object that another file declares, too, and whatever it put on the server is not known.",
    "Write the name as a literal; get the missing content from another clone (git fsck tells what is missing).",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each such file, at the tip or in the past."""
    for each in examination.undecided:
        if each.at_tip and any(at_or_below(each.path, container) for container in examination.elsewhere):
            continue  # the gap says that nothing of the container was examined
        where = each.path if each.line is None else f"{each.path}:{each.line}"
        why = "its content is missing or damaged"
        if each.source is not None:
            why = f"its name depends on what lies outside the file: {each.source}"
        yield RULE.finding(
            f"{where}: what it declares, perhaps {' or '.join(each.objects)}, could not be told: {why}",
            paths=(each.path,),
            commit=examination.tip.brought_by(each.path) if each.at_tip else None,
            at_tip=each.at_tip,
            line=each.line,
        )
