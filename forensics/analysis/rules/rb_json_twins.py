"""rb-json-twins: x.rb and x.json declare one object, and the tools disagree about which of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.chef import layout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "rb-json-twins",
    "warning",
    "A Ruby and a JSON file of one name",
    "A Ruby and a JSON file of one stem declare one object, and Chef's own tools disagree about which of them "
    "counts. Two people who upload the same commit with different commands give the nodes different contents, "
    "and whoever edits the file that is not read wonders why nothing happens.",
    "Keep one of them: knife upload and local mode read the .rb, chef-solo before 12.11 the .json, knife role "
    "from file whichever comes last.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each pair of twins among the shadows."""
    for shadow in examination.shadows:
        by_stem: dict[str, list[str]] = {}
        for path in shadow.paths:
            by_stem.setdefault(path[: -len(layout.extension(path))], []).append(path)
        for stem, paths in by_stem.items():
            if len(paths) > 1:
                yield RULE.finding(
                    f"{' and '.join(paths)} are twins: knife upload sends {stem}.rb and never looks at the other",
                    object_=shadow.object,
                    paths=tuple(paths),
                    commit=shadow.first_commit,
                    at_tip=shadow.at_head,
                )
