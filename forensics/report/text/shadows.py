"""The list of shadows as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.report.evidence import doubts
from forensics.report.text.style import SHORT, day, table
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from forensics.analysis.results import ShadowScan
    from forensics.report.text.style import Style

_CONTENTS = {True: "differ", False: "same", None: "not all known"}


def shadows_text(found: ShadowScan, style: Style) -> str:
    """A row for each object and set of files, the ones at the tip first."""
    evidence = found.evidence
    fixtures = sum(each.fixture for each in found.shadows)
    own = len(found.shadows) - fixtures
    lines = [
        f"{own} shadow{'s' if own != 1 else ''} "
        + (f"and {fixtures} among fixtures of tests, which nobody uploads, " if fixtures else "")
        + f"in {evidence.commits} commit{'s' if evidence.commits != 1 else ''} "
        f"up to {evidence.provenance.head[:SHORT]}" + ("" if evidence.complete else "; the evidence is incomplete")
    ]
    lines += doubts(evidence)
    lines += [f"Note: {clean(note)}" for note in evidence.provenance.notes]
    undecided = {each.path for each in evidence.undecided if each.at_tip}
    rows = [
        [
            clean(shadow.object) + ("  (a fixture)" if shadow.fixture else ""),
            "tip" if shadow.at_head else "not known" if undecided.intersection(shadow.paths) else "past",
            day(shadow.first_date),
            day(shadow.last_date),
            str(shadow.commits),
            _CONTENTS[shadow.contents_differ],
            "\n".join(clean(path) + (" *" if path == shadow.canonical else "") for path in shadow.paths),
        ]
        for shadow in found.shadows
    ]
    if rows:
        lines += table(rows, headers=["object", "where", "first", "last", "commits", "contents", "files"])
        lines.append(style.paint("* the canonical file: its stem is the object's name", "dim"))
    return "\n".join(lines) + "\n"
