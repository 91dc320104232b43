"""name-file-mismatch: a file at the tip declares an object of another name, without a collision yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.chef import layout
from forensics.chef.name_line import name_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.uploads.target import Target

RULE: Final = Rule(
    "name-file-mismatch",
    "note",
    "A file declares an object of another name",
    "The file is not named after the object that it declares. Whoever looks for the object by its name does "
    "not find the file, knife upload refuses it, and the day somebody adds a file of the right name there are "
    "two that declare the object. So far this is the only one.",
    "Name the file after the object: knife upload refuses it as it is, and the next file of that name makes a shadow.",
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each such file that shares its object with no other."""
    shadowed = {(shadow.container, shadow.kind, shadow.name) for shadow in examination.shadows if shadow.at_head}
    for target, path, declared in examination.tip.declared():
        name = declared.name
        if name is None or layout.stem(path) == name:
            continue
        if (target.label.path, str(target.kind), name) in shadowed:
            continue
        shown = object_text(target.kind, target.label.path, name)
        yield RULE.finding(
            f"{path} declares {shown}",
            object_=shown,
            paths=(path,),
            commit=examination.tip.brought_by(path),
            line=_line(examination, target, path),
        )


def _line(examination: Examination, target: Target, path: str) -> int | None:
    """The line that gives the name, if that is plain to see."""
    file = examination.tip.files[target].get(path)
    data = examination.history.blob(file, path) if isinstance(file, bytes) else None
    return None if data is None else name_line(target.kind, path, data)
