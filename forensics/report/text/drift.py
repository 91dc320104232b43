"""What a server holds against the revision, for somebody who is awake at night: the worst first, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forensics.analysis.drift_results import NOT_DRIFTED, OTHER_FILE, SAME, UNDECIDED, UNKNOWN_CONTENT
from forensics.chef.objects import Kind
from forensics.report.drift_words import counts, explained, facts, snapshot_text, state_sentence, strangers
from forensics.report.text.evidence import evidence_lines
from forensics.report.text.style import SHORT, Style, field, listing
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forensics.analysis.drift_results import Drift, DriftObject

_LABEL: Final = 10
_MOST_OF_A_STATE: Final = 20
_RED: Final = frozenset({UNKNOWN_CONTENT, OTHER_FILE})


def drift_text(found: Drift, style: Style) -> str:
    """The share that is explained, then a block for each object that differs, then those that do not."""
    lines = [*_head(found, style), ""]
    lines += evidence_lines(found.evidence, style)
    for state in found.summary.by_state:
        of_state = [each for each in found.objects if each.state == state]
        name, _, meaning = state_sentence(state).partition(": ")
        lines += field("", f"{name.upper()}: {meaning}", style, label_width=0, indent=0)
        lines += _same(of_state, style) if state == SAME else _differing(of_state, style)
        lines.append("")
    if text := strangers(found.summary):
        lines += [*field("", text, style, label_width=0, indent=0), ""]
    for note in (*found.notes, *found.evidence.provenance.notes):
        lines += field("", f"Note: {clean(note)}", style, label_width=0, indent=0)
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(found: Drift, style: Style) -> Iterator[str]:
    provenance = found.evidence.provenance
    for line in field("", explained(found.summary), style, label_width=0, indent=0):
        yield style.paint(line, "bold")
    for label, text in (
        ("objects", counts(found.summary) or "none"),
        ("server", clean(snapshot_text(found.snapshot))),
        ("revision", f"{clean(provenance.rev)} ({provenance.head[:SHORT]})"),
    ):
        yield from field(label, text, style, label_width=_LABEL)


def _differing(objects: Sequence[DriftObject], style: Style) -> Iterator[str]:
    most = len(objects) if style.verbose else _MOST_OF_A_STATE
    for each in objects[:most]:
        of = f" in {each.organization}" if each.organization else ""
        yield "   " + style.paint(clean(each.object + of), _colour(each.state))
        for label, texts in facts(each, whole=style.verbose):
            for number, text in enumerate(texts):
                yield from field("" if number else label, text, style, label_width=_LABEL, indent=6)
    if len(objects) > most:
        yield f"   and {len(objects) - most} more (--verbose tells them all)"


def _colour(state: str) -> str:
    if state in NOT_DRIFTED:
        return "magenta" if state == UNDECIDED else "green"
    return "red" if state in _RED else "yellow"


def _same(objects: Sequence[DriftObject], style: Style) -> Iterator[str]:
    for kind in Kind:
        names = [each.object for each in objects if each.kind == kind]
        if names:
            yield from field("", listing(names, style), style, label_width=0)
