"""doubled-key: a file at the tip says something twice, and only the last of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.rules.rule import Rule
from forensics.analysis.since import Marked, began
from forensics.chef.doubled_keys import doubled_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding
    from forensics.chef.doubled_keys import DoubledKey
    from forensics.history.model import File
    from forensics.uploads.target import Target

RULE: Final = Rule(
    "doubled-key",
    "warning",
    "A file says something twice",
    "A key stands twice in one JSON object or Ruby hash, or a second call in a Ruby file replaces what the first "
    "one set. Chef takes the last and drops the first without a word, though it still stands in the file for "
    "everybody to read. A merge that kept both sides leaves such a file, and the nodes lose what one side had.",
    "Put what both say into one, or remove the one that is not wanted; then upload the file again.",
)
_MOST: Final = 5


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each file at the tip that Chef loads without a part of it; values are not told."""
    for target, path, declared in examination.tip.declared():
        file = examination.tip.files[target].get(path)
        data = examination.history.blob(file, path) if isinstance(file, bytes) and declared.name is not None else None
        doubled = () if data is None else doubled_keys(path, data)
        if doubled:
            since = began(examination.history, _doubled(examination, target, path).any)
            yield RULE.finding(
                f"{path} sets {_told(doubled)}: the last counts, and what stands first is dropped, "
                f"{since.text(examination.history)}",
                paths=(path,),
                commit=since.id(examination.history),
                detail=" ".join(sorted({each.key for each in doubled})),
                line=doubled[0].line,
            )


def _told(doubled: Sequence[DoubledKey]) -> str:
    told = [
        f"{each.key} twice ("
        + (f"line {each.line})" if each.line == each.dropped else f"lines {each.dropped} and {each.line})")
        for each in doubled[:_MOST]
    ]
    if len(doubled) > _MOST:
        told.append(f"{len(doubled) - _MOST} more")
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]


def _doubled(examination: Examination, target: Target, path: str) -> Marked:
    """When the file said something twice."""

    def is_it(target: Target, other: str, file: File) -> bool:
        if other != path or not isinstance(file, bytes):
            return False
        if examination.declarations.from_file(target.kind, other, file).name is None:
            return False
        return bool(doubled_keys(other, examination.history.blob(file, other) or b""))

    return Marked(examination.history, [target], is_it)
