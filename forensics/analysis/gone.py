"""Which objects no file at the tip declares any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.analysis.results import object_text
from forensics.chef import layout
from forensics.history.model import UNREADABLE

if TYPE_CHECKING:
    from forensics.analysis.examination import Examination


def is_gone(examination: Examination, kind: str, container: str, name: str) -> bool:
    """Whether it is certain that no file at the tip declares an object of a container."""
    if (kind, container, name) in examination.tip.objects:
        return False
    if object_text(kind, container, name) in examination.undecided_objects:
        return False
    return not any(layout.at_or_below(container, place) for place in examination.elsewhere) and not any(
        UNREADABLE in files.values()
        for target, files in examination.tip.files.items()
        if (str(target.kind), target.label.path) == (kind, container)
    )
