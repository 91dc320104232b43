"""What a server holds against the revision, for somebody who is awake at night: the worst first, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.drift_results import (
    CONTESTED,
    MEANING,
    OLDER,
    OTHER_FILE,
    REPOSITORY_ONLY,
    SAME,
    SERVER_ONLY,
    UNDECIDED,
    UNKNOWN_CONTENT,
)
from forensics.chef.objects import Kind
from forensics.report.drift_words import SHORT_STATE, counts, explained, match_text, snapshot_text
from forensics.report.text.evidence import evidence_lines
from forensics.report.text.style import SHORT, Style, field, listing
from forensics.report.text.values import change_texts
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from forensics.analysis.drift_results import Drift, DriftObject
    from forensics.analysis.results import ValueChange

_WIDTH: Final = 9
_MOST_CHANGES: Final = 6
_MOST_MATCHES: Final = 2
_MOST_OF_A_STATE: Final = 20
_COLOURS: Final[Mapping[str, str]] = {
    UNKNOWN_CONTENT: "red",
    OTHER_FILE: "red",
    CONTESTED: "yellow",
    OLDER: "yellow",
    SERVER_ONLY: "yellow",
    REPOSITORY_ONLY: "yellow",
    UNDECIDED: "magenta",
}


def drift_text(found: Drift, style: Style) -> str:
    """The share that is explained, then a block for each object that differs, then those that do not."""
    lines = [*_head(found, style), ""]
    lines += evidence_lines(found.evidence, style)
    for state in found.summary.by_state:
        of_state = [each for each in found.objects if each.state == state]
        if state == SAME:
            lines += _same(of_state, style)
            continue
        lines += field("", f"{SHORT_STATE[state].upper()}: {MEANING[state]}", style, label_width=0, indent=0)
        most = len(of_state) if style.verbose else _MOST_OF_A_STATE
        for each in of_state[:most]:
            lines += _object(each, style)
        if len(of_state) > most:
            lines.append(f"   and {len(of_state) - most} more (--verbose tells them all)")
        lines.append("")
    if found.summary.unknown_nodes:
        number = found.summary.unknown_nodes
        text = f"{number} node{'s' if number > 1 else ''} of the server that this repository never had: not compared"
        lines += field("", text, style, label_width=0, indent=0)
    for note in (*found.notes, *found.evidence.provenance.notes):
        lines += field("", f"Note: {clean(note)}", style, label_width=0, indent=0)
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(found: Drift, style: Style) -> Iterator[str]:
    provenance = found.evidence.provenance
    drifted = any(each.drifted for each in found.objects)
    yield from (
        style.paint(line, "bold") for line in field("", explained(found.summary), style, label_width=0, indent=0)
    )
    yield from field("", counts(found.summary), style, label_width=0)
    yield from field("server", clean(snapshot_text(found.snapshot)), style, label_width=10)
    yield from field("revision", f"{clean(provenance.rev)} ({provenance.head[:SHORT]})", style, label_width=10)
    if not drifted and found.objects and UNDECIDED not in found.summary.by_state:
        yield from field("", "Nothing drifted: the server holds what the revision declares.", style, label_width=0)


def _object(each: DriftObject, style: Style) -> Iterator[str]:
    of = f" in {each.organization}" if each.organization else ""
    yield "   " + style.paint(clean(each.object + of), _COLOURS[each.state])
    yield from _labelled(_facts(each, style), style)


def _facts(each: DriftObject, style: Style) -> Iterator[tuple[str, Sequence[str]]]:
    matches = each.matches if style.verbose else each.matches[:_MOST_MATCHES]
    texts = [match_text(match) for match in matches]
    if len(each.matches) > len(matches):
        texts.append(f"and {len(each.matches) - len(matches)} more (--verbose tells them)")
    if texts:
        yield "is", texts
    if each.closest is not None and (each.expected is None or not each.closest.match.at_tip):
        match, changes = each.closest.match, each.closest.changes
        yield "closest", [match_text(match), *_changes(changes, style)]
    if each.expected is not None and each.state != REPOSITORY_ONLY:
        label = "expected" if each.changes or each.state != UNDECIDED else "against"
        yield label, [clean(each.expected.path), *_changes(each.changes, style)]
    elif each.expected is not None:
        yield "file", [clean(each.expected.path)]
    if each.nodes is not None:
        yield "felt by", [listing(each.nodes, style) if each.nodes else "no node of the backup"]
    if each.notes:
        yield "note", [clean(note) for note in each.notes]


def _changes(changes: Sequence[ValueChange], style: Style) -> list[str]:
    texts = change_texts(changes)
    shown = texts if style.verbose else texts[:_MOST_CHANGES]
    rest = [f"and {len(texts) - len(shown)} more differences"] if len(texts) > len(shown) else []
    return [*shown, *rest]


def _labelled(facts: Iterable[tuple[str, Sequence[str]]], style: Style) -> Iterator[str]:
    for label, texts in facts:
        for text in texts:
            yield from field(label, text, style, label_width=_WIDTH, indent=6)
            label = ""  # noqa: PLW2901 (the first line has it)


def _same(objects: Sequence[DriftObject], style: Style) -> Iterator[str]:
    yield from field("", f"{SHORT_STATE[SAME].upper()}: {MEANING[SAME]}", style, label_width=0, indent=0)
    for kind in Kind:
        names = [each.object for each in objects if each.kind == kind]
        if names:
            yield from field("", listing(names, style), style, label_width=0)
    yield ""
