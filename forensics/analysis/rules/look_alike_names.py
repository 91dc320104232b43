"""look-alike-names: objects at the tip whose names differ only in case or in their Unicode form."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.uploads.target import Target

RULE: Final = Rule(
    "look-alike-names",
    "note",
    "Names that look alike",
    "These names differ only in case or in how Unicode spells them. For the server they are different objects; "
    "people, and file systems that ignore case, take one for the other. So an edit or an upload reaches the "
    "wrong one, and a node may run the one that nobody looks after.",
    "Rename one of them, or remove it if it is not meant. They are different objects for the server, so also "
    "look for run lists that name the wrong one.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each group of names that look alike."""
    groups: dict[tuple[Target, str], dict[str, list[str]]] = {}
    for target, path, declared in examination.tip.declared():
        if declared.name is not None:
            folded = unicodedata.normalize("NFKC", declared.name).casefold()
            groups.setdefault((target, folded), {}).setdefault(declared.name, []).append(path)
    for (target, folded), names in groups.items():
        if len(names) > 1:
            shown = [object_text(target.kind, target.label.path, name) for name in sorted(names)]
            paths = tuple(sorted(path for several in names.values() for path in several))
            yield RULE.finding(
                f"{' and '.join(shown)} are different objects",
                paths=paths,
                commit=examination.tip.brought_by(*paths),
                detail=folded,
            )
