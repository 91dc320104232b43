"""The history of an object as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.report.text.evidence import evidence_lines
from forensics.report.text.style import SHORT, Style, day
from forensics.report.text.values import change_text, change_texts
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from forensics.analysis.object_results import LogEntry, MergeChange, OriginCommit
    from forensics.analysis.results import CommitNote, EvidenceSummary, ValueChange

_MOST_CHANGES: Final = 12
_MOST_COMMITS: Final = 5
_ENCRYPTED: Final = frozenset({"encrypted_data", "iv", "hmac", "auth_tag", "version", "cipher"})
_DID: Final = {
    "dropped": "drops what a parent had",
    "restored": "brings back what a parent had removed",
    "doubled": "has more often what its parents had",
    "chose": "chose between what its parents had",
    "changed": "has what none of its parents had",
}


def log_text(
    name: str, entries: Sequence[LogEntry], evidence: EvidenceSummary, style: Style, *, file: str | None = None
) -> str:
    """A paragraph for each commit that changed what some file says about the object, oldest first.

    ``file`` is the one by whose name somebody asked for the object.
    """
    said = f"{clean(file)} declares {clean(name)}. " if file else ""
    lines = [style.paint(f"{said}The declarations of {clean(name)}", "bold"), "", *evidence_lines(evidence, style)]
    if not entries:
        lines.append("No file declares it in the commits examined.\n")
    for entry in entries:
        note = entry.note
        # what was there before the history begins is nobody's doing here
        who = "" if entry.event == "present" else f" {clean(note.author)}: {clean(note.subject)}"
        lines.append(f"{style.paint(day(note.date), 'bold')} {entry.commit[:SHORT]}{who}")
        if who and day(note.author_date) != day(note.date):
            lines.append(f"   (written on {day(note.author_date)})")
        lines.append(f"   {clean(entry.path)} {_event(entry)}")
        lines += _cut(_changes(entry, style), style)
        if entry.overridden:
            lines.append(f"   its run_list counts nowhere, since {entry.default_list} takes its place:")
            lines += _cut(change_texts(entry.overridden), style)
        lines += _brought(entry.brought_by, style)
        for did, said in _DID.items():
            found = [each for each in entry.merge if each.did == did]
            if found:
                lines.append(f"   this merge {said}:")
                lines += _cut([text for each in found for text in _lost(each)], style)
        lines.append("")
    return "\n".join(lines)


def _cut(texts: Sequence[str], style: Style) -> Iterator[str]:
    shown = texts if style.verbose else texts[:_MOST_CHANGES]
    yield from (f"      {text}" for text in shown)
    if len(texts) > len(shown):
        yield f"      and {len(texts) - len(shown)} more (--verbose lists them)"


def _changes(entry: LogEntry, style: Style) -> list[str]:
    """The changes in words; what programs change all the time is counted, unless everything is to be told."""
    if style.verbose:
        return change_texts(entry.changes)
    automatic = [each for each in entry.changes if _keys(each)[0] == "automatic"]
    encrypted = [each for each in entry.changes if _keys(each)[-1] in _ENCRYPTED]
    counted = {id(each) for each in (*automatic, *(encrypted if _reencrypted(encrypted) else ()))}
    texts = change_texts([each for each in entry.changes if id(each) not in counted])
    if entry.default_list is not None:
        texts = [text.replace(" run list:", f" {entry.default_list}:", 1) for text in texts]
    if automatic:
        texts.append(f"~ automatic attributes, which every run of chef-client writes: {_count(automatic)} changed")
    if _reencrypted(encrypted):
        values = len({tuple(_keys(each)[:-1]) for each in encrypted})
        texts.append(f"~ encrypted anew: {values} value{'s' if values > 1 else ''}")
    return texts


def _reencrypted(changes: Sequence[ValueChange]) -> bool:
    return any(_keys(each)[-1] == "encrypted_data" and each.op == "replace" for each in changes)


def _count(changes: Sequence[ValueChange]) -> str:
    return "1 value" if len(changes) == 1 else f"{len(changes)} values"


def _keys(change: ValueChange) -> list[str]:
    return change.pointer.split("/")[1:]


def _brought(commits: Sequence[OriginCommit], style: Style) -> Iterator[str]:
    shown = commits if style.verbose else commits[-_MOST_COMMITS:]
    for number, each in enumerate(shown):
        yield f"   {'brought by' if not number else '          '} {_commit(each)}"
    if len(shown) < len(commits):
        yield f"   and {len(commits) - len(shown)} commits before them (--verbose lists them)"


def _lost(found: MergeChange) -> Iterable[str]:
    what = "the whole file" if found.change is None else change_text(found.change)
    if found.origin is not None:
        return (f"{what}  (of {_commit(found.origin)})",)
    return (what if found.parent is None else f"{what}  (of its parent {found.parent[:SHORT]})",)


def _commit(origin: OriginCommit) -> str:
    note: CommitNote = origin.note
    return f"{origin.commit[:SHORT]} ({day(note.date)}, {clean(note.author)}: {clean(note.subject)})"


def _event(entry: LogEntry) -> str:
    if entry.event == "present":
        return "declares it already, where the history that is here begins" + (
            ", unlike the one before:" if entry.changes else ""
        )
    if entry.event == "unknown":
        if entry.blob is None:
            return "may be gone, or declare anything, from here on: its directory could not be read"
        why = f" ({clean(entry.reason)})" if entry.reason else ""
        return f"is still there, and nobody can tell what it declares from here on{why}"
    if entry.event == "added":
        return "declares it from here on" + (", unlike the file that did before:" if entry.changes else "")
    if entry.event == "moved":
        how = "changed:" if entry.changes else "unchanged"
        return f"declares it from here on, moved from {clean(entry.moved_from or '')}, {how}"
    if entry.event == "merged":
        return "is not what its parents' changes come to"
    if entry.event == "unloadable":
        return (
            f"is still there and cannot be loaded from here on: {clean(entry.reason or '')} "
            "(the server keeps what was uploaded until the file is mended or another is uploaded)"
        )
    if entry.event == "removed":
        return "does not declare it any more (the server keeps what was uploaded until another file is)"
    if entry.changes or entry.overridden:
        return "changed:" if entry.changes else "changed, without effect:"
    return "changed in form only"
